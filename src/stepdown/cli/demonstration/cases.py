"""Cases of the story, in three pathways: waiting, being worked on, and closed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from stepdown.casework.actions import case_people, case_referrals, cases
from stepdown.casework.actions.case_forms import shown
from stepdown.casework.queries.case import definition_of, get
from stepdown.casework.queries.case_facts import standing_of
from stepdown.casework.queries.case_page import named_people
from stepdown.casework.queries.definitions import definition
from stepdown.cli.demonstration import names
from stepdown.cli.demonstration.case_answers import REFERRED, STEPS
from stepdown.kernel import clock
from stepdown.people.actions import consents

if TYPE_CHECKING:
    from stepdown.casework.models import Case
    from stepdown.cli.demonstration.ground import Ground
    from stepdown.pathways.schema import PersonRole
    from stepdown.policy.actors import Actor

EXPLAINED = (
    "We would like to tell the agencies that bring people together after a crime what happened and "
    "how to reach you. Only they see it. You may say no, and change your mind at any time."
)
# Dates that lie ahead when they are written down; all others are that day's.
AHEAD = frozenset({"meets-on", "keep-by"})
# A move to a stage; a step; "measure:KEY.OCCASION"; "end:OUTCOME.REASON" with the stage before it.
EARLY = ("check-referral", ">assessment", "first-contact", "strengths", "measure:wellbeing.start")
SUPPORT = (*EARLY, ">support", "plan", "review")
FAMILY = ("screen", ">panel", "panel-decision", ">assessment", "first-contact")
PREPARED = ("check", ">contact", "contact-harmed-person")


@dataclass(frozen=True)
class Course:
    """How far one case has come: begun so many days ago, then what was done, week by week."""

    pathway: str
    begun: int
    district: str
    deeds: tuple[str, ...] = ()
    lead: str = "coordinator"
    scores: tuple[int, int] = (2, 4)


STEP_DOWN, EARLY_HELP, RJ = "community-step-down", "early-help", "restorative-justice"
PRESTON, CHORLEY, BURNLEY, LANCASTER = "E07000123", "E07000118", "E07000117", "E07000121"
COURSES = (
    Course(STEP_DOWN, 3, PRESTON),
    Course(STEP_DOWN, 1, LANCASTER),
    Course(STEP_DOWN, 20, CHORLEY, EARLY, "officer", (3, 3)),
    Course(STEP_DOWN, 70, PRESTON, SUPPORT, "officer"),
    Course(STEP_DOWN, 95, BURNLEY, (*SUPPORT, ">ending", "measure:wellbeing.end", "ending-meeting",
                                    ">closed:stepped-down")),
    Course(STEP_DOWN, 60, PRESTON, (*EARLY, ">closed:not-helped.lost"), "officer"),
    Course(STEP_DOWN, 30, LANCASTER, ("check-referral", ">not-taken-on:not-eligible.universal")),
    Course(EARLY_HELP, 2, BURNLEY),
    Course(EARLY_HELP, 12, PRESTON, ("screen", ">panel")),
    Course(EARLY_HELP, 8, CHORLEY, ("screen", ">panel")),
    Course(EARLY_HELP, 55, PRESTON, (*FAMILY, "measure:family-score.start", "family-assessment",
                                     ">plan", "plan"), "officer"),
    Course(EARLY_HELP, 40, LANCASTER, FAMILY),
    Course("vulnerable-callers", 2, BURNLEY),
    Course("problem-solving", 3, PRESTON),
    Course("theme-plan", 5, LANCASTER),
    Course(RJ, 4, PRESTON),
    Course(RJ, 25, BURNLEY, PREPARED),
    Course(RJ, 45, LANCASTER, ("check", ">closed:not-taken-on.denied")),
)  # fmt: skip


def keep(ground: Ground) -> int:
    """All cases, each from its first day on. How many."""
    chance = random.Random(63)
    with clock.at(ground.day(-100)):
        consents.word(by=ground.actors["protection"], purpose="prevention", text=EXPLAINED)
    for course in sorted(COURSES, key=lambda one: -one.begun):
        _run(ground, chance, course)
    return len(COURSES)


def _run(ground: Ground, chance: random.Random, course: Course) -> None:
    by = ground.actors["coordinator"]
    with clock.at(ground.day(-course.begun)):
        case = _refer(by, chance, course)
    if not course.deeds:
        return
    with clock.at(ground.day(1 - course.begun)):
        _people(by, chance, case)
        lead = ground.users[course.lead]
        case_people.assign(by=by, case=case, role=definition_of(case).team[0].key, user=lead)
    gap = max(1, (course.begun - 2) // (len(course.deeds) + 1))
    for number, deed in enumerate(course.deeds):
        with clock.at(ground.day(1 - course.begun + gap * number, hour=11)):
            _deed(by, get(by=by, id=case.pk), course, deed)
    if course.pathway == STEP_DOWN and course.deeds == SUPPORT:
        with clock.at(ground.day(-2)):
            _ask(by, get(by=by, id=case.pk))


def _refer(by: Actor, chance: random.Random, course: Course) -> Case:
    given, family = names.name(chance, chance.choice(("female", "male")))
    born = clock.today() - timedelta(days=chance.randrange(20 * 365, 85 * 365))
    case = case_referrals.start(by=by, pathway=course.pathway)
    case_referrals.say_who(
        by=by,
        case=case,
        given_name=given,
        family_name=family,
        date_of_birth=born.isoformat(),
        district=course.district,
        source=chance.choice(definition(course.pathway).sources).key,
    )
    answers = chance.choice(REFERRED[course.pathway])
    for screen in definition(course.pathway).screens:
        said = {one.key: answers[one.key] for one in screen.fields if one.key in answers}
        case_referrals.answer(by=by, case=case, screen=screen.key, answers=said)
    return case_referrals.send(by=by, case=case)


def _people(by: Actor, chance: random.Random, case: Case) -> None:
    for role in definition_of(case).people:
        if role.least:
            _name(by, chance, case, role)


def _name(by: Actor, chance: random.Random, case: Case, role: PersonRole) -> None:
    child = role.key == "child"
    given, family = names.name(chance, chance.choice(("female", "male")))
    years = (5, 16) if child else (20, 80)
    born = clock.today() - timedelta(days=chance.randrange(years[0] * 365, years[1] * 365))
    named = case_people.name_person(
        by=by,
        case=case,
        role=role.key,
        given_name=given,
        family_name=family,
        date_of_birth=born,
    )
    if role.consent:
        consents.say(
            by=by,
            person=named.person,
            purpose=role.consent,
            yes=True,
            explained_by=str(by.user),
            explained_on=clock.today(),
        )


def _deed(by: Actor, case: Case, course: Course, deed: str) -> None:
    if deed.startswith(">"):
        to, _, ended = deed[1:].partition(":")
        outcome, _, reason = ended.partition(".")
        cases.move(by=by, case=case, to=to, outcome=outcome, reason=reason)
    elif deed.startswith("measure:"):
        _measure(by, case, course, deed.removeprefix("measure:"))
    else:
        todo = standing_of(case).todo(deed)
        if todo is None:
            raise LookupError(f"{case.pathway} has no {deed} in {case.stage}")
        answers = dict(STEPS[case.pathway].get(deed, {}))
        for one in todo.step.fields:
            if one.kind == "date" and one.required and shown(one, answers):
                ahead = 14 if one.key in AHEAD else 0
                answers[one.key] = (clock.today() + timedelta(days=ahead)).isoformat()
        cases.save_step(
            by=by,
            case=case,
            step=deed,
            number=todo.number,
            version=0,
            answers=answers,
            finish=True,
        )


def _measure(by: Actor, case: Case, course: Course, which: str) -> None:
    key, _, occasion = which.partition(".")
    measure = definition_of(case).measure(key)
    level = course.scores[1 if occasion == "end" else 0]
    items = {"swemwbs": [f"item-{n}" for n in range(1, 8)]}.get(measure.instrument, ["score"])
    answers = {item: level + number % 2 for number, item in enumerate(items)}
    for one in named_people(by, case):
        if one.role == measure.about:
            row = case.people.get(pk=one.id)
            cases.measure(
                by=by, case=case, measure=key, occasion=occasion, named=row, answers=answers
            )


def _ask(by: Actor, case: Case) -> None:
    """A volunteer is asked for, by a need like any other."""
    person = named_people(by, case)[0]
    case_people.raise_need(
        by=by,
        case=case,
        role="volunteer",
        person=case.people.get(pk=person.id).person,
        title="Company on a weekly walk",
        band=3,
    )
