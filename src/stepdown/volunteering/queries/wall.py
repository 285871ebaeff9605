"""What the policy is told of a need, and of all that hangs on it: the wall of its agency's records.

Risk assessments, offers, placements and hours stand where their need stands.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from stepdown.hub.queries.facts import Later
from stepdown.hub.queries.scope import Columns
from stepdown.people.queries.consent import last_said
from stepdown.people.queries.kept import Course, Source
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Kind
from stepdown.policy.predicates import Facts
from stepdown.policy.sharing import WALLS, Clause, Purpose
from stepdown.sharing.queries.in_force import SharedBy, clauses_from
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.models.volunteer import VolunteerState

# Clauses in force by the agency that shows, and the needs of people who consent.
Open = tuple[Mapping[UUID, tuple[Clause, ...]], frozenset[UUID]]


def consents(need: str = "") -> Q:
    """Records of needs of people who consent to being helped: what was last recorded on the
    person, else what they answered in the referral that led to the need.

    ``need`` is the lookup from the record to its need ("placement__need"), empty for a need.
    """
    said, last_was_yes = last_said(f"{need}__person" if need else "person", Purpose.SUPPORT)
    # By name: a referral is kept by a wing that this one does not know.
    answered = Need.objects.filter(
        pk=OuterRef(need or "pk"),
        referral__answers__category=Category.SUPPORT.value,
        referral__answers__answers__consent="yes",
    )
    return Q(last_was_yes) | (Q(~said) & Q(Exists(answered)))


def columns_of(need: str = "") -> Columns:
    """Where the store holds those facts, for records whose lookup ``need`` leads to their need."""
    to = f"{need}__" if need else ""
    return {
        "district": f"{to}district_id",
        "agency": f"{to}agency_id",
        "officer": f"{to}officer_id",
        "clauses": SharedBy(f"{to}agency_id", lambda _wanted: consents(need)),
    }


def facts_of(need: Need, open_now: Open | None = None, **more: object) -> Facts:
    """Those facts of one need, and ``more`` of a record that hangs on it.

    ``open_now`` is what ``open_for`` read for many at once; without it, clauses and consent are
    read when the policy asks for them, which it does for another agency's need alone.
    """
    known = {
        "district": need.district_id,
        "agency": need.agency_id,
        "officer": need.officer_id,
        **more,
    }
    if open_now is None:
        return Later(known, {"clauses": partial(_clauses, need), "consent": partial(_asks, need)})
    clauses, consenting = open_now
    known["clauses"] = clauses.get(need.agency_id, ())
    return {**known, "consent": need.pk in consenting}


def open_for(some: Collection[Need]) -> Open:
    """The clauses in force for some needs, and which are of people who consent, as far as a clause
    asks for that. Three queries at most."""
    clauses = clauses_from(need.agency_id for need in some)
    asking = {agency for agency, found in clauses.items() if any(c.needs_consent for c in found)}
    return clauses, _consenting(need.pk for need in some if need.agency_id in asking)


def _consenting(needs: Iterable[UUID]) -> frozenset[UUID]:
    wanted = list(needs)
    found = Need.objects.filter(consents(), pk__in=wanted) if wanted else Need.objects.none()
    return frozenset(found.values_list("pk", flat=True))


def _clauses(need: Need) -> tuple[Clause, ...]:
    return clauses_from([need.agency_id]).get(need.agency_id, ())


def _asks(need: Need) -> bool:
    # Whoever adds a need tells what they know; what they see of it afterwards asks the person.
    return need._state.adding or need.pk in _consenting([need.pk])


def keeps() -> Source:
    """People are known by their needs."""
    return Source(Need.objects.all, "person", lambda: [_course()])


def _course() -> Course:
    wall = WALLS[Kind.NEED]
    return Course(wall.pathway, wall.purpose, wall.people, Q(), consents)


def pool() -> Source:
    """And as volunteers, in whom all partners have a share."""
    return Source(Volunteer.objects.exclude(state=VolunteerState.LEFT.value).all, "person")
