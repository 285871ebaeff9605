"""What the page of a case shows besides what the interpreter says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from stepdown.casework.models import (
    Case,
    CaseMeasure,
    CaseNeed,
    CasePerson,
    CaseStep,
    CaseWorker,
)
from stepdown.casework.queries.case import definition_of
from stepdown.casework.queries.case_facts import consents_of
from stepdown.casework.queries.case_typed import Typed, typed_people
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.user import names_of
from stepdown.kernel.errors import NotVisible
from stepdown.people.models import Person
from stepdown.people.queries import person as people
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.volunteering.models import Need
from stepdown.volunteering.models.hours import HoursState
from stepdown.volunteering.queries import hours
from stepdown.volunteering.queries import need as needs


@dataclass(frozen=True)
class Named:
    """Somebody in a role. ``name`` is empty where the actor may not see that person's record."""

    id: UUID
    role: str
    person: UUID | None
    name: str = field(repr=False)
    consents: bool | None = None  # None where they are not asked


@dataclass(frozen=True)
class OnTeam:
    """A member of staff in a role."""

    id: UUID
    role: str
    name: str


@dataclass(frozen=True)
class Raised:
    """A need for volunteers that the case raised, if the actor may see it."""

    id: UUID
    reference: str
    title: str
    state: str
    role: str
    minutes: int


@dataclass(frozen=True)
class Taken:
    """One measurement. ``answers`` where the instrument has no total."""

    measure: str
    occasion: str
    named: UUID
    total: Decimal | None
    answers: dict[str, int]
    missing: str
    on: date


def named_people(by: Actor, case: Case) -> list[Named]:
    """Everybody the case is about, in the order they were named. Three queries."""
    rows = list(CasePerson.objects.filter(case=case, ended_on=None))
    names = people.names_of(by, (row.person_id for row in rows))
    asked = {role.key: role.consent for role in definition_of(case).people}
    with as_hub("whether somebody on the case consents is part of how it stands"):
        said = consents_of(row.person_id for row in rows)
    return [
        Named(
            id=row.pk,
            role=row.role,
            person=row.person_id if row.person_id in names else None,
            name=names.get(row.person_id, ""),
            consents=_consents(asked.get(row.role, ""), said[row.person_id]),
        )
        for row in rows
    ]


def _consents(asked: str, said: frozenset[str]) -> bool | None:
    return asked in said if asked else None


def named(case: Case, id: UUID) -> CasePerson:
    """One of them."""
    found = CasePerson.objects.filter(case=case, pk=id, ended_on=None).first()
    if found is None:
        raise NotVisible("No such person.")
    return found


def worker(case: Case, id: UUID) -> CaseWorker:
    """One of the team."""
    found = CaseWorker.objects.filter(case=case, pk=id, until=None).first()
    if found is None:
        raise NotVisible("Nobody like that.")
    return found


def typed_name(case: Case) -> str:
    """The name of the first person typed in the referral, while nobody has been named yet. Ask
    whether the actor may read identity first."""
    return next((one.name for one in typed_people(case)), "")


def shown_on(
    case: Case, read: Mapping[Category, str], people: Iterable[Named]
) -> dict[UUID, Mapping[Category, str]]:
    """Whom a look at a case shows, for the read log: everybody who is named to the reader, with
    what may be read of them; while nobody is, the case itself."""
    shown = {one.person: read for one in people if one.name and one.person}
    return shown or {case.pk: read}


def alike(by: Actor, case: Case, typed: Typed | None) -> list[Person]:
    """People the actor may see whose name is the one typed, the same birth first. One query."""
    if typed is None or not typed.family_name:
        return []
    wanted = people.visible_to(by).filter(
        people.in_any_case("family_name__iexact", typed.family_name),
        people.in_any_case("given_name__iexact", typed.given_name)
        | people.in_any_case("known_as__iexact", typed.given_name),
    )
    found = list(wanted.exclude(pk__in=_there(case)).order_by("family_name", "id")[:8])
    return sorted(found, key=lambda one: str(one.date_of_birth) != typed.date_of_birth)


@as_hub("whether the use of the record of somebody in a case is restricted")
def people_of(case: Case) -> list[UUID]:
    """Whom the case is about now, whether or not they may be named. One query."""
    there = CasePerson.objects.filter(case=case, ended_on=None)
    return list(there.values_list("person", flat=True))


def _there(case: Case) -> list[UUID]:
    rows = CasePerson.objects.filter(case=case, ended_on=None)
    return list(rows.values_list("person", flat=True))


def team(case: Case) -> list[OnTeam]:
    """The staff on it. Two queries."""
    rows = list(CaseWorker.objects.filter(case=case, until=None))
    names = names_of(row.user_id for row in rows)
    return [OnTeam(row.pk, row.role, names.get(row.user_id, "")) for row in rows]


def raised(by: Actor, case: Case) -> list[Raised]:
    """The needs it raised that the actor may see, with the hours confirmed so far."""
    roles = dict(CaseNeed.objects.filter(case=case).values_list("need", "role"))
    if not roles:
        return []
    seen = list(needs.visible_to(by).filter(pk__in=roles))
    confirmed = hours.visible_to(by).filter(
        placement__need__in=[one.pk for one in seen], state=HoursState.CONFIRMED
    )
    minutes: dict[UUID, int] = {}
    for need, spent in confirmed.values_list("placement__need", "minutes"):
        minutes[need] = minutes.get(need, 0) + spent
    return [_raised(one, roles[one.pk], minutes.get(one.pk, 0)) for one in seen]


def _raised(need: Need, role: str, minutes: int) -> Raised:
    return Raised(need.pk, need.reference, need.title, need.state, role, minutes)


def taken(case: Case, categories: set[str]) -> list[Taken]:
    """What was measured, as far as the actor may read that kind of data. Two queries."""
    rows = CaseMeasure.objects.filter(case=case, category__in=sorted(categories))
    who = {row.person_id: row.pk for row in CasePerson.objects.filter(case=case).order_by("-id")}
    return [
        Taken(
            row.measure,
            row.occasion,
            who[row.person_id],
            row.total,
            row.answers,
            row.missing,
            row.taken_on,
        )
        for row in rows
        if row.person_id in who
    ]


def done_steps(case: Case) -> list[CaseStep]:
    """Every step that was done, the newest first. One query."""
    done = CaseStep.objects.filter(case=case).filter(Q(done_on__isnull=False))
    return list(done.select_related("saved_by").order_by("-id"))


def draft_of(case: Case, step: str, number: int) -> CaseStep | None:
    """A form that somebody began."""
    found = CaseStep.objects.filter(case=case, step=step, number=number)
    return found.select_related("saved_by").first()


def missing_reasons() -> list[tuple[str, str]]:
    """Why nothing was measured, for radios."""
    return [(str(value), str(label)) for value, label in CaseMeasure.Missing.choices]
