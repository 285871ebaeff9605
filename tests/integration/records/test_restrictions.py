"""Whoever has a stop to the use of their data, or objects, is not used: at the very next use."""

from datetime import timedelta

import pytest
from django.test import Client

from stepdown.casework.actions import case_people, cases
from stepdown.casework.queries.case import definition_of
from stepdown.casework.queries.case_facts import standing_of
from stepdown.casework.queries.figures import figures_for, span_of
from stepdown.hub.models import LedgerEntry, OutboxMessage, User
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.models import Allowance, Person, Restriction
from stepdown.people.queries.restriction import Use, is_stopped, left_out, restricted_since
from stepdown.policy.actors import Actor
from stepdown.records.actions import rights_answers, rights_marks, rights_requests
from stepdown.records.models import RightsRequest
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import offers, placements
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.queries.shortlist import shortlist, weigh
from stepdown.volunteering.queries.world import build
from tests.factories import coordinator, make_person
from tests.factories.cases import do_step, make_case, name_all, now
from tests.factories.needs import make_need, make_ready_need
from tests.factories.offers import make_offer, make_placement, volunteer_actor
from tests.factories.rights import Office, asking_volunteer, make_office, make_rights_request
from tests.factories.volunteers import make_volunteer


@pytest.fixture
def office() -> Office:
    return make_office()


def answered(office: Office, person: Person, kind: str = "restriction") -> RightsRequest:
    made = make_rights_request(office, kind=kind, person=person)
    rights_answers.submit(by=office.first, request=made, outcome="We keep it and do not use it.")
    rights_answers.approve(by=office.second, request=made)
    return rights_answers.answer(by=office.first, request=made)


def window(by: Actor) -> Client:
    """A browser, signed in."""
    client = Client()
    assert by.user is not None
    client.force_login(User.objects.get(pk=by.user))
    return client


def in_world(need: Need, volunteer: Volunteer) -> tuple[bool, bool]:
    """Whether each of them is in the problem that a plan is made of."""
    problem = build(on=clock.today()).problem
    people = {one.id for one in problem.volunteers}
    return str(need.pk) in {one.id for one in problem.needs}, str(volunteer.pk) in people


def test_a_stop_to_the_use_of_somebodys_data_stops_the_next_use_and_no_other(
    office: Office,
) -> None:
    by, person = coordinator(), make_person("Ivy", "Kay")
    need, volunteer = make_ready_need(person=person, places=3), make_volunteer(capacity=3)
    other = make_ready_need("Company")
    waiting = make_offer(need, make_volunteer(), by=by)
    paused = make_placement(need, make_volunteer(), by=by)
    placements.suspend(by=by, placement=paused, reason="Away")
    assert in_world(need, volunteer) == (True, True)
    assert volunteer.pk in {row.volunteer_id for row in shortlist(by, need)}

    made = answered(office, person)
    since = restricted_since([person.pk])
    assert since == clock.today()
    assert in_world(need, volunteer) == (False, True)
    assert in_world(other, volunteer) == (True, True)
    assert shortlist(by, need) == []
    assert shortlist(by, other) != []
    for use in (
        lambda: offers.send(by=by, need=need, volunteer=volunteer),
        lambda: offers.accept(by=volunteer_actor(waiting.volunteer), offer=waiting),
        lambda: placements.resume(by=by, placement=paused),
        lambda: make_need("More help", by=by, person=person),
    ):
        with pytest.raises(Refused) as said:
            use()
        assert "Kay" not in str(said.value)
    # The volunteer hears nothing of why: whose record it is was never theirs to know.
    with pytest.raises(Refused, match="at the moment"):
        offers.accept(by=volunteer_actor(waiting.volunteer), offer=waiting)
    client = window(by)
    for address in (f"/people/{person.pk}/", f"/needs/{need.pk}/"):
        assert "Use of this record is restricted since" in client.get(address).content.decode()
    assert "Nobody meets every rule" not in client.get(f"/needs/{need.pk}/").content.decode()
    assert "is restricted" not in client.get(f"/needs/{other.pk}/").content.decode()

    # One use that the law lets go on, to the end of a day: that one, and no other.
    with pytest.raises(InvalidInput) as wrong:
        rights_marks.allow(by=office.first, request=made, use="x", ground="", reason="", until=None)
    assert set(wrong.value.errors) == {"use", "ground", "reason", "until"}
    day = clock.today() + timedelta(days=7)
    rights_marks.allow(
        by=office.first, request=made, use="match", ground="consent", reason="She rang.", until=day
    )
    assert in_world(need, volunteer) == (True, True)
    assert is_stopped(Use.SEND, [person.pk])
    assert restricted_since([person.pk]) == since
    with clock.at(clock.now() + timedelta(days=8)):
        assert in_world(need, volunteer) == (False, True)

    # It is lifted once they have been told, and not before.
    with pytest.raises(Refused, match="Tell them first"):
        rights_marks.lift(by=office.first, request=made)
    with pytest.raises(NotVisible):
        rights_marks.lift(by=make_office("Another trust").first, request=made)
    rights_marks.tell_of_lifting(by=office.first, request=made, told_on=clock.today())
    rights_marks.lift(by=office.first, request=made)
    assert restricted_since([person.pk]) is None
    assert not is_stopped(Use.SEND, [person.pk])
    assert offers.send(by=by, need=need, volunteer=volunteer).state == "sent"
    entries = LedgerEntry.objects.filter(object_id=made.pk, subjects__subject_id=person.pk)
    assert list(entries.order_by("id").values_list("verb", flat=True)) == [
        "rights.restricted", "rights.use-allowed", "rights.lifting-told", "rights.lifted",
    ]  # fmt: skip


