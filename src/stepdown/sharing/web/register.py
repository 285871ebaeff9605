"""Who shares what with whom, for everybody to read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import and_list, gov_date
from stepdown.policy.permissions import Permission
from stepdown.sharing.queries import register
from stepdown.sharing.web.agreements import clause_rows


@page(Permission.PAGE_PUBLIC)
def index(request: HubRequest) -> HttpResponse:
    """Every agreement in force today."""
    found = register.published(after=request.GET.get("after"))
    table = Table(
        caption=_("Agreements in force"),
        headings=[_("Agreement"), _("Between"), _("In force until")],
        rows=[
            [
                Cell(
                    one.title,
                    reverse("sharing-register-one", args=[one.reference]),
                    hint=_("%(reference)s, version %(number)d")
                    % {"reference": one.reference, "number": one.number},
                ),
                Cell(and_list(list(one.parties))),
                Cell(gov_date(one.ends)),
            ]
            for one in found.items
        ],
    )
    return render(request, "sharing/register.html", {"found": found, "table": table})


@page(Permission.PAGE_PUBLIC)
def show(request: HubRequest, reference: str) -> HttpResponse:
    """What one of them lets pass."""
    one = register.published_one(reference)
    terms = [
        Row(_("Parties"), and_list(list(one.parties))),
        Row(_("First day"), gov_date(one.starts)),
        Row(_("Last day"), gov_date(one.ends)),
        Row(_("Review by"), gov_date(one.review_on)),
    ]
    clauses = [(clause.number, clause_rows(clause)) for clause in one.clauses]
    context = {"agreement": one, "terms": terms, "clauses": clauses}
    return render(request, "sharing/register_one.html", context)
