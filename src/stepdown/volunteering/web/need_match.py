"""Matching by hand: why not somebody else, and sending one offer."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pages.forms import GovForm, Text
from stepdown.pages.words import gov_datetime
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import offers
from stepdown.volunteering.queries import need as queries
from stepdown.volunteering.queries import volunteer as volunteers
from stepdown.volunteering.queries.shortlist import weigh
from stepdown.volunteering.queries.shown import VOLUNTEER_SHOWN
from stepdown.volunteering.web.ask import posted
from stepdown.volunteering.web.need_matching import candidates, stopped
from stepdown.volunteering.web.need_page import heading, show_need, supported

SESSION_KEY = "match-name"
MOST = 20


class NameForm(GovForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the volunteer"),
        max_length=80,
        widget=Text({"autocomplete": "off", "spellcheck": "false"}, width="two-thirds"),
        help_text=gettext_lazy("The beginning of any of their names is enough."),
    )


@page(Permission.NEED_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HubRequest, id: UUID) -> HttpResponse:
    """The name stays in the session: names do not belong in addresses."""
    need = queries.get(by=request.actor, id=id)
    form = NameForm(posted(request))
    if request.method == "POST" and form.is_valid():
        request.session[SESSION_KEY] = [str(need.pk), form.cleaned_data["name"]]
        return redirect("need-match", id=id)
    kept = request.session.get(SESSION_KEY, ["", ""])
    name = kept[1] if kept[0] == str(need.pk) and request.method != "POST" else ""
    rows = weigh(request.actor, need, name=name, size=MOST) if name else []
    holding = queries.row_for(request.actor, need)
    why = stopped(need, holding)
    sends = decide(request.actor, Permission.OFFER_SEND, queries.facts(need)).allowed and not why
    shown = {
        **supported(request, need),
        **dict.fromkeys((row.person_id for row in rows), VOLUNTEER_SHOWN),
    }
    disclose(by=request.actor, people=shown, purpose="matching", page="need-match")
    context = {
        **heading(need),
        "form": form if request.method == "POST" else NameForm(initial={"name": name}),
        "name": name,
        "rows": candidates(rows, sends),
        "many": len(rows) == MOST,
        "stopped": why,
        "offer_url": reverse("need-offer", args=[id]),
        "back_url": reverse("need", args=[id]),
    }
    status = 422 if form.errors else 200
    return render(request, "volunteering/needs/match.html", context, status=status)


@page(Permission.OFFER_SEND)
@require_POST
def send(request: HubRequest, id: UUID) -> HttpResponse:
    """Ask one volunteer; refused with its reason at the top of the need's page."""
    need = queries.get(by=request.actor, id=id)
    volunteer_id, slot = asked_of(request)
    volunteer = volunteers.get(by=request.actor, id=volunteer_id)
    try:
        offer = offers.send(by=request.actor, need=need, volunteer=volunteer, slot=slot)
    except (Refused, InvalidInput) as error:
        return show_need(request, need, error)
    when = {"when": gov_datetime(offer.lapses_at)}
    messages.success(request, _("Offer sent. It lapses on %(when)s.") % when)
    return redirect("need", id=id)


def asked_of(request: HubRequest) -> tuple[UUID, int | None]:
    """Which volunteer a button of a shortlist names, and which slot is chosen."""
    slot = request.POST.get("slot", "")
    try:
        volunteer = UUID(request.POST.get("volunteer", ""))
    except ValueError:
        raise NotVisible("No such record.") from None
    wanted = slot.isascii() and slot.isdecimal() and len(slot) < 4
    return volunteer, int(slot) if wanted else None
