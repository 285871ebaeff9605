"""The list of people: everybody the actor may see, narrowed by filters and by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.parts import Cell, Table
from stepdown.pages.words import and_list, gov_date
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries.person import PeopleFilters, PeopleKind, PersonRow, list_people
from stepdown.volunteering.web.filters import chosen
from stepdown.volunteering.web.people_forms import KINDS, PeopleFilterForm, SearchForm

# Where the name that is searched for is kept: in the session, never in an address.
NAME = "people-name"

HEADINGS = (
    gettext_lazy("Name"),
    gettext_lazy("What they are"),
    gettext_lazy("District"),
    gettext_lazy("State"),
    gettext_lazy("Next check to lapse"),
)


@page(Permission.PERSON_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HubRequest) -> HttpResponse:
    """Starts with everybody; the name is set by POST, the other filters stand in the address."""
    if request.method == "POST":
        request.session[NAME] = " ".join(request.POST.get("text", "").split())[:80]
        query = request.GET.copy()
        query.pop("after", None)
        return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)
    given = _Choices(PeopleFilterForm(), request.GET)
    given.form.initial = _initial(given)
    name = str(request.session.get(NAME, ""))
    found = list_people(request.actor, _filters(given, name), request.GET.get("after"), count=True)
    disclose(
        by=request.actor, people=[row.id for row in found.items], purpose="casework", page="people"
    )
    return render(
        request,
        "volunteering/people/list.html",
        {
            "filter_form": given.form,
            "chosen": chosen(request, _groups(given)),
            "clear_url": request.path,
            "search_form": SearchForm(initial={"text": name}, auto_id="search_%s"),
            "name": name,
            "page": found,
            "count": _count(found.total or 0),
            "table": Table(_("People by name"), [str(h) for h in HEADINGS], _rows(found.items)),
            "may_add": may_ever(request.actor, Permission.PERSON_ADD),
        },
    )


@dataclass(frozen=True)
class _Choices:
    """What an address asks for, as far as it is on offer: an address may hold anything."""

    form: PeopleFilterForm
    query: QueryDict

    def words(self, name: str) -> dict[str, str]:
        """Label by value of one filter."""
        pairs = self.form.fields[name].choices  # type: ignore[attr-defined]
        return {str(key): str(label) for key, label in pairs}

    def many(self, name: str) -> list[str]:
        known = self.words(name)
        return [value for value in self.query.getlist(name) if value in known]

    def one(self, name: str) -> str:
        return next(iter(self.many(name)), "")


def _filters(given: _Choices, name: str) -> PeopleFilters:
    lapsing = given.one("lapsing")
    return PeopleFilters(
        kind=PeopleKind(given.one("kind") or PeopleKind.ANY),
        name=name,
        districts=tuple(given.many("district")),
        schemes=tuple(given.many("scheme")),
        skills=tuple(filter(None, [given.one("skill")])),
        states=tuple(given.many("state")),
        lapsing_within=int(lapsing) if lapsing else None,
    )


def _groups(given: _Choices) -> list[tuple[str, str, dict[str, str]]]:
    def without_empty(name: str) -> dict[str, str]:
        return {key: label for key, label in given.words(name).items() if key}

    who = {key: str(label) for key, label in KINDS if key != PeopleKind.ANY}
    return [
        (_("Who"), "kind", who),
        (_("District"), "district", given.words("district")),
        (_("Scheme"), "scheme", given.words("scheme")),
        (_("Skill"), "skill", without_empty("skill")),
        (_("Volunteer’s state"), "state", given.words("state")),
        (_("A check lapses"), "lapsing", without_empty("lapsing")),
    ]


def _initial(given: _Choices) -> dict[str, str | list[str]]:
    several = ("district", "scheme", "state")
    return {
        **{name: given.many(name) for name in several},
        "kind": given.one("kind") or PeopleKind.ANY.value,
        "skill": given.one("skill"),
        "lapsing": given.one("lapsing"),
    }


def _count(many: int) -> str:
    return ngettext("%(many)s person", "%(many)s people", many) % {"many": f"{many:,}"}


def _rows(found: Iterable[PersonRow]) -> list[list[Cell]]:
    return [
        [
            Cell(row.name, reverse("person", args=[row.id])),
            Cell(what_they_are(row), hint=", ".join(row.schemes)),
            Cell(row.district),
            Cell(row.volunteer_state, status=True) if row.volunteer_id else Cell("–"),
            Cell(gov_date(row.next_lapse) or "–"),
        ]
        for row in found
    ]


def what_they_are(row: PersonRow) -> str:
    """What a person is to the partnership, in words."""
    parts = []
    if row.volunteer_id:
        parts.append(_("volunteer"))
    if row.open_needs:
        words = ngettext("supported (%(many)d open need)", "supported (%(many)d open needs)",
                         row.open_needs)  # fmt: skip
        parts.append(words % {"many": row.open_needs})
    elif row.supported:
        parts.append(_("supported before"))
    words = and_list(parts) or _("on record")
    return words[0].upper() + words[1:]
