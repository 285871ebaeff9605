"""Writing down a request that came, and finding whose record it is about."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries import agency
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.permissions import Permission
from stepdown.records.actions import rights_requests
from stepdown.records.queries import rights_request as queries
from stepdown.records.queries import subjects
from stepdown.records.web.rights_forms import FindForm, ReceiveForm
from stepdown.records.web.rights_words import PURPOSE


@page(Permission.RIGHTS_HANDLE)
def receive(request: HubRequest) -> HttpResponse:
    """What is asked, how and when it came."""
    own = {str(grant.agency) for grant in request.actor.grants if grant.agency}
    agencies = [one for one in agency.choices() if one[0] in own]
    form = ReceiveForm(
        request.POST if request.method == "POST" else None,
        agencies=agencies,
        initial={"agency": agencies[0][0]} if len(agencies) == 1 else {},
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        to = agency.agency(UUID(given.pop("agency")))
        try:
            if to is None:
                raise InvalidInput({"agency": _("Select an agency from the list")})
            made = rights_requests.receive(by=request.actor, agency=to, **given)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("Request written down. Find whose record it is about."))
            return redirect("rights-find", made.pk)
    context = {
        "form": form,
        "title": _("Write down a request"),
        "button": _("Save and continue"),
        "back_url": reverse("rights"),
        "section": "rights",
    }
    return render(request, "records/rights/deed.html", context)


@page(Permission.RIGHTS_HANDLE)
def find(request: HubRequest, id: UUID) -> HttpResponse:
    """People of a whole name, and which of them it is. The name never stands in an address."""
    held = queries.get(by=request.actor, id=id, permission=Permission.RIGHTS_HANDLE)
    form = FindForm(request.POST if request.method == "POST" else None)
    found: list[subjects.Subject] | None = None
    if request.method == "POST" and form.is_valid():
        found = subjects.find(request.actor, agency=held.agency_id, **form.cleaned_data)
        disclose(
            by=request.actor, people=[one.id for one in found], purpose=PURPOSE, page="rights-find"
        )
    context = {
        "form": form,
        "found": found,
        "held": held,
        "back_url": reverse("rights-request", args=[id]),
        "section": "rights",
    }
    return render(request, "records/rights/find.html", context)


@page(Permission.RIGHTS_HANDLE)
@require_POST
def name(request: HubRequest, id: UUID, person_id: UUID) -> HttpResponse:
    """It is this person's record."""
    held = queries.get(by=request.actor, id=id, permission=Permission.RIGHTS_HANDLE)
    person = subjects.person(request.actor, agency=held.agency_id, id=person_id)
    rights_requests.name_person(by=request.actor, request=held, person=person)
    messages.success(request, _("This request is about this person’s record now."))
    return redirect("rights-request", id)
