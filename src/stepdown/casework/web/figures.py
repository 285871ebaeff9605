"""The figures of a pathway: what its definition counts, out of the cases that the reader sees."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.casework.queries import rota as rotas
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.definitions import definition
from stepdown.casework.queries.figures import figures_for, pathways_seen, span_of
from stepdown.casework.queries.funding import lines_for, total
from stepdown.casework.queries.rate import Money, money
from stepdown.casework.queries.years import year_words
from stepdown.casework.web.case_list import sections
from stepdown.casework.web.funding import funding_table
from stepdown.casework.web.rota_words import count_words
from stepdown.hub.queries.place import district_choices
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.sheets import as_csv
from stepdown.pages.forms import CheckboxesInline, GovForm, Select
from stepdown.pages.parts import Cell, Table
from stepdown.pages.words import gov_date
from stepdown.pathways.figures import Figure, Figures
from stepdown.pathways.schema import Definition
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Rate
    from stepdown.evidence.avoided import Line

PERIODS = (
    ("year", gettext_lazy("The last 12 months")),
    ("quarter", gettext_lazy("The last 3 months")),
    ("financial", gettext_lazy("This financial year")),
    ("financial-before", gettext_lazy("The financial year before")),
    ("all", gettext_lazy("Everything")),
)


class FiguresForm(GovForm):
    """A GET form. What cannot be read is the first pathway, and the last 12 months."""

    pathway = forms.ChoiceField(label=gettext_lazy("Pathway"), required=False, widget=Select)
    period = forms.ChoiceField(
        label=gettext_lazy("Opened in"), required=False, choices=PERIODS, widget=Select
    )
    district = forms.MultipleChoiceField(
        label=gettext_lazy("District"), required=False, widget=CheckboxesInline
    )

    def __init__(self, data: QueryDict, pathways: Iterable[str]) -> None:
        super().__init__(data)
        named = [(key, in_words(definition(key).name)) for key in pathways]
        for name, choices in (("pathway", named), ("district", district_choices())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = choices
        self.is_valid()

    def asked(self) -> tuple[str, str, tuple[str, ...]]:
        """The pathway, the period and the districts."""
        given = self.cleaned_data
        first = next((key for key, _words in self.fields["pathway"].choices), "")  # type: ignore[attr-defined]
        return (
            given.get("pathway") or first,
            given.get("period") or PERIODS[0][0],
            tuple(given.get("district") or ()),
        )


@page(Permission.CASE_VIEW)
@require_safe
def figures(request: HubRequest) -> HttpResponse:
    """One pathway's figures, drawn and as tables."""
    form = FiguresForm(request.GET, pathways_seen(request.actor))
    key, period, districts = form.asked()
    context: dict[str, object] = {"filter_form": form, "sub_navigation": sections(request)}
    if key:
        span = span_of(period, clock.today())
        found = figures_for(request.actor, key, span, districts)
        one = definition(key)
        context |= {
            "name": in_words(one.name),
            "key": key,
            "cases": ngettext("%(n)d case", "%(n)d cases", found.cases) % {"n": found.cases},
            "span": span if period != "all" else None,
            "picture": _picture(one, found),
            "tables": _tables(one, found),
            "money": (spent := money(key, found)),
            "money_table": _money_table(spent) if spent else None,
            "may_rates": may_ever(request.actor, Permission.RATE_VIEW),
            "may_evidence": may_ever(request.actor, Permission.EVIDENCE_VIEW),
            "funding": _funding(request, key),
            "aside": max((f.aside for f in (*found.counts, *found.sums)), default=0),
            "posts": _posts(request, key),
            "query": request.GET.urlencode(),
        }
    return render(request, "casework/cases/figures.html", context)


def _funding(request: HubRequest, key: str) -> Table | None:
    """What funds gave to the pathway in all years."""
    lines = lines_for(request.actor, key)
    return funding_table(lines, _("Funding")) if lines else None


