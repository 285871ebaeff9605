"""Hours as staff look after them: logged for a volunteer, confirmed, or asked about."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import Refused
from stepdown.pages.words import duration, gov_date
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import hours as verbs
from stepdown.volunteering.queries import hours as queries
from stepdown.volunteering.web.ask import ask, attempt, posted
from stepdown.volunteering.web.forms_placement import HoursForm, QueryForm
from stepdown.volunteering.web.placement_page import named, people_of, placement_of, show_placement


@page(Permission.HOURS_CONFIRM)
@require_POST
def log(request: HubRequest, id: UUID) -> HttpResponse:
    """On behalf of a volunteer, who told us on the phone or on paper."""
    placement = placement_of(request, id)
    form = HoursForm(posted(request))
    status = attempt(
        form,
        lambda given: verbs.log(
            by=request.actor, placement=placement, on=given["on"], minutes=given["total"]
        ),
    )
    if status != 200:
        return show_placement(request, placement, form, status)
    messages.success(request, _("Hours logged."))
    return redirect("placement", id=id)


@page(Permission.HOURS_CONFIRM)
@require_POST
def confirm(request: HubRequest, id: UUID) -> HttpResponse:
    entry = queries.get(by=request.actor, id=id)
    placement = placement_of(request, entry.placement_id)
    try:
        verbs.confirm(by=request.actor, entry=entry)
    except Refused as error:
        form = HoursForm({})
        form.errors.clear()
        form.explain(error)
        return show_placement(request, placement, form, 403)
    messages.success(request, _("Hours confirmed."))
    return redirect("placement", id=entry.placement_id)


@page(Permission.HOURS_CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def query(request: HubRequest, id: UUID) -> HttpResponse:
    entry = queries.get(by=request.actor, id=id)
    placement = placement_of(request, entry.placement_id)
    said = {
        "name": named(request, placement),
        "time": duration(entry.minutes),
        "day": gov_date(entry.on),
    }
    return ask(
        request,
        form=QueryForm(posted(request)),
        do=lambda given: verbs.query(by=request.actor, entry=entry, note=given["note"]),
        done=_("Question sent."),
        back=reverse("placement", args=[placement.pk]),
        words={
            "title": _("Ask about these hours"),
            "caption": _("%(name)s: %(time)s on %(day)s") % said,
            "button": _("Send question"),
        },
        people=people_of(request, placement),
        page="hours-query",
    )
