"""Requests about people's data: the list with its clocks, and the page of one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepdown.adapters.bank_holidays import england_and_wales, known_until
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries.ledger import timeline
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.statutory import Reading
from stepdown.pages.parts import Cell, Event, Row, Table
from stepdown.pages.words import and_list, gov_date
from stepdown.people.queries.restriction import Allowed, stop_of
from stepdown.people.queries.statement import Says, said_in
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission
from stepdown.records.queries import rights_request as queries
from stepdown.records.queries import subjects
from stepdown.records.queries.recipients import agencies_shown
from stepdown.records.queries.rights_pack import pack_of
from stepdown.records.queries.rights_request import RequestLine, RightsEvent
from stepdown.records.web import rights_words as words
from stepdown.records.web.rights_clock import picture
from stepdown.records.web.rights_deeds import deeds_for
from stepdown.records.web.rights_words import PURPOSE

if TYPE_CHECKING:
    from stepdown.records.models import RightsRequest

VIEWS = ("open", "overdue", "ended")


@page(Permission.RIGHTS_HANDLE)
def index(request: HubRequest) -> HttpResponse:
    """Open requests, the soonest due first; those overdue alone; those that have ended."""
    asked = request.GET.get("show", "open")
    show = asked if asked in VIEWS else "open"
    found = None
    if show == "ended":
        found = queries.ended_requests(request.actor, after=request.GET.get("after"))
        lines = found.items
    else:
        lines = queries.open_requests(request.actor, england_and_wales())
    overdue = sum(one.clock is not None and one.clock.overdue for one in lines)
    if show == "overdue":
        lines = [one for one in lines if one.clock and one.clock.overdue]
    context = {
        "table": _table(lines, ended=show == "ended"),
        "found": found,
        "show": show,
        "overdue": overdue if show != "ended" else None,
        "section": "rights",
    }
    return render(request, "records/rights/index.html", context)


@page(Permission.RIGHTS_HANDLE)
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """One request: its clock, what it says, and what can be done next."""
    held = queries.get(by=request.actor, id=id, permission=Permission.RIGHTS_HANDLE)
    about = subjects.subject(request.actor, held.person_id) if held.person_id else None
    said = said_in(held.pk)
    if about:
        shows = {Category.IDENTITY, *([Category(said.category)] if said else [])}
        disclose(by=request.actor, people={about.id: shows}, purpose=PURPOSE, page="rights-request")
    shown = queries.reading(held, england_and_wales())
    context: dict[str, Any] = {
        "request_": queries.line_of(held, england_and_wales()),
        "state": words.STATES[held.state],
        "kind": words.KINDS[held.kind],
        "reading": shown,
        "left": days_left(shown, ended=held.ended_on is not None),
        "picture": picture(held, shown),
        "holidays_until": known_until() if shown.due > known_until() else None,
        "rows": _rows(held, about, said),
        "questions": list(held.questions.all()),
        "deeds": deeds_for(request.actor, held, england_and_wales()),
        "may_name": queries.may(held, RightsEvent.NAME) and held.channel != "online",
        "may_see_records": queries.is_copy(held)
        and about is not None
        and held.state in {"in-hand", "question-asked", "for-approval", "approved"},
        "pack": pack_of(held),
        "ended": held.ended_on is not None,
        "outcome": held.outcome,
        "events": [
            Event(title=one.words, at=one.at, by=one.actor, text=_more(one.details))
            for one in timeline("rights", held.pk, limit=100)
        ],
        "section": "rights",
        "show": "ended" if held.state in queries.ENDED else "",
    }
    return render(request, "records/rights/show.html", context)


def _more(details: Mapping[str, Any]) -> str:
    """Why something was sent back, or which agencies were told."""
    if told := details.get("told"):
        return _("Told: %(agencies)s.") % {"agencies": and_list(list(told))}
    return str(details.get("why", ""))


def _rows(held: "RightsRequest", about: subjects.Subject | None, said: Says | None) -> list[Row]:
    person = about.name if about else _("Not found yet")
    if about and about.born:
        person += "\n" + _("Born %(day)s") % {"day": gov_date(about.born)}
    rows = [
        Row(_("About"), person),
        Row(_("What they asked"), held.asked_for),
        Row(_("Came by"), words.ALL_CHANNELS[held.channel]),
        Row(_("Came on"), gov_date(held.received_on)),
        Row(_("Law"), words.REGIMES[held.regime]),
        Row(_("Agency"), held.agency.name),
        Row(_("Handled by"), held.handler.display_name if held.handler else _("Nobody yet")),
    ]
    if (held.kind in queries.CHANGES or held.kind == "erasure") and about:
        shown = agencies_shown(about.id, by=held.agency_id)
        rows.append(Row(_("Shown to"), and_list(shown) or _("No other agency, by an agreement")))
    if stop := stop_of(held.pk):
        since = gov_date(stop.since.astimezone(clock.LONDON).date())
        text = _("Since %(day)s.") % {"day": since}
        rows.append(Row(_("Use restricted"), f"{text} {words.STOPS[stop.why]}"))
        lines = [_allowed(one) for one in stop.allowed]
        rows.append(Row(_("Allowed all the same"), "\n".join(lines) or _("Nothing")))
    if said:
        rows.append(Row(_("Their statement"), f"{said.about}\n{said.words}"))
    if held.extended_on:
        told = _("Told on %(day)s.") % {"day": gov_date(held.extended_on)}
        rows.append(Row(_("More time"), f"{told} {held.extend_reason}"))
    if held.refusal:
        rows.append(Row(_("Refused because"), words.REFUSALS[held.refusal]))
    return rows


def _allowed(one: Allowed) -> str:
    return _("%(use)s, until %(day)s. %(ground)s: %(reason)s") % {
        "use": words.USES[one.use],
        "day": gov_date(one.until),
        "ground": words.USE_GROUNDS[one.ground],
        "reason": one.reason,
    }


def days_left(shown: Reading, *, ended: bool) -> str:
    """What the clock says, in words."""
    if ended:
        return ""
    if shown.standing:
        text = ngettext("%(n)d day left when it runs again", "%(n)d days left when it runs again",
                        shown.left)  # fmt: skip
        return text % {"n": shown.left}
    if shown.overdue:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", -shown.left) % {"n": -shown.left}
    return ngettext("%(n)d day left", "%(n)d days left", shown.left) % {"n": shown.left}


def _table(lines: list[RequestLine], *, ended: bool) -> Table:
    rows = []
    for one in lines:
        state, _colour = words.STATES[one.state]
        if one.clock is None:
            when = Cell(gov_date(one.ended_on))
        elif one.clock.standing:
            when = Cell(_("Stands still"), hint=days_left(one.clock, ended=False))
        else:
            hint = days_left(one.clock, ended=False)
            when = Cell(gov_date(one.clock.due), hint=hint)
        rows.append(
            [
                Cell(one.reference, reverse("rights-request", args=[one.id])),
                Cell(words.KINDS[one.kind]),
                Cell(state),
                when,
                Cell(one.handler or _("Nobody yet")),
            ]
        )
    headings = [
        _("Request"),
        _("What is asked for"),
        _("Where it stands"),
        _("Ended on") if ended else _("Due"),
        _("Handled by"),
    ]
    return Table(_("Requests about people’s data"), headings, rows)
