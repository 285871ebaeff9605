"""Tokens: whom one stands for, and those that an account has made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from stepdown.hub.models import ApiToken
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, require
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts

# So that one that was lost is known for what it is: by people, and by scanners of source code.
PREFIX = "stepdown_"


@dataclass(frozen=True)
class Token:
    """A token as its holder and the administrator see it: never the secret, which nobody has."""

    id: UUID
    name: str
    may_write: bool
    made_at: datetime
    last_day: date
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def state(self) -> str:
        """Whether it opens anything today."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.last_day < clock.today() else "live"


def hash_of(secret: str) -> bytes:
    """What is stored of a token, 32 bytes: keyed by the hub, so that a stolen table is useless even
    to somebody who can guess."""
    return salted_hmac("stepdown.token", secret, algorithm="sha256").digest()


def facts(user_id: UUID) -> Facts:
    """What the policy asks of an account's tokens."""
    return {"made_by": user_id}


@as_hub("a token stands for somebody before they are known")
def token_behind(secret: str) -> ApiToken | None:
    """The token with this secret and its account; None when it is unknown, past its last day or
    revoked, and when its account is closed. One query."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(secret_hash=hash_of(secret), revoked_at=None, user__is_active=True)
        .filter(last_day__gte=clock.today())
    )
    return found.first()


@as_hub("the secrets that stand for accounts are shown by their names alone")
def tokens_of(*, by: Actor, user_id: UUID) -> list[Token]:
    """What an account has made, the newest first. One query."""
    require(by, Permission.TOKEN_VIEW, facts(user_id))
    return list(_tokens(ApiToken.objects.filter(user=user_id).order_by("-id")))


@as_hub("the secrets that stand for accounts are shown by their names alone")
def get(*, by: Actor, id: UUID, user_id: UUID | None = None) -> Token:
    """One token that the actor may see; of ``user_id``, where an address names an account."""
    found = ApiToken.objects.filter(pk=id).first()
    if found is None or user_id not in {None, found.user_id}:
        raise NotVisible("No such token.")
    if not decide(by, Permission.TOKEN_VIEW, facts(found.user_id)).allowed:
        raise NotVisible("No such token.")
    return next(iter(_tokens([found])))


def _tokens(rows: Iterable[ApiToken]) -> Iterable[Token]:
    return (
        Token(
            row.pk, row.name, row.may_write, row.made_at, row.last_day, row.used_at, row.revoked_at
        )
        for row in rows
    )
