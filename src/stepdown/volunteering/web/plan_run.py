"""Making a plan: what may be chosen for it, waiting for it, cancelling it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.pages.forms import GovForm, Number, Select
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import plan_runs
from stepdown.volunteering.queries import plan_run as queries
from stepdown.volunteering.queries.resident import is_large
from stepdown.volunteering.web.plan_words import PHASES

if TYPE_CHECKING:
    from stepdown.volunteering.models import PlanRun

LIMITS = (60, 600, 3600)  # seconds that may be chosen instead of the hub's own limit


def minutes(seconds: int) -> str:
    """A time limit in words."""
    if not seconds:
        return _("No limit")
    if seconds % 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    return ngettext("%(n)d minute", "%(n)d minutes", seconds // 60) % {"n": seconds // 60}


class LimitForm(GovForm):
    """How long the engine may look for the best plan of a large hub."""

    seconds = forms.TypedChoiceField(
        label=gettext_lazy("Stop after"),
        help_text=gettext_lazy(
            "A plan that is stopped is the best so far. It says how good it could have been."
        ),
        coerce=int,
        widget=Select,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        usual: int = settings.STEPDOWN_PLAN_SECONDS
        kwargs.setdefault("initial", {"seconds": usual})
        super().__init__(*args, **kwargs)
        offered = sorted({*LIMITS, usual} - {0})
        self.fields["seconds"].choices = [  # type: ignore[attr-defined]
            (one, minutes(one)) for one in (*offered, 0)
        ]


class KeepForm(GovForm):
    """How much of the last plan a new one may change."""

    most_changes = forms.IntegerField(
        label=gettext_lazy("Change no more than this many matches of the last plan"),
        help_text=gettext_lazy(
            "Leave it empty for no limit. With 0, all that can stay do, and matches are only "
            "added. Matches for which somebody has been asked are not part of this."
        ),
        min_value=0,
        max_value=1_000_000,
        required=False,
        widget=Number(width=5),
    )


def limit_in(request: HubRequest) -> int | None:
    """The limit that was chosen; the hub's own where none was, or none that is offered.

    A small hub has none: its plan is there before it could be stopped.
    """
    if not is_large():
        return None
    form = LimitForm(request.POST)
    seconds = settings.STEPDOWN_PLAN_SECONDS
    if form.is_valid():
        seconds = form.cleaned_data["seconds"]
    return seconds or None


@page(Permission.PLAN_VIEW)
@require_safe
def run(request: HubRequest, id: UUID) -> HttpResponse:
    """How far a plan is. Leads on to it when it is ready; says how it ended where it is not."""
    found = queries.get(request.actor, id)
    under_way = queries.is_under_way(found)
    if "poll" in request.GET and not under_way:
        return HttpResponse(status=204)  # the script then opens the page itself
    if found.state == "made" and found.plan is not None:
        messages.success(
            request,
            _("The plan is ready: %(filled)d of %(places)d open places can be filled.")
            % {"filled": found.plan.filled, "places": found.plan.places},
        )
        return redirect("plan")
    return render(
        request,
        "volunteering/plan/run.html",
        {
            "run": found,
            "under_way": under_way,
            "late": queries.is_late(found),
            "ended": ended(found),
            "at": phase_of(found),
            "share": f"{100 * found.done // found.total}" if found.total > 1 else "",
            "limit": minutes(found.seconds) if found.seconds else "",
            "keeps": found.most_changes is not None,
            "waited": int((clock.now() - found.asked_at).total_seconds()),
            "may_make": may_ever(request.actor, Permission.PLAN_RUN),
            "poll": f"{reverse('plan-run', args=[found.pk])}?poll=1",
            "back_url": reverse("plan"),
        },
    )


def phase_of(found: "PlanRun") -> str:
    """What it is at, in words that begin a sentence."""
    if found.state == "asked":
        return _("Waiting to begin")
    said = str(PHASES.get(found.phase, found.phase))
    return said[:1].upper() + said[1:]


def ended(found: "PlanRun") -> str:
    """How a run ended without a plan; "" of one that did not."""
    if found.state == "cancelled":
        if found.ended_by is None:
            return _("The plan was cancelled. Nothing of it was kept.")
        return _("The plan was cancelled by %(who)s. Nothing of it was kept.") % {
            "who": found.ended_by.display_name
        }
    if found.state == "failed":
        return _(
            "The plan could not be made: something went wrong. Nothing of it was kept. "
            "If it happens again, tell whoever looks after this hub."
        )
    if found.state == "lost" or queries.is_lost(found):
        return _(
            "The plan was broken off: the hub’s jobs were stopped while it was made. Nothing of "
            "it was kept. You can make it again."
        )
    return ""


@page(Permission.PLAN_RUN)
@require_POST
def cancel(request: HubRequest, id: UUID) -> HttpResponse:
    """Give up a plan that is being made."""
    found = queries.get(request.actor, id)
    try:
        plan_runs.cancel(by=request.actor, run=found)
    except Refused as refused:
        messages.warning(request, refused.reason)
    return redirect("plan-run", found.pk)
