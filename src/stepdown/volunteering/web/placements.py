"""Placements as staff look after them: suspending, resuming, ending, replacing, cover."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.words import gov_datetime
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import placements as verbs
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import volunteer as volunteers
from stepdown.volunteering.queries.shortlist import shortlist
from stepdown.volunteering.queries.shown import VOLUNTEER_SHOWN
from stepdown.volunteering.web.ask import INVALID, REFUSED, JustDo, ask, posted
from stepdown.volunteering.web.forms_placement import EndForm, SuspendForm
from stepdown.volunteering.web.need_match import asked_of
from stepdown.volunteering.web.need_matching import SIZE, candidates, stopped
from stepdown.volunteering.web.need_people import STANDING
from stepdown.volunteering.web.placement_page import (
    named,
    people_of,
    placement_of,
    show_placement,
)

BOTH = ["GET", "HEAD", "POST"]


# All pages here ask for NEED_VIEW first: volunteers see their own placements elsewhere.
@page(Permission.NEED_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    return show_placement(request, placement_of(request, id))


@page(Permission.PLACEMENT_CHANGE)
@require_http_methods(BOTH)
def end(request: HubRequest, id: UUID) -> HttpResponse:
    placement = placement_of(request, id)
    return ask(
        request,
        form=EndForm(posted(request)),
        do=lambda given: verbs.end(by=request.actor, placement=placement, reason=given["reason"]),
        done=_("Placement ended."),
        back=reverse("placement", args=[id]),
        words={
            "title": _("End this placement"),
            "caption": f"{placement.need.reference} · {named(request, placement)}",
            "warning": _("It ends today. The volunteer is told, and the place is free again."),
            "button": _("End placement"),
        },
        people=people_of(request, placement),
        page="placement-end",
    )


@page(Permission.PLACEMENT_CHANGE)
@require_http_methods(BOTH)
def suspend(request: HubRequest, id: UUID) -> HttpResponse:
    placement = placement_of(request, id)
    return ask(
        request,
        form=SuspendForm(posted(request)),
        do=lambda given: verbs.suspend(
            by=request.actor, placement=placement, reason=given["reason"]
        ),
        done=_("Placement suspended."),
        back=reverse("placement", args=[id]),
        words={
            "title": _("Suspend this placement"),
            "caption": f"{placement.need.reference} · {named(request, placement)}",
            "text": _("The volunteer keeps the place. Nobody else is put there until it resumes, "
                      "ends or is replaced."),
            "button": _("Suspend placement"),
        },
        people=people_of(request, placement),
        page="placement-suspend",
    )  # fmt: skip


@page(Permission.PLACEMENT_CHANGE)
@require_http_methods(BOTH)
def resume(request: HubRequest, id: UUID) -> HttpResponse:
    placement = placement_of(request, id)
    return ask(
        request,
        form=JustDo(posted(request)),
        do=lambda _given: verbs.resume(by=request.actor, placement=placement),
        done=_("Placement resumed."),
        back=reverse("placement", args=[id]),
        words={
            "title": _("Resume this placement"),
            "caption": f"{placement.need.reference} · {named(request, placement)}",
            "text": placement.suspend_reason,
            "button": _("Resume placement"),
        },
        people=people_of(request, placement),
        page="placement-resume",
    )


@page(Permission.PLACEMENT_CHANGE)
@require_POST
def goes_on(request: HubRequest, id: UUID) -> HttpResponse:
    """The volunteer had said they could not make it, and can after all."""
    placement = placement_of(request, id)
    try:
        verbs.settle_step_back(by=request.actor, placement=placement)
    except Refused as error:
        form = JustDo({})
        form.is_valid()
        form.explain(error)
        return show_placement(request, placement, form, REFUSED)
    messages.success(request, _("Settled: the volunteer goes on."))
    return redirect("placement", id=id)


@page(Permission.PLACEMENT_CHANGE)
@require_http_methods(BOTH)
def replace(request: HubRequest, id: UUID) -> HttpResponse:
    """Ask somebody else to take it over: the shortlist of its need, as if its place were free."""
    placement = placement_of(request, id)
    form, status = JustDo(posted(request)), 200
    if request.method == "POST":
        volunteer_id, slot = asked_of(request)
        volunteer = volunteers.get(by=request.actor, id=volunteer_id)
        try:
            offer = verbs.replace(
                by=request.actor, placement=placement, volunteer=volunteer, slot=slot
            )
        except (Refused, InvalidInput) as error:
            form.is_valid()
            form.explain(error)
            status = REFUSED if isinstance(error, Refused) else INVALID
        else:
            when = {"when": gov_datetime(offer.lapses_at)}
            messages.success(
                request,
                _("The placement has passed on. The new offer lapses on %(when)s.") % when,
            )
            return redirect("need", id=placement.need_id)
    need = needs.get(by=request.actor, id=placement.need_id)
    rows = shortlist(request.actor, need, size=SIZE)
    why = stopped(need, needs.row_for(request.actor, need), replacing=True)
    if placement.state not in STANDING:
        why = _("This placement has ended: send an offer from the need instead.")
    sends = decide(request.actor, Permission.OFFER_SEND, needs.facts(need)).allowed and not why
    shown = {
        **people_of(request, placement),
        **dict.fromkeys((row.person_id for row in rows), VOLUNTEER_SHOWN),
    }
    disclose(by=request.actor, people=shown, purpose="matching", page="placement-replace")
    context = {
        "form": form,
        "placement": placement,
        "name": named(request, placement),
        "rows": candidates(rows, sends),
        "stopped": why,
        "offer_url": request.path,
        "back_url": reverse("placement", args=[id]),
    }
    return render(request, "volunteering/placements/replace.html", context, status=status)
