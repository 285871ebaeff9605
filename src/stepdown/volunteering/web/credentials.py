"""A person's passport: what they hold, what it is good for, what is missing for what."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.hub.queries import agency
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, NotVisible
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import credentials
from stepdown.volunteering.queries import credential
from stepdown.volunteering.queries.credential import Standing
from stepdown.volunteering.queries.passport import served_by, top_ups
from stepdown.volunteering.web.carried_out import carried_out
from stepdown.volunteering.web.person_confirm import ask_first
from stepdown.volunteering.web.person_record import open_record, show
from stepdown.volunteering.web.volunteer_forms import CredentialForm


@page(Permission.CREDENTIAL_VIEW)
@require_safe
def passport(request: HubRequest, person_id: UUID) -> HttpResponse:
    record = open_record(request, person_id)
    lines = credential.passport(request.actor, record.person)
    good_for = served_by(line.type_key for line in lines)
    over = {Standing.LAPSED, Standing.REVOKED}
    cards = [(line, good_for.get(line.type_key, [])) for line in lines]
    return show(
        record,
        "volunteering/people/passport.html",
        {
            "standing": [card for card in cards if card[0].standing not in over],
            "past": [card for card in cards if card[0].standing in over],
            "schemes": top_ups(record.person),
            "may_record": record.may(Permission.CREDENTIAL_RECORD)
            and request.actor.person != record.person.pk,
        },
        page="person-passport",
    )


@page(Permission.CREDENTIAL_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HubRequest, person_id: UUID) -> HttpResponse:
    """Record what somebody has seen the proof of."""
    record = open_record(request, person_id)
    form = CredentialForm(request.POST or None)

    def verb() -> object:
        given = dict(form.cleaned_data)
        seen_by = agency.agency(UUID(given.pop("verified_by")))
        if seen_by is None:
            raise InvalidInput({"verified_by": _("Select a partner from the list")})
        return credentials.record(
            by=request.actor, person=record.person, verified_by=seen_by, **given
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, verb):
        messages.success(request, _("Recorded in the passport."))
        return redirect("person-passport", person_id)
    context = {
        "form": form,
        "heading": _("Record a check, training or licence"),
        "back_url": record.url("person-passport"),
    }
    return show(
        record,
        "volunteering/people/form.html",
        context,
        page="credential-add",
        status=422 if form.errors else 200,
    )


@page(Permission.CREDENTIAL_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HubRequest, person_id: UUID, credential_id: UUID) -> HttpResponse:
    """Asks first: it cannot be taken back, and what needs the check is suspended."""
    record = open_record(request, person_id)
    held = credential.get(by=request.actor, id=credential_id)
    if held.person_id != record.person.pk:
        raise NotVisible("No such record.")
    return ask_first(
        record,
        lambda: credentials.revoke(by=request.actor, credential=held),
        heading=_("Revoke this credential?"),
        said=held.type.name,
        warning=_(
            "It stops being good at once and for good. Placements that need it are suspended, and "
            "open offers that need it lapse."
        ),
        button=_("Revoke credential"),
        done=_("Revoked."),
        back="person-passport",
        page="credential-revoke",
    )
