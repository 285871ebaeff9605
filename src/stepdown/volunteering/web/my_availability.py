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
from stepdown.volunteering.web.my_words import show_own


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
    limit = volunteer.travel_limit_m
    form = AvailabilityForm(
        request.POST if request.method == "POST" else None,
        initial={
            "slots": volunteer.slots,
            "travel_km": None if limit is None else max(1, round(limit / 1000)),
            "capacity": volunteer.capacity,
            "version": volunteer.version,
        },
    )
    held = mine.my_held_slots(volunteer)
    form.fields["slots"].widget = SlotsGrid(held=held)
    if form.is_bound and form.is_valid():
        try:
            volunteers.change(
                by=request.actor,
                volunteer=volunteer,
                version=form.cleaned_data["version"],
                **_changed(form),
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


def _changed(form: AvailabilityForm) -> volunteers.Profile:
    """Only what was changed: a limit kept in metres is not rounded by being looked at."""
    given, changed = form.cleaned_data, volunteers.Profile()
    if "slots" in form.changed_data:
        changed["slots"] = given["slots"]
    if "travel_km" in form.changed_data:
        far = given["travel_km"]
        changed["travel_limit_m"] = None if far is None else far * 1000
    if "capacity" in form.changed_data:
        changed["capacity"] = given["capacity"]
    return changed


@page(Permission.VOLUNTEER_CHANGE)
@require_POST
def my_break(request: HubRequest) -> HttpResponse:
    """Take a break from new offers, or come back: the button says which, so twice is once."""
    volunteer = mine.my_profile(request.actor)
    back = request.POST.get("do") == "resume"
    if volunteer.state == ("active" if back else "paused"):
        return redirect("my-availability")
    verb = volunteers.resume if back else volunteers.pause
    try:
        verb(by=request.actor, volunteer=volunteer)
    except Refused as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(
            request,
            _("Welcome back. You can be offered placements again.")
            if back
            else _("You are taking a break. You will get no new offers."),
        )
    return redirect("my-availability")
