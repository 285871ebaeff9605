"""Calendar files: weekly events that calendar programs understand and that tell little."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from stepdown.adapters.calendar import Weekly, feed
from stepdown.kernel.slots import SLOTS

LONDON = ZoneInfo("Europe/London")


def _weekly(**changes: Any) -> Weekly:
    usual: dict[str, Any] = {
        "uid": "abc123",
        "summary": "Volunteering: Community support",
        "area": "Preston",
        "slot": "tue-eve",
        "first": date(2026, 6, 1),  # a Monday
        "last": None,
        "changed": datetime(2026, 6, 1, tzinfo=UTC),
    }
    return Weekly(**{**usual, **changes})


def _events(*weekly: Weekly) -> list[Any]:
    return list(Calendar.from_ical(feed(weekly, name="Volunteering")).walk("VEVENT"))


def test_an_empty_calendar_is_a_calendar() -> None:
    text = feed([], name="Volunteering").decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "VERSION:2.0" in text
    assert "PRODID:" in text
    assert "X-WR-CALNAME:Volunteering" in text
    assert _events() == []


def test_programs_are_asked_not_to_call_too_often() -> None:
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in feed([], name="Volunteering").decode()


def test_an_event_says_what_roughly_where_and_when_every_week() -> None:
    [event] = _events(_weekly())
    assert event["uid"] == "abc123"
    assert event["summary"] == "Volunteering: Community support"
    assert event["location"] == "Preston"
    assert event["dtstamp"].dt == datetime(2026, 6, 1, tzinfo=UTC)
    assert event["dtstart"].dt == datetime(2026, 6, 2, 18, tzinfo=LONDON)
    assert event["dtend"].dt == datetime(2026, 6, 2, 21, tzinfo=LONDON)
    assert dict(event["rrule"]) == {"FREQ": ["WEEKLY"]}
    assert set(event) == {"UID", "SUMMARY", "LOCATION", "DTSTAMP", "DTSTART", "DTEND", "RRULE"}


def test_no_area_is_no_location() -> None:
    [event] = _events(_weekly(area=""))
    assert "location" not in event


@pytest.mark.parametrize("slot", SLOTS)
def test_it_begins_on_the_first_such_day_and_never_before(slot: str) -> None:
    for late in range(7):
        first = date(2026, 6, 1) + timedelta(days=late)
        [event] = _events(_weekly(slot=slot, first=first))
        begins, ends = event["dtstart"].dt, event["dtend"].dt
        assert 0 <= (begins.date() - first).days < 7
        assert begins.strftime("%a").lower() == slot.split("-")[0]
        assert {"am": 9, "pm": 13, "eve": 18}[slot.split("-")[1]] == begins.hour
        assert begins.date() == ends.date()
        assert begins < ends


def test_the_last_day_counts_to_its_end() -> None:
    [event] = _events(_weekly(last=date(2026, 6, 30)))
    until = event["rrule"]["UNTIL"][0]
    assert until.tzinfo is not None
    assert until.utcoffset() == timedelta(0), "RFC 5545: in UTC"
    assert until == datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC)


def test_what_is_over_before_its_first_such_day_has_no_event() -> None:
    assert _events(_weekly(first=date(2026, 6, 3), last=date(2026, 6, 8))) == []
    assert len(_events(_weekly(first=date(2026, 6, 3), last=date(2026, 6, 9)))) == 1


def test_evenings_stay_evenings_when_the_clocks_change() -> None:
    """The event is in London's time, which the file describes itself."""
    [event] = _events(_weekly(first=date(2026, 10, 19)))
    assert event["dtstart"].params["TZID"] == "Europe/London"
    text = feed([_weekly()], name="Volunteering").decode()
    assert "BEGIN:VTIMEZONE" in text
    assert "TZID:Europe/London" in text


def test_words_with_marks_of_their_own_are_kept_whole() -> None:
    said = "Volunteering: letters, forms; “llythyrau” \\ and a long, long, long name of a scheme"
    [event] = _events(_weekly(summary=said, area="Ynys Môn"))
    assert event["summary"] == said
    assert event["location"] == "Ynys Môn"
    lines = feed([_weekly(summary=said)], name="Volunteering").split(b"\r\n")
    assert max(map(len, lines)) <= 75
