"""Who a case is about and who works on it: the forms."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepdown.casework.actions import case_people
from stepdown.casework.queries.case import definition_of, facts, get
from stepdown.casework.queries.case_page import alike, named, worker
from stepdown.casework.queries.case_typed import typed_people
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.web.case_bar import bar
from stepdown.casework.web.case_forms import AssignForm, CoverForm, PersonForm
from stepdown.casework.web.case_need import NeedForm
from stepdown.hub.queries.user import officer_choices
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pages.forms import GovForm
from stepdown.pages.words import and_list, gov_date
from stepdown.people.queries import person as people
from stepdown.policy.categories import Category
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Case


@page(Permission.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def name_person(request: HubRequest, id: UUID) -> HttpResponse:
    """Somebody in a role: found by the name typed in the referral, or new."""
    case, context = _case(request, id, Permission.CASE_WORK, "case-person")
    roles = [(one.key, in_words(one.name)) for one in definition_of(case).people]
    if not roles:
        raise NotVisible("A case about nobody names nobody.")
    names = typed_people(case) if Category.IDENTITY in context["read"] else []
    asked = request.GET.get("typed", "0")
    typed = next((one for one in names if str(one.number) == asked), None)
    found = alike(request.actor, case, typed)
    form = PersonForm(
        request.POST if request.method == "POST" else None,
        roles=roles,
        alike=[(str(one.pk), one.full_name) for one in found],
        hints={str(one.pk): _known(one) for one in found},
        initial={
            "role": typed.role if typed else roles[0][0],
            "person": "" if found else PersonForm.NEW,
            "given_name": typed.given_name if typed else "",
            "family_name": typed.family_name if typed else "",
            "date_of_birth": _born(typed.date_of_birth if typed else ""),
        },
    )

    def deed() -> str:
        chosen = form.cleaned_data["person"]
        given: dict[str, Any] = {}
        if chosen == PersonForm.NEW:
            names = ("given_name", "family_name", "date_of_birth")
            given = {name: form.cleaned_data[name] for name in names}
        else:
            given["person"] = people.get(by=request.actor, id=UUID(chosen))
        if typed is not None and typed.number:
            given["typed"] = typed.number
        role = form.cleaned_data["role"]
        case_people.name_person(by=request.actor, case=case, role=role, **given)
        return _("They are named in the case.")

    words = (_("Name a person"), "", _("Name this person"))
    return _form(request, case, form, deed, context, words)


@page(Permission.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def end_person(request: HubRequest, id: UUID, named_id: UUID) -> HttpResponse:
    """Somebody is no longer part of it."""
    case, context = _case(request, id, Permission.CASE_WORK, "case-person")
    row = named(case, named_id)
    form = GovForm(request.POST if request.method == "POST" else None)

    def deed() -> str:
        case_people.end_person(by=request.actor, case=case, named=row)
        return _("They are no longer part of the case.")

    text = _("What was recorded about them stays. They can be named again.")
    words = (_("Take this person out of the case?"), text, _("Take them out"))
    return _form(request, case, form, deed, context, words)


@page(Permission.CASE_ASSIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HubRequest, id: UUID) -> HttpResponse:
    """Give a role to somebody; the first role is handed over from whoever had it."""
    case, context = _case(request, id, Permission.CASE_ASSIGN, "case-team")
    staff = [one for one in definition_of(case).team if one.pool == "staff"]
    roles = [(one.key, in_words(one.name)) for one in staff]
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        roles=roles,
        users=officer_choices(),
        initial={"role": roles[0][0], "user": request.GET.get("user", "")},
    )

    def deed() -> str:
        case_people.assign(by=request.actor, case=case, **form.cleaned_data)
        return _("The case has somebody in this role.")

    text = _("Whoever had “%(role)s” before hands it over.") % {"role": roles[0][1]}
    words = (_("Give a role to somebody"), text, _("Give the role"))
    return _form(request, case, form, deed, context, words)


@page(Permission.CASE_ASSIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def relieve(request: HubRequest, id: UUID, worker_id: UUID) -> HttpResponse:
    """Somebody no longer works on it."""
    case, context = _case(request, id, Permission.CASE_ASSIGN, "case-team")
    row = worker(case, worker_id)
    form = GovForm(request.POST if request.method == "POST" else None)

    def deed() -> str:
        case_people.relieve(by=request.actor, case=case, worker=row)
        return _("They no longer work on the case.")

    text = _("Nobody has the role until it is given to somebody else.")
    words = (_("Take somebody off the case?"), text, _("Take them off"))
    return _form(request, case, form, deed, context, words)


@page(Permission.CASE_ASSIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def cover(request: HubRequest, id: UUID) -> HttpResponse:
    """Somebody stands in, to the end of a day."""
    case, context = _case(request, id, Permission.CASE_ASSIGN, "case-team")
    form = CoverForm(request.POST if request.method == "POST" else None, users=officer_choices())

    def deed() -> str:
        case_people.stand_in(by=request.actor, case=case, **form.cleaned_data)
        return _("They stand in from now.")

    text = _("They see and do what the officer does, to the end of the last day.")
    words = (_("Let somebody stand in"), text, _("Let them stand in"))
    return _form(request, case, form, deed, context, words)


@page(Permission.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def volunteer(request: HubRequest, id: UUID, role: str) -> HttpResponse:
    """Ask for volunteers: a need like any other, which the case keeps in sight."""
    case, context = _case(request, id, Permission.CASE_WORK, "case-volunteer")
    pool = next((o for o in definition_of(case).team if (o.key, o.pool) == (role, "scheme")), None)
    if pool is None:
        raise NotVisible("No such role.")
    seen = [one for one in context["people"] if one.person and one.name]
    form = NeedForm(
        request.POST if request.method == "POST" else None,
        people=[(str(one.person), one.name) for one in seen],
        initial={"starts": clock.today(), "weekly_hours": 2, "band": 3},
    )

    def deed() -> str:
        given = form.need_fields()
        chosen = given.pop("person")
        person = people.get(by=request.actor, id=UUID(chosen)) if chosen else None
        need = case_people.raise_need(
            by=request.actor, case=case, role=role, person=person, **given
        )
        return _("Need %(reference)s was added.") % {"reference": need.reference}

    title = _("Ask for volunteers: %(role)s") % {"role": in_words(pool.name)}
    return _form(request, case, form, deed, context, (title, "", _("Add the need")))


def _case(
    request: HubRequest, id: UUID, permission: Permission, where: str
) -> tuple["Case", dict[str, Any]]:
    case = get(by=request.actor, id=id)
    require(request.actor, permission, facts(case))
    return case, bar(request, case, where)


def _form(
    request: HubRequest,
    case: "Case",
    form: GovForm,
    deed: Callable[[], str],
    context: dict[str, Any],
    words: tuple[str, str, str],
) -> HttpResponse:
    """Draw it, or do it and go back to the case."""
    if request.method == "POST" and form.is_valid():
        try:
            done = deed()
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, done)
            return redirect("case", case.pk)
    context |= {"form": form, "title": words[0], "text": words[1], "button": words[2]}
    return render(request, "casework/cases/form.html", context)


def _known(person: Any) -> str:
    parts = [gov_date(person.date_of_birth), person.district.name if person.district else ""]
    return and_list([part for part in parts if part])


def _born(text: str) -> Any:
    return date.fromisoformat(text) if text else None
