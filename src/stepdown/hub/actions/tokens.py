"""Making and revoking the tokens by which a program of somebody's own asks in their name."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import ApiToken
from stepdown.hub.queries.token import PREFIX, facts, hash_of
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

TOKEN_MADE = Verb("token.made", _("Access token made"))
TOKEN_REVOKED = Verb("token.revoked", _("Access token revoked"))
TOKENS_REVOKED = Verb("token.all-revoked", _("All access tokens revoked"))

# A token lasts a month unless its maker says otherwise, and never so long that nobody remembers it.
USUAL, LONGEST = timedelta(days=30), timedelta(days=90)
MOST = 10  # that an account has at once
# "Last used" is written at most so often.
EVERY = timedelta(minutes=1)


@transaction.atomic
def make(
    *, by: Actor, name: str, may_write: bool = False, last_day: date | None = None
) -> tuple[ApiToken, str]:
    """A new token of the actor's own account, and its secret (256 random bits), shown this once.

    ``name`` says what it is for; it is good to the end of ``last_day``, a month without one.
    """
    user_id = by.user
    if user_id is None:
        raise Refused(gettext("Only an account can have access tokens."))
    require(by, Permission.TOKEN_MAKE, facts(user_id))
    today = clock.today()
    until = last_day or today + USUAL
    check = Check()
    text = check.words("name", name, most=80, missing=gettext("Say what the token is for."))
    check.that(until >= today, "last_day", gettext("The last day must be today or later."))
    check.that(
        until <= today + LONGEST,
        "last_day",
        gettext("The last day must be within %(days)d days.") % {"days": LONGEST.days},
    )
    check.done()
    if _standing(user_id).filter(last_day__gte=today).count() >= MOST:
        raise Refused(
            gettext("You have %(many)d tokens already. Revoke one of them first.") % {"many": MOST}
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user_id=user_id,
        name=text,
        may_write=bool(may_write),
        secret_hash=hash_of(secret),
        made_at=clock.now(),
        last_day=until,
    )
    record(
        by=by,
        verb=TOKEN_MADE,
        about=("token", token.pk),
        subjects=[("user", user_id)],
        payload={"name": text, "may_write": token.may_write, "last_day": until.isoformat()},
    )
    return token, secret


@transaction.atomic
def revoke(*, by: Actor, token_id: UUID) -> ApiToken:
    """It opens nothing from the next request on."""
    held = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if held is None:
        raise NotVisible("No such token.")
    require(by, Permission.TOKEN_REVOKE, facts(held.user_id))
    if held.revoked_at is not None:
        raise Refused(gettext("This token is revoked already."))
    held.revoked_at = clock.now()
    held.save(update_fields=["revoked_at"])
    record(by=by, verb=TOKEN_REVOKED, about=("token", held.pk), subjects=[("user", held.user_id)])
    return held


def revoke_all(*, by: Actor, user_id: UUID) -> int:
    """Part of the verbs that close an account, end a role or set a password: whoever had one of its
    tokens has nothing more. The number revoked."""
    revoked = _standing(user_id).update(revoked_at=clock.now())
    if revoked:
        record(by=by, verb=TOKENS_REVOKED, about=("user", user_id), payload={"tokens": revoked})
    return revoked


@transaction.atomic
def used(*, token: ApiToken) -> None:
    """Keep when it was last used. What was then read stands in the read log, what was done in the
    ledger, so this alone writes no entry."""
    now = clock.now()
    if token.used_at is None or now - token.used_at >= EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)


def _standing(user_id: UUID) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user_id=user_id, revoked_at=None)
