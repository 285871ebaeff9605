"""Who has looked at a record: for the person themselves, and for whoever may see it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from stepdown.hub.queries.looks import Look, looks_at
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import NotVisible
from stepdown.pages.parts import Cell, Table
from stepdown.pages.words import gov_datetime
from stepdown.people.queries.looked_at import ids_of
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import ROLES, RoleKey
from stepdown.volunteering.web.my_words import show_own
from stepdown.volunteering.web.person_record import open_record, show

PURPOSES = {
    "casework": gettext_lazy("To look after people and needs"),
    "ledger-proof": gettext_lazy("To prove what is written down"),
    "matching": gettext_lazy("To match volunteers to needs"),
    "case": gettext_lazy("To work on a case"),
    "own-record": gettext_lazy("To see their own record"),
    "rights": gettext_lazy("To answer a request about their data"),
    "referral": gettext_lazy("To deal with a referral"),
}
CATEGORIES = {
    "identity": gettext_lazy("name"),
    "contact": gettext_lazy("contacts"),
    "location": gettext_lazy("where they live"),
    "shielded-location": gettext_lazy("protected address"),
    "support": gettext_lazy("support and volunteering"),
    "health": gettext_lazy("health"),
    "offence": gettext_lazy("offences"),
    "safeguarding": gettext_lazy("safeguarding"),
    "equality": gettext_lazy("equality"),
}


@page(Permission.PERSON_VIEW)
@require_safe
def my_looks(request: HubRequest) -> HttpResponse:
    """Who has looked at the volunteer's own record: roles and agencies, no names of staff."""
    person = request.actor.person
    if person is None:
        raise NotVisible("No such record.")
    show_own(request, "my-looks")
    found = looks_at(ids_of(person), after=request.GET.get("after"))
    return render(
        request,
        "volunteering/my/looks.html",
        {"table": _table(found.items, person, names=False), "page": found},
    )


@page(Permission.LEDGER_VIEW)
@require_safe
def looks(request: HubRequest, person_id: UUID) -> HttpResponse:
    """Who has looked at somebody's record, for whoever may see what has been done about them."""
    record = open_record(request, person_id)
    if not record.may(Permission.LEDGER_VIEW):
        raise NotVisible("No such record.")
    found = looks_at(ids_of(record.person.pk), after=request.GET.get("after"))
    return show(
        record,
        "volunteering/people/looks.html",
        {"table": _table(found.items, record.person.pk, names=True), "page": found},
        page="person-looks",
    )


def _table(found: list[Look], person: UUID, *, names: bool) -> Table:
    rows = [
        [
            Cell(gov_datetime(one.at)),
            Cell(*_who(one, person, names=names)),
            Cell(
                PURPOSES.get(one.purpose, one.purpose),
                hint=", ".join(_cited(clause) for clause in one.clauses),
            ),
            Cell(", ".join(str(CATEGORIES.get(part, part)) for part in one.categories)),
        ]
        for one in found
    ]
    headings = [_("When"), _("Who"), _("What for"), _("What was shown")]
    return Table(_("Looks at the record, newest first"), headings, rows)


def _cited(clause: str) -> str:
    """What let it be shown: a clause by its number, an emergency in words."""
    start, _space, reference = clause.partition(" ")
    if start != "override":
        return clause
    return _("opened in an emergency, %(reference)s") % {"reference": reference}


def _who(one: Look, person: UUID, *, names: bool) -> tuple[str, str, bool, str]:
    """The cell's text and what stands small beneath it."""
    roles = "; ".join(
        _("%(role)s, %(agency)s") % {"role": _role(role), "agency": agency}
        if agency
        else _role(role)
        for role, agency in one.roles
    )
    if one.person == person:
        return (_("The person themselves") if names else _("You")), "", False, ""
    if names and one.name:
        return one.name, "", False, roles
    if not roles:
        # Written down before roles were.
        roles = {"hub": _("The hub itself"), "public": _("Somebody without an account")}.get(
            one.label, _("A member of staff")
        )
    return roles, "", False, ""


def _role(key: str) -> str:
    try:
        return _(ROLES[RoleKey(key)].name)
    except (ValueError, KeyError):
        return key
