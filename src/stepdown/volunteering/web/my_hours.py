"""A volunteer's hours: logging them, and what has become of them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovDateField, GovForm, Number, Radios
from stepdown.pages.words import duration
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import hours as verbs
from stepdown.volunteering.queries import hours, mine
from stepdown.volunteering.web.my_words import named, show_own


class TimeForm(GovForm):
    """Hours and minutes, cleaned to ``minutes`` in all."""

    hours = forms.IntegerField(
        label=gettext_lazy("Hours"), required=False, min_value=0, max_value=24,
        widget=Number(width=2),
        error_messages={"invalid": gettext_lazy("Hours must be a whole number, like 2")},
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), required=False, min_value=0, max_value=59,
        widget=Number(width=2),
    )  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["total"] = (cleaned.get("hours") or 0) * 60 + (cleaned.get("minutes") or 0)
            if not cleaned["total"]:
                self.add_error("hours", _("Enter how long you helped for"))
        return cleaned


class HoursForm(TimeForm):
    """Which placement, which day, how long."""

    placement = forms.ChoiceField(
        label=gettext_lazy("What was it for?"), widget=Radios, required=True
    )
    on = GovDateField(label=gettext_lazy("Which day?"), noun=gettext_lazy("The day"), past=True)

    field_order = ("placement", "on", "hours", "minutes")

    def __init__(self, *args: Any, placements: list[mine.MyPlacement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["placement"].choices = [  # type: ignore[attr-defined]
            (str(one.ask.id), _choice(one)) for one in placements
        ]


def _choice(one: mine.MyPlacement) -> str:
    name = named(one.ask)
    return name if one.live else _("%(name)s, which has ended") % {"name": name}


# What a page of one's own hours shows: the latest so many.
MOST = 100


@page(Permission.HOURS_LOG)
@require_http_methods(["GET", "HEAD", "POST"])
def my_hours(request: HubRequest) -> HttpResponse:
    """Staff log hours on the placement's own page; this one is for volunteers alone."""
    mine.my_profile(request.actor)
    own = mine.my_loggable(request.actor)
    alone = str(own[0].ask.id) if len(own) == 1 else ""
    form = HoursForm(
        request.POST if request.method == "POST" else None,
        placements=own,
        initial={"on": clock.today(), "placement": request.GET.get("placement") or alone},
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        [chosen] = [one.record for one in own if str(one.ask.id) == given["placement"]]
        try:
            verbs.log(by=request.actor, placement=chosen, on=given["on"], minutes=given["total"])
        except (InvalidInput, Refused) as wrong:
            form.explain(wrong)
        else:
            messages.success(request, _("Thank you. Your hours have been logged."))
            return redirect("my-hours")
    show_own(request, "my-hours")
    entries = hours.mine(request.actor, limit=MOST)
    month = clock.today().replace(day=1)
    return render(
        request,
        "volunteering/my/hours.html",
        {
            "form": form,
            "may_log": bool(own),
            "entries": [(entry, duration(entry.minutes)) for entry in entries],
            "most": MOST if len(entries) == MOST else 0,
            "this_month": duration(sum(e.minutes for e in entries if e.on >= month)),
            "in_all": duration(hours.minutes_of(request.actor)),
        },
        status=422 if form.errors else 200,
    )


@page(Permission.HOURS_LOG)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HubRequest, entry_id: UUID) -> HttpResponse:
    """Put hours right, while they wait or when they have been questioned."""
    entry = mine.my_hours_entry(by=request.actor, id=entry_id)
    whole, rest = divmod(entry.minutes, 60)
    form = TimeForm(
        request.POST if request.method == "POST" else None,
        initial={"hours": whole, "minutes": rest},
    )
    if not form.is_bound and entry.state == "confirmed":
        return redirect("my-hours")
    if form.is_bound and form.is_valid():
        try:
            verbs.amend(by=request.actor, entry=entry, minutes=form.cleaned_data["total"])
        except (InvalidInput, Refused) as wrong:
            form.explain(wrong)
        else:
            messages.success(request, _("Your hours have been changed."))
            return redirect("my-hours")
    show_own(request, "my-hours-amend")
    return render(
        request,
        "volunteering/my/amend.html",
        {
            "form": form,
            "entry": entry,
            "time": duration(entry.minutes),
            "back_url": reverse("my-hours"),
        },
        status=422 if form.errors else 200,
    )
