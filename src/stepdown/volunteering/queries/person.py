"""People as the partnership knows them: who volunteers, who is supported. The list of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from stepdown.hub.queries.paging import Page, page_of
from stepdown.kernel import clock
from stepdown.kernel.ids import tidy_reference
from stepdown.people.models import Person
from stepdown.people.queries import person as people
from stepdown.policy.actors import Actor
from stepdown.volunteering.models import Credential, Hold, Need, Volunteer
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.queries import credential as credentials
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import volunteer as volunteers


class PeopleKind(StrEnum):
    """Which people a list shows."""

    ANY = "any"
    VOLUNTEER = "volunteer"
    SUPPORTED = "supported"


@dataclass(frozen=True)
class PeopleFilters:
    """What a list is narrowed to. Empty means not narrowed; several values mean any of them."""

    kind: PeopleKind = PeopleKind.ANY
    name: str = ""
    districts: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    lapsing_within: int | None = None

    @property
    def about_volunteers(self) -> bool:
        """Whether only volunteers can be meant."""
        asked = self.schemes or self.skills or self.states or self.lapsing_within is not None
        return self.kind == PeopleKind.VOLUNTEER or bool(asked)


@dataclass(frozen=True)
class PersonRow:
    """One line. The page that shows it calls ``disclose`` with ``id`` first.

    ``held`` counts places held by live placements and open offers, out of ``capacity``;
    ``supported`` whether there is or was a need for them.
    """

    id: UUID
    name: str
    district: str
    open_needs: int
    supported: bool = False
    volunteer_id: UUID | None = None
    volunteer_state: str = ""
    schemes: tuple[str, ...] = ()
    held: int = 0
    capacity: int = 0
    next_lapse: date | None = None


def list_people(
    by: Actor,
    filters: PeopleFilters | None = None,
    after: str | None = None,
    *,
    size: int = 25,
    count: bool = False,
) -> Page[PersonRow]:
    """A page of the people the actor may see, by name. At most eight queries."""
    page = page_of(
        _with_counts(by, _filtered(by, filters or PeopleFilters())),
        order=("family_name", "given_name", "id"),
        after=after,
        size=size,
        count=count,
    )
    return Page([_row(person) for person in page.items], page.next, page.previous, page.total)


def found_by(by: Actor, text: str, *, limit: int = 10) -> list[PersonRow]:
    """People the actor may see, by their name or by the reference of a need of theirs, by name.

    For picking one: at most ``limit`` of them. Nobody for an empty text. At most eight queries.
    """
    if not text.strip():
        return []
    theirs = needs.visible_to(by).filter(reference=tidy_reference(text), person=OuterRef("pk"))
    found = people.visible_to(by).filter(people.named(text) | Q(Exists(theirs)))
    ordered = _with_counts(by, found).order_by("family_name", "given_name", "id")
    return [_row(person) for person in ordered[:limit]]


def alike(
    by: Actor, *, given_name: str, family_name: str, born: date | None, limit: int = 5
) -> list[PersonRow]:
    """People on record who may be the same: the family name, and the first name or the birthday."""
    first, last = given_name.strip(), family_name.strip()
    same = people.in_any_case("given_name__iexact", first)
    same |= people.in_any_case("known_as__iexact", first)
    if born is not None:
        same |= Q(date_of_birth=born)
    found = people.visible_to(by).filter(same, people.in_any_case("family_name__iexact", last))
    ordered = _with_counts(by, found).order_by("family_name", "given_name", "id")
    return [_row(person) for person in ordered[:limit]]


def _filtered(by: Actor, filters: PeopleFilters) -> QuerySet[Person]:
    found = people.visible_to(by)
    if filters.name.strip():
        found = found.filter(people.named(filters.name))
    if filters.districts:
        found = found.filter(district__in=filters.districts)
    if filters.about_volunteers:
        profile = volunteers.visible_to(by).filter(person=OuterRef("pk"))
        if filters.states:
            profile = profile.filter(state__in=filters.states)
        if filters.schemes:
            profile = profile.filter(schemes__in=filters.schemes)
        if filters.skills:
            profile = profile.filter(skills__in=filters.skills)
        found = found.filter(Exists(profile))
    if filters.lapsing_within is not None:
        lapse = credentials.visible_to(by).filter(credentials.ends_within(filters.lapsing_within))
        found = found.filter(Exists(lapse.filter(person=OuterRef("pk"))))
    if filters.kind == PeopleKind.SUPPORTED:
        found = found.filter(Exists(needs.visible_to(by).filter(person=OuterRef("pk"))))
    return found


def _with_counts(by: Actor, found: QuerySet[Person]) -> QuerySet[Person]:
    today = clock.today()
    profile = (
        volunteers.visible_to(by)
        .prefetch_related("schemes")
        .annotate(
            held=_count(Hold.objects.filter(volunteer=OuterRef("pk")), "volunteer"),
            next_lapse=Subquery(
                Credential.objects.filter(
                    credentials.good_on(today), person=OuterRef("person"), valid_to__isnull=False
                )
                .order_by()
                .values("person")
                .annotate(first=Min("valid_to"))
                .values("first")
            ),
        )
    )
    theirs = needs.visible_to(by).filter(person=OuterRef("pk"))
    wanting = theirs.filter(state=NeedState.OPEN.value)
    return found.annotate(
        open_needs=_count(wanting, "person"), supported=Exists(theirs)
    ).prefetch_related(Prefetch("volunteer", queryset=profile))


def _count(rows: "QuerySet[Hold] | QuerySet[Need]", column: str) -> Coalesce:
    counted = rows.order_by().values(column).annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted), 0)


def _row(person: Person) -> PersonRow:
    seen: Mapping[str, Any] = vars(person)
    district = person.district.name if person.district else ""
    profile: Volunteer | None = getattr(person, "volunteer", None)
    if profile is None:
        return PersonRow(
            person.pk, person.full_name, district, seen["open_needs"], seen["supported"]
        )
    more = vars(profile)
    return PersonRow(
        id=person.pk,
        name=person.full_name,
        district=district,
        open_needs=seen["open_needs"],
        supported=seen["supported"],
        volunteer_id=profile.pk,
        volunteer_state=profile.state,
        schemes=tuple(scheme.name for scheme in profile.schemes.all()),
        held=more["held"],
        capacity=profile.capacity,
        next_lapse=more["next_lapse"],
    )
