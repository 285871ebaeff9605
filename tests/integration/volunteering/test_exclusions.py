"""People who must not be brought together."""

import pytest

from stepdown.hub.models import LedgerPayload, LedgerSubject
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import exclusions, needs, offers, placements
from stepdown.volunteering.models import Exclusion, Placement
from stepdown.volunteering.queries import exclusion as queries
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_need,
    make_person,
    make_ready_need,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_placement, volunteer_actor


def test_an_exclusion_shows_for_both_people_and_its_reason_is_not_in_the_ledger() -> None:
    by, volunteer, person = coordinator(), make_volunteer(), make_person()
    made = exclusions.record(by=by, volunteer=volunteer, person=person, reason="safeguarding")
    assert queries.standing_for(by, person.pk) == [made]
    assert queries.standing_for(by, volunteer.person_id) == [made]
    shown = LedgerSubject.objects.filter(entry__verb="exclusion.recorded", kind="person")
    assert set(shown.values_list("subject_id", flat=True)) == {person.pk, volunteer.person_id}
    assert not LedgerPayload.objects.filter(body__contains="safeguarding").exists()


def test_an_excluded_volunteer_is_offered_nothing_of_that_person() -> None:
    by, volunteer = coordinator(), make_volunteer()
    person = make_person(postcode="PR1 8RJ")
    need = make_ready_need(person=person)
    exclusions.record(by=by, volunteer=volunteer, person=person, reason="known")
    with pytest.raises(Refused):
        offers.send(by=by, need=need, volunteer=volunteer)


def test_a_live_placement_between_them_is_suspended_at_once() -> None:
    by, account = coordinator(), make_user(RoleKey.VOLUNTEER)
    person = make_person(postcode="PR1 8RJ")
    volunteer = make_volunteer(make_person(user=account, postcode="PR1 8RJ"))
    offer = offers.send(by=by, need=make_ready_need(person=person), volunteer=volunteer)
    placement = offers.accept(by=actor_of(account), offer=offer)
    exclusions.record(by=by, volunteer=volunteer, person=person, reason="request")
    assert Placement.objects.get(pk=placement.pk).state == "suspended"


def test_it_is_recorded_once_and_again_after_it_was_ended() -> None:
    by, volunteer, person = coordinator(), make_volunteer(), make_person()
    made = exclusions.record(by=by, volunteer=volunteer, person=person, reason="known")
    with pytest.raises(Refused, match="already"):
        exclusions.record(by=by, volunteer=volunteer, person=person, reason="request")
    exclusions.end(by=by, exclusion=made)
    with pytest.raises(Refused, match="already"):
        exclusions.end(by=by, exclusion=made)
    assert queries.standing_for(by, person.pk) == []
    exclusions.record(by=by, volunteer=volunteer, person=person, reason="request")
    assert Exclusion.objects.count() == 2


def test_nobody_is_kept_apart_from_themselves() -> None:
    volunteer = make_volunteer()
    with pytest.raises(InvalidInput):
        exclusions.record(
            by=coordinator(), volunteer=volunteer, person=volunteer.person, reason="known"
        )


def test_either_ones_district_sees_it_and_others_do_not() -> None:
    volunteer = make_volunteer(district=DISTRICT)
    person = make_person(district=OTHER_DISTRICT)
    made = exclusions.record(by=coordinator(), volunteer=volunteer, person=person, reason="known")
    for district in (DISTRICT, OTHER_DISTRICT):
        assert queries.get(by=coordinator(district), id=made.pk) == made
    elsewhere = make_person(district="E07000117").district_id
    with pytest.raises(NotVisible):
        queries.get(by=coordinator(str(elsewhere)), id=made.pk)


def test_an_officer_records_one_for_a_person_on_their_caseload_only() -> None:
    account = make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT])
    officer, volunteer = actor_of(account), make_volunteer()
    mine, other = make_person(), make_person()
    make_need(person=mine, officer=account)
    made = exclusions.record(by=officer, volunteer=volunteer, person=mine, reason="known")
    assert queries.get(by=officer, id=made.pk) == made
    with pytest.raises(Refused):
        exclusions.record(by=officer, volunteer=volunteer, person=other, reason="known")


def test_a_volunteer_does_not_see_what_is_recorded_of_them() -> None:
    account = make_user(RoleKey.VOLUNTEER)
    volunteer = make_volunteer(make_person(user=account))
    exclusions.record(
        by=coordinator(), volunteer=volunteer, person=make_person(), reason="safeguarding"
    )
    assert not queries.visible_to(actor_of(account)).exists()


def test_two_who_come_to_be_apart_by_another_way_do_not_go_on() -> None:
    """The volunteer says that they know the person, or the need turns out to be somebody else's."""
    by, person = coordinator(), make_person(postcode="PR1 8RJ")
    known, elsewhere, own = (make_volunteer(capacity=2) for _ in range(3))
    told, other, self_help = (
        make_placement(make_ready_need(person=person), one) for one in (known, elsewhere, own)
    )
    again = offers.send(by=by, need=make_ready_need(person=person), volunteer=known)
    offers.decline(by=volunteer_actor(known), offer=again, reason="know-them")
    stranger = make_person()
    exclusions.record(by=by, volunteer=elsewhere, person=stranger, reason="request")
    needs.change(by=by, need=other.need, version=1, person=stranger)
    needs.change(by=by, need=self_help.need, version=1, person=own.person)
    going_on = make_placement(make_ready_need(person=person), make_volunteer())

    assert placements.suspend_lapsed(by=Actor.hub()) == 3
    for placement in (told, other, self_help):
        placement.refresh_from_db()
        assert placement.state == "suspended"
        assert placement.suspend_reason == "These two must be kept apart."
        with pytest.raises(Refused):
            placements.resume(by=by, placement=placement)
    going_on.refresh_from_db()
    assert going_on.state == "live"
