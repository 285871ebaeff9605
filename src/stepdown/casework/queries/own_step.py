"""The cases that volunteers are placed in: the steps that their role does, and what it sees.

A volunteer reads no record of a case. What is told here is read as the hub, and only the categories
that the policy lets the volunteer read, and their role see, leave.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from stepdown.casework.models import Case, CaseNeed, CasePerson, CaseStep
from stepdown.casework.queries.case import definition_of, facts, holidays, open_for
from stepdown.casework.queries.case_facts import facts_of_all, readable_answers
from stepdown.casework.queries.shared_facts import Open
from stepdown.hub.queries.facts import Later
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.pathways.interpret import Standing, Todo, standing
from stepdown.pathways.schema import NO_TEXT, TeamRole, Text
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide, readings
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.volunteering.models import Exclusion, Placement
from stepdown.volunteering.models.placement import PlacementState

Answers = Mapping[tuple[str, int], Mapping[str, Any]]


@dataclass(frozen=True)
class Known:
    """Somebody in the case who is named to the actor."""

    id: UUID
    role: Text
    name: str


@dataclass(frozen=True)
class Own:
    """A case that the actor is placed in, in a role. ``read``: what they may read of it, each
    category with the clause that lets them, if any."""

    case: Case
    role: TeamRole
    read: Mapping[Category, str]
    now: Standing
    people: tuple[Known, ...] = field(default=(), repr=False)

    @property
    def todos(self) -> tuple[Todo, ...]:
        """The steps of the stage that the role does."""
        return tuple(one for one in self.now.todos if one.step.who == self.role.key)

    def todo(self, key: str) -> Todo | None:
        """One of them."""
        return next((one for one in self.todos if one.step.key == key), None)


def told(case: Case, placed: Iterable[UUID], open_now: Open | None = None) -> Facts:
    """What the policy is told of a volunteer's steps in a case: those of the case, and whose they
    are."""
    of_case = facts(case, open_now)
    known = {"pathway": case.pathway, "agency": case.agency_id, "person": frozenset(placed)}
    return Later(
        known, {name: partial(of_case.__getitem__, name) for name in ("clauses", "consent")}
    )


@as_hub("a volunteer sees of a case what the policy lets them, and no row of it")
def mine(by: Actor) -> list[Own]:
    """The cases in work that the actor is placed in, oldest first. Some twenty queries."""
    return _owns(by, _placed(by.person)) if by.person is not None else []


@as_hub("a volunteer sees of a case what the policy lets them, and no row of it")
def get(*, by: Actor, id: UUID) -> Own:
    """One of them; NotVisible for any other."""
    found = _owns(by, _placed(by.person, id)) if by.person is not None else []
    if not found:
        raise NotVisible("No such case.")
    return found[0]


@as_hub("a volunteer reads what was written in the categories that the policy lets them read")
def answers_of(own: Own) -> Answers:
    """What was said in the case, in the categories that the actor reads."""
    return readable_answers(own.case, own.read)


@as_hub("a volunteer sees the forms of their own role")
def done_by_role(own: Own) -> list[CaseStep]:
    """The steps of the role that were done, the newest first."""
    keys = [one.key for one in definition_of(own.case).steps if one.who == own.role.key]
    rows = CaseStep.objects.filter(case=own.case, step__in=keys).exclude(done_on=None)
    return list(rows.select_related("saved_by").order_by("-id"))


@as_hub("a volunteer sees the draft of a form of their own role")
def draft_of(own: Own, todo: Todo) -> CaseStep | None:
    """What somebody in the role began and has not finished."""
    found = CaseStep.objects.filter(case=own.case, step=todo.step.key, number=todo.number)
    return found.select_related("saved_by").first()


def persons_in(cases: Iterable[Case]) -> dict[tuple[UUID, str], frozenset[UUID]]:
    """Who is placed now in each role of some cases, but for those who are in the case themselves or
    must be kept from somebody in it. Four queries."""
    held = [one.pk for one in cases]
    there: dict[UUID, set[UUID]] = {pk: set() for pk in held}
    rows = CasePerson.objects.filter(case__in=held, ended_on=None)
    for pk, person in rows.values_list("case", "person"):
        there[pk].add(person)
    needs = {row.need_id: row for row in CaseNeed.objects.filter(case__in=held) if row.role}
    apart = set(
        Exclusion.objects.filter(
            person__in=set().union(*there.values()), ended_at=None
        ).values_list("volunteer", "person")
    )
    found: dict[tuple[UUID, str], set[UUID]] = {}
    live = Placement.objects.filter(need__in=needs, state=PlacementState.LIVE)
    for need, volunteer, person in live.values_list("need", "volunteer", "volunteer__person"):
        row = needs[need]
        people = there[row.case_id]
        if person not in people and not any((volunteer, one) in apart for one in people):
            found.setdefault((row.case_id, row.role), set()).add(person)
    return {known: frozenset(some) for known, some in found.items()}


def _placed(person: UUID, case: UUID | None = None) -> list[tuple[Case, TeamRole]]:
    """The cases in work, with the role, on whose needs somebody is placed now."""
    live = Placement.objects.filter(volunteer__person=person, state=PlacementState.LIVE)
    rows = CaseNeed.objects.filter(need__in=live.values("need"), case__closed_on=None)
    rows = rows.exclude(role="").exclude(case__stage="").select_related("case")
    if case is not None:
        rows = rows.filter(case=case)
    found: dict[tuple[UUID, str], tuple[Case, TeamRole]] = {}
    for row in rows.order_by("case_id", "id"):
        roles = {one.key: one for one in definition_of(row.case).team}
        if row.role in roles:
            found.setdefault((row.case_id, row.role), (row.case, roles[row.role]))
    return list(found.values())


def _owns(by: Actor, placed: list[tuple[Case, TeamRole]]) -> list[Own]:
    cases = [case for case, _role in placed]
    if not cases:
        return []
    open_now, persons, now = open_for(cases), persons_in(cases), facts_of_all(cases)
    named = _known(cases)
    found = []
    for case, role in placed:
        asked = told(case, persons.get((case.pk, role.key), ()), open_now)
        if not decide(by, Permission.STEP_VIEW, asked).allowed:
            continue
        may = readings(by, Permission.STEP_VIEW, asked)
        read = {one: clause for one, clause in may.items() if one.value in role.sees}
        how = standing(definition_of(case), now[case.pk], clock.today(), holidays())
        people = tuple(named[case.pk]) if Category.IDENTITY in read else ()
        found.append(Own(case, role, read, how, people))
    return found


def _known(cases: list[Case]) -> dict[UUID, list[Known]]:
    roles = {one.pk: {r.key: r.name for r in definition_of(one).people} for one in cases}
    found: dict[UUID, list[Known]] = {one.pk: [] for one in cases}
    rows = CasePerson.objects.filter(case__in=cases, ended_on=None).select_related("person")
    for row in rows:
        role = roles[row.case_id].get(row.role, NO_TEXT)
        found[row.case_id].append(Known(row.person_id, role, row.person.full_name))
    return found
