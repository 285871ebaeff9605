"""One need, whole: what is to be done, what is asked, who is on it, who could be."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.parts import Change, Row
from stepdown.people.queries import person as people
from stepdown.people.queries.restriction import Use, is_stopped, restricted_since
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import need as queries
from stepdown.volunteering.queries import plan, risk, shown
from stepdown.volunteering.queries.choices import OUTCOMES
from stepdown.volunteering.queries.requirement import stated
from stepdown.volunteering.queries.shown import VOLUNTEER_SHOWN
from stepdown.volunteering.web.ask import INVALID, REFUSED, JustDo
from stepdown.volunteering.web.need_asked import asked_rows
from stepdown.volunteering.web.need_matching import candidates, could_help
from stepdown.volunteering.web.need_people import OnNeed, people_on
from stepdown.volunteering.web.need_tasks import tasks_of
from stepdown.volunteering.web.need_words import band_colour, band_words, label_of
from stepdown.volunteering.web.timeline import events

if TYPE_CHECKING:
    from stepdown.volunteering.models import Need


def may(request: HubRequest, need: "Need") -> dict[str, bool]:
    """What the reader's roles let them do to the need, whatever its state."""
    facts = queries.facts(need)
    return {
        name: decide(request.actor, permission, facts).allowed
        for name, permission in {
            "change": Permission.NEED_CHANGE,
            "close": Permission.NEED_CLOSE,
            "send": Permission.OFFER_SEND,
            "see_risk": Permission.RISK_VIEW,
            "write_risk": Permission.RISK_WRITE,
            "change_placement": Permission.PLACEMENT_CHANGE,
        }.items()
    }


def heading(need: "Need", current: str = "") -> dict[str, Any]:
    """What stands at the top of every page about a need; ``current`` is which section it is."""
    return {
        "need": need,
        "band": (band_words(need.band), band_colour(need.band)),
        "restricted_since": restricted_since([need.person_id]),
        "sub_navigation": [
            (_("Need"), reverse("need", args=[need.pk]), current == "need"),
            (_("Risk assessment"), reverse("need-risk", args=[need.pk]), current == "risk"),
        ],
    }


def supported(request: HubRequest, need: "Need") -> dict[UUID, Mapping[Category, str]]:
    """Whom a page about a need is about, for the read log."""
    return shown.supported(request.actor, need)


def show_need(
    request: HubRequest, need: "Need", error: Refused | InvalidInput | None = None
) -> HttpResponse:
    """The page; with what was refused at its top."""
    allowed = may(request, need)
    versions = risk.versions_of(request.actor, need) if allowed["see_risk"] else []
    on_it = people_on(request, need)
    holding = queries.row_for(request.actor, need)
    matching = could_help(request, need, holding)
    planned = need.state == "open" and holding.unfilled
    planned = planned and not is_stopped(Use.MATCH, [need.person_id])
    gap = plan.gap_of(request.actor, need) if planned else None
    about, says = shown.saying(request.actor, need)
    name = queries.name_on(request.actor, need)
    known = people.names_of(request.actor, about)
    named: dict[UUID, Iterable[Category]] = {
        **about,
        **dict.fromkeys(_named(on_it), VOLUNTEER_SHOWN),
        **dict.fromkeys((row.person_id for row in matching.rows), VOLUNTEER_SHOWN),
    }
    if gap and gap.change_person_id:
        named[gap.change_person_id] = VOLUNTEER_SHOWN
    disclose(by=request.actor, people=named, purpose="matching", page="need")
    context = {
        **heading(need, "need"),
        "says": says,
        "may": allowed,
        "tasks": tasks_of(need, holding, versions, on_it, allowed),
        "outcome": label_of(OUTCOMES, need.outcome),
        "who": _who_rows(need, name, known, allowed["change"]),
        "asked": asked_rows(need, queries.location_of(need), stated(need, clock.today())),
        "on_it": on_it,
        "matching": matching,
        "rows": candidates(matching.rows, allowed["send"] and not matching.stopped),
        "offer_url": reverse("need-offer", args=[need.pk]),
        "gap": gap,
        "events": events(request.actor, "need", need.pk),
    }
    if error is None:
        return render(request, "volunteering/needs/need.html", context)
    form = JustDo({})
    form.is_valid()
    form.explain(error)
    status = REFUSED if isinstance(error, Refused) else INVALID
    return render(request, "volunteering/needs/need.html", {**context, "form": form}, status=status)


def _named(on_it: list[OnNeed]) -> list[UUID]:
    return [one.person_id for one in on_it if one.person_id]


def _who_rows(need: "Need", name: str, known: Mapping[UUID, str], may_change: bool) -> list[Row]:
    """Whom it is for and who looks after it. Their record is another matter than their name: a
    need may be open to somebody to whom that is not."""
    open_now = may_change and need.state == "open"
    assign = Change(reverse("need-assign", args=[need.pk]), _("who looks after it"))
    if need.person_id is None:
        person = Row(_("Person supported"), _("Nobody in particular"))
    elif need.person_id in known:
        url = reverse("person", args=[need.person_id])
        link = Change(url, _("of the person supported"), _("See record"))
        person = Row(_("Person supported"), known[need.person_id], link)
    elif name:
        person = Row(_("Person supported"), name)
    else:
        person = Row(_("Person supported"), _("Somebody whose record you may not see"))
    officer = need.officer.display_name if need.officer else _("Nobody yet")
    return [
        person,
        Row(_("Looked after by"), officer, assign if open_now else None),
        Row(_("Partner"), need.agency.name),
        Row(_("District"), need.district.name if need.district else _("None")),
    ]
