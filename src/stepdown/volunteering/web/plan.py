"""The plan: make one, and see what it says in figures."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import Refused
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import plans
from stepdown.volunteering.queries import plan as queries
from stepdown.volunteering.queries.choices import BANDS
from stepdown.volunteering.web.plan_words import PHASES, SINCE, share

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
    latest = queries.latest(request.actor)
    context: dict[str, Any] = {
        "plan": latest,
        "may_make": may_ever(request.actor, Permission.PLAN_RUN),
    }
    if latest is not None:
        figures = queries.figures(request.actor, latest)
        counted = queries.since(request.actor, latest)
        names = {int(key): str(name) for key, name in BANDS}
        bands = [
            (names[one.band], "", one.filled, one.filled + one.unfilled) for one in figures.bands
        ]
        districts = [
            (one.name or _("No district"), one.code, one.filled, one.filled + one.unfilled)
            for one in queries.by_district(request.actor, latest)
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
            "seconds": sum(seconds.values()),
            "phases": [(PHASES.get(key, key), time) for key, time in seconds.items()],
        }
    return render(request, "volunteering/plan/plan.html", context)


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


@page(Permission.PLAN_RUN)
@require_POST
def make(request: HubRequest) -> HttpResponse:
    """A new plan of all open needs against all volunteers, as of now."""
    try:
        made = plans.make(by=request.actor)
    except Refused as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(
            request,
            _("The plan is ready: %(filled)d of %(places)d open places can be filled.")
            % {"filled": made.filled, "places": made.places},
        )
    return redirect("plan")
