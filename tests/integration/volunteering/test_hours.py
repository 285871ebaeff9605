"""Hours: logged for days on which they could have been given, confirmed by somebody else."""

from datetime import date, datetime, timedelta

import pytest

from stepdown.hub.models import LedgerEntry, OutboxMessage
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import hours, placements
from stepdown.volunteering.models import HoursEntry, Placement
from stepdown.volunteering.models.hours import HoursState
from stepdown.volunteering.queries import hours as reading
from tests.factories import coordinator, make_ready_need, make_volunteer
from tests.factories.offers import make_placement, volunteer_actor

NOON = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
TODAY = date(2026, 6, 1)
A_WEEK_ON = NOON + timedelta(days=7)


@pytest.fixture
def placement() -> Placement:
    """A placement that began today, on a check that holds for four days."""
    with clock.at(NOON):
        need = make_ready_need(credential_types=["dbs"], starts=TODAY)
        volunteer = make_volunteer(credentials=["dbs"], valid_to=TODAY + timedelta(days=3))
        return make_placement(need, volunteer)


def logged(placement: Placement, by: Actor | None = None) -> HoursEntry:
    """An hour and a half on the first day."""
    with clock.at(A_WEEK_ON):
        return hours.log(
            by=by or volunteer_actor(placement.volunteer),
            placement=placement,
            on=TODAY,
            minutes=90,
        )


def test_a_volunteer_logs_hours_on_their_own_placement(placement: Placement) -> None:
    entry = logged(placement)
    assert (entry.minutes, entry.state) == (90, HoursState.LOGGED)
    assert LedgerEntry.objects.filter(verb="hours.logged", object_id=entry.pk).exists()


def test_an_officer_logs_hours_for_a_volunteer(placement: Placement) -> None:
    assert logged(placement, by=coordinator()).state == HoursState.LOGGED


def test_nobody_logs_hours_on_the_placement_of_another_volunteer(placement: Placement) -> None:
    with pytest.raises(NotVisible):
        logged(placement, by=volunteer_actor(make_volunteer()))


@pytest.mark.parametrize(
    ("on", "minutes", "field"),
    [
        (TODAY + timedelta(days=8), 60, "on"),
        (TODAY - timedelta(days=1), 60, "on"),
        (TODAY, 4, "minutes"),
        (TODAY, 1441, "minutes"),
    ],
    ids=["in the future", "before it began", "too few", "more than a day"],
)
def test_hours_that_cannot_have_been_given_are_not_taken(
    placement: Placement, on: date, minutes: int, field: str
) -> None:
    by = volunteer_actor(placement.volunteer)
    with clock.at(A_WEEK_ON), pytest.raises(InvalidInput) as wrong:
        hours.log(by=by, placement=placement, on=on, minutes=minutes)
    assert set(wrong.value.errors) == {field}


def test_no_hours_after_the_placement_ended(placement: Placement) -> None:
    with clock.at(NOON + timedelta(days=1)):
        placements.end(by=coordinator(), placement=placement, reason="done")
    by = volunteer_actor(placement.volunteer)
    with clock.at(A_WEEK_ON):
        hours.log(by=by, placement=placement, on=TODAY + timedelta(days=1), minutes=60)
        with pytest.raises(InvalidInput, match="ended"):
            hours.log(by=by, placement=placement, on=TODAY + timedelta(days=2), minutes=60)


def test_no_hours_after_the_last_day_that_help_was_asked_for() -> None:
    with clock.at(NOON):
        need = make_ready_need(starts=TODAY, ends=TODAY + timedelta(days=2))
        placement = make_placement(need, make_volunteer())
    by = volunteer_actor(placement.volunteer)
    with clock.at(A_WEEK_ON):
        hours.log(by=by, placement=placement, on=TODAY + timedelta(days=2), minutes=60)
        with pytest.raises(InvalidInput) as wrong:
            hours.log(by=by, placement=placement, on=TODAY + timedelta(days=3), minutes=60)
    assert "last day that help was asked for" in wrong.value.errors["on"]


def test_no_hours_while_suspended(placement: Placement) -> None:
    placements.suspend(by=coordinator(), placement=placement, reason="On holiday")
    with pytest.raises(Refused, match="suspended"):
        logged(placement)


def test_no_hours_on_a_day_on_which_a_required_check_did_not_hold(placement: Placement) -> None:
    by = volunteer_actor(placement.volunteer)
    with clock.at(A_WEEK_ON):
        hours.log(by=by, placement=placement, on=TODAY + timedelta(days=3), minutes=60)
        with pytest.raises(Refused, match="did not hold on this day"):
            hours.log(by=by, placement=placement, on=TODAY + timedelta(days=4), minutes=60)


def test_a_day_is_logged_once(placement: Placement) -> None:
    logged(placement)
    with pytest.raises(InvalidInput, match="already logged for this day"):
        logged(placement)


def test_hours_are_confirmed_by_somebody_other_than_the_volunteer(placement: Placement) -> None:
    entry = logged(placement)
    with pytest.raises(Refused):
        hours.confirm(by=volunteer_actor(placement.volunteer), entry=entry)
    assert hours.confirm(by=coordinator(), entry=entry).state == HoursState.CONFIRMED


def test_a_coordinator_who_volunteers_does_not_confirm_their_own_hours(
    placement: Placement,
) -> None:
    by = coordinator()
    own = Actor(grants=by.grants, user=by.user, person=placement.volunteer.person_id)
    entry = logged(placement)
    with pytest.raises(Refused, match="Somebody else has to confirm"):
        hours.confirm(by=own, entry=entry)


def test_a_question_goes_to_the_volunteer_and_their_answer_waits_again(
    placement: Placement,
) -> None:
    entry = logged(placement)
    hours.query(by=coordinator(), entry=entry, note="Was it the morning or all day?")
    assert OutboxMessage.objects.get(template="hours-queried").to_person == (
        placement.volunteer.person_id
    )
    with pytest.raises(Refused, match="answer it first"):
        hours.confirm(by=coordinator(), entry=entry)
    again = hours.amend(by=volunteer_actor(placement.volunteer), entry=entry, minutes=120)
    assert (again.state, again.minutes, again.query_note) == (HoursState.LOGGED, 120, "")


def test_confirmed_hours_are_not_changed(placement: Placement) -> None:
    entry = logged(placement)
    hours.confirm(by=coordinator(), entry=entry)
    with pytest.raises(Refused, match="have been confirmed"):
        hours.amend(by=volunteer_actor(placement.volunteer), entry=entry, minutes=30)


def test_totals_tell_confirmed_from_waiting(placement: Placement) -> None:
    by = volunteer_actor(placement.volunteer)
    hours.confirm(by=coordinator(), entry=logged(placement))
    with clock.at(A_WEEK_ON):
        hours.log(by=by, placement=placement, on=TODAY + timedelta(days=1), minutes=45)
    totals = reading.totals(reading.visible_to(by))
    assert (totals.confirmed, totals.waiting) == (90, 45)
