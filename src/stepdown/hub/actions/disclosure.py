"""Showing a person's record is an action too."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from stepdown.hub.models import DisclosedPerson, Disclosure
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category


@transaction.atomic
def disclose(
    *,
    by: Actor,
    people: Mapping[UUID, Iterable[Category]] | Iterable[UUID],
    purpose: str,
    page: str,
) -> None:
    """Log that a response shows these people to the actor, before its first byte leaves.

    ``people`` are ids (identity only) or ids with the categories shown. Nothing is logged for an
    empty response. If the log cannot be written the error stands, and nothing is shown.
    """
    shown: dict[UUID, frozenset[Category]] = (
        {person: frozenset(found) for person, found in people.items()}
        if isinstance(people, Mapping)
        else dict.fromkeys(people, frozenset({Category.IDENTITY}))
    )
    if not shown:
        return
    entry = Disclosure.objects.create(
        at=clock.now(),
        actor_label=by.label or "user",
        actor_user=by.user,
        actor_person=by.person,
        purpose=purpose,
        page=page,
    )
    DisclosedPerson.objects.bulk_create(
        DisclosedPerson(disclosure=entry, person_id=person, categories=",".join(sorted(found)))
        for person, found in shown.items()
    )
