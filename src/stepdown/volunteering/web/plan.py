"""The plan: make one, see what it says and why, send its offers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import plans
from stepdown.volunteering.queries import plan as queries
from stepdown.volunteering.queries.choices import BANDS
from stepdown.volunteering.web.plan_filters import filters_of

SENT = "plan_sent"  # what the last sending did, kept in the session for the page after it


def _sections(current: str) -> list[tuple[str, str, bool]]:
    return [
        (label, reverse(name), name == current)
        for label, name in (
            (_("Summary"), "plan"),
            (_("Proposed matches"), "plan-pairs"),
            (_("Places left empty"), "plan-gaps"),
        )
    ]


def _latest(request: HubRequest) -> Any:
    found = queries.latest(request.actor)
    if found is None:
        raise NotVisible("No plan yet.")
    return found


@page(Permission.PLAN_VIEW)
@require_safe
def plan(request: HubRequest) -> HttpResponse:
    """The latest plan in figures, with its proof in plain words."""
    latest = queries.latest(request.actor)
    context: dict[str, Any] = {"plan": latest, "sub_navigation": []}
    if latest is not None:
        figures = queries.figures(request.actor, latest)
        districts = queries.by_district(request.actor, latest)
        names = dict(BANDS)
        context |= {
            "sub_navigation": _sections("plan"),
            "figures": figures,
            "bands": [(names[one.band], one, one.filled + one.unfilled) for one in figures.bands],
            "districts": [(one, one.filled + one.unfilled) for one in districts],
            "chart": _chart(districts),
            "seconds": sum(latest.facts.get("seconds", {}).values()),
            "phases": sorted(latest.facts.get("seconds", {}).items()),
        }
    return render(request, "volunteering/plan/plan.html", context)


def _chart(districts: list[queries.DistrictFigures]) -> str:
    bars = [
        Bar(
            one.name or _("No district"),
            one.filled,
            one.filled + one.unfilled,
            _("%(filled)d of %(all)d") % {"filled": one.filled, "all": one.filled + one.unfilled},
        )
        for one in districts
    ]
    if not bars:
        return ""
    return bar_chart(
        bars,
        title=_("Places the plan fills, by district"),
        description=_("A bar for each district. The table below gives the same numbers."),
        width=560,
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


@page(Permission.PLAN_VIEW)
@require_safe
def pairs(request: HubRequest) -> HttpResponse:
    """Who the plan proposes for which need, why, and how that stands now."""
    latest = _latest(request)
    filters = filters_of(request)
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
            "filters": filters,
            "sub_navigation": _sections("plan-pairs"),
            "sendable": sum(one.status is queries.PairStatus.NEW for one in found.items),
        },
    )


@page(Permission.PLAN_VIEW)
@require_safe
def gaps(request: HubRequest) -> HttpResponse:
    """What the plan cannot fill, why, and the cheapest change that would."""
    latest = _latest(request)
    filters = filters_of(request)
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
            "plan": latest,
            "page": found,
            "filters": filters,
            "sub_navigation": _sections("plan-gaps"),
        },
    )


def _ids(request: HubRequest) -> list[UUID] | None:
    """The pairs that were ticked; None for all that were not sent so far."""
    if "all" in request.POST:
        return None
    found = []
    for text in request.POST.getlist("pair"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@page(Permission.OFFER_SEND)
@require_POST
def send(request: HubRequest) -> HttpResponse:
    """Check first: how many offers, to how many people. Then send them."""
    latest = _latest(request)
    ids = _ids(request)
    wanted = queries.chosen(request.actor, latest, ids)
    if not wanted:
        messages.warning(request, _("Select at least one match that has not been sent yet."))
        return redirect("plan-pairs")
    if "confirmed" not in request.POST:
        return render(
            request,
            "volunteering/plan/send.html",
            {
                "count": len(wanted),
                "people": len({pair.volunteer_id for pair in wanted}),
                "ids": None if ids is None else [pair.pk for pair in wanted],
                "back_url": reverse("plan-pairs"),
            },
        )
    result = plans.send_offers(by=request.actor, pairs=wanted)
    request.session[SENT] = {
        "sent": len(result.sent),
        "refused": [
            [str(pair.need_id), pair.need.reference, reason] for pair, reason in result.refused
        ],
    }
    return redirect("plan-sent")


@page(Permission.OFFER_SEND)
@require_safe
def sent(request: HubRequest) -> HttpResponse:
    """What was sent, and what was not and why."""
    result = request.session.get(SENT)
    if result is None:
        return redirect("plan")
    return render(
        request,
        "volunteering/plan/sent.html",
        {"result": result, "back_url": reverse("plan-pairs")},
    )
