"""The risk assessment of a need: current, approved, and never by its own writer."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from stepdown.hub.models import LedgerPayload, LedgerSubject
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import needs, risk_assessments
from stepdown.volunteering.models import RiskAssessment
from stepdown.volunteering.queries import risk as queries
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    approve_risk,
    coordinator,
    make_need,
    make_person,
    make_user,
    write_risk,
)
from tests.factories.risk import HAZARDS


def _hazard(**changes: object) -> dict[str, Any]:
    return {**HAZARDS[0], **changes}


def test_an_approved_assessment_holds_to_the_end_of_its_review_day() -> None:
    need = make_need()
    review = clock.today() + timedelta(days=30)
    approved = approve_risk(need, review_on=review)
    assert queries.current_for([need.pk], review) == {need.pk: approved}
    assert queries.current_for([need.pk], review + timedelta(days=1)) == {}


@pytest.mark.parametrize("stage", ["draft", "submitted", "returned"])
def test_what_is_not_approved_does_not_hold(stage: str) -> None:
    need, writer = make_need(), coordinator()
    assessment = write_risk(need, by=writer)
    if stage != "draft":
        risk_assessments.submit(by=writer, assessment=assessment)
    if stage == "returned":
        risk_assessments.send_back(by=coordinator(), assessment=assessment, note="More on stairs")
    assert RiskAssessment.objects.get().state == stage
    assert queries.current_for([need.pk], clock.today()) == {}


def test_the_writer_may_neither_approve_nor_return_their_own() -> None:
    writer = coordinator()
    sent = risk_assessments.submit(by=writer, assessment=write_risk(make_need(), by=writer))
    with pytest.raises(Refused, match="Somebody else must decide"):
        risk_assessments.approve(by=writer, assessment=sent)
    with pytest.raises(Refused, match="Somebody else must decide"):
        risk_assessments.send_back(by=writer, assessment=sent, note="Hm")
    assert RiskAssessment.objects.get().state == "submitted"


def test_what_was_sent_back_is_revised_as_the_same_version() -> None:
    need, writer = make_need(), coordinator()
    sent = risk_assessments.submit(by=writer, assessment=write_risk(need, by=writer))
    with pytest.raises(InvalidInput, match="what has to be changed"):
        risk_assessments.send_back(by=coordinator(), assessment=sent, note=" ")
    risk_assessments.send_back(by=coordinator(), assessment=sent, note="Say who lifts")
    revised = write_risk(need, by=writer, hazards=[_hazard(control="Two people lift")])
    assert (revised.pk, revised.version, revised.state) == (sent.pk, 1, "draft")


def test_one_that_waits_for_approval_is_not_rewritten_under_the_approver() -> None:
    need, writer = make_need(), coordinator()
    risk_assessments.submit(by=writer, assessment=write_risk(need, by=writer))
    with pytest.raises(Refused, match="waiting for approval"):
        write_risk(need, by=writer)


def test_a_newer_one_takes_the_place_of_the_older_only_when_approved() -> None:
    need, writer = make_need(), coordinator()
    first = approve_risk(need)
    second = write_risk(need, by=writer)
    assert second.version == 2
    assert queries.current_for([need.pk], clock.today())[need.pk] == first
    risk_assessments.submit(by=writer, assessment=second)
    risk_assessments.approve(by=coordinator(), assessment=second)
    assert queries.current_for([need.pk], clock.today())[need.pk] == second
    states = [one.state for one in queries.versions_of(writer, need)]
    assert states == ["approved", "superseded"]


def test_it_cannot_be_approved_when_its_review_day_has_passed() -> None:
    need, writer = make_need(ends=None), coordinator()
    soon = clock.today() + timedelta(days=1)
    sent = risk_assessments.submit(
        by=writer, assessment=write_risk(need, by=writer, review_on=soon)
    )
    with clock.at(clock.now() + timedelta(days=3)), pytest.raises(Refused, match="review date"):
        risk_assessments.approve(by=coordinator(), assessment=sent)


@pytest.mark.parametrize(
    "hazards",
    [
        [],
        [_hazard(hazard="")],
        [_hazard(control="  ")],
        [_hazard(likelihood=0)],
        [_hazard(impact=6)],
        [_hazard(impact="3")],
        [_hazard(likelihood=True)],
        [{"hazard": "Dog"}],
        [_hazard()] * 31,
    ],
)
def test_hazards_are_whole_and_scored_from_one_to_five(hazards: list[dict[str, Any]]) -> None:
    with pytest.raises(InvalidInput) as caught:
        write_risk(make_need(), hazards=hazards)
    assert set(caught.value.errors) == {"hazards"}
    assert not RiskAssessment.objects.exists()


def test_only_what_belongs_to_a_hazard_is_kept() -> None:
    made = write_risk(make_need(), hazards=[_hazard(extra="secret")])
    assert made.hazards == [dict(HAZARDS[0])]


def test_a_review_date_lies_in_the_future() -> None:
    with pytest.raises(InvalidInput) as caught:
        write_risk(make_need(), review_on=clock.today())
    assert set(caught.value.errors) == {"review_on"}


def test_a_closed_need_is_not_assessed() -> None:
    need = make_need()
    needs.withdraw(by=coordinator(), need=need)
    with pytest.raises(Refused, match="not open"):
        write_risk(need)


def test_what_the_hazards_say_stays_out_of_the_ledger() -> None:
    person = make_person()
    need = make_need(person=person)
    made = write_risk(need, hazards=[_hazard(hazard="An aggressive neighbour", impact=5)])
    assert not LedgerPayload.objects.filter(body__contains="neighbour").exists()
    shown = LedgerSubject.objects.filter(entry__verb="risk.written")
    assert set(shown.values_list("kind", "subject_id")) == {
        ("risk", made.pk),
        ("need", need.pk),
        ("person", person.pk),
    }


def test_an_officer_writes_for_their_caseload_and_approves_nothing() -> None:
    account = make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT])
    officer = actor_of(account)
    mine = write_risk(make_need(officer=account), by=officer)
    risk_assessments.submit(by=officer, assessment=mine)
    with pytest.raises(Refused):
        write_risk(make_need(), by=officer)
    other = risk_assessments.submit(by=coordinator(), assessment=write_risk(make_need()))
    with pytest.raises(Refused):
        risk_assessments.approve(by=officer, assessment=other)


def test_those_who_could_approve_see_what_waits_and_not_their_own() -> None:
    writer, other, elsewhere = coordinator(), coordinator(DISTRICT), coordinator(OTHER_DISTRICT)
    sent = risk_assessments.submit(by=writer, assessment=write_risk(make_need(), by=writer))
    assert list(queries.waiting(other)) == [sent]
    assert not queries.waiting(writer).exists()
    assert not queries.waiting(elsewhere).exists()
    with pytest.raises(NotVisible):
        risk_assessments.approve(by=elsewhere, assessment=sent)


def test_reviews_that_fall_due_are_listed() -> None:
    need = make_need()
    approved = approve_risk(need, review_on=clock.today() + timedelta(days=10))
    by = coordinator()
    assert list(queries.review_due(by, clock.today() + timedelta(days=14))) == [approved]
    assert not queries.review_due(by, clock.today() + timedelta(days=9)).exists()


def test_currentness_follows_the_clock_in_london() -> None:
    need = make_need()
    review = clock.today() + timedelta(days=5)
    approve_risk(need, review_on=review)
    last = datetime(review.year, review.month, review.day, 23, 59, tzinfo=clock.LONDON)
    with clock.at(last):
        assert need.pk in queries.current_for([need.pk], clock.today())
    with clock.at(last + timedelta(minutes=2)):
        assert need.pk not in queries.current_for([need.pk], clock.today())
