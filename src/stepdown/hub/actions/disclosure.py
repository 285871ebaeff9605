"""Showing a person's record is an action too."""

import secrets
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import DatabaseError
from django.utils.translation import gettext as _

from stepdown.hub.actions import transaction
from stepdown.hub.models import DisclosedPerson, Disclosure
from stepdown.hub.queries.sealed import digest_of_look
from stepdown.kernel import clock
from stepdown.kernel.canonical import fields
from stepdown.kernel.errors import StepdownError
from stepdown.kernel.sealed import people_hash, person_hash
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category

MOST_ROLES = 8


class CannotRecord(StepdownError):
    """The read log cannot be written, so nothing is shown. The text says so."""


def disclose(
    *,
    by: Actor,
    people: Mapping[UUID, Iterable[Category] | Mapping[Category, str]] | Iterable[UUID],
    purpose: str,
    page: str,
) -> None:
    """Log that a response shows these people to the actor, before its first byte leaves.

    ``people`` are ids (identity only) or ids with the categories shown, each with the clause of an
    agreement by which it is shown where there is one. Nothing is logged for an
    empty response. ``CannotRecord`` if the log cannot be written: then nothing is shown.
    """
    shown: dict[UUID, str] = (
        {person: _under(found) for person, found in people.items()}
        if isinstance(people, Mapping)
        else dict.fromkeys(people, Category.IDENTITY.value)
    )
    if not shown:
        return
    try:
        _write(by, shown, purpose, page)
    except DatabaseError as failed:
        raise CannotRecord(
            _("The hub cannot write down who looks at which record, so it shows none.")
        ) from failed


def _under(found: Iterable[Category] | Mapping[Category, str]) -> str:
    """The categories as the log keeps them, each with its clause where there is one."""
    clauses = found if isinstance(found, Mapping) else dict.fromkeys(found, "")
    return ",".join(sorted(f"{c}@{under}" if under else c for c, under in clauses.items()))


@transaction.atomic
def _write(by: Actor, shown: Mapping[UUID, str], purpose: str, page: str) -> None:
    salt = secrets.token_bytes(16)
    look = Disclosure(
        at=clock.now(),
        actor_label=by.label or "user",
        actor_user=by.user,
        actor_person=by.person,
        actor_as=_roles(by),
        purpose=purpose,
        page=page,
        salt=salt,
        people_hash=people_hash(
            person_hash(salt, fields(person.hex, found)) for person, found in shown.items()
        ),
    )
    look.digest = digest_of_look(look)
    look.save(force_insert=True)
    DisclosedPerson.objects.bulk_create(
        DisclosedPerson(disclosure=look, person_id=person, categories=found)
        for person, found in shown.items()
    )


def _roles(by: Actor) -> str:
    """The roles in which the actor asks, each once: ``coordinator@<agency>``."""
    held = [
        f"{grant.role.value}@{grant.agency.hex}" if grant.agency else grant.role.value
        for grant in by.grants
    ]
    return " ".join(list(dict.fromkeys(held))[:MOST_ROLES])
