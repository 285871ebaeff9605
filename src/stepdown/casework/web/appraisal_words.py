"""An appraisal in words, tables and a picture: everything worked out from its lines."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.adapters.balance_chart import Balance, balance_chart
from stepdown.casework.queries.appraisal import Worked
from stepdown.casework.queries.years import year_words
from stepdown.evidence.appraisal import discount_factor
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import gov_date

if TYPE_CHECKING:
    from stepdown.casework.models import Appraisal, AppraisalLine

KINDS = {"cost": gettext_lazy("Cost"), "benefit": gettext_lazy("Benefit")}


def pounds(amount: Decimal) -> str:
    """£1,234.50, and £1,234 where there are no pence; a minus before the pound sign."""
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"−£{text}" if amount < 0 else f"£{text}"


def whole(amount: Decimal) -> str:
    """To the nearest pound: for what was discounted."""
    return pounds(amount.quantize(Decimal(1)))


def facts(held: "Appraisal") -> list[Row]:
    """What it is worked out by, and from where that comes."""
    verified = _("Not verified: nobody but who entered it has compared it with its source")
    if held.rate_verified_on is not None:
        verified = _("Verified by %(who)s on %(day)s") % {
            "who": held.rate_verified_by.display_name if held.rate_verified_by else "",
            "day": gov_date(held.rate_verified_on),
        }
    found = [
        Row(_("First year"), _("%(year)s: in its prices, and not discounted")
            % {"year": year_words(held.base_year)}),
        Row(_("Discount rate"), _("%(rate)s %% a year") % {"rate": f"{held.rate.normalize():f}"}),
        Row(_("From"), _("%(source)s, of %(day)s")
            % {"source": held.rate_source, "day": gov_date(held.rate_dated)}),
        Row(_("Looked at by somebody else"), verified),
    ]  # fmt: skip
    if held.each is not None:
        told = {"pounds": pounds(held.each), "source": held.each_source}
        found.append(Row(_("One more case saves"), _("%(pounds)s (%(source)s)") % told))
    return found


def results(held: "Appraisal", found: Worked) -> list[Row]:
    """What it comes to."""
    streams = found.streams
    even = _("Not within these years")
    if found.even is not None:
        even = _("In %(year)s") % {"year": year_words(found.even)}
    lines = [
        Row(_("Costs"), pounds(sum(streams.costs, Decimal(0)))),
        Row(_("Benefits"), pounds(sum(streams.savings, Decimal(0)))),
        Row(_("Net, not discounted"), pounds(streams.net)),
        Row(_("Benefit for each £1 of cost, not discounted"), _ratio(streams.ratio)),
        Row(_("Breaks even"), even),
        Row(_("Costs at their present value"), whole(streams.present_cost)),
        Row(_("Benefits at their present value"), whole(streams.present_saving)),
        Row(_("Net present value"), whole(streams.present_net)),
        Row(_("Benefit-cost ratio"), _ratio(streams.present_ratio)),
    ]
    most = max((one for one in found.cases if one), default=0)
    if held.each is not None and most:
        told = {"cases": f"{most:,}", "each": pounds(held.each)}
        words = _("%(cases)s in the year with most benefits, at %(each)s each") % told
        lines.append(Row(_("Cases that the benefits would need"), words))
    return lines


def _ratio(number: Decimal | None) -> str:
    return _("Nothing is spent") if number is None else f"{number:.3f}"


def years(held: "Appraisal", found: Worked) -> Table:
    """Costs, benefits and the balance, year by year."""
    heads = [_("Year"), _("Costs"), _("Benefits"), _("Net"), _("Balance"), _("A pound is worth")]
    streams, rows = found.streams, []
    for at, year in enumerate(found.years):
        cost, saving = streams.costs[at], streams.savings[at]
        row = [Cell(year_words(year)), Cell(pounds(cost)), Cell(pounds(saving)),
               Cell(pounds(saving - cost)), Cell(pounds(streams.cumulative[at])),
               Cell(f"£{discount_factor(at, streams.schedule):.4f}")]  # fmt: skip
        rows.append(row)
        if held.each is not None:
            needed = found.cases[at]
            row.append(Cell(f"{needed:,}" if needed else ""))
    heads += [_("Cases needed")] if held.each is not None else []
    numeric = frozenset(range(1, len(heads)))
    return Table(_("Year by year"), heads, rows, numeric=numeric, hide_caption=False)


def rests(found: Worked) -> Table:
    """Which pounds rest on which source."""
    heads = [_("Source"), _("Costs"), _("Benefits")]
    rows = [[Cell(one.source), Cell(pounds(one.cost)), Cell(pounds(one.benefit))]
            for one in found.rests]  # fmt: skip
    caption = _("What rests on which source")
    return Table(caption, heads, rows, numeric=frozenset({1, 2}), hide_caption=False)


def lines(held: "Appraisal", some: Sequence["AppraisalLine"], *, change: bool) -> Table:
    """Every line, with whose figure it is."""

    def address(one: "AppraisalLine") -> str:
        return reverse("appraisal-line", args=[held.pk, one.pk])

    heads = [_("Line"), _("Kind"), _("Pounds"), _("Whose figure"), _("Source")]
    rows = [
        [
            Cell(f"{one.what}, {year_words(one.year)}", address(one) if change else ""),
            Cell(KINDS[one.kind]), Cell(pounds(one.pounds)), Cell(one.whose), Cell(one.source),
        ]
        for one in some
    ]  # fmt: skip
    return Table(_("Lines"), heads, rows, numeric=frozenset({2}), hide_caption=False)


def picture(held: "Appraisal", found: Worked) -> SafeString:
    """The balance at the end of each year."""
    rows = [
        Balance(year_words(year), float(balance), pounds(balance))
        for year, balance in zip(found.years, found.streams.cumulative, strict=True)
    ]
    told = "; ".join(f"{one.label} {one.text}" for one in rows)
    drawn = balance_chart(
        rows,
        title=_("Balance at the end of each year: %(title)s") % {"title": held.title},
        description=_("Benefits less costs up to the end of each year: %(told)s.") % {"told": told},
    )
    # Drawn here from numbers and our own words, which the drawing escapes.
    return mark_safe(drawn)  # noqa: S308
