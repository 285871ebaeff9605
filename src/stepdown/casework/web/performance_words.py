"""Figures of a measure in words, as a table and as a picture."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.casework.queries.performance import Worked
from stepdown.evidence.performance import Against, Fault
from stepdown.pages.parts import Cell, Table
from stepdown.pages.words import gov_date

if TYPE_CHECKING:
    from stepdown.casework.models import PerformanceMeasure
    from stepdown.evidence.readings import Reading


def plain(number: Decimal) -> str:
    """77,100, and 289.8 where there is something behind the point."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def period(one: Worked) -> str:
    """The first and last day."""
    days = {"since": gov_date(one.row.since), "until": gov_date(one.row.until)}
    return _("%(since)s to %(until)s") % days


def days(one: Worked) -> str:
    """How many days the period has, its first and last among them."""
    return ngettext("%(n)d day", "%(n)d days", one.days) % {"n": one.days}


def compared(one: Worked) -> str:
    """What the comparison comes to, in words."""
    printed = one.published
    if printed.comparator is None:
        return ""
    number = plain(printed.comparator)
    if printed.percent is None:
        return _("Compared with %(number)s") % {"number": number}
    percent = f"{abs(printed.percent):.1f}"
    told = {"number": number, "percent": percent, "short": plain(printed.short or Decimal(0))}
    if printed.against is Against.TARGET:
        if printed.short is not None:
            return _("%(percent)s %% of the target of %(number)s: %(short)s short") % told
        return _("%(percent)s %% of the target of %(number)s") % told
    if printed.against is Against.WHOLE:
        return _("%(percent)s %% of %(number)s") % told
    if printed.percent < 0:
        return _("%(percent)s %% fewer than %(number)s before") % told
    return _("%(percent)s %% more than %(number)s before") % told


def warnings(one: Worked) -> list[str]:
    """Where the figure contradicts itself or another, and how its percentage can be read."""
    printed, found = one.published, []
    if Fault.PARTS in one.faults:
        told = {"sum": plain(printed.parts_sum or Decimal(0)), "value": plain(printed.value)}
        found.append(_("The parts add up to %(sum)s, and not to %(value)s.") % told)
    if Fault.STATED in one.faults and printed.percent is not None:
        told = {"stated": printed.stated, "worked": f"{printed.percent:.1f}"}
        found.append(_("Printed is %(stated)s %%; the two numbers give %(worked)s %%.") % told)
    if Fault.TWICE in one.faults:
        found.append(_("Another source has another number for the same period."))
    if printed.readings is not None:
        told = {"stated": printed.stated, "value": plain(printed.value)}
        found.append(_("%(stated)s %% (%(value)s) can be read in more than one way.") % told)
        fall, level = printed.readings
        if fall is not None:
            words = _("If %(value)s is the fall: from %(before)s to %(after)s.")
            found.append(words % {"value": told["value"], **_span(fall)})
        if level is not None:
            words = _("If %(value)s is what was left: from %(before)s to %(after)s.")
            found.append(words % {"value": told["value"], **_span(level)})
    return found


def _span(reading: "Reading") -> dict[str, str]:
    def words(low: int, high: int) -> str:
        return f"{low:,}" if low == high else f"{low:,}–{high:,}"

    return {"before": words(*reading.before), "after": words(*reading.after)}


def table(measure: "PerformanceMeasure", found: Sequence[Worked], *, change: bool) -> Table:
    """Every figure, with what it comes to."""
    heads = [_("Period"), _("Figure"), _("Compared"), _("Source")]
    rows = []
    for one in found:
        url = reverse("performance-figure", args=[measure.pk, one.row.pk]) if change else ""
        row = [
            Cell(period(one), url, hint=days(one)),
            Cell(f"{plain(one.row.value)} {measure.unit}"),
            Cell(compared(one), hint=" ".join(warnings(one))),
            Cell(one.row.source, hint=one.row.narrative),
        ]
        if measure.per is not None:
            row.insert(3, Cell("" if one.each is None else f"{one.each:,.1f}"))
        rows.append(row)
    if measure.per is not None:
        heads.insert(3, _("For each of %(other)s") % {"other": measure.per.name})
    return Table(_("Figures"), heads, rows, numeric=frozenset({1}), hide_caption=False)


def parts(found: Sequence[Worked]) -> list[Table]:
    """The parts of each figure that has some, and what they add up to."""
    heads = [_("Part"), _("Number")]
    tables = []
    for one in found:
        printed = one.published
        if printed.parts_sum is None:
            continue
        rows = [[Cell(name), Cell(plain(number))] for name, number in printed.parts]
        rows.append([Cell(_("Together")), Cell(plain(printed.parts_sum))])
        rows.append([Cell(_("As printed")), Cell(plain(printed.value))])
        caption = _("Parts, %(period)s") % {"period": period(one)}
        tables.append(Table(caption, heads, rows, numeric=frozenset({1}), hide_caption=False))
    return tables


def picture(measure: "PerformanceMeasure", found: Sequence[Worked]) -> SafeString | str:
    """The figures as bars: each out of its target or whole, or after what it was before."""
    numbers = [n for one in found for n in (one.row.value, one.row.comparator) if n is not None]
    if not numbers or min(numbers) < 0:
        return ""
    bars = []
    for one in found:
        value, other = float(one.row.value), one.row.comparator
        before = one.published.against is Against.EARLIER
        if before and other is not None:
            name = _("Before %(period)s") % {"period": period(one)}
            bars.append(Bar(name, float(other), text=plain(other)))
        whole = None if before or other is None else float(other)
        bars.append(Bar(period(one), value, whole, plain(one.row.value)))
    told = "; ".join(f"{one.label} {one.text}" for one in bars)
    drawn = bar_chart(bars, title=measure.name, description=told)
    # Drawn here from numbers and our own words, which the drawing escapes.
    return mark_safe(drawn)  # noqa: S308
