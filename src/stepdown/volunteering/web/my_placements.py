"""A volunteer's placements: what has been agreed, and "I can't make it"."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import Refused
from stepdown.pages.forms import GovForm
from stepdown.pages.words import duration
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import placements
from stepdown.volunteering.queries import hours, mine
from stepdown.volunteering.web.my_words import rows_of, show_own


class StepBackForm(GovForm):
    """Nothing to fill in: the button is the answer. It carries what a refusal says."""


@page(Permission.PLACEMENT_STEP_BACK)
@require_safe
def my_placement(request: HubRequest, placement_id: UUID) -> HttpResponse:
    return _show(request, mine.my_placement(by=request.actor, id=placement_id))


def _show(request: HubRequest, one: mine.MyPlacement, form: GovForm | None = None) -> HttpResponse:
    show_own(request, "my-placement")
    given = hours.of_placement(request.actor, one.ask.id)
    return render(
        request,
        "volunteering/my/placement.html",
        {
            "placement": one,
            "rows": rows_of(one.ask),
            "form": form,
            "hours": [(entry, duration(entry.minutes)) for entry in given],
            "total": duration(sum(entry.minutes for entry in given)),
            "back_url": reverse("my-offers"),
        },
        status=403 if form else 200,
    )


@page(Permission.PLACEMENT_STEP_BACK)
@require_http_methods(["GET", "HEAD", "POST"])
def step_back(request: HubRequest, placement_id: UUID) -> HttpResponse:
    """ "I can't make it": somebody else decides what happens next, so nothing moves silently."""
    one = mine.my_placement(by=request.actor, id=placement_id)
    if request.method == "POST":
        try:
            placements.ask_to_step_back(by=request.actor, placement=one.record)
        except Refused as refused:
            form = StepBackForm(request.POST)
            form.explain(refused)
            return _show(request, mine.my_placement(by=request.actor, id=placement_id), form)
        messages.success(
            request, _("We have told the coordinator. They will get in touch with you.")
        )
        return redirect("my-placement", placement_id)
    if not one.may_step_back:
        return redirect("my-placement", placement_id)
    show_own(request, "my-placement-step-back")
    return render(
        request,
        "volunteering/my/step_back.html",
        {"placement": one, "back_url": reverse("my-placement", args=[placement_id])},
    )
