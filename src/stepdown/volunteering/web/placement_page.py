"""One placement, whole, for those who look after its need."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest
from stepdown.kernel import clock
from stepdown.pages.forms import GovForm
from stepdown.pages.parts import Fact, Flag
from stepdown.pages.status import status_of
from stepdown.pages.words import duration, gov_date
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import hours, shown
from stepdown.volunteering.queries import placement as queries
from stepdown.volunteering.queries.choices import END_REASONS
from stepdown.volunteering.web.forms_placement import HoursForm
from stepdown.volunteering.web.need_people import STANDING, placement_actions
from stepdown.volunteering.web.need_words import SOMEBODY, label_of, slot_said
from stepdown.volunteering.web.timeline import events

if TYPE_CHECKING:
    from stepdown.volunteering.models import Offer, Placement


def placement_of(request: HubRequest, id: UUID) -> "Placement":
    """A placement whose need the reader may see: a volunteer's own has other pages."""
    return shown.placement_with_need(by=request.actor, id=id)


def _sees_volunteer(request: HubRequest, pair: "Placement | Offer") -> bool:
    return shown.sees_volunteer(request.actor, pair)


def named(request: HubRequest, pair: "Placement | Offer") -> str:
    """The volunteer's name, where the reader may see who it is."""
    if _sees_volunteer(request, pair):
        return pair.volunteer.person.full_name
    return str(SOMEBODY)


def people_of(request: HubRequest, pair: "Placement | Offer") -> dict[UUID, Iterable[Category]]:
    """Whom a page about a pair names, for the read log."""
    return shown.people_of(request.actor, pair)


def pair_facts(request: HubRequest, pair: "Placement | Offer") -> list[Fact]:
    """Need, time, district and officer, for an identity bar."""
    need = pair.need
    slot = slot_said(pair.slot)
    return [
        Fact(_("Need"), need.reference),
        Fact(_("Time"), slot or _("No set time")),
        Fact(_("District"), need.district.name if need.district else _("None")),
        Fact(_("Looked after by"), need.officer.display_name if need.officer else _("Nobody yet")),
    ]


def pair_links(request: HubRequest, pair: "Placement | Offer") -> list[tuple[str, str]]:
    """To the need, and to the volunteer's record where the reader may see it."""
    links = [(_("See need"), reverse("need", args=[pair.need_id]))]
    if _sees_volunteer(request, pair):
        person = reverse("person", args=[pair.volunteer.person_id])
        links.append((_("See volunteer"), person))
    return links


def show_placement(
    request: HubRequest, placement: "Placement", form: GovForm | None = None, status: int = 200
) -> HttpResponse:
    """The page; with a form that was refused, if there is one."""
    entries = hours.of_placement(request.actor, placement.pk)
    facts = queries.facts(placement)
    changes = decide(request.actor, Permission.PLACEMENT_CHANGE, facts).allowed
    own = request.actor.person == placement.volunteer.person_id
    confirms = decide(request.actor, Permission.HOURS_CONFIRM, facts).allowed and not own
    disclose(
        by=request.actor,
        people=people_of(request, placement),
        purpose="casework",
        page="placement",
    )
    minutes: dict[str, int] = {}
    for entry in entries:
        minutes[entry.state] = minutes.get(entry.state, 0) + entry.minutes
    context: dict[str, Any] = {
        "placement": placement,
        "need": placement.need,
        "name": named(request, placement),
        "facts": [
            *pair_facts(request, placement),
            Fact(_("Since"), gov_date(placement.starts)),
        ],
        "flags": [Flag(*map(str, status_of(placement.state)))],
        "links": pair_links(request, placement),
        "actions": placement_actions(placement) if changes else [],
        "ended": label_of(END_REASONS, placement.end_reason),
        "stepping_back": placement.state in STANDING and placement.step_back_asked_at,
        "may_change": changes,
        "entries": [(entry, duration(entry.minutes)) for entry in entries],
        "confirms": confirms,
        "confirmed": duration(minutes.get("confirmed", 0)),
        "waiting": duration(sum(minutes.values()) - minutes.get("confirmed", 0)),
        "logs": confirms and placement.state != "suspended",
        "form": form or HoursForm(initial={"on": clock.today()}),
        "events": events(request.actor, "placement", placement.pk),
    }
    return render(request, "volunteering/placements/placement.html", context, status=status)
