"""Who must not be brought together with a person."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import NotVisible
from stepdown.pages.words import gov_date
from stepdown.people.queries import person
from stepdown.policy.categories import Category
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import exclusions
from stepdown.volunteering.queries import exclusion
from stepdown.volunteering.queries.person import PersonRow, found_by
from stepdown.volunteering.web.carried_out import carried_out
from stepdown.volunteering.web.people_forms import SearchForm
from stepdown.volunteering.web.people_list import what_they_are
from stepdown.volunteering.web.person_confirm import ask_first
from stepdown.volunteering.web.person_record import Record, open_record, show
from stepdown.volunteering.web.volunteer_forms import ApartForm

if TYPE_CHECKING:
    from stepdown.volunteering.models import Exclusion

MOST = 10  # people to pick from: more than that is no choice


@page(Permission.EXCLUSION_VIEW)
@require_safe
def apart(request: HubRequest, person_id: UUID) -> HttpResponse:
    """Those that stand. The other person is named where the actor may see them."""
    record = open_record(request, person_id)
    found = exclusion.standing_for(request.actor, record.person.pk)
    names = person.names_of(request.actor, [_other(record, one) for one in found])
    reasons = dict(exclusion.reasons())
    rows = [
        {
            "id": one.pk,
            "name": names.get(_other(record, one), ""),
            "url_id": _other(record, one),
            "reason": reasons[one.reason] if record.reads(Category.SAFEGUARDING) else "",
            "when": gov_date(one.recorded_at),
            "who": one.recorded_by.display_name if one.recorded_by else _("the volunteer"),
        }
        for one in found
    ]
    return show(
        record,
        "volunteering/people/apart.html",
        {"rows": rows, "may_record": may_ever(request.actor, Permission.EXCLUSION_RECORD)},
        page="person-apart",
        shows=[Category.SAFEGUARDING],
        others=names,
    )


@page(Permission.EXCLUSION_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HubRequest, person_id: UUID) -> HttpResponse:
    """Find the other person, then say why. The search is sent with POST: it holds a name."""
    record = open_record(request, person_id)
    search = SearchForm(request.POST if request.method == "POST" else None, auto_id="search_%s")
    found: list[PersonRow] = []
    form: ApartForm | None = None
    if request.method == "POST" and search.is_valid():
        rows = found_by(request.actor, search.cleaned_data["text"], limit=MOST)
        found = [row for row in rows if row.id != record.person.pk]
        picking = "pick" in request.POST
        form = ApartForm(request.POST if picking else None, found=[_choice(r) for r in found])
        if picking and form.is_valid() and _kept_apart(record, form):
            messages.success(request, _("Recorded. They will not be matched."))
            return redirect("person-apart", person_id)
    context = {
        "search_form": search,
        "form": form if found else None,
        "forms": [search],
        "typed": search.data.get("text", ""),
        "many": len(found) >= MOST - 1,
        "nobody": form is not None and not found,
        "back_url": record.url("person-apart"),
    }
    return show(
        record,
        "volunteering/people/apart_add.html",
        context,
        page="exclusion-add",
        others=[row.id for row in found],
        status=422 if search.errors or (form is not None and form.errors) else 200,
    )


@page(Permission.EXCLUSION_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HubRequest, person_id: UUID, exclusion_id: UUID) -> HttpResponse:
    """Asks first."""
    record = open_record(request, person_id)
    held = exclusion.get(by=request.actor, id=exclusion_id)
    if record.person.pk not in {held.person_id, held.volunteer.person_id}:
        raise NotVisible("No such record.")
    other = _other(record, held)
    names = person.names_of(request.actor, [other])
    return ask_first(
        record,
        lambda: exclusions.end(by=request.actor, exclusion=held),
        heading=_("Need they no longer be kept apart?"),
        said=names.get(other, _("Somebody outside your districts")),
        warning=_("From now the two may be matched. It stays on record that they were not."),
        button=_("End it"),
        done=_("Ended. They may be matched again."),
        back="person-apart",
        page="exclusion-end",
        others=names,
    )


def _other(record: Record, one: "Exclusion") -> UUID:
    helper = one.volunteer.person_id
    return one.person_id if helper == record.person.pk else helper


def _choice(row: PersonRow) -> tuple[str, str]:
    about = ", ".join(filter(None, [what_they_are(row), row.district]))
    return str(row.id), f"{row.name} ({about})"


def _kept_apart(record: Record, form: ApartForm) -> bool:
    by, given = record.request.actor, form.cleaned_data

    def verb() -> object:
        other = person.get(by=by, id=UUID(given["other"]))
        return exclusions.keep_apart(by=by, one=record.person, other=other, reason=given["reason"])

    return carried_out(form, verb, {"person": "other"})
