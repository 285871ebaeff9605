"""What becomes of placements: ended, suspended, resumed, handed over, never silently moved."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepdown.hub.models import LedgerEntry, OutboxMessage
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import credentials, needs, placements
from stepdown.volunteering.models import Credential, Hold, Placement
from stepdown.volunteering.models.offer import OfferState
from stepdown.volunteering.models.placement import PlacementState
from tests.factories import (
    OTHER_DISTRICT,
    approve_risk,
    coordinator,
    make_credential,
    make_person,
    make_ready_need,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement, volunteer_actor

NOON = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
TODAY = date(2026, 6, 1)
HUB = Actor.hub()


def checked_placement(valid_to: date = TODAY + timedelta(days=10)) -> Placement:
    """A live placement on a need without an end that asks for a check, which ends some day."""
    need = make_ready_need(credential_types=["dbs"], starts=TODAY)
    return make_placement(need, make_volunteer(credentials=["dbs"], valid_to=valid_to))


def test_ending_frees_the_place_the_share_and_the_slot() -> None:
    with clock.at(NOON):
        placement = make_placement()
        placements.end(by=coordinator(), placement=placement, reason="done")
    placement.refresh_from_db()
    assert (placement.state, placement.end_reason) == (PlacementState.ENDED, "done")
    assert placement.ended_on == TODAY
    assert not Hold.objects.exists()
    assert make_offer(placement.need, placement.volunteer).state == OfferState.SENT


def test_ending_takes_a_reason_from_the_list() -> None:
    with pytest.raises(InvalidInput, match="reason"):
        placements.end(by=coordinator(), placement=make_placement(), reason="bored")


def test_a_placement_ends_once() -> None:
    placement, by = make_placement(), coordinator()
    placements.end(by=by, placement=placement, reason="done")
    with pytest.raises(Refused, match="This placement has ended"):
        placements.end(by=by, placement=placement, reason="done")


def test_closing_a_need_ends_its_placements() -> None:
    placement = make_placement()
    needs.close(by=coordinator(), need=placement.need, outcome="stepped-down")
    placement.refresh_from_db()
    assert (placement.state, placement.end_reason) == (PlacementState.ENDED, "need-closed")
    assert not Hold.objects.exists()


def test_a_coordinator_of_another_district_cannot_find_the_placement() -> None:
    placement = make_placement()
    with pytest.raises(NotVisible):
        placements.end(by=coordinator(OTHER_DISTRICT), placement=placement, reason="done")


def test_a_volunteer_sees_their_placement_but_may_not_end_it() -> None:
    placement = make_placement()
    by = volunteer_actor(placement.volunteer)
    with pytest.raises(Refused):
        placements.end(by=by, placement=placement, reason="volunteer")


def test_a_suspended_placement_keeps_its_place() -> None:
    placement, by = make_placement(make_ready_need(places=1)), coordinator()
    placements.suspend(by=by, placement=placement, reason="A dog in the house")
    placement.refresh_from_db()
    assert placement.state == PlacementState.SUSPENDED
    assert placement.hold is not None
    with pytest.raises(Refused, match="All places"):
        make_offer(placement.need)
    assert OutboxMessage.objects.filter(template="placement-suspended").count() == 1


def test_suspending_says_why_and_the_words_stay_out_of_the_ledger() -> None:
    placement, by = make_placement(), coordinator()
    with pytest.raises(InvalidInput, match="reason"):
        placements.suspend(by=by, placement=placement, reason="  ")
    placements.suspend(by=by, placement=placement, reason="A dog in the house")
    entry = LedgerEntry.objects.get(verb="placement.suspended")
    assert "dog" not in entry.payload.body


def test_resuming_asks_every_rule_again() -> None:
    with clock.at(NOON):
        placement, by = checked_placement(), coordinator()
        placements.suspend(by=by, placement=placement, reason="On holiday")
        assert placements.resume(by=by, placement=placement).state == PlacementState.LIVE
        placements.suspend(by=by, placement=placement, reason="On holiday again")
    with (
        clock.at(NOON + timedelta(days=11)),
        pytest.raises(Refused, match="Credential dbs ends on 11 June 2026"),
    ):
        placements.resume(by=by, placement=placement)


def test_resuming_needs_a_current_risk_assessment() -> None:
    with clock.at(NOON):
        placement, by = make_placement(make_ready_need(starts=TODAY)), coordinator()
        placements.suspend(by=by, placement=placement, reason="On holiday")
    with (
        clock.at(NOON + timedelta(days=365)),
        pytest.raises(Refused, match="no current, approved risk assessment"),
    ):
        placements.resume(by=by, placement=placement)


def test_replacing_ends_the_old_placement_and_asks_the_other_volunteer() -> None:
    placement, other = make_placement(make_ready_need(places=1)), make_volunteer()
    offer = placements.replace(by=coordinator(), placement=placement, volunteer=other)
    placement.refresh_from_db()
    assert placement.state == PlacementState.REPLACED
    assert placement.replacement == offer
    assert (offer.volunteer, offer.state) == (other, OfferState.SENT)
    assert Hold.objects.get() == offer.hold


def test_a_replacement_that_is_refused_leaves_the_placement_as_it_was() -> None:
    need = make_ready_need(credential_types=["dbs"])
    placement = make_placement(need, make_volunteer(credentials=["dbs"]))
    other, by = make_volunteer(), coordinator()
    before = LedgerEntry.objects.count()
    with pytest.raises(Refused, match="do not hold"):
        placements.replace(by=by, placement=placement, volunteer=other)
    placement.refresh_from_db()
    assert placement.state == PlacementState.LIVE
    assert Hold.objects.get() == placement.hold
    assert LedgerEntry.objects.count() == before


def test_a_placement_is_not_handed_to_the_same_volunteer() -> None:
    placement = make_placement()
    with pytest.raises(InvalidInput, match="somebody else"):
        placements.replace(by=coordinator(), placement=placement, volunteer=placement.volunteer)


def test_a_volunteer_who_cannot_make_it_tells_the_officer_and_nothing_moves() -> None:
    officer = make_user()
    placement = make_placement()
    needs.assign(by=coordinator(), need=placement.need, officer=officer)
    by = volunteer_actor(placement.volunteer)
    placements.ask_to_step_back(by=by, placement=placement)
    placement.refresh_from_db()
    assert placement.state == PlacementState.LIVE
    assert placement.hold is not None
    assert placement.step_back_asked_at is not None
    assert OutboxMessage.objects.get(template="placement-step-back").to_user == officer.pk
    with pytest.raises(Refused, match="already told us"):
        placements.ask_to_step_back(by=by, placement=placement)


@pytest.mark.parametrize(
    ("moment", "suspended"),
    [
        (datetime(2026, 6, 11, 23, 59, tzinfo=clock.LONDON), 0),
        (datetime(2026, 6, 12, 0, 1, tzinfo=clock.LONDON), 1),
    ],
    ids=["last minute of the last day", "first minute after"],
)
def test_a_placement_is_suspended_when_a_required_check_lapses(
    moment: datetime, suspended: int
) -> None:
    officer = make_user()
    with clock.at(NOON):
        placement = checked_placement(valid_to=date(2026, 6, 11))
        needs.assign(by=coordinator(), need=placement.need, officer=officer)
    with clock.at(moment):
        assert placements.suspend_lapsed(by=HUB) == suspended
        assert placements.suspend_lapsed(by=HUB) == 0
    placement.refresh_from_db()
    assert (placement.state == PlacementState.SUSPENDED) is bool(suspended)
    if suspended:
        assert placement.suspend_reason == "A required check no longer holds: Credential dbs."
        alert = OutboxMessage.objects.get(template="placement-suspended-alert")
        assert alert.to_user == officer.pk
        assert placement.hold is not None


def test_a_renewed_check_keeps_the_placement_live() -> None:
    with clock.at(NOON):
        placement = checked_placement(valid_to=TODAY)
        make_credential(placement.volunteer.person, valid_from=TODAY + timedelta(days=1))
    with clock.at(NOON + timedelta(days=1)):
        assert placements.suspend_lapsed(by=HUB) == 0


def test_a_placement_is_suspended_the_moment_a_check_is_revoked() -> None:
    with clock.at(NOON):
        checked_placement()
        credentials.revoke(by=coordinator(), credential=Credential.objects.get())
        assert placements.suspend_lapsed(by=HUB) == 1


def test_a_placement_is_suspended_when_its_risk_assessment_is_past_review() -> None:
    with clock.at(NOON):
        need = make_ready_need(starts=TODAY)
        placement = make_placement(need)
        approve_risk(need, review_on=TODAY + timedelta(days=1))
    with clock.at(NOON + timedelta(days=1)):
        assert placements.suspend_lapsed(by=HUB) == 0
    with clock.at(NOON + timedelta(days=2)):
        assert placements.suspend_lapsed(by=HUB) == 1
    placement.refresh_from_db()
    assert "risk assessment" in placement.suspend_reason


def test_finding_what_has_lapsed_takes_no_more_queries_for_more_placements() -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_placement(make_ready_need(person=make_person()))
        with CaptureQueriesContext(connection) as queries:
            placements.suspend_lapsed(by=HUB)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "a\x00b"])
def test_a_placement_is_suspended_for_a_reason_that_can_be_kept(reason: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        placements.suspend(by=coordinator(), placement=make_placement(), reason=reason)
    assert set(wrong.value.errors) == {"reason"}
