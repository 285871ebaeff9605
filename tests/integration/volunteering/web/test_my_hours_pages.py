"""Hours as the volunteer logs and corrects them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.models import Disclosure
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import hours, placements
from stepdown.volunteering.models import HoursEntry, Placement
from tests.factories import coordinator, make_need, make_ready_need, make_volunteer
from tests.factories.offers import make_placement, volunteer_actor
from tests.factories.risk import approve_risk
from tests.support.phone import begun, by_link, signed_in
from tests.support.reading import disclosed, queries_of, sign_in, words_of

PAGE, AMEND = "my-hours", "my-hours-amend"


def _told(placement: Placement, /, on: date | None = None, **changes: Any) -> dict[str, Any]:
    on = on or clock.today() - timedelta(days=1)
    day = {"on-day": on.day, "on-month": on.month, "on-year": on.year}
    return {"placement": str(placement.pk), **day, "hours": "1", "minutes": "30", **changes}


def _entry(placement: Placement, days_ago: int = 1, minutes: int = 90) -> HoursEntry:
    on = clock.today() - timedelta(days=days_ago)
    by = volunteer_actor(placement.volunteer)
    return hours.log(by=by, placement=placement, on=on, minutes=minutes)


def test_without_a_placement_there_is_nothing_to_log_for(client: Client) -> None:
    by_link(client)
    words = words_of(client.get(reverse(PAGE)))
    assert "You have no placement to log hours for just now." in words
    assert "Which day?" not in words
    assert "Nothing yet." in words


def test_hours_are_logged_and_wait_to_be_confirmed(client: Client) -> None:
    volunteer = by_link(client)
    placement = begun(make_placement(volunteer=volunteer))
    opened = client.get(reverse(PAGE))
    assert f'value="{clock.today().year}"' in opened.content.decode(), "today stands there"
    words = words_of(client.post(reverse(PAGE), _told(placement), follow=True))
    assert "Your hours have been logged." in words
    assert "1 hour 30 minutes" in words
    assert "Waits to be confirmed" in words
    entry = HoursEntry.objects.get()
    assert (entry.placement, entry.minutes, entry.state) == (placement, 90, "logged")
    assert disclosed(PAGE) == {volunteer.person_id}


def test_minutes_alone_and_hours_alone_will_do(client: Client) -> None:
    placement = begun(make_placement(volunteer=by_link(client)))
    today = clock.today()
    client.post(reverse(PAGE), _told(placement, today, hours="", minutes="45"))
    client.post(reverse(PAGE), _told(placement, today - timedelta(days=1), minutes=""))
    assert sorted(HoursEntry.objects.values_list("minutes", flat=True)) == [45, 60]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hours": "", "minutes": ""}, "Enter how long you helped for"),
        ({"hours": "0", "minutes": "0"}, "Enter how long you helped for"),
        ({"hours": "0", "minutes": "4"}, "Hours must be between 5 minutes and 24 hours."),
        ({"hours": "24", "minutes": "1"}, "Hours must be between 5 minutes and 24 hours."),
        ({"hours": "two"}, "Hours must be a whole number, like 2"),
        ({"hours": "-1"}, "Hours must be 0 or more"),
        ({"minutes": "60"}, "Minutes must be 59 or fewer"),
        ({"on-day": ""}, "must include a day"),
        ({"on-month": "13"}, "The day must be a real date"),
        ({"on-day": "", "on-month": "", "on-year": ""}, "Enter the day"),
        ({"placement": ""}, "Select an answer to “What was it for?”"),
    ],
)
def test_bad_input_is_explained_and_logs_nothing(
    client: Client, changes: dict[str, Any], said: str
) -> None:
    placement = begun(make_placement(volunteer=by_link(client)))
    answer = client.post(reverse(PAGE), _told(placement, **changes))
    assert answer.status_code == 422
    assert words_of(answer).count(said) == 2, "at the top, and beside the question"
    assert "<title>Error: " in answer.content.decode()
    assert not HoursEntry.objects.exists()


def test_no_hours_are_given_in_advance_before_the_start_or_twice_on_a_day(client: Client) -> None:
    placement = begun(make_placement(volunteer=by_link(client)), days=10)
    today = clock.today()
    for on, said in (
        (today + timedelta(days=1), "The day must be today or in the past"),
        (today - timedelta(days=11), "The day must be on or after the placement began."),
    ):
        answer = client.post(reverse(PAGE), _told(placement, on))
        assert (answer.status_code, said in words_of(answer)) == (422, True)
    client.post(reverse(PAGE), _told(placement))
    twice = client.post(reverse(PAGE), _told(placement))
    assert twice.status_code == 422
    assert "Hours are already logged for this day. Change those instead." in words_of(twice)
    assert HoursEntry.objects.count() == 1


def test_hours_of_a_day_on_which_a_check_did_not_hold_are_refused(client: Client) -> None:
    need = make_need(credential_types=["dbs"], postcode="PR1 8RJ")
    approve_risk(need)
    volunteer = by_link(client, make_volunteer(credentials=["dbs"]))
    placement = begun(make_placement(need, volunteer))
    volunteer.person.credentials.update(valid_to=clock.today() - timedelta(days=2))
    answer = client.post(reverse(PAGE), _told(placement))
    assert answer.status_code == 422
    assert "A check that this placement needs did not hold on this day" in words_of(answer)


def test_the_placement_of_somebody_else_cannot_be_chosen(client: Client) -> None:
    other = begun()
    begun(make_placement(volunteer=by_link(client)))
    answer = client.post(reverse(PAGE), _told(other))
    assert answer.status_code == 422
    assert "Select an option from the list" in words_of(answer)
    assert not HoursEntry.objects.exists()


def test_the_placement_in_the_address_is_chosen_and_nonsense_there_harms_nothing(
    client: Client,
) -> None:
    volunteer = by_link(client)
    first, second = (begun(make_placement(volunteer=volunteer)) for _ in range(2))
    html = client.get(reverse(PAGE), {"placement": str(second.pk)}).content.decode()
    assert f'value="{second.pk}" checked' in html
    for nonsense in ("x", str(volunteer.pk), "'"):
        page = client.get(reverse(PAGE), {"placement": nonsense})
        assert f'value="{first.pk}"' in page.content.decode()
        assert " checked" not in page.content.decode()


def test_the_last_hours_of_what_has_ended_can_still_be_logged_for_a_while(client: Client) -> None:
    placement = begun(make_placement(make_ready_need("Gardening"), by_link(client)))
    placements.end(by=coordinator(), placement=placement, reason="done")
    assert "Gardening, which has ended" in words_of(client.get(reverse(PAGE)))
    assert client.post(reverse(PAGE), _told(placement)).status_code == 302
    Placement.objects.update(ended_on=clock.today() - timedelta(days=61))
    assert "You have no placement to log hours for" in words_of(client.get(reverse(PAGE)))


def test_nothing_is_logged_for_what_is_on_hold(client: Client) -> None:
    placement = begun(make_placement(volunteer=by_link(client)))
    placements.suspend(by=coordinator(), placement=placement, reason="Wait")
    assert "You have no placement to log hours for" in words_of(client.get(reverse(PAGE)))
    assert client.post(reverse(PAGE), _told(placement)).status_code == 422


def test_sums_are_of_this_month_and_of_all(client: Client) -> None:
    placement = begun(make_placement(volunteer=by_link(client)))
    _entry(placement, days_ago=0, minutes=60)
    _entry(placement, days_ago=40, minutes=45)
    words = words_of(client.get(reverse(PAGE)))
    assert "This month: 1 hour. In all: 1 hour 45 minutes." in words


def test_a_question_is_shown_and_answered_by_a_change(client: Client) -> None:
    volunteer = by_link(client)
    entry = _entry(begun(make_placement(volunteer=volunteer)))
    hours.query(by=coordinator(), entry=entry, note="A Sunday?")
    words = words_of(client.get(reverse(PAGE)))
    assert "Questioned" in words
    assert "The coordinator asks: A Sunday?" in words
    change = reverse(AMEND, args=[entry.pk])
    opened = words_of(client.get(change))
    assert "The coordinator asks: A Sunday?" in opened
    assert "You logged 1 hour 30 minutes. If that is right, save it as it is." in opened
    bad = client.post(change, {"hours": "", "minutes": ""})
    assert bad.status_code == 422
    assert "Enter how long you helped for" in words_of(bad)
    client.post(change, {"hours": "1", "minutes": "15"})
    entry.refresh_from_db()
    assert (entry.minutes, entry.state, entry.query_note) == (75, "logged", "")
    assert disclosed(AMEND) == {volunteer.person_id}


def test_what_was_confirmed_stands(client: Client) -> None:
    entry = _entry(begun(make_placement(volunteer=by_link(client))))
    hours.confirm(by=coordinator(), entry=entry)
    words = words_of(client.get(reverse(PAGE)))
    assert "Confirmed" in words
    assert "Change" not in words
    change = reverse(AMEND, args=[entry.pk])
    assert client.get(change)["Location"] == reverse(PAGE)
    refused = client.post(change, {"hours": "9", "minutes": "0"})
    assert refused.status_code == 422
    assert "These hours have been confirmed." in words_of(refused)
    entry.refresh_from_db()
    assert entry.minutes == 90


@pytest.mark.parametrize("role", [RoleKey.COORDINATOR, RoleKey.OUTREACH_OFFICER])
def test_staff_have_pages_of_their_own_and_read_nobodys_here(client: Client, role: RoleKey) -> None:
    entry = _entry(begun())
    sign_in(client, role)
    shown = Disclosure.objects.count()
    assert client.get(reverse(PAGE)).status_code == 404
    assert client.get(reverse(AMEND, args=[entry.pk])).status_code == 404
    assert client.post(reverse(AMEND, args=[entry.pk]), {"hours": "9"}).status_code == 404
    assert Disclosure.objects.count() == shown


def test_the_hours_of_other_volunteers_do_not_exist(client: Client) -> None:
    entry = _entry(begun())
    signed_in(client)
    assert client.get(reverse(AMEND, args=[entry.pk])).status_code == 404
    assert client.post(reverse(AMEND, args=[entry.pk]), {"hours": "9"}).status_code == 404


def test_it_takes_as_many_queries_for_many_hours_as_for_few(client: Client) -> None:
    placement = begun(make_placement(volunteer=signed_in(client)))
    for day in range(5):
        _entry(placement, days_ago=day)
    few = queries_of(client, reverse(PAGE))
    for day in range(5, 25):
        _entry(placement, days_ago=day)
    assert queries_of(client, reverse(PAGE)) == few
