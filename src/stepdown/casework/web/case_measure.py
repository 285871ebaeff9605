"""Measures on the page of a case: before and after as a picture, what is missing said, and the
form that records one."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.casework.actions import cases
from stepdown.casework.queries.case import definition_of, get
from stepdown.casework.queries.case_page import Named, Taken, missing_reasons, named, taken
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.web.case_bar import bar
from stepdown.casework.web.case_forms import MeasureForm
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pages.words import gov_date
from stepdown.pathways.instruments import Instrument, instrument
from stepdown.pathways.interpret import Standing
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Case


@dataclass(frozen=True)
class Line:
    """One occasion: what came out, or when it is due and where to record it."""

    occasion: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Drawn:
    """One measure of one person."""

    name: str
    who: str
    source: str
    picture: SafeString | str
    lines: list[Line]


def measures_for(
    case: "Case",
    now: Standing,
    read: Mapping[Category, str],
    people: list[Named],
    *,
    works: bool,
) -> list[Drawn]:
    """Every measure the actor may read, for everybody it is about."""
    readable = {category.value for category in read}
    held = taken(case, readable)
    found = []
    for measure in definition_of(case).measures:
        kind = instrument(measure.instrument, case.opened_on or clock.today())
        if measure.category not in readable or kind is None:
            continue
        for one in (p for p in people if p.role == measure.about):
            mine = {t.occasion: t for t in held if t.measure == measure.key and t.named == one.id}
            lines, bars = [], []
            for due in (d for d in now.measures if d.measure.key == measure.key):
                name, at = in_words(due.occasion.name), mine.get(due.occasion.key)
                url = ""
                if at is None and works:
                    args = [case.pk, measure.key, due.occasion.key, one.id]
                    url = reverse("case-measure", args=args)
                when = _("due %(date)s") % {"date": gov_date(due.due)} if due.due else ""
                lines.append(Line(name, _told(kind, at) if at else when or _("Not yet"), url))
                bars += _bars(kind, name, at)
            picture = _picture(in_words(measure.name), bars) if any(b.value for b in bars) else ""
            found.append(Drawn(in_words(measure.name), one.name, kind.name, picture, lines))
    return found


def _told(kind: Instrument, at: Taken) -> str:
    if at.missing:
        return dict(missing_reasons()).get(at.missing, at.missing)
    if at.total is not None:
        low, high = kind.range
        words = {"score": _plain(at.total), "low": _plain(low), "high": _plain(high)}
        text = _("%(score)s, on a scale from %(low)s to %(high)s") % words
    elif kind.scoring == "each":
        text = ", ".join(f"{item_words(key)} {value}" for key, value in at.answers.items())
    else:
        lacking = len(kind.items) - len(at.answers)
        text = _("No score: %(count)d answers are missing") % {"count": lacking}
    return f"{text} ({gov_date(at.on)})"


def _plain(score: Decimal) -> str:
    """19.25, and 7 rather than 7.00."""
    return f"{score.normalize():f}"


def _bars(kind: Instrument, name: str, at: Taken | None) -> list[Bar]:
    high = float(kind.range[1])
    if kind.scoring == "each":
        return [
            Bar(f"{item_words(item.key)}: {name}", float(at.answers[item.key]), high)
            for item in kind.items
            if at is not None and item.key in at.answers
        ]
    if at is None or at.total is None:
        return [Bar(name, None, text=_("no score"))]
    return [Bar(name, float(at.total), high, text=_plain(at.total))]


def _picture(name: str, bars: list[Bar]) -> SafeString:
    described = "; ".join(f"{one.label} {one.text or one.value}" for one in bars)
    return mark_safe(bar_chart(bars, title=name, description=described))  # noqa: S308 - made here


def item_words(key: str) -> str:
    """What an item is called: its number, or for ONS4 what it is about. Never its wording."""
    known = {
        "satisfied": _("Satisfied with life"),
        "worthwhile": _("Things are worthwhile"),
        "happy": _("Happy yesterday"),
        "anxious": _("Anxious yesterday"),
        "score": _("Score"),
    }
    number = key.removeprefix("item-")
    return known.get(key) or _("Item %(number)s") % {"number": number}


@page(Permission.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def record(
    request: HubRequest, id: UUID, measure: str, occasion: str, named_id: UUID
) -> HttpResponse:
    """What somebody answered on one occasion."""
    case = get(by=request.actor, id=id)
    definition = definition_of(case)
    asked = next((one for one in definition.measures if one.key == measure), None)
    when = next((o for o in asked.occasions if o.key == occasion), None) if asked else None
    kind = instrument(asked.instrument, clock.today()) if asked else None
    if asked is None or when is None or kind is None:
        raise NotVisible("No such measure.")
    who = named(case, named_id)
    context = bar(request, case, "case-measure")
    if Category(asked.category) not in context["read"]:
        raise NotVisible("No such measure.")
    form = MeasureForm(
        request.POST if request.method == "POST" else None,
        instrument=kind,
        words={item.key: item_words(item.key) for item in kind.items},
        reasons=[("", _("It was answered")), *missing_reasons()],
    )
    if request.method == "POST" and form.is_valid():
        try:
            cases.measure(
                by=request.actor,
                case=case,
                measure=measure,
                occasion=occasion,
                named=who,
                answers=form.answers(),
                missing=form.cleaned_data["missing"],
            )
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The measure is recorded."))
            return redirect("case", id)
    context |= {
        "form": form,
        "title": f"{in_words(asked.name)}: {in_words(when.name)}",
        "text": _(
            "%(instrument)s. Use the wording that your organisation has a licence for. Leave empty "
            "what was not answered: nothing is guessed."
        )
        % {"instrument": kind.name},
        "button": _("Record it"),
    }
    return render(request, "casework/cases/form.html", context)
