"""The plan in figures: what it fills, what is proved of it, how evenly it asks."""

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import Refused
from stepdown.matching.scoring import MAX_QUALITY
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import plan_runs
from stepdown.volunteering.queries import plan as queries
from stepdown.volunteering.queries import plan_figures as counts
from stepdown.volunteering.queries import plan_run as runs
from stepdown.volunteering.queries.choices import BANDS
from stepdown.volunteering.queries.resident import is_large
from stepdown.volunteering.web.plan_run import KeepForm, LimitForm, ended, limit_in
from stepdown.volunteering.web.plan_words import ASKED, LOADS, PHASES, SINCE, share

if TYPE_CHECKING:
    from stepdown.volunteering.models import Plan

# A line of figures: its name, its district's code if it is one, places filled, and all places.
Line = tuple[str, str, int, int]


def sections(current: str) -> list[tuple[str, str, bool]]:
    """The plan's three pages, for the sub-navigation."""
    return [
        (label, reverse(name), name == current)
        for label, name in (
            (_("Summary"), "plan"),
            (_("Proposed matches"), "plan-pairs"),
            (_("Places left empty"), "plan-gaps"),
        )
    ]


@page(Permission.PLAN_VIEW)
@require_safe
def plan(request: HubRequest) -> HttpResponse:
    """The latest plan in figures, with its proof in plain words."""
    return _show(request, KeepForm())


@page(Permission.PLAN_RUN)
@require_POST
def make(request: HubRequest) -> HttpResponse:
    """Ask for a new plan of all open needs against all volunteers."""
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    most = form.cleaned_data["most_changes"]
    try:
        asked = plan_runs.ask(by=request.actor, seconds=limit_in(request), most_changes=most)
    except Refused as refused:
        messages.warning(request, refused.reason)
        return redirect("plan")
    return redirect("plan-run", asked.pk)


def _show(request: HubRequest, form: KeepForm, status: int = 200) -> HttpResponse:
    latest = queries.latest(request.actor)
    context: dict[str, Any] = {
        "plan": latest,
        "may_make": may_ever(request.actor, Permission.PLAN_RUN),
        "limit_form": LimitForm() if is_large() else None,
        "form": form,
        **_run(request, latest),
    }
    if latest is not None:
        figures = counts.figures(request.actor, latest)
        counted = counts.since(request.actor, latest)
        names = {int(key): str(name) for key, name in BANDS}
        bands = [
            (names[one.band], "", one.filled, one.filled + one.unfilled) for one in figures.bands
        ]
        districts = [
            (one.name or _("No district"), one.code, one.filled, one.filled + one.unfilled)
            for one in counts.by_district(request.actor, latest)
        ]
        seconds = latest.facts.get("seconds", {})
        context |= {
            "sub_navigation": sections("plan"),
            "figures": figures,
            "unsent": counted[queries.PairStatus.NEW],
            "since": [(SINCE[status], number) for status, number in counted.items()],
            "bands": _shares(bands),
            "bands_chart": _chart(bands, _("Places the plan fills, by urgency")),
            "districts": _shares(districts),
            "districts_chart": _chart(districts, _("Places the plan fills, by district")),
            "changed": queries.count_changes(request.actor, latest),
            "long": queries.is_long(latest),
            "fairness": _fairness(latest),
            "kept": _kept(latest),
            "stopped": _is_stopped(latest),
            "bounds": _bounds(latest),
            "most_quality": min(latest.upper_bound, MAX_QUALITY * latest.filled),
            "seconds": sum(seconds.values()),
            "phases": [(PHASES.get(key, key), time) for key, time in seconds.items()],
        }
    return render(request, "volunteering/plan/plan.html", context, status=status)


def _run(request: HubRequest, latest: "Plan | None") -> dict[str, Any]:
    """The plan that is being made now; or how the last one ended, if it was to be newer."""
    last = runs.latest(request.actor)
    if last is None:
        return {}
    if runs.is_under_way(last):
        return {"running": last}
    newer = latest is None or last.asked_at > latest.made_at
    return {"ended": ended(last)} if newer else {}


def _fairness(latest: "Plan") -> list[tuple[str, str, list[tuple[str, int, int]]]]:
    """Caption, first heading and lines of each table: name, volunteers in the plan, all."""
    told = latest.facts.get("fairness", {})
    tables = (
        (_("Asked before this plan"), _("Offers made before"), "asks", ASKED),
        (_("Load with this plan"), _("Places taken, of those they can take"), "load", LOADS),
    )
    return [
        (
            caption,
            first,
            [
                (str(words.get(line["name"], line["name"])), line["planned"], line["volunteers"])
                for line in told[key]
            ],
        )
        for caption, first, key, words in tables
        if key in told
    ]


def _is_stopped(latest: "Plan") -> bool:
    return not latest.facts.get("finished", True)


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)


def _kept(latest: "Plan") -> str:
    """What it keeps of the last plan, where it was to keep some of it."""
    told = latest.facts.get("kept")
    if not told:
        return ""
    lines = [
        ngettext(
            "Of %(n)s match of the last plan that could stay, this plan changes %(changed)s.",
            "Of %(n)s matches of the last plan that could stay, this plan changes %(changed)s.",
            told["possible"],
        )
        % {"n": _number(told["possible"]), "changed": _number(told["changed"])}
    ]
    if told["most"] is not None:
        lines.append(_("No more than %(n)s were to change.") % {"n": _number(told["most"])})
    if told["sticky"]:
        lines.append(
            _(
                "A change that fills no more places had to earn more than %(n)s points for each "
                "match it changes."
            )
            % {"n": _number(told["sticky"])}
        )
    if told["held_back"]:
        lines.append(
            ngettext(
                "%(n)s set of changes that belong together was held back.",
                "%(n)s sets of changes that belong together were held back.",
                told["held_back"],
            )
            % {"n": _number(told["held_back"])}
        )
    return " ".join(lines)


def _bounds(latest: "Plan") -> list[tuple[str, int, int]]:
    """Of a plan that its limit stopped, or that holds changes back: the bands so far, places
    filled in them, and the most that any plan fills in them, as far as that is proved."""
    told = latest.facts.get("kept") or {}
    held = told.get("held_back") and told.get("sound")
    if not (_is_stopped(latest) or held):
        return []
    names = [str(name) for _key, name in BANDS]
    filled = accumulate(latest.facts["filled_by_band"])
    most = accumulate(latest.facts["optimum_by_band"])
    return [
        (name if at == 0 else _("%(band)s and all above") % {"band": name}, here, bound)
        for at, (name, here, bound) in enumerate(zip(names, filled, most, strict=True))
    ]


def _shares(lines: Sequence[Line]) -> list[tuple[str, str, int, int, str]]:
    """Name, code, places filled, places left empty, the share that is filled."""
    return [
        (name, code, filled, places - filled, share(filled, places))
        for name, code, filled, places in lines
    ]


def _chart(lines: Sequence[Line], title: str) -> str:
    bars = [
        Bar(name, filled, places, _("%(filled)d of %(all)d") % {"filled": filled, "all": places})
        for name, _code, filled, places in lines
    ]
    if not any(bar.of for bar in bars):
        return ""
    return bar_chart(
        bars, title=title, description=_("A bar for each line of the table, which has its numbers.")
    )
