"""Answers to offers: yes, no, too late."""

from datetime import date, datetime, timedelta

import pytest

from stepdown.hub.models import LedgerEntry, OutboxMessage
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.kernel.slots import mask_of
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import (
    credentials,
    exclusions,
    needs,
    offers,
    volunteers,
)
from stepdown.volunteering.models import Credential, Exclusion, Hold, Offer, Placement
from stepdown.volunteering.models.offer import OfferState
from tests.factories import (
    approve_risk,
    coordinator,
    make_person,
    make_ready_need,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, volunteer_actor

NOON = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
TODAY = date(2026, 6, 1)


def checked_offer() -> Offer:
    """An offer, sent at noon, that asks for a check which the volunteer holds."""
    need = make_ready_need(credential_types=["dbs"], starts=TODAY, ends=TODAY + timedelta(days=20))
    return make_offer(
        need, make_volunteer(credentials=["dbs"], valid_to=TODAY + timedelta(days=20))
    )


def test_accepting_makes_a_placement_that_takes_over_what_the_offer_held() -> None:
    officer = make_user()
    need = make_ready_need(slots=mask_of(["mon-am"]))
    needs.assign(by=coordinator(), need=need, officer=officer)
    offer = make_offer(need, make_volunteer(slots=mask_of(["mon-am"])))
    held = Hold.objects.get()
    placement = offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    offer.refresh_from_db()
    assert (offer.state, offer.hold) == (OfferState.ACCEPTED, None)
    assert Hold.objects.get() == held == placement.hold
    assert (placement.slot, placement.starts) == (0, need.starts)
    told = OutboxMessage.objects.get(template="offer-accepted")
    assert told.to_user == officer.pk
    entry = LedgerEntry.objects.get(verb="offer.accepted")
    assert entry.subjects.filter(kind="placement", subject_id=placement.pk).exists()


def test_a_placement_on_a_need_that_has_begun_starts_today() -> None:
    with clock.at(NOON):
        offer = make_offer(make_ready_need(starts=TODAY - timedelta(days=30)))
        placement = offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    assert placement.starts == TODAY


def test_coordinators_of_the_district_hear_of_a_need_without_an_officer() -> None:
    offer = make_offer()
    here, elsewhere = make_user(districts=["E07000123"]), make_user(districts=["E07000121"])
    offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    told = set(
        OutboxMessage.objects.filter(template="offer-accepted").values_list("to_user", flat=True)
    )
    assert here.pk in told
    assert elsewhere.pk not in told


def test_an_offer_is_answered_by_its_own_volunteer_alone() -> None:
    offer, other = make_offer(), make_volunteer()
    with pytest.raises(NotVisible):
        offers.accept(by=volunteer_actor(other), offer=offer)
    with pytest.raises(Refused):
        offers.accept(by=coordinator(), offer=offer)


def test_an_offer_is_accepted_once() -> None:
    offer = make_offer()
    by = volunteer_actor(offer.volunteer)
    offers.accept(by=by, offer=offer)
    with pytest.raises(Refused, match="already been accepted"):
        offers.accept(by=by, offer=offer)
    assert Placement.objects.count() == 1


def test_an_offer_accepted_too_late_lapses_and_says_so() -> None:
    with clock.at(NOON):
        offer = make_offer(make_ready_need(starts=TODAY))
    with (
        clock.at(NOON + timedelta(hours=72)),
        pytest.raises(Refused, match="time to answer it was up"),
    ):
        offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    offer.refresh_from_db()
    assert (offer.state, offer.lapse_reason) == (OfferState.LAPSED, Offer.LapseReason.TIME)
    assert not Hold.objects.exists()


def test_no_acceptance_the_moment_a_required_check_is_revoked() -> None:
    with clock.at(NOON):
        offer = checked_offer()
        credentials.revoke(by=coordinator(), credential=Credential.objects.get())
        with pytest.raises(Refused, match="Credential dbs"):
            offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    offer.refresh_from_db()
    assert (offer.state, offer.lapse_reason) == (OfferState.LAPSED, Offer.LapseReason.CREDENTIAL)
    assert not Placement.objects.exists()


def test_no_acceptance_once_people_must_not_meet_and_the_volunteer_is_not_told_why() -> None:
    person = make_person()
    offer = make_offer(make_ready_need(person=person))
    exclusions.record(
        by=coordinator(), volunteer=offer.volunteer, person=person, reason="safeguarding"
    )
    with pytest.raises(Refused) as refused:
        offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    assert "must not" not in refused.value.reason
    offer.refresh_from_db()
    assert (offer.state, offer.lapse_reason) == (OfferState.LAPSED, Offer.LapseReason.RULE)


def test_no_acceptance_while_the_risk_assessment_is_not_current_but_the_offer_stays_open() -> None:
    with clock.at(NOON):
        need = make_ready_need(starts=TODAY)
        approve_risk(need, review_on=TODAY + timedelta(days=1))
        offer = make_offer(need)
    with (
        clock.at(NOON + timedelta(days=2)),
        pytest.raises(Refused, match="no current, approved risk assessment"),
    ):
        offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    offer.refresh_from_db()
    assert offer.state == OfferState.SENT


def test_a_volunteer_whose_other_place_was_taken_back_by_less_capacity_still_has_this_one() -> None:
    volunteer = make_volunteer(capacity=2)
    kept = make_offer(volunteer=volunteer)
    volunteers.change(by=coordinator(), volunteer=volunteer, version=1, capacity=1)
    assert offers.accept(by=volunteer_actor(volunteer), offer=kept).hold is not None


def test_declining_frees_the_place_and_keeps_the_reason() -> None:
    offer = make_offer()
    offers.decline(by=volunteer_actor(offer.volunteer), offer=offer, reason="travel")
    offer.refresh_from_db()
    assert (offer.state, offer.decline_reason) == (OfferState.DECLINED, "travel")
    assert not Hold.objects.exists()
    assert OutboxMessage.objects.filter(template="offer-declined").exists()


def test_declining_needs_a_reason_from_the_list() -> None:
    offer = make_offer()
    with pytest.raises(InvalidInput, match="reason"):
        offers.decline(by=volunteer_actor(offer.volunteer), offer=offer, reason="because")


def test_somebody_who_may_know_the_person_is_not_asked_about_them_again() -> None:
    person, volunteer = make_person(), make_volunteer()
    offer = make_offer(make_ready_need(person=person), volunteer)
    offers.decline(by=volunteer_actor(volunteer), offer=offer, reason="know-them")
    told = Exclusion.objects.get()
    assert (told.volunteer, told.person, told.reason) == (volunteer, person, "known")
    assert told.recorded_by is None
    assert LedgerEntry.objects.filter(verb="exclusion.told", object_id=told.pk).exists()
    with pytest.raises(Refused, match="must not be matched"):
        make_offer(make_ready_need(person=person), volunteer)


def test_offer_lapses_when_clearance_expires_before_start() -> None:
    with clock.at(NOON):
        need = make_ready_need(
            credential_types=["dbs"],
            starts=TODAY + timedelta(days=10),
            ends=TODAY + timedelta(days=20),
        )
        volunteer = make_volunteer(credentials=["dbs"])
        offer = make_offer(need, volunteer)
        assert offers.lapse_due(by=Actor.hub()) == 0
        credentials.revoke(by=coordinator(), credential=Credential.objects.get())
        credentials.record(
            by=coordinator(),
            person=volunteer.person,
            type=Credential.objects.get().type,
            valid_from=TODAY,
            valid_to=TODAY + timedelta(days=9),
            verified_by=volunteer.agency,
        )
        assert offers.lapse_due(by=Actor.hub()) == 1
    offer.refresh_from_db()
    assert (offer.state, offer.lapse_reason) == (OfferState.LAPSED, Offer.LapseReason.CREDENTIAL)
    assert not Hold.objects.exists()


def test_lapsing_finds_what_is_out_of_time_and_leaves_the_rest() -> None:
    with clock.at(NOON):
        early = make_offer(make_ready_need(starts=TODAY))
    with clock.at(NOON + timedelta(hours=24)):
        late = make_offer(make_ready_need(starts=TODAY))
    with clock.at(NOON + timedelta(hours=72)):
        assert offers.lapse_due(by=Actor.hub()) == 1
        assert offers.lapse_due(by=Actor.hub()) == 0
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.state, late.state) == (OfferState.LAPSED, OfferState.SENT)
    entry = LedgerEntry.objects.get(verb="offer.lapsed")
    assert (entry.actor_label, entry.object_id) == ("hub", early.pk)


