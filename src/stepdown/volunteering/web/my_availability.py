"""When a volunteer can, how far and how much; taking a break."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm, Number, SlotsField, SlotsGrid
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import volunteers
from stepdown.volunteering.queries import mine
from stepdown.volunteering.web.my_offers import show_own


class AvailabilityForm(GovForm):
    """The week, the distance, the load. ``version`` tells whether somebody else wrote meanwhile."""

    slots = SlotsField(
        label=gettext_lazy("When could you usually help?"),
        help_text=gettext_lazy("Tick every half-day that suits you in most weeks."),
        required=False,
    )
    travel_km = forms.IntegerField(
        label=gettext_lazy("How far could you travel?"),
        help_text=gettext_lazy("In kilometres, in a straight line. Leave empty for any distance."),
        required=False,
        min_value=1,
        max_value=200,
        widget=Number(width=3, suffix=gettext_lazy("km")),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("How many placements could you have at once?"),
        min_value=1,
        max_value=20,
        widget=Number(width=2),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@page(Permission.VOLUNTEER_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def my_availability(request: HubRequest) -> HttpResponse:
    volunteer = mine.my_profile(request.actor)
    held = mine.my_held_slots(volunteer)
    limit = volunteer.travel_limit_m
    form = AvailabilityForm(
        request.POST or None,
        initial={
            "slots": volunteer.slots,
            "travel_km": None if limit is None else round(limit / 1000),
            "capacity": volunteer.capacity,
            "version": volunteer.version,
        },
    )
    form.fields["slots"].widget = SlotsGrid(held=held)
    form.fields["slots"].widget.choices = form.fields["slots"].choices  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            volunteers.change(
                by=request.actor,
                volunteer=volunteer,
                version=given["version"],
                slots=given["slots"],
                travel_limit_m=given["travel_km"] * 1000 if given["travel_km"] else None,
                capacity=given["capacity"],
            )
        except (InvalidInput, Refused) as wrong:
            form.explain(wrong)
        else:
            messages.success(request, _("Your availability has been saved."))
            return redirect("my-availability")
    show_own(request, "my-availability")
    return render(
        request,
        "volunteering/my/availability.html",
        {"form": form, "volunteer": volunteer, "held": held},
        status=422 if form.errors else 200,
    )


@page(Permission.VOLUNTEER_CHANGE)
@require_POST
def my_break(request: HubRequest) -> HttpResponse:
    """Take a break from new offers, or come back."""
    volunteer = mine.my_profile(request.actor)
    verb = volunteers.resume if volunteer.state == "paused" else volunteers.pause
    try:
        now = verb(by=request.actor, volunteer=volunteer)
    except Refused as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(
            request,
            _("You are taking a break. You will get no new offers.")
            if now.state == "paused"
            else _("Welcome back. You can be offered placements again."),
        )
    return redirect("my-availability")
