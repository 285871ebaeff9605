"""The plan's lines: the matches it proposes, and the places it leaves empty."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import plan as queries
from stepdown.volunteering.queries import plan_figures as counts
from stepdown.volunteering.queries.choices import BANDS
from stepdown.volunteering.web.plan import sections
from stepdown.volunteering.web.plan_filters import filters_of
from stepdown.volunteering.web.plan_words import ready, tag_of

if TYPE_CHECKING:
    from stepdown.volunteering.models import Plan

NAMES = {int(key): name for key, name in BANDS}


def districts_in(request: HubRequest, latest: "Plan") -> list[tuple[str, str]]:
    """The districts of the actor's part of the plan: code and name. Two queries."""
    found = counts.by_district(request.actor, latest)
    return [(one.code, one.name) for one in found if one.code]


@page(Permission.PLAN_VIEW)
@require_safe
def pairs(request: HubRequest) -> HttpResponse:
    """Who the plan proposes for which need, why, and how that stands now."""
    latest = queries.latest(request.actor)
    if latest is None:
        return redirect("plan")
    filters = filters_of(request, districts_in(request, latest))
    found = queries.pairs(
        request.actor, latest, filters=filters.chosen, after=request.GET.get("after")
    )
    disclose(
        by=request.actor,
        people={one.volunteer_person_id for one in found.items if one.volunteer_person_id},
        purpose="matching",
        page="plan-pairs",
    )
    return render(
        request,
        "volunteering/plan/pairs.html",
        {
            "plan": latest,
            "page": found,
            "rows": [(row, NAMES[row.band], tag_of(row), ready(row)) for row in found.items],
            "any_ready": any(ready(row) for row in found.items),
            "unsent": queries.count_unsent(request.actor, latest, filters=filters.chosen),
            "filters": filters,
            "clear_url": request.path,
            "sub_navigation": sections("plan-pairs"),
        },
    )


@page(Permission.PLAN_VIEW)
@require_safe
def gaps(request: HubRequest) -> HttpResponse:
    """What the plan cannot fill, why, and the cheapest change that would."""
    latest = queries.latest(request.actor)
    if latest is None:
        return redirect("plan")
    filters = filters_of(request, districts_in(request, latest))
    found = queries.gaps(
        request.actor, latest, filters=filters.chosen, after=request.GET.get("after")
    )
    disclose(
        by=request.actor,
        people={one.change_person_id for one in found.items if one.change_person_id},
        purpose="matching",
        page="plan-gaps",
    )
    return render(
        request,
        "volunteering/plan/gaps.html",
        {
            "page": found,
            "rows": [(row, NAMES[row.band]) for row in found.items],
            "filters": filters,
            "clear_url": request.path,
            "sub_navigation": sections("plan-gaps"),
        },
    )


@page(Permission.PLAN_VIEW)
@require_safe
def changed(request: HubRequest) -> HttpResponse:
    """The matches of the plan before that this one makes otherwise, though they still stood."""
    latest = queries.latest(request.actor)
    if latest is None:
        return redirect("plan")
    found = queries.changes(request.actor, latest, after=request.GET.get("after"))
    disclose(
        by=request.actor,
        people={person for one in found.items for person in one.people},
        purpose="matching",
        page="plan-changed",
    )
    return render(
        request,
        "volunteering/plan/changed.html",
        {"page": found, "rows": found.items, "back_url": reverse("plan")},
    )
