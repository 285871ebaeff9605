"""How far an agency is shown a record that others keep of somebody, and what rests on that."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from stepdown.kernel.errors import Refused
from stepdown.people.models import Person
from stepdown.people.queries.kept import Held, held_of
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.predicates import SharedKeeping
from stepdown.policy.sharing import OF_PERSON


def require_may_keep(person: Person, agency: UUID | None) -> None:
    """Refused if an agency that names somebody in a record of its own, and so keeps one of them,
    would come by more of them than clauses in force show it. Part of the verbs that name somebody.

    Whoever is known to the partnership itself, or as a volunteer, may be named by all partners.
    """
    held = held_of(person)
    if None in held.known_to or agency in held.agencies:
        return
    shown = {one for source in held.agencies for one in _clauses_show(held, source, {agency})}
    if agency is None or not shown >= OF_PERSON:
        raise Refused(
            _("You see this person’s record by an agreement that does not cover all of it, so they "
              "cannot be named here. Ask the partner that keeps it.")
        )  # fmt: skip


def shown_of(person: Person, keeper: UUID, to: Iterable[UUID | None]) -> set[Category]:
    """What of somebody's record at an agency that keeps one is shown to others, by clauses in
    force."""
    return _clauses_show(held_of(person), keeper, to)


def _clauses_show(held: Held, keeper: UUID | None, to: Iterable[UUID | None]) -> set[Category]:
    them = frozenset[object](one for one in to if one is not None)
    kept = [keeping for keeping in held.kept if keeping.agency == keeper]
    return {
        category
        for category in Category
        if any(
            SharedKeeping(them, frozenset({category})).by(clause, keeping)
            for clause in held.clauses
            for keeping in kept
        )
    }


def opens_to_itself(by: Actor, person: Person, purpose: str) -> bool:
    """Whether consent for a purpose would open a record of the person to the actor's own agency,
    which keeps none: by a clause in force that rests on it."""
    held, us = held_of(person), {grant.agency for grant in by.grants if grant.agency}
    if None in held.agencies or us & held.agencies:
        return False
    asking = (one for one in held.clauses if one.needs_consent and one.purpose.value == purpose)
    return any(one.target in us for one in asking)
