"""Sending offers: what is promised once, and what refuses."""

from datetime import date, datetime, timedelta

import pytest

from stepdown.hub.models import LedgerEntry, OutboxMessage
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.kernel.slots import SLOTS, mask_of
from stepdown.volunteering.actions import exclusions, needs, offers, volunteers
from stepdown.volunteering.models import Hold, Offer
from stepdown.volunteering.models.offer import OfferState
from tests.factories import (
    OTHER_DISTRICT,
    approve_risk,
    coordinator,
    make_credential,
    make_need,
    make_person,
    make_postcode,
    make_ready_need,
    make_scheme,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement, volunteer_actor

NOON = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
TODAY = date(2026, 6, 1)


def test_offer_holds_a_place_and_a_share_and_is_told_to_the_volunteer() -> None:
    need, volunteer = make_ready_need(), make_volunteer()
    offer = make_offer(need, volunteer)
    held = Hold.objects.get()
    assert offer.hold == held
    assert (held.need, held.volunteer, held.place, held.share) == (need, volunteer, 1, 1)
    message = OutboxMessage.objects.get(template="offer-sent")
    assert (message.to_person, message.about_id) == (volunteer.person_id, offer.pk)
    entry = LedgerEntry.objects.get(verb="offer.sent")
    seen = set(entry.subjects.values_list("kind", "subject_id"))
    assert seen == {
        ("offer", offer.pk),
        ("need", need.pk),
        ("volunteer", volunteer.pk),
        ("person", volunteer.person_id),
    }


def test_offer_shows_on_the_timeline_of_the_person_helped() -> None:
    person = make_person()
    make_offer(make_ready_need(person=person))
    entry = LedgerEntry.objects.get(verb="offer.sent")
    assert entry.subjects.filter(kind="person", subject_id=person.pk).exists()


def test_no_offer_without_an_approved_risk_assessment() -> None:
    with pytest.raises(Refused, match="no current, approved risk assessment"):
        make_offer(make_need(postcode="PR1 8RJ"))


def test_no_offer_once_the_risk_assessment_is_past_its_review() -> None:
    with clock.at(NOON):
        need = make_need(postcode="PR1 8RJ", starts=TODAY)
        approve_risk(need, review_on=TODAY + timedelta(days=1))
        by, volunteer = coordinator(), make_volunteer()
    with (
        clock.at(NOON + timedelta(days=2)),
        pytest.raises(Refused, match="no current, approved risk assessment"),
    ):
        make_offer(need, volunteer, by=by)


def test_no_offer_for_a_need_that_is_not_open() -> None:
    need, by = make_ready_need(), coordinator()
    needs.withdraw(by=by, need=need)
    with pytest.raises(Refused, match="This need is not open"):
        make_offer(need, by=by)


def test_no_offer_for_a_need_whose_last_day_has_passed() -> None:
    with clock.at(NOON):
        need = make_ready_need(starts=TODAY, ends=TODAY)
        by, volunteer = coordinator(), make_volunteer()
    with clock.at(NOON + timedelta(days=1)), pytest.raises(Refused, match="last day"):
        make_offer(need, volunteer, by=by)


def test_no_offer_to_a_volunteer_who_takes_a_break() -> None:
    volunteer, by = make_volunteer(), coordinator()
    volunteers.pause(by=by, volunteer=volunteer)
    with pytest.raises(Refused, match="not taking anything on"):
        make_offer(volunteer=volunteer, by=by)


def test_no_offer_without_a_required_check_and_the_reason_names_it() -> None:
    need = make_ready_need(credential_types=["dbs"])
    with pytest.raises(Refused, match="They do not hold Credential dbs"):
        make_offer(need)


def test_no_offer_where_a_check_ends_before_the_need_does() -> None:
    with clock.at(NOON):
        need = make_ready_need(
            credential_types=["dbs"], starts=TODAY, ends=TODAY + timedelta(days=30)
        )
        early = make_volunteer(credentials=["dbs"], valid_to=TODAY + timedelta(days=29))
        enough = make_volunteer(credentials=["dbs"], valid_to=TODAY + timedelta(days=30))
        with pytest.raises(Refused, match="ends on 30 June 2026, before the need ends on 1 July"):
            make_offer(need, early)
        assert make_offer(need, enough).state == OfferState.SENT


def test_a_renewal_that_runs_on_counts_as_one_check() -> None:
    with clock.at(NOON):
        need = make_ready_need(
            credential_types=["dbs"], starts=TODAY, ends=TODAY + timedelta(days=60)
        )
        volunteer = make_volunteer(credentials=["dbs"], valid_to=TODAY + timedelta(days=9))
        make_credential(
            volunteer.person,
            valid_from=TODAY + timedelta(days=10),
            valid_to=TODAY + timedelta(days=400),
        )
        assert make_offer(need, volunteer).state == OfferState.SENT


def test_no_offer_to_somebody_who_must_not_meet_the_person() -> None:
    person, volunteer, by = make_person(), make_volunteer(), coordinator()
    exclusions.record(by=by, volunteer=volunteer, person=person, reason="safeguarding")
    with pytest.raises(Refused, match="must not be matched"):
        make_offer(make_ready_need(person=person), volunteer)


def test_nobody_is_sent_to_support_themself() -> None:
    volunteer = make_volunteer()
    with pytest.raises(Refused, match="must not be matched"):
        make_offer(make_ready_need(person=volunteer.person), volunteer)


def test_no_offer_to_somebody_whose_role_conflicts() -> None:
    make_scheme("special")
    scheme = make_scheme("custody-visitor", conflicts_with=["special"])
    need = make_need(scheme=scheme, postcode="PR1 8RJ")
    approve_risk(need)
    with pytest.raises(Refused, match="role as Special conflicts"):
        make_offer(need, make_volunteer(schemes=["special"]))


def test_no_offer_beyond_the_travel_limit_of_the_volunteer() -> None:
    make_postcode("LA1 1YN", easting=353_000, northing=462_000)
    need = make_ready_need(postcode="LA1 1YN")
    with pytest.raises(Refused, match=r"33(\.0)? km .*over their limit of 10(\.0)? km"):
        make_offer(need, make_volunteer(travel_limit_m=10_000))


def test_a_refusal_says_no_distance_where_an_address_is_kept_secret() -> None:
    make_postcode("LA1 1YN", easting=353_000, northing=462_000)
    person = make_person(postcode="LA1 1YN", shielded=True)
    need = make_ready_need(person=person, postcode=None)
    with pytest.raises(Refused) as refused:
        make_offer(need, make_volunteer(travel_limit_m=10_000))
    assert refused.value.reason == "It is further than they travel."


def test_a_volunteer_is_never_asked_for_more_than_they_can_take() -> None:
    volunteer = make_volunteer(capacity=2)
    make_offer(volunteer=volunteer)
    make_offer(volunteer=volunteer)
    with pytest.raises(Refused, match="places they can hold: 2"):
        make_offer(volunteer=volunteer)


def test_a_place_is_offered_once() -> None:
    need = make_ready_need(places=1)
    make_offer(need)
    with pytest.raises(Refused, match="All places of this need are taken"):
        make_offer(need)


def test_a_volunteer_is_offered_the_same_need_once() -> None:
    need, volunteer = make_ready_need(places=2), make_volunteer(capacity=2)
    make_offer(need, volunteer)
    with pytest.raises(Refused, match="already on this need"):
        make_offer(need, volunteer)


def test_weekly_load_of_live_placements_stops_a_further_offer() -> None:
    volunteer = make_volunteer(capacity=3, weekly_cap_minutes=120)
    make_placement(volunteer=volunteer)
    with pytest.raises(Refused, match="already give 120 minutes a week and can give 120"):
        make_offer(volunteer=volunteer)


def test_the_first_shared_slot_is_taken_and_nobody_is_in_two_places_in_one_slot() -> None:
    volunteer = make_volunteer(capacity=3, slots=mask_of(["mon-am", "tue-pm"]))
    first = make_ready_need(slots=mask_of(["mon-am", "tue-pm", "sun-eve"]))
    second = make_ready_need(slots=mask_of(["mon-am"]))
    assert SLOTS[make_offer(first, volunteer).slot or 0] == "mon-am"
    with pytest.raises(Refused, match="already taken at the times they share"):
        make_offer(second, volunteer)


def test_a_slot_can_be_chosen_among_those_shared_and_free() -> None:
    volunteer = make_volunteer(slots=mask_of(["mon-am", "tue-pm"]))
    need = make_ready_need(slots=mask_of(["mon-am", "tue-pm", "sun-eve"]))
    with pytest.raises(InvalidInput, match="slot"):
        make_offer(need, volunteer, slot=SLOTS.index("sun-eve"))
    assert make_offer(need, volunteer, slot=SLOTS.index("tue-pm")).slot == SLOTS.index("tue-pm")


def test_a_need_without_set_times_takes_no_slot() -> None:
    with pytest.raises(InvalidInput, match="slot"):
        make_offer(make_ready_need(), make_volunteer(slots=mask_of(["mon-am"])), slot=0)


def test_an_offer_that_ran_out_of_time_gives_its_place_to_the_next_one() -> None:
    with clock.at(NOON):
        need = make_ready_need(starts=TODAY)
        stale, by = make_offer(need), coordinator()
        other = make_volunteer()
    with clock.at(NOON + timedelta(hours=73)):
        fresh = make_offer(need, other, by=by)
    stale.refresh_from_db()
    assert (stale.state, stale.lapse_reason) == (OfferState.LAPSED, Offer.LapseReason.TIME)
    assert Hold.objects.get() == fresh.hold


@pytest.mark.parametrize(
    ("starts", "ends", "lapses"),
    [
        (TODAY + timedelta(days=30), None, NOON + timedelta(hours=72)),
        (TODAY + timedelta(days=1), None, datetime(2026, 6, 3, tzinfo=clock.LONDON)),
        (TODAY - timedelta(days=30), None, NOON + timedelta(hours=72)),
        (TODAY, TODAY + timedelta(days=1), datetime(2026, 6, 3, tzinfo=clock.LONDON)),
    ],
    ids=["far off", "begins tomorrow", "has begun", "ends tomorrow"],
)
def test_an_offer_is_open_until_it_could_no_longer_be_of_use(
    starts: date, ends: date | None, lapses: datetime
) -> None:
    with clock.at(NOON):
        assert make_offer(make_ready_need(starts=starts, ends=ends)).lapses_at == lapses


def test_a_need_elsewhere_does_not_exist_for_a_coordinator_of_one_district() -> None:
    need = make_ready_need()
    with pytest.raises(NotVisible):
        make_offer(need, make_volunteer(), by=coordinator(OTHER_DISTRICT))


def test_a_volunteer_elsewhere_does_not_exist_for_a_coordinator_of_one_district() -> None:
    by = coordinator("E07000123")
    with pytest.raises(NotVisible):
        make_offer(make_ready_need(), make_volunteer(district=OTHER_DISTRICT), by=by)


def test_a_volunteer_cannot_send_offers() -> None:
    volunteer = make_volunteer()
    with pytest.raises((NotVisible, Refused)):
        make_offer(make_ready_need(), volunteer, by=volunteer_actor(volunteer))


def test_a_withdrawn_offer_frees_its_place_and_takes_its_message_back() -> None:
    by = coordinator()
    offer = make_offer(by=by)
    offers.withdraw(by=by, offer=offer)
    offer.refresh_from_db()
    assert (offer.state, offer.hold) == (OfferState.WITHDRAWN, None)
    assert not Hold.objects.exists()
    states = dict(OutboxMessage.objects.values_list("template", "state"))
    assert states["offer-sent"] == OutboxMessage.State.CANCELLED
    assert "offer-withdrawn" not in states  # they were never asked


def test_closing_a_need_withdraws_its_open_offers() -> None:
    by, need = coordinator(), make_ready_need()
    offer = make_offer(need, by=by)
    needs.close(by=by, need=need, outcome="not-helped")
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert not Hold.objects.exists()