def test_an_offer_lapses_when_the_need_comes_to_ask_for_another_time() -> None:
    need = make_ready_need(slots=mask_of(["mon-am"]))
    offer = make_offer(need, make_volunteer(slots=mask_of(["mon-am", "tue-pm"])))
    needs.change(by=coordinator(), need=need, version=1, slots=mask_of(["tue-pm"]))
    assert offers.lapse_due(by=Actor.hub()) == 1
    offer.refresh_from_db()
    assert offer.lapse_reason == Offer.LapseReason.RULE


def test_nobody_but_the_hub_lapses_offers() -> None:
    with pytest.raises(Refused):
        offers.lapse_due(by=coordinator())


def test_nothing_is_accepted_during_a_break_and_open_offers_lapse() -> None:
    offer = make_offer()
    volunteers.pause(by=coordinator(), volunteer=offer.volunteer)
    with pytest.raises(Refused, match="You are taking a break"):
        offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    assert offers.lapse_due(by=Actor.hub()) == 1
    offer.refresh_from_db()
    assert (offer.state, offer.lapse_reason) == (OfferState.LAPSED, Offer.LapseReason.RULE)


def test_a_volunteer_who_leaves_has_no_open_offers() -> None:
    offer = make_offer()
    volunteers.leave(by=coordinator(), volunteer=offer.volunteer)
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert not Hold.objects.exists()
