"""What stops the time of somebody's records, and which schedule they are kept by."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from stepdown.casework.actions import case_people
from stepdown.casework.models import Case, Referral
from stepdown.hub.models import User
from stepdown.kernel import clock
from stepdown.kernel.retention import Then
from stepdown.people.actions import accounts
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.records.models import RetentionRule, RightsPack, RightsRequest
from stepdown.records.queries.retention import Due, due_one, due_people, is_open
from stepdown.records.queries.schedules import DEFAULTS, START, TWO_PEOPLE, rules_on, versions
from stepdown.volunteering.actions import needs, volunteers
from tests.factories import (
    coordinator,
    make_agency,
    make_need,
    make_person,
    make_referral,
    make_user,
)
from tests.factories.cases import make_case
from tests.factories.retention import make_officers, make_quiet_person, make_review, years_ago
from tests.factories.rights import make_office, make_rights_request
from tests.factories.volunteers import make_volunteer

pytestmark = pytest.mark.django_db

PUBLISHED = {
    # Schedule: years clear, what then, years after a review, age to which the record is kept.
    "mopi-1": (10, "review", 10, 100),
    "mopi-2": (10, "review", 10, 0),
    "mopi-3": (6, "review", 5, 0),
    "mopi-4": (6, "review", 6, 0),
    "partnership": (6, "review", 2, 0),
    "volunteer": (6, "review", 2, 0),
    "contact": (2, "review", 1, 0),
    "not-taken-on": (1, "dispose", 0, 0),
}


def test_the_hubs_own_schedules_are_those_published_and_none_is_said_to_be_verified() -> None:
    now = {key: rule.schedule for key, rule in rules_on(clock.today()).items()}
    assert {
        key: (one.clear, one.then.value, one.again, one.until_age) for key, one in now.items()
    } == PUBLISHED
    assert {"mopi-1", "mopi-2"} == TWO_PEOPLE
    for key in DEFAULTS:
        assert [(one.verified, one.valid_from) for one in versions(key)] == [(False, START)]
    assert date(2023, 7, 1) == START
    assert not any(rule.verified for rule in rules_on(date(1990, 1, 1)).values())


def test_a_version_is_of_its_own_schedule_alone() -> None:
    made: dict[str, Any] = {
        "clear_years": 3, "then": Then.REVIEW, "again_years": 1, "until_age": 0, "source": "Ours",
        "verified": True, "made_by": make_user(None), "made_at": clock.now(),
    }  # fmt: skip
    RetentionRule.objects.create(key="contact", valid_from=date(2025, 1, 1), **made)
    RetentionRule.objects.create(key="given-up", valid_from=date(2025, 1, 1), **made)
    assert [one.schedule.clear for one in versions("contact")] == [2, 3]
    assert [one.schedule.clear for one in versions("volunteer")] == [6]
    assert rules_on(date(2024, 12, 31))["contact"].schedule.clear == 2
    assert rules_on(date(2025, 1, 1))["contact"].schedule.clear == 3
    assert "given-up" not in rules_on(date(2025, 1, 1))


def in_a_referral(person: Person) -> Callable[[], object]:
    held = Referral.objects.filter(pk=make_referral(coordinator()).pk)
    held.update(person=person)
    return lambda: held.update(state="rejected", reject_reason="not-eligible")


def in_a_case(person: Person) -> Callable[[], object]:
    by = coordinator()
    case = make_case("early-help", by=by)
    case_people.name_person(by=by, case=case, role="parent", person=person)
    return lambda: Case.objects.filter(pk=case.pk).update(closed_on=clock.today(), outcome="done")


def in_a_need(person: Person) -> Callable[[], object]:
    need = make_need(person=person)
    return lambda: needs.withdraw(by=coordinator(), need=need)


def asking(person: Person, ends: str) -> Callable[[], object]:
    made = make_rights_request(make_office(), person=person)
    why = "manifestly" if ends == "refused" else ""
    return lambda: RightsRequest.objects.filter(pk=made.pk).update(state=ends, refusal=why)


def with_a_copy(person: Person) -> Callable[[], object]:
    asking(person, "answered")()
    made = RightsPack.objects.create(
        request=RightsRequest.objects.get(person=person), state="ready", asked_at=clock.now()
    )
    return lambda: RightsPack.objects.filter(pk=made.pk).update(state="gone")


def on_the_staff(person: Person) -> Callable[[], object]:
    user = make_user(None)
    accounts.link_user(by=Actor.hub(), person=person, user=user)
    return lambda: User.objects.filter(pk=user.pk).update(is_active=False)


OPEN: dict[str, Callable[[Person], Callable[[], object]]] = {
    "referral": in_a_referral,
    "case": in_a_case,
    "need": in_a_need,
    "request answered": lambda person: asking(person, "answered"),
    "request refused": lambda person: asking(person, "refused"),
    "request withdrawn": lambda person: asking(person, "withdrawn"),
    "copy": with_a_copy,
    "account": on_the_staff,
}


@pytest.mark.parametrize("kind", OPEN)
def test_nothing_is_due_while_something_about_somebody_is_open(kind: str) -> None:
    officer, _ = make_officers()
    with years_ago(12):
        person, other = make_person(), make_person()
        end = OPEN[kind](person)
    assert is_open(person.pk)
    assert not is_open(other.pk)
    assert person.pk not in {one.person for one in due_people(officer, clock.today())}
    with years_ago(11):
        end()
    assert not is_open(person.pk)
    assert person.pk in {one.person for one in due_people(officer, clock.today())}


def due_for(person: Person) -> Due:
    officer, _ = make_officers()
    return next(one for one in due_people(officer, date(2200, 1, 1)) if one.person == person.pk)


def test_the_schedule_that_keeps_a_record_longest_decides() -> None:
    with years_ago(9):
        nobody, helped = make_person(), make_person()
        volunteered = make_volunteer(agency=make_agency("Hub council"))
        needs.withdraw(by=coordinator(), need=make_need(person=helped))
        volunteers.leave(by=coordinator(), volunteer=volunteered)
        by = coordinator()
        in_case = make_person()
        case = make_case("diversion", by=by)
        case_people.name_person(by=by, case=case, role="person", person=in_case)
        Case.objects.filter(pk=case.pk).update(closed_on=clock.today(), outcome="done")
        in_both = make_person()
        needs.withdraw(by=by, need=make_need(person=in_both))
        case = make_case("diversion", by=by)
        case_people.name_person(by=by, case=case, role="person", person=in_both)
        Case.objects.filter(pk=case.pk).update(closed_on=clock.today(), outcome="done")
    kept = {
        who: due_for(person).schedule
        for who, person in (
            ("nobody", nobody), ("helped", helped), ("volunteered", volunteered.person),
            ("in a case", in_case), ("in both", in_both),
        )
    }  # fmt: skip
    assert kept == {
        "nobody": "contact", "helped": "partnership", "volunteered": "volunteer",
        "in a case": "mopi-3", "in both": "partnership",
    }  # fmt: skip
    # Both are kept for six years; now one of them for longer.
    RetentionRule.objects.create(
        key="mopi-3", valid_from=date(2025, 1, 1), clear_years=8, then="review", again_years=1,
        until_age=0, source="Ours", made_by=make_user(None), made_at=clock.now(),
    )  # fmt: skip
    assert due_for(in_both).schedule == "mopi-3"


def test_those_due_longest_come_first_and_are_named_by_the_end_of_their_number() -> None:
    officer, _ = make_officers()
    late, early = make_quiet_person(3), make_quiet_person(5)
    found = due_people(officer, clock.today())
    assert [one.person for one in found] == [early.pk, late.pk]
    assert found[0].short == str(early.pk).replace("-", "")[-8:].upper()


def test_the_day_is_the_first_on_which_it_is_due_and_a_decision_is_no_event() -> None:
    officer, _ = make_officers()
    with clock.at(clock.now().replace(year=2020, month=2, day=29)):
        person = make_person()
    day = date(2022, 3, 1)
    assert [one.on for one in due_people(officer, day)] == [day]
    assert due_people(officer, day - timedelta(days=1)) == []
    made = make_review(officer, person)
    assert due_for(person).proposed == made.pk
    assert due_for(person).on == day
    make_rights_request(make_office(), person=person, taken=False)
    RightsRequest.objects.update(state="withdrawn")
    assert due_for(person).on == day


def test_one_person_is_asked_about_and_no_other_and_a_decision_is_no_proposal() -> None:
    officer, _ = make_officers()
    early, late = make_quiet_person(9), make_quiet_person(3)
    found, due = due_one(officer, late.pk, Permission.RETENTION_REVIEW)
    assert found == late
    assert due is not None
    assert due.person == late.pk
    make_review(officer, early, "keep")
    assert due_for(early).proposed is None