@page(Permission.CASE_VIEW)
@require_safe
def download(request: HubRequest) -> HttpResponse:
    """The same figures as a file for a spreadsheet. Nobody is named in it."""
    key, period, districts = FiguresForm(request.GET, pathways_seen(request.actor)).asked()
    rows: list[tuple[str | int | None, ...]] = []
    if key:
        span = span_of(period, clock.today())
        found = figures_for(request.actor, key, span, districts)
        spent = money(key, found)
        for table in _tables(definition(key), found):
            rows += [(table.caption, *(str(cell.text) for cell in row)) for row in table.rows]
        rows += _money_rows(spent) if spent else []
        given, blank = lines_for(request.actor, key), ("", "", "", "", "", "")
        caption = _("Funding")
        rows += [
            (caption, f"{one.fund}, {year_words(one.year)}", *blank, f"{one.pounds:.2f}")
            for one in given
        ]
        if given:
            rows.append((caption, _("In all"), *blank, f"{total(given):.2f}"))
        if _posts(request, key):
            posts = rotas.counted(rotas.standing(request.actor, key))
            lines = ((_("Posts"), posts.all), (_("Vacant"), posts.vacant),
                     (_("In induction"), posts.in_induction))  # fmt: skip
            rows += [(_("Rota"), name, number, *[""] * 6) for name, number in lines]
    heads = (
        _("Table"), _("Figure"), _("Number"), _("Out of"), _("Percent"), _("Whose"), _("Rate"),
        _("Verified"), _("Pounds"),
    )  # fmt: skip
    answer = HttpResponse(as_csv(heads, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="figures-{key or "none"}.csv"'
    return answer


def _posts(request: HubRequest, key: str) -> str:
    """How many posts of the pathway's rota there are and are vacant, for whoever may see it."""
    if not rotas.sees(request.actor, key) or definition(key).rota is None:
        return ""
    return count_words(rotas.counted(rotas.standing(request.actor, key)))


def _tables(one: Definition, found: Figures) -> list[Table]:
    outcomes = {
        (outcome.key, reason): (in_words(outcome.name), words)
        for outcome in one.outcomes
        for reason, words in [("", ""), *((r.key, in_words(r.name)) for r in outcome.reasons)]
    }
    ended = {
        ": ".join(part for part in outcomes.get(key, key) if part): number
        for key, number in found.outcomes.items()
    }
    stages = {in_words(s.name): found.stages[s.key] for s in one.stages if s.key in found.stages}
    sources = {in_words(s.name): found.sources[s.key] for s in one.sources}
    headings = [_("Figure"), _("Number"), _("Out of"), _("Percent")]
    tables = [
        Table(_("What is counted"), headings, [_line(f) for f in found.counts]),
        Table(_("Added up"), headings[:3], [_line(f)[:3] for f in found.sums]),
        *(
            Table(caption, headings, _shares(some))
            for caption, some in (
                (_("Who referred"), sources),
                (_("Where they stand"), stages),
                (_("How they ended"), ended),
            )
        ),
    ]
    right = frozenset({1, 2, 3})
    return [
        Table(t.caption, t.headings, t.rows, numeric=right, hide_caption=False)
        for t in tables
        if t.rows
    ]


def _money_table(spent: Money) -> Table:
    """Hours and pounds, each line at its own rate."""
    rows = [
        [
            Cell(line.what, hint=_since(spent, line, rate)),
            Cell(line.agency),
            Cell(f"{line.hours:,.1f}" if line.hours else ""),
            Cell(f"£{rate.pounds:,.2f}", hint="" if rate.verified else _("Not verified")),
            Cell(f"£{line.pounds:,.2f}"),
        ]
        for line, rate in spent.lines
    ]
    for agency, part in spent.total.by_agency.items():
        if sum(line.agency == agency for line, _rate in spent.lines) > 1:
            rows.append(
                [Cell(_("Together")), Cell(agency), Cell(""), Cell(""), Cell(f"£{part:,.2f}")]
            )
    hours, pounds = f"{spent.total.hours:,.1f}", f"£{spent.total.pounds:,.2f}"
    rows.append([Cell(_("In all")), Cell(""), Cell(hours), Cell(""), Cell(pounds)])
    heads = [_("Line"), _("Whose"), _("Hours"), _("Rate"), _("Pounds")]
    caption = _("In hours and pounds")
    return Table(caption, heads, rows, numeric=frozenset({2, 3, 4}), hide_caption=False)


def _since(spent: Money, line: "Line", rate: "Rate") -> str:
    """From when the rate holds, where the line had several."""
    if sum(one.what == line.what for one, _rate in spent.lines) < 2:
        return ""
    return _("At the rate from %(day)s") % {"day": gov_date(rate.valid_from)}


def _what(spent: Money, line: "Line", rate: "Rate") -> str:
    return ": ".join(part for part in (line.what, _since(spent, line, rate)) if part)


def _money_rows(spent: Money) -> list[tuple[str | int | None, ...]]:
    """The same as lines of a file: hours are numbers, and a line without a rate has no pounds."""
    caption, blank = _("In hours and pounds"), ("", "")
    rows: list[tuple[str | int | None, ...]] = [
        (caption, _what(spent, line, rate), f"{line.hours:.1f}" if line.hours else "", *blank,
         line.agency, f"{rate.pounds:.2f}", _("Yes") if rate.verified else _("No"),
         f"{line.pounds:.2f}")
        for line, rate in spent.lines
    ]  # fmt: skip
    rows += [
        (caption, name, "", *blank, "", _("No rate has been entered"), "", "")
        for name in spent.without
    ]
    for name, day in spent.before:
        words = _("No rate before %(day)s") % {"day": gov_date(day)}
        rows.append((caption, name, "", *blank, "", words, *blank))
    total = f"{spent.total.hours:.1f}", *blank, "", "", "", f"{spent.total.pounds:.2f}"
    return [*rows, (caption, _("In all"), *total)]


def _line(figure: Figure) -> list[Cell]:
    percent = "" if figure.percent is None else _percent(figure.percent)
    return [Cell(in_words(figure.name)), Cell(figure.number), Cell(figure.of), Cell(percent)]


def _shares(some: Mapping[str, int]) -> list[list[Cell]]:
    total = sum(some.values())
    return [
        [Cell(words), Cell(number), Cell(total), Cell(_percent(100 * number / total))]
        for words, number in some.items()
        if number
    ]


def _percent(number: float) -> str:
    return f"{number:.1f} %"


def _picture(one: Definition, found: Figures) -> SafeString | str:
    """What is counted, as bars out of the cases it was counted in."""
    bars = [
        Bar(in_words(f.name), f.number, f.of, _("%(n)d of %(of)d") % {"n": f.number, "of": f.of})
        for f in found.counts
        if f.of
    ]
    if not bars:
        return ""
    drawn = bar_chart(
        bars,
        title=in_words(one.name),
        description=_("Each count out of the cases that it was made from; as numbers below."),
    )
    # Drawn here from numbers and our own words, which the drawing escapes.
    return mark_safe(drawn)  # noqa: S308
