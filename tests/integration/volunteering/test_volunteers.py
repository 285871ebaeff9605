"""Volunteers' profiles."""

import pytest

from stepdown.hub.models import LedgerSubject
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.kernel.slots import mask_of
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import offers, placements, volunteers
from stepdown.volunteering.models import Hold, Offer, Volunteer
from stepdown.volunteering.queries import volunteer as queries
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_agency,
    make_person,
    make_ready_need,
    make_skill,
    make_user,
    make_volunteer,
)


def test_a_person_becomes_a_volunteer_and_both_timelines_show_it() -> None:
    volunteer = make_volunteer(skills=["shopping"], languages=["ur"], slots=mask_of(["mon-am"]))
    assert {skill.pk for skill in volunteer.skills.all()} == {"shopping"}
    shown = LedgerSubject.objects.filter(entry__verb="volunteer.added")
    assert set(shown.values_list("kind", "subject_id")) == {
        ("volunteer", volunteer.pk),
        ("person", volunteer.person_id),
    }


def test_nobody_becomes_a_volunteer_twice() -> None:
    volunteer = make_volunteer()
    with pytest.raises(Refused, match="already"):
        make_volunteer(volunteer.person)


def test_a_coordinator_makes_no_volunteer_of_somebody_they_cannot_see() -> None:
    person = make_person(district=OTHER_DISTRICT)
    with pytest.raises(NotVisible):
        volunteers.add(by=coordinator(DISTRICT), person=person, agency=make_agency())


def test_every_fault_of_a_profile_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        volunteers.add(
            by=coordinator(),
            person=make_person(),
            agency=make_agency(),
            slots=2**21,
            capacity=21,
            travel_limit_m=-1,
            weekly_cap_minutes=99_999,
            skills=["unheard-of"],
        )
    assert set(caught.value.errors) == {
        "slots",
        "capacity",
        "travel_limit_m",
        "weekly_cap_minutes",
        "skills",
    }


def test_a_stale_change_is_refused() -> None:
    by, volunteer = coordinator(), make_volunteer()
    volunteers.change(by=by, volunteer=volunteer, version=1, capacity=2)
    with pytest.raises(Refused, match="Somebody else"):
        volunteers.change(by=by, volunteer=volunteer, version=1, capacity=3)


def test_a_volunteer_sets_their_own_weeks_and_travel_but_not_their_skills() -> None:
    account = make_user(RoleKey.VOLUNTEER)
    volunteer = make_volunteer(make_person(user=account))
    own = actor_of(account)
    volunteers.set_availability(by=own, volunteer=volunteer, slots=mask_of(["tue-pm"]))
    changed = volunteers.change(by=own, volunteer=volunteer, version=2, travel_limit_m=5_000)
    assert (changed.slots, changed.travel_limit_m) == (mask_of(["tue-pm"]), 5_000)
    make_skill("driving")
    with pytest.raises(Refused, match="Ask your coordinator"):
        volunteers.change(by=own, volunteer=volunteer, version=3, skills=["driving"])
    assert not Volunteer.objects.get(pk=volunteer.pk).skills.exists()


def test_a_volunteer_does_not_see_or_change_another() -> None:
    account = make_user(RoleKey.VOLUNTEER)
    make_volunteer(make_person(user=account))
    other = make_volunteer()
    with pytest.raises(NotVisible):
        volunteers.set_availability(by=actor_of(account), volunteer=other, slots=0)
    with pytest.raises(NotVisible):
        queries.get(by=actor_of(account), id=other.pk)


def test_a_break_and_back() -> None:
    by, volunteer = coordinator(), make_volunteer()
    assert volunteers.pause(by=by, volunteer=volunteer).state == "paused"
    with pytest.raises(Refused, match="already taking a break"):
        volunteers.pause(by=by, volunteer=volunteer)
    assert volunteers.resume(by=by, volunteer=volunteer).state == "active"


def test_a_volunteer_who_left_is_taken_back_by_an_officer_only() -> None:
    account = make_user(RoleKey.VOLUNTEER)
    volunteer = make_volunteer(make_person(user=account))
    volunteers.leave(by=actor_of(account), volunteer=volunteer)
    with pytest.raises(Refused, match="Ask your coordinator"):
        volunteers.resume(by=actor_of(account), volunteer=volunteer)
    assert volunteers.resume(by=coordinator(), volunteer=volunteer).state == "active"


def test_open_offers_go_with_a_volunteer_who_leaves() -> None:
    by, volunteer = coordinator(), make_volunteer()
    offer = offers.send(by=by, need=make_ready_need(), volunteer=volunteer)
    volunteers.leave(by=by, volunteer=volunteer)
    assert Offer.objects.get(pk=offer.pk).state == "withdrawn"
    assert not Hold.objects.exists()


def test_nobody_leaves_while_placements_stand() -> None:
    account = make_user(RoleKey.VOLUNTEER)
    volunteer = make_volunteer(make_person(user=account, postcode="PR1 8RJ"), capacity=2)
    by = coordinator()
    standing = [
        offers.accept(
            by=actor_of(account),
            offer=offers.send(by=by, need=make_ready_need(), volunteer=volunteer),
        )
        for _ in range(2)
    ]
    with pytest.raises(Refused, match="2 placements still stand"):
        volunteers.leave(by=by, volunteer=volunteer)
    for placement in standing:
        placements.end(by=by, placement=placement, reason="done")
    assert volunteers.leave(by=by, volunteer=volunteer).state == "left"


def test_capacity_cannot_fall_below_what_is_held_and_shares_close_up() -> None:
    by, volunteer = coordinator(), make_volunteer(capacity=3)
    first, second, third = (
        offers.send(by=by, need=make_ready_need(), volunteer=volunteer) for _ in range(3)
    )
    offers.withdraw(by=by, offer=first)
    with pytest.raises(InvalidInput, match="2 are held"):
        volunteers.change(by=by, volunteer=volunteer, version=1, capacity=1)
    volunteers.change(by=by, volunteer=volunteer, version=1, capacity=2)
    shares = Hold.objects.filter(volunteer=volunteer).values_list("share", flat=True)
    assert sorted(shares) == [1, 2]
    assert {Offer.objects.get(pk=one.pk).state for one in (second, third)} == {"sent"}