def test_a_restricted_volunteer_is_in_no_plan_and_gets_no_message(office: Office) -> None:
    by, need, volunteer = coordinator(), make_ready_need(places=2), make_volunteer(email="a@b.org")
    offer = make_offer(need, volunteer, by=by)
    answered(office, volunteer.person)
    assert in_world(need, volunteer) == (True, False)
    assert volunteer.pk not in {row.volunteer_id for row in shortlist(by, need)}
    name = volunteer.person.family_name
    found = weigh(by, need, name=name)
    mine = next(one for one in found if one.volunteer_id == volunteer.pk)
    assert "Use of their record is restricted." in mine.failures
    with pytest.raises(Refused):
        offers.send(by=by, need=make_ready_need(), volunteer=volunteer)
    jobs.drain()
    message = OutboxMessage.objects.get(about_id=offer.pk, to_person=volunteer.person_id)
    assert message.state == OutboxMessage.State.CANCELLED
    assert jobs.may_write(volunteer.person_id, "placement-ended")


def test_an_objection_stops_the_use_until_it_is_decided_and_beyond_if_it_is_upheld(
    office: Office,
) -> None:
    by = asking_volunteer()
    assert by.person is not None
    made = rights_requests.ask(by=by, agency=office.agency, kind="objection")
    assert is_stopped(Use.MATCH, [by.person])
    with pytest.raises(Refused, match="Decide"):
        rights_marks.lift(by=office.first, request=made)
    rights_requests.withdraw(by=by, request=made)
    assert not is_stopped(Use.MATCH, [by.person])

    letter = make_rights_request(office, kind="objection", taken=False)
    assert letter.person is not None
    person, right = letter.person, make_person()
    assert not is_stopped(Use.MATCH, [person.pk])  # nobody knows yet who wrote it
    rights_requests.take(by=office.first, request=letter)
    assert is_stopped(Use.MATCH, [person.pk])
    rights_requests.name_person(by=office.first, request=letter, person=right)
    assert not is_stopped(Use.MATCH, [person.pk])
    assert is_stopped(Use.MATCH, [right.pk])
    rights_requests.refuse(
        by=office.first, request=letter, refusal="not-applicable", outcome="We must."
    )
    assert is_stopped(Use.MATCH, [right.pk])  # until they have been told
    rights_marks.tell_of_lifting(by=office.first, request=letter, told_on=clock.today())
    rights_marks.lift(by=office.first, request=letter)
    assert not is_stopped(Use.MATCH, [right.pk])

    upheld = answered(office, right, "objection")
    assert Restriction.objects.get(asked_in=upheld.pk).why == "upheld"
    assert is_stopped(Use.MATCH, [right.pk])


def test_a_case_about_somebody_restricted_stays_where_it_is_and_is_in_no_figure(
    office: Office,
) -> None:
    by = coordinator()
    case = make_case(by=by)
    (person, *_rest) = name_all(case, by=by)
    lead = definition_of(case).team[0].key
    case_people.assign(by=by, case=now(case), role=lead, user=str(by.user))
    case = now(case)
    span = span_of("all", clock.today())
    before = figures_for(by, case.pathway, span)
    answered(office, person)
    assert left_out(Use.COUNT) == {person.pk}
    after = figures_for(by, case.pathway, span)
    assert before != after
    for todo in standing_of(case).todos:
        if todo.open and todo.step.required:
            do_step(now(case), todo.step.key, by=by)
    way = next(one for one in standing_of(now(case)).ways if not one.stage.ends)
    assert not way.refused
    with pytest.raises(Refused, match="restricted"):
        cases.move(by=by, case=now(case), to=way.stage.key)
    with pytest.raises(Refused, match="restricted"):
        case_people.name_person(
            by=by, case=make_case(by=by), role=definition_of(case).people[0].key, person=person
        )
    client = window(by)
    assert "is restricted since" in client.get(f"/cases/{case.pk}/").content.decode()


def test_the_pages_of_a_request_show_what_is_stopped_and_what_can_be_done(office: Office) -> None:
    person = make_person("Ivy", "Kay")
    made = answered(office, person)
    client = window(office.first)
    page = client.get(f"/rights/{made.pk}/").content.decode()
    assert "Use restricted" in page
    assert "Allow one use" in page
    assert "Lift the restriction" not in page
    day = clock.today()
    told = {"told_on-day": day.day, "told_on-month": day.month, "told_on-year": day.year}
    assert client.post(f"/rights/{made.pk}/tell-of-lifting/", told).status_code == 302
    given = {
        "use": "send", "ground": "claims", "reason": "The court asks.",
        "until-day": day.day, "until-month": day.month, "until-year": day.year,
    }  # fmt: skip
    assert client.post(f"/rights/{made.pk}/allow-use/", given).status_code == 302
    page = client.get(f"/rights/{made.pk}/").content.decode()
    assert "The court asks." in page
    assert "Lift the restriction" in page
    assert Allowance.objects.count() == 1
    assert client.post(f"/rights/{made.pk}/lift/").status_code == 302
    assert client.get(f"/rights/{made.pk}/lift/").status_code == 403
