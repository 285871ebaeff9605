"""Cases of the story in every pathway: waiting, being worked on, late, and closed in each way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from stepdown.casework.actions import case_people, case_referrals, cases
from stepdown.casework.queries.case import definition_of
from stepdown.casework.queries.case_page import named_people
from stepdown.casework.queries.definitions import definition
from stepdown.cli.demonstration import names
from stepdown.cli.demonstration.case_deeds import Deed, deeds_of
from stepdown.cli.demonstration.case_stories import Course, Story, answers, stories
from stepdown.cli.demonstration.case_volunteers import find_volunteers
from stepdown.kernel import clock
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.instruments import instrument
from stepdown.people.actions import consents

if TYPE_CHECKING:
    from stepdown.casework.models import Case
    from stepdown.cli.demonstration.ground import Ground
    from stepdown.pathways.schema import Definition, Measure, PersonRole
    from stepdown.policy.actors import Actor

# Preston, Chorley and South Ribble, which the officer looks after, and three others.
DISTRICTS = ("E07000123", "E07000118", "E07000126", "E07000117", "E07000121", "E06000009")
YEARS = {"child": (5, 16)}
GROWN = (20, 80)


def keep(ground: Ground, *, most: int | None = None) -> Iterator[tuple[int, int]]:
    """All cases, each from its first day on; ``most`` of a pathway. After each, how many there are
    and how many there will be."""
    chance = random.Random(63)
    todo = [(story, course) for story in stories() for course in story.cases[:most]]
    ordered = sorted(todo, key=lambda one: -one[1].ago)
    for number, (story, course) in enumerate(ordered, start=1):
        _run(ground, chance, story, course)
        yield number, len(ordered)


def _run(ground: Ground, chance: random.Random, story: Story, course: Course) -> None:
    by = ground.actors["coordinator"]
    with clock.at(ground.day(-course.ago)):
        case = _refer(ground.actors[course.by], chance, story, course)
    deeds = list(deeds_of(definition(story.pathway), story, course))
    if not deeds:
        return
    with clock.at(ground.day(1 - course.ago)):
        _people(by, chance, case, course)
        _team(ground, case, course)
    gap = max(1, (course.ago - 2) // (len(deeds) + 1))
    for number, deed in enumerate(deeds):
        with clock.at(ground.day(min(0, 1 - course.ago + gap * number), hour=11)):
            if not _deed(ground, case, course, deed):
                return


def _refer(by: Actor, chance: random.Random, story: Story, course: Course) -> Case:
    one = definition(story.pathway)
    who = {}
    if one.names_somebody:
        given, family = names.name(chance, chance.choice(("female", "male")))
        who = {"given_name": given, "family_name": family, "date_of_birth": _born(chance, one)}
    case = case_referrals.start(by=by, pathway=story.pathway)
    case_referrals.say_who(
        by=by,
        case=case,
        district=chance.choice(DISTRICTS[:3] if course.lead == "officer" else DISTRICTS),
        source=chance.choice(one.sources).key,
        **who,
    )
    said = {**chance.choice(story.referred), **course.but.get(REFERRAL, {})}
    for screen in one.screens:
        keys = {field.key for field in screen.fields}
        told = answers(screen.fields, {key: said[key] for key in keys & said.keys()})
        case_referrals.answer(by=by, case=case, screen=screen.key, answers=told)
    return case_referrals.send(by=by, case=case)


def _born(chance: random.Random, one: Definition) -> str:
    low, high = YEARS.get(one.people[0].key, GROWN)
    born = clock.today() - timedelta(days=chance.randrange(low * 365, high * 365))
    return born.isoformat()


def _people(by: Actor, chance: random.Random, case: Case, course: Course) -> None:
    for role in definition_of(case).people:
        for _ in range(role.least):
            _name(by, chance, case, role, yes=course.consent)


def _name(by: Actor, chance: random.Random, case: Case, role: PersonRole, *, yes: bool) -> None:
    given, family = names.name(chance, chance.choice(("female", "male")))
    low, high = YEARS.get(role.key, GROWN)
    named = case_people.name_person(
        by=by,
        case=case,
        role=role.key,
        given_name=given,
        family_name=family,
        date_of_birth=clock.today() - timedelta(days=chance.randrange(low * 365, high * 365)),
    )
    if role.consent:
        consents.say(
            by=by,
            person=named.person,
            purpose=role.consent,
            yes=yes,
            explained_by=str(by.user),
            explained_on=clock.today(),
        )


def _team(ground: Ground, case: Case, course: Course) -> None:
    """The first role looks after the case, and a colleague has the second."""
    by = ground.actors["coordinator"]
    staff = [one for one in definition_of(case).team if one.pool == "staff"]
    for role, holder in zip(staff, (course.lead, "approver"), strict=False):
        case_people.assign(by=by, case=case, role=role.key, user=ground.users[holder])


def _deed(ground: Ground, case: Case, course: Course, deed: Deed) -> bool:
    """Do it. Whether the story goes on: it stops where no volunteer was found."""
    by = ground.actors["coordinator"]
    if deed.kind == "volunteers":
        return find_volunteers(ground, case, deed.key, goes_on=not course.end)
    if deed.kind == "measure":
        _measure(by, case, course, definition_of(case).measure(deed.key), deed.rest[0])
    elif deed.kind == "move":
        outcome, reason = (*deed.rest, "", "")[:2]
        case.refresh_from_db(fields=["stage", "version", "closed_on"])
        cases.move(by=by, case=case, to=deed.key, outcome=outcome, reason=reason)
    else:
        said = answers(definition_of(case).step(deed.key).fields, deed.said)
        asked: dict[str, Any] = {"step": deed.key, "number": int(deed.rest[0]), "version": 0}
        cases.save_step(by=by, case=case, answers=said, finish=True, **asked)
    return True


def _measure(by: Actor, case: Case, course: Course, measure: Measure, occasion: str) -> None:
    kind = instrument(measure.instrument, clock.today())
    if kind is None:
        raise LookupError(f"{measure.instrument} is not in use")
    last = len(measure.occasions) > 1 and measure.occasions[-1].key == occasion
    level = course.scores[1 if last else 0]
    said = {item.key: min(item.high, level + number % 2) for number, item in enumerate(kind.items)}
    for one in named_people(by, case):
        if one.role == measure.about:
            row = case.people.get(pk=one.id)
            asked: dict[str, Any] = {"measure": measure.key, "occasion": occasion}
            cases.measure(by=by, case=case, named=row, answers=said, **asked)
