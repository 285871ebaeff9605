"""Sending the plan's offers: check first, then send, then read what was not sent and why."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import plans
from stepdown.volunteering.queries import plan as queries
from stepdown.volunteering.web.plan_filters import read
from stepdown.volunteering.web.plan_lists import districts_in
from stepdown.volunteering.web.plan_words import ready, tag_of

if TYPE_CHECKING:
    from stepdown.volunteering.models import Plan, PlanPair

SENT = "plan_sent"  # what the last sending did, kept in the session for the page after it
AT_ONCE = 200  # sending more would keep somebody waiting longer than a browser does
SHOWN = 50  # the check lists so many of each kind, and says how many more there are


@page(Permission.OFFER_SEND)
@require_POST
def send(request: HubRequest) -> HttpResponse:
    """Check first: how many offers, to how many people. Then send them."""
    latest = queries.latest(request.actor)
    if latest is None:
        return redirect("plan")
    if request.POST.get("plan") != str(latest.pk):
        messages.warning(request, _("A newer plan has been made. Look at it before you send."))
        return redirect("plan-pairs")
    wanted = _wanted(request, latest)
    if not wanted:
        messages.warning(request, _("Select at least one match that has not been sent yet."))
        return redirect("plan-pairs")
    if "confirmed" not in request.POST:
        return _check(request, latest, wanted)
    result = plans.send_offers(by=request.actor, pairs=wanted[:AT_ONCE])
    request.session[SENT] = {
        "sent": len(result.sent),
        "refused": [
            [str(pair.need_id), pair.need.reference, reason] for pair, reason in result.refused
        ],
    }
    return redirect("plan-sent")


def _wanted(request: HubRequest, latest: "Plan") -> list["PlanPair"]:
    """The pairs that were ticked; or all under the filter that were not sent so far."""
    if "all" in request.POST:
        filters = read(request.POST, districts_in(request, latest))
        return queries.unsent(request.actor, latest, filters=filters, most=AT_ONCE)
    return queries.chosen(request.actor, latest, _ids(request.POST.getlist("pair")))


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _check(request: HubRequest, latest: "Plan", wanted: list["PlanPair"]) -> HttpResponse:
    rows = queries.rows_for(request.actor, wanted[:AT_ONCE])
    good = [row for row in rows if ready(row)]
    bad = [(row, tag_of(row)[0]) for row in rows if not ready(row)]
    many = len(wanted)
    if "all" in request.POST:
        filters = read(request.POST, districts_in(request, latest))
        many = max(many, queries.count_unsent(request.actor, latest, filters=filters))
    disclose(
        by=request.actor,
        people={row.volunteer_person_id for row in good[:SHOWN] if row.volunteer_person_id},
        purpose="matching",
        page="plan-send",
    )
    return render(
        request,
        "volunteering/plan/send.html",
        {
            "plan": latest,
            "count": len(good),
            "people": len({row.volunteer_id for row in good}),
            "good": good[:SHOWN],
            "ids": [] if "all" in request.POST else [row.id for row in good],
            "good_more": max(0, len(good) - SHOWN),
            "bad": bad[:SHOWN],
            "bad_count": len(bad),
            "bad_more": max(0, len(bad) - SHOWN),
            "later": max(0, many - AT_ONCE),
            "all": "all" in request.POST,
            "district": request.POST.get("district", ""),
            "band": request.POST.get("band", ""),
            "back_url": reverse("plan-pairs"),
        },
    )


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
