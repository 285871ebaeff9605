"""A request about somebody's data takes its course, and its clock is the law's."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from stepdown.adapters.bank_holidays import england_and_wales
from stepdown.casework.models import Referral
from stepdown.hub.models import LedgerEntry, OutboxMessage
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.records.actions import rights_answers, rights_requests
from stepdown.records.models import RightsRequest
from stepdown.records.queries import rights_request as queries
from stepdown.records.queries import subjects
from tests.factories import (
    actor_of,
    coordinator,
    make_agency,
    make_need,
    make_person,
    make_referral,
    make_user,
)
from tests.factories.rights import (
    Office,
    asking_volunteer,
    make_office,
    make_rights_request,
)

DAYS = england_and_wales()


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    return make_office()


def due(request: RightsRequest) -> date:
    return queries.reading(RightsRequest.objects.get(pk=request.pk), DAYS).due


def test_the_clock_runs_from_the_day_it_came_not_from_the_day_it_was_written_down(
    office: Office,
) -> None:
    with clock.at(on(2026, 4, 7)):
        made = make_rights_request(office, received_on=date(2026, 3, 31))
        assert due(made) == date(2026, 4, 30)


def test_a_request_from_the_future_is_refused(office: Office) -> None:
    with pytest.raises(InvalidInput) as wrong:
        make_rights_request(office, received_on=clock.today() + timedelta(days=1))
    assert set(wrong.value.errors) == {"received_on"}


def test_the_month_begins_when_they_have_shown_who_they_are(office: Office) -> None:
    with clock.at(on(2026, 6, 1)):
        made = make_rights_request(office, taken=False)
        rights_requests.ask_identity(by=office.first, request=made)
    with clock.at(on(2026, 8, 20)):
        assert due(made) == date(2026, 9, 21)
        assert queries.open_requests(office.first, DAYS)[0].clock.standing  # type: ignore[union-attr]
        with pytest.raises(InvalidInput):
            rights_requests.take(by=office.first, request=made)
        rights_requests.take(by=office.first, request=made, identity_on=date(2026, 8, 10))
        assert due(made) == date(2026, 9, 10)


def test_days_between_question_and_answer_do_not_count(office: Office) -> None:
    with clock.at(on(2026, 6, 1)):
        made = make_rights_request(office)
    with clock.at(on(2026, 6, 10)):
        rights_requests.ask_question(by=office.first, request=made, question="Which years?")
    with clock.at(on(2026, 6, 20)):
        with pytest.raises(InvalidInput):
            rights_requests.hear_answer(
                by=office.first, request=made, answered_on=date(2026, 6, 9), answer="All"
            )
        rights_requests.hear_answer(
            by=office.first, request=made, answered_on=date(2026, 6, 19), answer="All of them"
        )
        assert due(made) == date(2026, 7, 13)


def test_more_time_only_with_notice_within_the_first_month(office: Office) -> None:
    with clock.at(on(2026, 6, 1)):
        in_time, late = make_rights_request(office), make_rights_request(office)
    with clock.at(on(2026, 7, 1)):
        rights_requests.extend(by=office.first, request=in_time, reason="Many files", holidays=DAYS)
        assert due(in_time) == date(2026, 9, 1)
    with clock.at(on(2026, 7, 2)), pytest.raises(Refused):
        rights_requests.extend(by=office.first, request=late, reason="Many files", holidays=DAYS)


def test_open_requests_come_with_the_soonest_due_first_and_the_overdue_are_known(
    office: Office,
) -> None:
    with clock.at(on(2026, 6, 1)):
        early = make_rights_request(office)
    with clock.at(on(2026, 6, 20)):
        make_rights_request(office)
    with clock.at(on(2026, 7, 3)):
        lines = queries.open_requests(office.first, DAYS)
    assert lines[0].id == early.pk
    assert [one.clock.overdue for one in lines if one.clock] == [True, False]


def test_a_request_to_one_agency_does_not_exist_for_another(office: Office) -> None:
    made = make_rights_request(office)
    others = make_office("Another trust")
    assert queries.open_requests(others.first, DAYS) == []
    with pytest.raises(NotVisible):
        queries.get(by=others.first, id=made.pk)
    with pytest.raises(NotVisible):
        rights_requests.withdraw(by=others.first, request=made)
    with pytest.raises(NotVisible):
        queries.get(by=coordinator(), id=made.pk)


def test_who_has_no_part_in_it_finds_nobody(office: Office) -> None:
    make_person("Ann", "Fell")
    with pytest.raises(Refused):
        subjects.find(coordinator(), agency=office.agency.pk, given_name="Ann", family_name="Fell")


def test_only_the_whole_name_finds_somebody(office: Office) -> None:
    make_person("Ann", "Fell")
    make_person("Anna", "Fell")
    agency = office.agency.pk
    found = subjects.find(office.first, agency=agency, given_name="ann", family_name="FELL")
    assert [one.name for one in found] == ["Ann Fell"]
    assert subjects.find(office.first, agency=agency, given_name="", family_name="Fell") == []


def test_whom_only_another_agency_keeps_is_not_found_nor_named(office: Office) -> None:
    trust = make_agency("Another trust")
    ivy = make_person("Ivy", "Fell", by=actor_of(make_user("coordinator", agency=trust)))
    make_need(person=ivy, agency=trust, by=actor_of(make_user("coordinator", agency=trust)))
    asked: dict[str, Any] = {"agency": office.agency.pk, "given_name": "Ivy", "family_name": "Fell"}
    made = make_rights_request(office, taken=False)
    assert subjects.find(office.first, **asked) == []
    with pytest.raises(NotVisible):
        subjects.person(office.first, agency=office.agency.pk, id=ivy.pk)
    with pytest.raises(NotVisible):
        rights_requests.name_person(by=office.first, request=made, person=ivy)
    # Whoever was referred to them is somebody of whom they hold something.
    referral = make_referral()
    Referral.objects.filter(pk=referral.pk).update(person=ivy, agency=office.agency)
    assert [one.id for one in subjects.find(office.first, **asked)] == [ivy.pk]
    assert rights_requests.name_person(by=office.first, request=made, person=ivy).person == ivy


def test_a_second_person_approves_what_the_first_says(office: Office) -> None:
    made = make_rights_request(office, kind="rectification")
    with pytest.raises(InvalidInput):
        rights_answers.submit(by=office.first, request=made)
    rights_answers.submit(by=office.first, request=made, outcome="We put your name right.")
    with pytest.raises(Refused):
        rights_answers.approve(by=office.first, request=made)
    with pytest.raises(Refused):
        rights_answers.answer(by=office.first, request=made)
    rights_answers.send_back(by=office.second, request=made, why="Say which name.")
    rights_answers.submit(by=office.first, request=made, outcome="We put your last name right.")
    rights_answers.approve(by=office.second, request=made)
    held = rights_answers.answer(by=office.first, request=made)
    assert (held.state, held.ended_on) == ("answered", clock.today())


def test_what_was_sent_back_after_approval_wants_approval_again(office: Office) -> None:
    made = make_rights_request(office, kind="erasure")
    rights_answers.submit(by=office.first, request=made, outcome="It goes.", ground="consent")
    rights_answers.approve(by=office.second, request=made)
    held = rights_answers.send_back(by=office.first, request=made, why="A slip.")
    assert (held.state, held.approved_by_id) == ("in-hand", None)


def test_a_refusal_has_its_reason_and_words(office: Office) -> None:
    made = make_rights_request(office)
    with pytest.raises(InvalidInput) as wrong:
        rights_requests.refuse(by=office.first, request=made, refusal="dull", outcome="")
    assert set(wrong.value.errors) == {"refusal", "outcome"}
    held = rights_requests.refuse(
        by=office.first, request=made, refusal="excessive", outcome="The fourth this month."
    )
    assert (held.state, held.refusal) == ("refused", "excessive")


def test_a_volunteer_asks_about_themself_and_takes_it_back(office: Office) -> None:
    by = asking_volunteer()
    made = rights_requests.ask(by=by, agency=office.agency, kind="access")
    assert (made.person_id, made.channel, made.identity_asked_on) == (by.person, "online", None)
    assert [one.id for one in queries.own_requests(by, DAYS)] == [made.pk]
    assert queries.own_requests(asking_volunteer(), DAYS) == []
    with pytest.raises(NotVisible):
        rights_requests.withdraw(by=asking_volunteer(), request=made)
    assert rights_requests.withdraw(by=by, request=made).state == "withdrawn"


def test_who_asked_through_the_hub_is_told_that_there_is_news_and_no_more(office: Office) -> None:
    by = asking_volunteer()
    made = rights_requests.ask(by=by, agency=office.agency, kind="objection")
    rights_requests.take(by=office.first, request=made)
    rights_answers.submit(by=office.first, request=made, outcome="We stop.")
    rights_answers.approve(by=office.second, request=made)
    rights_answers.answer(by=office.first, request=made)
    message = OutboxMessage.objects.get(about_id=made.pk)
    assert (message.template, message.to_user) == ("rights-answered", by.user)


def test_every_deed_is_in_the_ledger_and_none_on_the_person_s_own_timeline(office: Office) -> None:
    person = make_person()
    before = LedgerEntry.objects.filter(subjects__subject_id=person.pk).count()
    made = make_rights_request(office, person=person)
    rights_requests.ask_question(by=office.first, request=made, question="Which years?")
    verbs = LedgerEntry.objects.filter(object_id=made.pk).order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "rights.received",
        "rights.taken",
        "rights.question-asked",
    ]
    assert LedgerEntry.objects.filter(subjects__subject_id=person.pk).count() == before
