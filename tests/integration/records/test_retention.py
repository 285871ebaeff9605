"""Records whose time is up: who is due, who decides, and what stops it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.actions import contacts
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.records.actions import retention
from stepdown.records.models import Disposal, RetentionReview
from stepdown.records.queries.retention import ahead, due_people
from stepdown.records.queries.schedules import rules_on, versions
from stepdown.volunteering.actions import volunteers
from tests.factories import actor_of, coordinator, make_agency, make_person, make_user
from tests.factories.needs import make_need
from tests.factories.retention import NO, make_officers, make_quiet_person, make_review, years_ago
from tests.factories.volunteers import make_volunteer

pytestmark = pytest.mark.django_db


def news(person: Person) -> None:
    """Something happens about them."""
    contacts.add(by=coordinator(), person=person, kind="email", value="sam@example.org")


def due_now(by: Actor) -> list[object]:
    return [one.person for one in due_people(by, clock.today())]


def test_those_about_whom_nothing_happened_for_long_enough_are_due() -> None:
    officer, _ = make_officers()
    old, young = make_quiet_person(3), make_quiet_person(1)
    assert due_now(officer) == [old.pk]
    assert ahead(due_people(officer, clock.today() + timedelta(days=365))) == {
        0: 1,
        30: 1,
        90: 1,
        365: 2,
    }
    assert young.pk != old.pk


def test_an_event_begins_the_time_again_and_a_review_is_none() -> None:
    officer, _ = make_officers()
    person = make_quiet_person(3)
    with years_ago(1):
        news(person)
    assert due_now(officer) == []
    with years_ago(0.5), pytest.raises(Refused, match="not due"):
        make_review(officer, person, "keep")
    with clock.at(clock.now() + timedelta(days=400)):
        make_review(officer, person, "keep")
        assert due_now(officer) == []
    with clock.at(clock.now() + timedelta(days=400 + 366)):
        assert due_now(officer) == [person.pk]


def test_what_is_open_is_never_due() -> None:
    officer, _ = make_officers()
    with years_ago(9):
        make_need(person=make_person())
        helper = make_volunteer(agency=make_agency("Hub council"))
    assert due_now(officer) == []
    with years_ago(7):
        volunteers.leave(by=coordinator(), volunteer=helper)
    assert due_now(officer) == [helper.person_id]


def test_disposal_waits_for_a_second_person_who_is_somebody_else() -> None:
    first, second = make_officers()
    person = make_quiet_person(3)
    made = make_review(first, person)
    assert made.state == RetentionReview.State.PROPOSED
    with pytest.raises(Refused, match="Somebody else"):
        retention.agree(by=first, review=made.pk)
    done = retention.agree(by=second, review=made.pk)
    assert isinstance(done, Disposal)
    assert done.ground == "review"
    assert not Person.objects.filter(pk=person.pk).exists()


def test_a_coordinator_reviews_those_of_their_district_and_never_agrees() -> None:
    person = make_quiet_person(3, district="E07000123")
    near, far = coordinator("E07000123"), coordinator("E07000117")
    with pytest.raises(NotVisible):
        make_review(far, person)
    made = make_review(near, person)
    with pytest.raises(Refused):
        retention.agree(by=coordinator("E07000123"), review=made.pk)


def test_a_yes_in_the_assessment_keeps_the_records() -> None:
    first, _ = make_officers()
    person = make_quiet_person(3)
    answers = NO | {"harm": "yes"}
    with pytest.raises(InvalidInput) as refused:
        retention.review(
            by=first, person=person.pk, answers=answers, reason="Old.", decision="dispose"
        )
    assert set(refused.value.errors) == {"decision"}
    kept = retention.review(
        by=first, person=person.pk, answers=answers, reason="A risk.", decision="keep"
    )
    assert kept.state == RetentionReview.State.DECIDED


def test_every_question_is_answered() -> None:
    first, _ = make_officers()
    person = make_quiet_person(3)
    with pytest.raises(InvalidInput) as refused:
        retention.review(by=first, person=person.pk, answers={}, reason="", decision="")
    assert set(refused.value.errors) == {*retention.QUESTIONS, "reason", "decision"}


def test_a_hold_stops_disposal_until_it_is_lifted_or_ends() -> None:
    first, second = make_officers()
    person = make_quiet_person(3)
    made = make_review(first, person)
    hold = retention.hold(by=first, person=person.pk, reason="Inquest")
    with pytest.raises(Refused, match="held"):
        retention.agree(by=second, review=made.pk)
    assert Person.objects.filter(pk=person.pk).exists()
    retention.lift(by=second, hold=hold.pk)
    ending = clock.today() + timedelta(days=3)
    retention.hold(by=first, person=person.pk, reason="Complaint", until=ending)
    with pytest.raises(Refused, match="held"):
        retention.agree(by=second, review=made.pk)
    with clock.at(clock.now() + timedelta(days=4)):
        assert retention.agree(by=second, review=made.pk) is not None


def test_news_between_review_and_agreement_keeps_the_records() -> None:
    first, second = make_officers()
    person = make_quiet_person(3)
    made = make_review(first, person)
    news(person)
    with pytest.raises(Refused, match="Something new"):
        retention.agree(by=second, review=made.pk)
    assert Person.objects.filter(pk=person.pk).exists()


def test_a_review_that_is_sent_back_decides_nothing() -> None:
    first, second = make_officers()
    person = make_quiet_person(3)
    made = make_review(first, person)
    retention.send_back(by=second, review=made.pk)
    assert due_now(first) == [person.pk]
    with pytest.raises(NotVisible):
        retention.agree(by=second, review=made.pk)


def test_a_schedule_has_versions_and_what_held_before_is_kept() -> None:
    first, _ = make_officers()
    person = make_quiet_person(3)
    today = clock.today()
    asked: dict[str, Any] = {"clear_years": 5, "then": "review", "again_years": 1, "until_age": 0}
    retention.set_rule(
        by=first, key="contact", valid_from=today + timedelta(days=2), source="Board, item 4",
        verified=True, **asked,
    )  # fmt: skip
    assert due_now(first) == [person.pk]
    with clock.at(clock.now() + timedelta(days=2)):
        assert due_now(first) == []
        assert rules_on(clock.today())["contact"].verified
    assert [one.schedule.clear for one in versions("contact")] == [2, 5]
    with pytest.raises(InvalidInput) as refused:
        retention.set_rule(
            by=first, key="contact", valid_from=today - timedelta(days=1), source="",
            verified=True, **(asked | {"clear_years": 0, "then": "dispose"}),
        )  # fmt: skip
    assert set(refused.value.errors) == {"valid_from", "clear_years", "then", "source"}


def test_the_pages_of_a_whole_disposal(client: Client) -> None:
    agency = make_agency("Hub council")
    one, two = (make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=agency) for _ in range(2))
    person = make_quiet_person(3, given_name="Marguerite")
    make_person()
    client.force_login(one)
    listed = client.get(reverse("retention")).content.decode()
    assert person.pk.hex[-8:].upper() in listed
    assert "Marguerite" not in listed
    review = reverse("retention-review", args=[person.pk])
    assert "There is a problem" in client.post(review, {}).content.decode()
    given = NO | {"decision": "dispose", "reason": "Nothing for years."}
    assert client.post(review, given).status_code == 302
    waiting = RetentionReview.objects.get()
    agree = reverse("retention-agree", args=[waiting.pk])
    assert "somebody else must agree" in client.get(agree).content.decode()
    client.force_login(two)
    assert agree in client.get(reverse("retention-waiting")).content.decode()
    hold = reverse("retention-hold", args=[person.pk])
    assert client.post(hold, {"reason": "Inquest"}).status_code == 302
    assert "These records are held" in client.post(agree).content.decode()
    lifted = client.get(hold).content.decode().split('name="lift" value="')[1][:36]
    client.post(hold, {"lift": lifted})
    answer = client.post(agree)
    done = Disposal.objects.get()
    assert answer["Location"] == reverse("disposal", args=[done.pk])
    certificate = client.get(answer["Location"]).content.decode()
    assert done.reference in certificate
    assert done.reference in client.get(reverse("disposals")).content.decode()
    assert client.get(review).status_code == 404


def test_only_those_whose_work_it_is_open_the_pages(client: Client) -> None:
    client.force_login(make_user(RoleKey.ADMINISTRATOR))
    for name in ("retention", "retention-waiting", "retention-rules", "disposals"):
        assert client.get(reverse(name)).status_code == 403
    assert actor_of(make_user(RoleKey.COORDINATOR)).signed_in
