"""Calendar feeds (RFC 5545). Events say what kind of thing it is and roughly where: no names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from stepdown.kernel.slots import DAYS

LONDON = ZoneInfo("Europe/London")
# The hours that a half-day stands for in a calendar. The true time is for the people to agree.
HOURS = {"am": (time(9), time(12)), "pm": (time(13), time(17)), "eve": (time(18), time(21))}


@dataclass(frozen=True)
class Weekly:
    """Something once a week in a slot (``tue-am``), from a day to the end of a day, or without end.

    ``uid`` must stay the same for the same thing and tell nothing.
    """

    uid: str
    summary: str
    area: str
    slot: str
    first: date
    last: date | None
    changed: datetime


def feed(events: Sequence[Weekly], *, name: str) -> bytes:
    """The calendar as a file, in UTF-8."""
    calendar = Calendar()
    calendar.add("prodid", "-//Stepdown//Volunteering//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    # Twice a day is often enough for what changes once a week (RFC 7986).
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for one in events:
        event = _event(one)
        if event is not None:
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(one: Weekly) -> Event | None:
    """None where the last day comes before the first such weekday."""
    day, half = one.slot.split("-")
    # The first such weekday on or after the first day.
    on = one.first + timedelta(days=(DAYS.index(day) - one.first.weekday()) % 7)
    if one.last is not None and on > one.last:
        return None
    begins, ends = HOURS[half]
    event = Event()
    event.add("uid", one.uid)
    event.add("summary", one.summary)
    event.add("dtstamp", one.changed)
    event.add("dtstart", datetime.combine(on, begins, LONDON))
    event.add("dtend", datetime.combine(on, ends, LONDON))
    rule: dict[str, object] = {"freq": "weekly"}
    if one.last is not None:
        rule["until"] = datetime.combine(one.last, time(23, 59, 59), LONDON).astimezone(
            ZoneInfo("UTC")
        )
    event.add("rrule", vRecur(rule))
    if one.area:
        event.add("location", one.area)
    return event
