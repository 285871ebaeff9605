"""The risk assessment of a need: written without a script, decided by somebody else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.models import LedgerPayload
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import risk_assessments
from stepdown.volunteering.models import Need, RiskAssessment
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    approve_risk,
    coordinator,
    make_need,
    make_person,
    make_ready_need,
    write_risk,
)
from tests.support.reading import disclosed, queries_of, sign_in, words_of


def _url(need: Need, name: str = "need-risk") -> str:
    return reverse(name, args=[need.pk])


def _hazard(number: int, **changes: object) -> dict[str, Any]:
    said = {
        "hazard": "A large dog",
        "who": "Volunteer",
        "control": "The dog is in another room",
        "likelihood": "2",
        "impact": "3",
        **changes,
    }
    return {f"hazard-{number}-{name}": value for name, value in said.items()}


def _about(review: date | None = None, seen: str = "") -> dict[str, Any]:
    day = review or clock.today() + timedelta(days=180)
    return {
        "lone_working": "yes",
        "review_on-day": day.day,
        "review_on-month": day.month,
        "review_on-year": day.year,
        "seen": seen,
    }


def _seen(client: Client, need: Need) -> str:
    """What the form holds of what was there when it was opened."""
    page = client.get(_url(need, "need-risk-write"))
    return str(page.context["whole"].about["seen"].value())


def test_none_is_asked_for_once_the_last_day_of_the_need_has_passed(client: Client) -> None:
    sign_in(client)
    need = make_ready_need(starts=clock.today(), ends=clock.today() + timedelta(days=3))
    assert "Write a new version" in words_of(client.get(_url(need)))
    with clock.at(clock.now() + timedelta(days=5)):
        sign_in(client)
        assert "Write a new version" not in words_of(client.get(_url(need)))


class TestWriting:
    def test_one_more_hazard_keeps_all_that_was_typed_and_judges_nothing(
        self, client: Client
    ) -> None:
        sign_in(client)
        need = make_need()
        typed = {**_hazard(1, control=""), "review_on-day": "31", "lone_working": "yes"}
        answer = client.post(_url(need, "need-risk-write"), {**typed, "count": "1", "add": "1"})
        assert answer.status_code == 200
        words = words_of(answer)
        assert "There is a problem" not in words
        assert "Hazard 2" in words
        source = answer.content.decode()
        assert 'value="A large dog"' in source
        assert 'value="31"' in source
        assert '<option value="3" selected>3 Moderate' in source
        assert not RiskAssessment.objects.exists()

    def test_a_hazard_taken_out_leaves_the_others(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        told = {
            **_hazard(1),
            **_hazard(2, hazard="Steep stairs"),
            **_hazard(3, hazard="Icy path"),
            "count": "3",
            "remove": "2",
        }
        answer = client.post(_url(need, "need-risk-write"), told)
        source = answer.content.decode()
        assert "Steep stairs" not in source
        assert 'name="hazard-2-hazard" value="Icy path"' in source
        assert "Hazard 3" not in words_of(answer)

    @pytest.mark.parametrize(
        "button", [{"remove": "1"}, {"remove": "9"}, {"remove": "x"}, {"remove": "9" * 5000}]
    )
    def test_the_last_hazard_stays(self, client: Client, button: dict[str, str]) -> None:
        sign_in(client)
        answer = client.post(
            _url(make_need(), "need-risk-write"), {**_hazard(1), "count": "1", **button}
        )
        assert 'value="A large dog"' in answer.content.decode()

    def test_a_draft_is_kept_and_does_not_count(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        told = {**_hazard(1), **_hazard(2, likelihood="5", impact="5"), **_about(), "count": "2"}
        answer = client.post(_url(need, "need-risk-write"), {**told, "save": "1"}, follow=True)
        words = words_of(answer)
        assert "Draft saved." in words
        assert "Send for approval" in words
        kept = RiskAssessment.objects.get()
        assert (kept.state, kept.lone_working) == ("draft", True)
        assert [one["likelihood"] * one["impact"] for one in kept.hazards] == [6, 25]

    def test_it_is_sent_for_approval_at_once(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        client.post(
            _url(need, "need-risk-write"),
            {**_hazard(1), **_about(), "count": "1", "submit": "1"},
        )
        assert RiskAssessment.objects.get().state == "submitted"

    def test_every_fault_names_its_hazard(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        told = {**_hazard(1), **_hazard(2, hazard="", impact=""), "count": "2", "save": "1"}
        answer = client.post(
            _url(need, "need-risk-write"), {**told, **_about(clock.today() - timedelta(days=1))}
        )
        assert answer.status_code == 422
        words = words_of(answer)
        for said in (
            "Hazard 2: enter what could go wrong",
            "Hazard 2: select how bad it would be",
            "The review date must be today or in the future",
        ):
            assert words.count(said) == 2, said
        assert "Hazard 1:" not in words
        assert not RiskAssessment.objects.exists()

    def test_what_the_verb_refuses_is_said_on_the_form(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        answer = client.post(
            _url(need, "need-risk-write"),
            {**_hazard(1), **_about(clock.today()), "count": "1", "save": "1"},
        )
        assert answer.status_code == 422
        assert words_of(answer).count("The review date must be in the future.") == 2

    def test_what_was_sent_back_is_taken_up_again(self, client: Client) -> None:
        user = sign_in(client)
        need = make_need()
        draft = write_risk(need, by=actor_of(user))
        sent = risk_assessments.submit(by=actor_of(user), assessment=draft)
        risk_assessments.send_back(by=coordinator(), assessment=sent, note="Say more on stairs")
        page = client.get(_url(need, "need-risk-write"))
        words = words_of(page)
        assert "It was sent back: Say more on stairs" in words
        assert "Lifting heavy bags" in page.content.decode()

    def test_somebody_else_s_writing_is_not_written_over_unseen(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        seen = _seen(client, need)
        write_risk(need)
        told = {**_hazard(1), **_about(seen=seen), "count": "1", "save": "1"}
        answer = client.post(_url(need, "need-risk-write"), told)
        assert answer.status_code == 409
        words = words_of(answer)
        assert "Somebody else changed this assessment while you were writing." in words
        assert RiskAssessment.objects.get().hazards[0]["hazard"] == "Lifting heavy bags"
        again = {**told, "seen": _seen(client, need)}
        assert client.post(_url(need, "need-risk-write"), again).status_code == 302

    def test_its_words_stay_out_of_the_ledger(self, client: Client) -> None:
        sign_in(client)
        client.post(
            _url(make_need(), "need-risk-write"),
            {**_hazard(1), **_about(), "count": "1", "submit": "1"},
        )
        assert not LedgerPayload.objects.filter(body__contains="dog").exists()

    def test_an_officer_writes_for_their_caseload_only(self, client: Client) -> None:
        officer = sign_in(client, RoleKey.OUTREACH_OFFICER, DISTRICT)
        told = {**_hazard(1), **_about(), "count": "1", "save": "1"}
        other = client.post(_url(make_need(), "need-risk-write"), told)
        assert other.status_code == 403
        assert "only for needs that you look after" in words_of(other)
        own = make_need(officer=officer)
        assert client.post(_url(own, "need-risk-write"), told).status_code == 302

    def test_a_count_that_is_no_number_is_one(self, client: Client) -> None:
        sign_in(client)
        address = _url(make_need(), "need-risk-write")
        for count in ("x", "-1", "99999999", ""):
            answer = client.post(address, {**_hazard(1), "count": count, "add": "1"})
            assert answer.status_code == 200


class TestReading:
    def test_it_shows_hazards_with_their_grade_in_words_and_a_matrix(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        hazards = [
            {"hazard": "Dog", "who": "Volunteer", "control": "Lead", "likelihood": 2, "impact": 3},
            {"hazard": "Fall", "who": "Person", "control": "Rail", "likelihood": 5, "impact": 5},
        ]
        write_risk(need, hazards=hazards, lone_working=True)
        words = words_of(client.get(_url(need)))
        assert "Moderate Unlikely, Moderate: 6 of 25" in words
        assert "Extreme Almost certain, Catastrophic: 25 of 25" in words
        assert "25 Extreme Hazards: 2" in words
        assert "6 Moderate Hazards: 1" in words
        assert "Yes, lone working" in words

    def test_the_one_that_waits_comes_first_and_all_others_are_kept(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        approve_risk(need)
        writer = coordinator()
        risk_assessments.submit(by=writer, assessment=write_risk(need, by=writer))
        words = words_of(client.get(_url(need)))
        assert "Risk assessment, version 2" in words
        assert "Waits for approval" in words
        old = words_of(client.get(_url(need), {"version": "1"}))
        assert "Risk assessment, version 1" in old
        assert "Approved by" in old
        assert client.get(_url(need), {"version": "9"}).status_code == 404

    def test_one_whose_review_has_passed_says_so(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        approve_risk(need, review_on=clock.today() + timedelta(days=1))
        RiskAssessment.objects.update(review_on=clock.today() - timedelta(days=1))
        assert "Its review date has passed." in words_of(client.get(_url(need)))

    def test_the_person_it_is_about_is_in_the_read_log(self, client: Client) -> None:
        sign_in(client)
        person = make_person()
        need = make_need(person=person)
        client.get(_url(need))
        assert disclosed("need-risk") == {person.pk}

    def test_its_queries_do_not_grow_with_versions(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        for _n in range(2):
            approve_risk(need)
        few = queries_of(client, _url(need))
        for _n in range(5):
            approve_risk(need)
        assert queries_of(client, _url(need)) == few

    def test_other_districts_have_none(self, client: Client) -> None:
        need = make_need(district=OTHER_DISTRICT)
        sign_in(client, RoleKey.COORDINATOR, DISTRICT)
        assert client.get(_url(need)).status_code == 404


class TestDeciding:
    def _waiting(self, need: Need) -> RiskAssessment:
        writer = coordinator()
        return risk_assessments.submit(by=writer, assessment=write_risk(need, by=writer))

    def test_somebody_else_approves_it(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        sent = self._waiting(need)
        assert "Your decision" in words_of(client.get(_url(need)))
        answer = client.post(
            _url(need, "need-risk-approve"),
            {"assessment": str(sent.pk), "note": "Good"},
            follow=True,
        )
        words = words_of(answer)
        assert "Risk assessment approved." in words
        assert "Note: Good" in words
        assert RiskAssessment.objects.get().state == "approved"

    def test_sending_it_back_needs_a_note(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        asked = {"assessment": str(self._waiting(need).pk), "note": ""}
        answer = client.post(_url(need, "need-risk-send-back"), asked)
        assert answer.status_code == 422
        assert words_of(answer).count("Say what has to be changed.") == 2
        done = client.post(
            _url(need, "need-risk-send-back"), {**asked, "note": "More"}, follow=True
        )
        assert "Sent back to be changed." in words_of(done)
        assert RiskAssessment.objects.get().state == "returned"

    def test_the_writer_sees_why_they_cannot_and_is_refused(self, client: Client) -> None:
        user = sign_in(client)
        need = make_need()
        draft = write_risk(need, by=actor_of(user))
        sent = risk_assessments.submit(by=actor_of(user), assessment=draft)
        words = words_of(client.get(_url(need)))
        assert "Somebody else must decide on an assessment that you wrote." in words
        assert "Your decision" not in words
        answer = client.post(_url(need, "need-risk-approve"), {"assessment": str(sent.pk)})
        assert answer.status_code == 403
        said = "There is a problem Somebody else must decide on an assessment that you wrote."
        assert said in words_of(answer)
        assert RiskAssessment.objects.get().state == "submitted"

    def test_an_officer_may_not_decide(self, client: Client) -> None:
        need = make_need()
        sent = self._waiting(need)
        sign_in(client, RoleKey.OUTREACH_OFFICER, DISTRICT)
        assert "Your decision" not in words_of(client.get(_url(need)))
        answer = client.post(_url(need, "need-risk-approve"), {"assessment": str(sent.pk)})
        assert answer.status_code == 403
        assert RiskAssessment.objects.get().state == "submitted"

    def test_the_assessment_named_must_be_this_need_s(self, client: Client) -> None:
        sign_in(client)
        need, other = make_need(), self._waiting(make_need())
        for asked in (str(other.pk), "nonsense", ""):
            answer = client.post(_url(need, "need-risk-approve"), {"assessment": asked})
            assert answer.status_code == 404
