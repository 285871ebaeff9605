"""Flows of referrals that no agreement in force covers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from stepdown.casework.queries import gaps as queries
from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.parts import Cell, Table
from stepdown.policy.permissions import Permission
from stepdown.sharing.web import words


@page(Permission.AGREEMENT_VIEW)
def gaps(request: HubRequest) -> HttpResponse:
    """From whom, to whom, on which pathway, and which data does not pass."""
    rows = [
        [
            Cell(gap.source),
            Cell(gap.target),
            Cell(words.PATHWAYS[gap.pathway]),
            Cell(
                words.named(gap.categories, words.CATEGORIES),
                hint=_("Nothing passes: the referrals are not seen at all") if gap.whole else "",
            ),
        ]
        for gap in queries.gaps(request.actor)
    ]
    headings = [_("Shares its records"), _("Would see them"), _("Pathway"), _("Does not pass")]
    context = {"table": Table(_("Gaps"), headings, rows), "section": "gaps"}
    return render(request, "casework/gaps.html", context)
