"""Adding a person, and putting right what is said of them: details, contacts, address."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.people.actions import addresses, contacts, people
from stepdown.people.actions.intake import NewAddress, NewContact, take_in
from stepdown.people.queries import address, contact
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries.person import PersonRow, alike
from stepdown.volunteering.web.carried_out import carried_out
from stepdown.volunteering.web.people_forms import (
    AddPersonForm,
    AddressForm,
    ChangePersonForm,
    ContactForm,
)
from stepdown.volunteering.web.person_confirm import ask_first
from stepdown.volunteering.web.person_record import Record, open_record, show

if TYPE_CHECKING:
    from stepdown.people.models import Person

FORM = "volunteering/people/form.html"


@page(Permission.PERSON_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HubRequest) -> HttpResponse:
    """A new record. People who look the same are shown once, before another is made of them."""
    form = AddPersonForm(request.POST or None)
    same: list[PersonRow] = []
    if request.method == "POST" and form.is_valid():
        same = _unseen(request, form)
        made: list[Person] = []
        if not same and carried_out(form, lambda: made.append(_take_in(request, form))):
            messages.success(request, _("Record added."))
            goes_on = "volunteer-add" if form.cleaned_data["volunteers"] else "person"
            return redirect(goes_on, made[0].pk)
    if same:
        disclose(
            by=request.actor,
            people=[row.id for row in same],
            purpose="casework",
            page="person-add",
        )
        # A bound form redraws what was sent: the ids have to go into that.
        form.data = {**request.POST.dict(), "seen": ",".join(str(row.id) for row in same)}
    context = {"form": form, "same": same, "back_url": reverse("people")}
    status = 422 if form.errors else 200
    return render(request, "volunteering/people/add.html", context, status=status)


@page(Permission.PERSON_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HubRequest, person_id: UUID) -> HttpResponse:
    """Who they are. A record that changed meanwhile is not written over."""
    record = open_record(request, person_id)
    held = record.person
    names = [name for name in ChangePersonForm.base_fields if name != "district"]
    initial = {name: getattr(held, name) for name in names} | {"district": held.district_id}
    form = ChangePersonForm(request.POST or None, initial=initial)

    def verb() -> object:
        return people.change(
            by=request.actor,
            person=held,
            version=form.cleaned_data["version"],
            **form.identity(),
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, verb):
        messages.success(request, _("Details changed."))
        return redirect("person", person_id)
    return _form_page(record, form, _("Change details"), page="person-change")


@page(Permission.PERSON_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_contact(request: HubRequest, person_id: UUID) -> HttpResponse:
    record = open_record(request, person_id)
    form = ContactForm(request.POST or None)

    def verb() -> object:
        return contacts.add(by=request.actor, person=record.person, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and carried_out(form, verb):
        messages.success(request, _("Contact added."))
        return redirect("person", person_id)
    return _form_page(record, form, _("Add a contact"), page="person-contact-add")


@page(Permission.PERSON_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_contact(request: HubRequest, person_id: UUID, contact_id: UUID) -> HttpResponse:
    record = open_record(request, person_id)
    held = contact.get(by=request.actor, person=record.person, id=contact_id)
    initial = {name: getattr(held, name) for name in ("value", "safe", "safe_note", "preferred")}
    form = ContactForm(request.POST or None, initial=initial, changing=True)

    def verb() -> object:
        return contacts.change(by=request.actor, contact=held, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and carried_out(form, verb):
        messages.success(request, _("Contact changed."))
        return redirect("person", person_id)
    return _form_page(record, form, _("Change a contact"), page="person-contact-change")


@page(Permission.PERSON_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_contact(request: HubRequest, person_id: UUID, contact_id: UUID) -> HttpResponse:
    """Asks first: what is removed is gone."""
    record = open_record(request, person_id)
    held = contact.get(by=request.actor, person=record.person, id=contact_id)
    return ask_first(
        record,
        lambda: contacts.remove(by=request.actor, contact=held),
        heading=_("Remove this contact?"),
        said=held.value,
        warning=_("It is removed for good. The timeline keeps that there was one."),
        button=_("Remove contact"),
        done=_("Contact removed."),
        back="person",
        page="person-contact-remove",
    )


@page(Permission.PERSON_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_address(request: HubRequest, person_id: UUID) -> HttpResponse:
    """An address that is kept secret is not put into the form: a new one takes its place."""
    record = open_record(request, person_id)
    held = address.address_of(request.actor, record.person)
    initial: dict[str, Any] = {}
    if held and held.shielded:
        initial = {"shielded": True}
    elif held:
        initial = {"postcode": held.postcode, "lines": held.lines, "shielded": False}
    form = AddressForm(request.POST or None, initial=initial)

    def verb() -> object:
        return addresses.set_address(by=request.actor, person=record.person, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and carried_out(form, verb):
        messages.success(request, _("Address recorded."))
        return redirect("person", person_id)
    inset = (
        _("The address on record is kept secret and is not shown here. "
          "Enter a new one only if it is to take the place of that one.")
        if held and held.shielded
        else ""
    )  # fmt: skip
    heading = _("Change the address") if held else _("Add an address")
    return _form_page(record, form, heading, page="person-address", inset=inset)


def _form_page(
    record: Record, form: Any, heading: str, *, page: str, inset: str = ""
) -> HttpResponse:
    return show(
        record,
        FORM,
        {"form": form, "heading": heading, "inset": inset, "back_url": record.url("person")},
        page=page,
        shows=[Category.LOCATION] if page == "person-address" else (),
        status=422 if form.errors else 200,
    )


def _unseen(request: HubRequest, form: AddPersonForm) -> list[PersonRow]:
    """People like the new one, unless exactly these have been shown already."""
    given = form.cleaned_data
    found = alike(
        request.actor,
        given_name=given["given_name"],
        family_name=given["family_name"],
        born=given["date_of_birth"],
    )
    shown = set(given["seen"].split(","))
    return [] if {str(row.id) for row in found} <= shown else found


def _take_in(request: HubRequest, form: AddPersonForm) -> "Person":
    given = form.cleaned_data
    ways: list[NewContact] = [
        NewContact(
            kind=kind,
            value=given[f"{kind}_value"],
            safe=given[f"{kind}_safe"],
            safe_note=given["safe_note"],
        )
        for kind in ("email", "mobile")
        if given[f"{kind}_value"]
    ]
    where = NewAddress(postcode=given["postcode"], lines=given["lines"], shielded=given["shielded"])
    return take_in(
        by=request.actor,
        identity=form.identity(),
        ways=ways,
        address=where if given["postcode"] else None,
    )
