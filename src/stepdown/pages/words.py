"""Dates, distances and half-day slots in the words that people use."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stepdown.kernel.slots import ALL_SLOTS, DAYS, PARTS, SLOTS

DAY_NAMES = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}
SHORT_DAY_NAMES = {
    "mon": gettext_lazy("Mon"),
    "tue": gettext_lazy("Tue"),
    "wed": gettext_lazy("Wed"),
    "thu": gettext_lazy("Thu"),
    "fri": gettext_lazy("Fri"),
    "sat": gettext_lazy("Sat"),
    "sun": gettext_lazy("Sun"),
}
PART_NAMES = {
    "am": gettext_lazy("Morning"),
    "pm": gettext_lazy("Afternoon"),
    "eve": gettext_lazy("Evening"),
}
_OF_DAY = {
    "am": gettext_lazy("%(day)s mornings"),
    "pm": gettext_lazy("%(day)s afternoons"),
    "eve": gettext_lazy("%(day)s evenings"),
}
# Whole runs of days have words of their own, longest first.
_RUNS = (
    (DAYS, {"am": gettext_lazy("every morning"), "pm": gettext_lazy("every afternoon"),
            "eve": gettext_lazy("every evening")}),
    (DAYS[:5], {"am": gettext_lazy("weekday mornings"), "pm": gettext_lazy("weekday afternoons"),
                "eve": gettext_lazy("weekday evenings")}),
    (DAYS[5:], {"am": gettext_lazy("weekend mornings"), "pm": gettext_lazy("weekend afternoons"),
                "eve": gettext_lazy("weekend evenings")}),
)  # fmt: skip


def gov_date(value: date | datetime | None) -> str:
    """5 November 2026; nothing for nothing. A moment is taken in local time."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "j F Y")


def gov_time(value: datetime) -> str:
    """3:04pm, 3pm, midday or midnight, in local time."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    if local.minute == 0 and local.hour in (0, 12):
        return _("midday") if local.hour else _("midnight")
    hour, half = local.hour % 12 or 12, "pm" if local.hour >= 12 else "am"
    return f"{hour}{half}" if local.minute == 0 else f"{hour}:{local.minute:02}{half}"


def gov_datetime(value: date | datetime | None) -> str:
    """5 November 2026 at 3:04pm; a date alone stays a date, with no invented time."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return gov_date(value)
    return _("%(date)s at %(time)s") % {"date": gov_date(value), "time": gov_time(value)}


def km(metres: float | None) -> str:
    """Metres as kilometres: 0.4 km, 4.2 km, 42 km."""
    if metres is None:
        return ""
    kilometres = metres / 1000
    return f"{kilometres:.0f} km" if kilometres >= 20 else f"{kilometres:.1f} km"


def duration(minutes: int) -> str:
    """90 → "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if rest or not hours:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return " ".join(parts)


def and_list(words: list[str]) -> str:
    """One, two and three."""
    if len(words) < 2:
        return "".join(words)
    return _("%(most)s and %(last)s") % {"most": ", ".join(words[:-1]), "last": words[-1]}


def slots_words(mask: int | None) -> str:
    """A set of weekly half-days in words: "Monday mornings and Tuesday evenings"."""
    if not mask:
        return _("No times given")
    if mask == ALL_SLOTS:
        return _("Any time in the week")
    phrases: list[tuple[int, str]] = []
    for part in PARTS:
        days = [day for day in DAYS if mask >> SLOTS.index(f"{day}-{part}") & 1]
        for run, names in _RUNS:
            if set(run) <= set(days):
                phrases.append((SLOTS.index(f"{run[0]}-{part}"), str(names[part])))
                days = [day for day in days if day not in run]
        for day in days:
            words = _OF_DAY[part] % {"day": DAY_NAMES[day]}
            phrases.append((SLOTS.index(f"{day}-{part}"), str(words)))
    return capfirst(and_list([words for _order, words in sorted(phrases)]))


def slot_words(name: str) -> str:
    """One slot by name: "mon-am" is "Monday morning"; nothing for nothing."""
    if not name:
        return ""
    day, part = name.split("-")
    return _("%(day)s %(part)s") % {"day": DAY_NAMES[day], "part": str(PART_NAMES[part]).lower()}


def slots_grid(mask: int, held: int) -> list[tuple[str, str, list[str]]]:
    """(day, its short name, states): each state is "held" if taken up, "free" if offered, or ""."""
    rows = []
    for day in DAYS:
        bits = [SLOTS.index(f"{day}-{part}") for part in PARTS]
        states = ["held" if held >> bit & 1 else "free" if mask >> bit & 1 else "" for bit in bits]
        rows.append((str(DAY_NAMES[day]), str(SHORT_DAY_NAMES[day]), states))
    return rows
