"""Adding a need by hand, and changing one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries import ledger
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.pages.words import and_list, gov_datetime
from stepdown.people.queries import person as people
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import needs
from stepdown.volunteering.queries import need as queries
from stepdown.volunteering.queries.shown import SUPPORTED_SHOWN
from stepdown.volunteering.web.ask import INVALID, attempt, posted
from stepdown.volunteering.web.forms_need import NeedForm, changes, initial, present
from stepdown.volunteering.web.need_page import supported


@page(Permission.NEED_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HubRequest) -> HttpResponse:
    """``?person=`` names, by id, whom it is for; their page leads here with it."""
    person = _person(request)
    start = {"places": 1, "band": "4", "weekly_hours": "2", "starts": clock.today(), "gender": ""}
    form = NeedForm(posted(request), initial=start)
    status = 200
    if request.method == "POST":
        made: list[UUID] = []

        def add_it(_given: dict[str, Any]) -> None:
            made.append(needs.add(by=request.actor, person=person, **form.given()).pk)

        status = attempt(form, add_it)
        if made:
            messages.success(
                request, _("Need added. Write its risk assessment before offers can be sent.")
            )
            return redirect("need", id=made[0])
    shown = {person.pk: SUPPORTED_SHOWN} if person else {}
    disclose(by=request.actor, people=shown, purpose="casework", page="need-add")
    context = {"form": form, "person": person, "back_url": reverse("needs")}
    return render(request, "volunteering/needs/add.html", context, status=status)


def _person(request: HubRequest) -> Any:
    asked = request.GET.get("person")
    if not asked:
        return None
    try:
        return people.get(by=request.actor, id=UUID(asked))
    except ValueError:
        raise NotVisible("No such record.") from None


@page(Permission.NEED_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HubRequest, id: UUID) -> HttpResponse:
    need = queries.get_to(Permission.NEED_CHANGE, by=request.actor, id=id)
    now = present(need, queries.location_of(need))
    form = NeedForm(posted(request), need=need, initial=initial(now, need.version))
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            asked = changes(now, form.given())
            stale = form.cleaned_data["version"] != need.version
            if _uncovers(now["shielded"], asked):
                form.add_error("postcode", _("Enter the postcode again: the protected one is "
                                             "kept out of sight."))  # fmt: skip
            elif stale:
                status = 409
                form = _warned(request, need, sorted(asked))
            else:
                status = attempt(form, lambda _given: _change(request, need, asked))
        if status == 200:
            said = _("Need changed.") if asked else _("You changed nothing.")
            messages.success(request, said)
            return redirect("need", id=id)
    disclose(
        by=request.actor, people=supported(request, need), purpose="casework", page="need-change"
    )
    context = {
        "form": form,
        "need": need,
        "protected": now["shielded"],
        "back_url": reverse("need", args=[id]),
    }
    return render(request, "volunteering/needs/change.html", context, status=status)


def _change(request: HubRequest, need: Any, asked: dict[str, Any]) -> None:
    if asked:
        needs.change(by=request.actor, need=need, version=need.version, **asked)


def _uncovers(hidden: bool, asked: dict[str, Any]) -> bool:
    """Whether a place that nobody may see would come into sight without being written anew."""
    return hidden and asked.get("shielded") is False and not asked.get("postcode")


def _warned(request: HubRequest, need: Any, differing: list[str]) -> NeedForm:
    """The same answers, to be saved over what somebody else wrote meanwhile only if sent again."""
    data = request.POST.copy()
    data["version"] = str(need.version)
    again = NeedForm(data, need=need)
    again.is_valid()
    again.explain(Refused(_said(need, again, differing)))
    return again


def _said(need: Any, form: NeedForm, differing: list[str]) -> str:
    last = next(iter(ledger.timeline("need", need.pk, limit=1)), None)
    who = (
        _("%(name)s changed this need on %(when)s, while you were writing.")
        % {"name": last.actor, "when": gov_datetime(last.at)}
        if last
        else _("Somebody else changed this record while you were writing.")
    )
    labels = [str(form.fields[name].label) for name in differing if name in form.fields]
    if not labels:
        return f"{who} {_('What it says now is what you have here.')}"
    told = _("What you have here differs from it in: %(fields)s. Check it, then save again.")
    return f"{who} {told % {'fields': and_list(labels)}}"
