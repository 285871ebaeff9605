"""A person as a volunteer: the profile, what they do, and whether they go on."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stepdown.hub.queries import agency
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, NotVisible
from stepdown.kernel.slots import SLOTS
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import duration, gov_date, gov_datetime, km, slot_words, slots_words
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import volunteers
from stepdown.volunteering.queries import hold, hours, offer, placement, volunteer
from stepdown.volunteering.web.carried_out import carried_out
from stepdown.volunteering.web.need_words import address
from stepdown.volunteering.web.person_confirm import ask_first
from stepdown.volunteering.web.person_record import Record, open_record, show
from stepdown.volunteering.web.volunteer_forms import ProfileForm

if TYPE_CHECKING:
    from stepdown.hub.models import Agency
    from stepdown.volunteering.models import Offer, Placement, Volunteer

FORM = "volunteering/people/form.html"


@page(Permission.VOLUNTEER_VIEW)
@require_safe
def volunteering(request: HubRequest, person_id: UUID) -> HttpResponse:
    """The profile, and the offers, placements and hours there have been."""
    record = open_record(request, person_id)
    context: dict[str, Any] = {"may_add": record.may(Permission.VOLUNTEER_ADD)}
    if record.volunteer is not None:
        context |= _profile_of(record, record.volunteer)
    return show(
        record,
        "volunteering/people/volunteering.html",
        context,
        page="person-volunteering",
        shows=[Category.SUPPORT],
    )


@page(Permission.VOLUNTEER_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HubRequest, person_id: UUID) -> HttpResponse:
    """A person on record becomes a volunteer."""
    record = open_record(request, person_id)
    form = ProfileForm(request.POST or None, initial={"capacity": 1})

    def verb() -> object:
        return volunteers.add(
            by=request.actor, person=record.person, agency=_agency(form), **form.profile()
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, verb, form.renamed):
        messages.success(request, _("They are on record as a volunteer."))
        return redirect("person-volunteering", person_id)
    return _form_page(record, form, _("Add a volunteer profile"), page="volunteer-add")


@page(Permission.VOLUNTEER_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HubRequest, person_id: UUID) -> HttpResponse:
    """The profile. A record that changed meanwhile is not written over."""
    record = open_record(request, person_id)
    held = _profile(record)
    form = ProfileForm(request.POST or None, initial=_initial(held))

    def verb() -> object:
        return volunteers.change(
            by=request.actor,
            volunteer=held,
            version=form.cleaned_data["version"] or 0,
            agency=_agency(form),
            **form.profile(),
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, verb, form.renamed):
        messages.success(request, _("Profile changed."))
        return redirect("person-volunteering", person_id)
    return _form_page(record, form, _("Change the volunteer profile"), page="volunteer-change")


@page(Permission.VOLUNTEER_CHANGE)
@require_POST
def pause(request: HubRequest, person_id: UUID) -> HttpResponse:
    record = open_record(request, person_id)
    volunteers.pause(by=request.actor, volunteer=_profile(record))
    messages.success(request, _("They take a break: no new offers are sent to them."))
    return redirect("person-volunteering", person_id)


@page(Permission.VOLUNTEER_CHANGE)
@require_POST
def resume(request: HubRequest, person_id: UUID) -> HttpResponse:
    record = open_record(request, person_id)
    volunteers.resume(by=request.actor, volunteer=_profile(record))
    messages.success(request, _("They can be asked again."))
    return redirect("person-volunteering", person_id)


@page(Permission.VOLUNTEER_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HubRequest, person_id: UUID) -> HttpResponse:
    """Asks first: open offers are taken back."""
    record = open_record(request, person_id)
    held = _profile(record)
    return ask_first(
        record,
        lambda: volunteers.leave(by=request.actor, volunteer=held),
        heading=_("Have they stopped volunteering?"),
        warning=_("Offers they have not answered are taken back. Their record stays."),
        button=_("Yes, they have left"),
        done=_("Recorded that they have left."),
        back="person-volunteering",
        page="volunteer-leave",
    )


def _profile(record: Record) -> "Volunteer":
    if record.volunteer is None:
        raise NotVisible("No such record.")
    return record.volunteer


def _agency(form: ProfileForm) -> "Agency":
    found = agency.agency(UUID(form.cleaned_data["agency"]))
    if found is None:
        raise InvalidInput({"agency": _("Select a partner from the list")})
    return found


def _form_page(record: Record, form: ProfileForm, heading: str, *, page: str) -> HttpResponse:
    back = record.url("person-volunteering")
    return show(
        record,
        FORM,
        {"form": form, "heading": heading, "back_url": back},
        page=page,
        shows=[Category.SUPPORT],
        status=422 if form.errors else 200,
    )


def _initial(held: "Volunteer") -> dict[str, Any]:
    limit, cap = held.travel_limit_m, held.weekly_cap_minutes
    return {
        "agency": str(held.agency_id),
        "schemes": [one.pk for one in held.schemes.all()],
        "preferred_schemes": [one.pk for one in held.preferred_schemes.all()],
        "skills": [one.pk for one in held.skills.all()],
        "languages": [one.pk for one in held.languages.all()],
        "slots": held.slots,
        "capacity": held.capacity,
        "travel_km": None if limit is None else f"{limit / 1000:.10g}",
        "weekly_hours": None if cap is None else f"{round(cap / 60, 2):.10g}",
        "version": held.version,
    }


def _profile_of(record: Record, held: "Volunteer") -> dict[str, Any]:
    by = record.request.actor
    taken = hold.taken_slots(held)
    given = hours.totals_of(by, held.pk)
    offers = offer.of_volunteer(by, held.pk)
    return {
        "volunteer": held,
        "rows": _rows(held, hold.shares_held(held)),
        "held_mask": sum(1 << slot for slot in taken),
        "may_change": record.may_on_profile(Permission.VOLUNTEER_CHANGE)
        and volunteer.is_staff_for(by, held),
        "open_offers": _offers([one for one in offers if offer.is_open(one)]),
        "past_offers": _offers([one for one in offers if not offer.is_open(one)]),
        "placements": _placements(placement.of_volunteer(by, held.pk)),
        "confirmed": duration(given.confirmed),
        "waiting": duration(given.waiting) if given.waiting else "",
    }


def _rows(held: "Volunteer", shares: int) -> list[Row]:
    def names(many: Any) -> str:
        return ", ".join(str(one) for one in many.all()) or _("None")

    cap, limit = held.weekly_cap_minutes, held.travel_limit_m
    shared = _("%(held)d of %(most)d taken up")
    return [
        Row(_("Partner"), held.agency.name),
        Row(_("Joined"), gov_date(held.joined_on)),
        Row(_("Schemes"), names(held.schemes)),
        Row(_("Likes best"), names(held.preferred_schemes)),
        Row(_("Skills"), names(held.skills)),
        Row(_("Languages"), names(held.languages)),
        Row(_("Travels"), _("Any distance") if limit is None else _("up to %s") % km(limit)),
        Row(_("Placements at once"), shared % {"held": shares, "most": held.capacity}),
        Row(_("Most a week"), _("No limit") if cap is None else duration(cap)),
        Row(_("Times"), slots_words(held.slots)),
    ]


def _offers(found: "list[Offer]") -> Table | None:
    rows = [
        [
            Cell(one.need.title, address("offer", one.pk), hint=one.need.reference),
            Cell(one.state, status=True),
            Cell(slot_words(SLOTS[one.slot]) if one.slot is not None else "–"),
            Cell(gov_date(one.sent_at)),
            Cell(gov_datetime(one.answered_at or one.lapses_at)),
        ]
        for one in found
    ]
    headings = [_("Need"), _("State"), _("When"), _("Sent"), _("Answered, or to answer by")]
    return Table(_("Offers, newest first"), headings, rows) if rows else None


def _placements(found: "list[Placement]") -> Table | None:
    rows = [
        [
            Cell(one.need.title, address("placement", one.pk), hint=one.need.reference),
            Cell(one.state, status=True),
            Cell(slot_words(SLOTS[one.slot]) if one.slot is not None else "–"),
            Cell(gov_date(one.starts)),
            Cell(gov_date(one.ended_on) or "–"),
        ]
        for one in found
    ]
    headings = [_("Need"), _("State"), _("When"), _("From"), _("Ended")]
    return Table(_("Placements, newest first"), headings, rows) if rows else None
