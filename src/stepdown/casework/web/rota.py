"""Rotas: the week, and posts with their vacancies. Keeping them: ``rota_keep``."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepdown.casework.queries import rota as queries
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.definitions import definition
from stepdown.casework.queries.rota import On
from stepdown.casework.web.case_list import sections
from stepdown.casework.web.rota_words import (
    count_words,
    holder_words,
    names,
    post_words,
    shift_words,
)
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.kernel.sheets import as_csv
from stepdown.pages.parts import Cell, Table
from stepdown.pages.words import gov_date
from stepdown.pathways.rota import Rota
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    pass


@page(Permission.ROTA_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """The rotas that the reader may see, with how many posts of each are vacant."""
    rows = []
    for one in queries.rotas(request.actor):
        posts = queries.counted(queries.standing(request.actor, one.key))
        url = reverse("rota", args=[one.key])
        name = in_words(queries.rota_of(one.key).name)
        rows.append([Cell(name, url, hint=in_words(one.name)), Cell(posts.all), Cell(posts.vacant)])
    headings = [_("Rota"), _("Posts"), _("Vacant")]
    context = {
        "table": Table(_("Rotas"), headings, rows, numeric=frozenset({1, 2})),
        "sub_navigation": sections(request),
    }
    return render(request, "casework/rota/list.html", context)


@page(Permission.ROTA_VIEW)
@require_safe
def week(request: HubRequest, pathway: str) -> HttpResponse:
    """Who is on, day by day."""
    rota, monday = seen(request, pathway), monday_asked(request)
    on = queries.on_from(request.actor, pathway, monday)
    days = [monday + timedelta(days=at) for at in range(queries.WEEK)]
    context = {
        **_head(request, pathway, rota),
        "monday": monday,
        "tables": [_day(rota, day, on) for day in days],
        "before": (monday - timedelta(days=7)).isoformat(),
        "after": (monday + timedelta(days=7)).isoformat(),
    }
    return render(request, "casework/rota/week.html", context)


@page(Permission.ROTA_VIEW)
@require_safe
def download(request: HubRequest, pathway: str) -> HttpResponse:
    """The week as a file for a spreadsheet: staff are named, and nobody else."""
    rota, monday = seen(request, pathway), monday_asked(request)
    shifts = {one.key: in_words(one.name) for one in rota.shifts}
    order = list(shifts)
    found = [one for one in queries.on_from(request.actor, pathway, monday) if one.shift in order]
    found.sort(key=lambda one: (one.day, order.index(one.shift), one.division, one.post.number))
    rows = [
        (one.day.isoformat(), shifts[one.shift], post_words(rota, one.post), one.name,
         _("No") if one.alone else _("Yes"))
        for one in found
    ]  # fmt: skip
    heads = (_("Day"), _("Shift"), _("Post"), _("Name"), _("In induction"))
    answer = HttpResponse(as_csv(heads, rows), content_type="text/csv; charset=utf-8")
    name = f"rota-{pathway}-{monday.isoformat()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page(Permission.ROTA_VIEW)
@require_safe
def posts(request: HubRequest, pathway: str) -> HttpResponse:
    """Every post, who holds it, or since when it is vacant."""
    rota = seen(request, pathway)
    held = queries.standing(request.actor, pathway)
    lines = []
    for one in held:
        who, more = holder_words(one)
        vacant = one.vacant_since
        since = _("Vacant since %(day)s") % {"day": gov_date(vacant)} if vacant else ""
        lines.append(
            {
                "name": post_words(rota, one.post),
                "who": who,
                "more": ". ".join(part for part in (since, more) if part),
                "post": one.post,
                "vacant": one.holder is None,
                "fills": one.holder is None or one.holder.until is not None,
                "taken": one.next is not None,
                "keeps": queries.may_keep(request.actor, one.post),
            }
        )
    context = {**_head(request, pathway, rota), "lines": lines}
    return render(request, "casework/rota/posts.html", context)


def _day(rota: Rota, day: date, on: list[On]) -> Table:
    """One day: its shifts, and who is on in each division."""
    rows = [
        [
            Cell(shift_words(shift)),
            *(
                Cell(
                    names(
                        one
                        for one in on
                        if (one.day, one.shift, one.division) == (day, shift.key, division.key)
                    )
                    or _("Nobody")
                )
                for division in rota.divisions
            ),
        ]
        for shift in rota.shifts
    ]
    headings = [_("Shift"), *(in_words(one.name) for one in rota.divisions)]
    return Table(date_format(day, "l j F"), headings, rows, hide_caption=False)


def _head(request: HubRequest, pathway: str, rota: Rota) -> dict[str, Any]:
    held = queries.counted(queries.standing(request.actor, pathway))
    return {
        "title": in_words(rota.name),
        "pathway": pathway,
        "pathway_name": in_words(definition(pathway).name),
        "counted": count_words(held),
        "keeps": queries.agency_for(request.actor, pathway) is not None,
        "sub_navigation": sections(request),
    }


def seen(request: HubRequest, pathway: str) -> Rota:
    """The rota, if there could be posts of it that the reader may see."""
    if not queries.sees(request.actor, pathway):
        raise NotVisible("No such rota.")
    return queries.rota_of(pathway)


def monday_asked(request: HubRequest) -> date:
    """The week that is asked for, else this one."""
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = clock.today()
    near = abs((day - clock.today()).days) < 5 * 366
    return queries.monday_of(day if near else clock.today())
