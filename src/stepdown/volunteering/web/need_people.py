"""The volunteers on a need: offers and placements, newest first, with what may be done to each."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.hub.web.page import HubRequest
from stepdown.pages.words import gov_date, gov_datetime
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import hours, offer, placement, volunteer
from stepdown.volunteering.queries import need as queries
from stepdown.volunteering.queries.choices import DECLINE_REASONS, END_REASONS, LAPSE_REASONS
from stepdown.volunteering.web.need_words import SOMEBODY, label_of, slot_said

if TYPE_CHECKING:
    from stepdown.volunteering.models import Need, Offer, Placement

STANDING = ("live", "suspended")


@dataclass(frozen=True)
class OnNeed:
    """One line. ``person_id`` is None where the reader may not see who it is."""

    url: str
    what: str
    name: str
    person_id: UUID | None
    person_url: str
    state: str
    slot: str
    said: str
    at: date | datetime
    stands: bool
    stepping_back: bool = False
    hours_waiting: int = 0
    actions: list[tuple[str, str]] = field(default_factory=list)


def people_on(request: HubRequest, need: "Need") -> list[OnNeed]:
    """Those that stand first. A placement stands for its offer. A constant number of queries."""
    placed = placement.of_needs(request.actor, [need.pk])
    asked = [
        one
        for one in offer.of_needs(request.actor, [need.pk])
        if one.pk not in {other.offer_id for other in placed}
    ]
    seen = volunteer.visible_to(request.actor).in_bulk(
        {*(one.volunteer_id for one in placed), *(one.volunteer_id for one in asked)}
    )
    waiting = hours.waiting_on(request.actor, [one.pk for one in placed])
    facts = queries.facts(need)
    changes = decide(request.actor, Permission.PLACEMENT_CHANGE, facts).allowed
    sends = decide(request.actor, Permission.OFFER_SEND, facts).allowed
    rows = [
        *(_placement(one, one.volunteer_id in seen, changes, waiting) for one in placed),
        *(_offer(one, one.volunteer_id in seen, sends) for one in asked),
    ]
    return sorted(rows, key=lambda row: not row.stands)


def _placement(one: "Placement", seen: bool, changes: bool, waiting: dict[UUID, int]) -> OnNeed:
    stands = one.state in STANDING
    back = stands and one.step_back_asked_at is not None
    entries = waiting.get(one.pk, 0)
    return OnNeed(
        url=reverse("placement", args=[one.pk]),
        what=_("Placement"),
        name=one.volunteer.person.full_name if seen else str(SOMEBODY),
        person_id=one.volunteer.person_id if seen else None,
        person_url=reverse("person", args=[one.volunteer.person_id]) if seen else "",
        state=one.state,
        slot=slot_said(one.slot),
        said=_said_of_placement(one),
        at=one.starts,
        stands=stands,
        stepping_back=back,
        hours_waiting=entries,
        actions=placement_actions(one, entries) if changes else [],
    )


def placement_actions(one: "Placement", entries: int = 0) -> list[tuple[str, str]]:
    """What may be done to a placement now, as (words, address)."""
    if one.state not in STANDING:
        return []
    pause = (
        (_("Suspend"), reverse("placement-suspend", args=[one.pk]))
        if one.state == "live"
        else (_("Resume"), reverse("placement-resume", args=[one.pk]))
    )
    confirm = [(_("Confirm hours"), f"{reverse('placement', args=[one.pk])}#hours")]
    return [
        *(confirm if entries else []),
        pause,
        (_("Replace"), reverse("placement-replace", args=[one.pk])),
        (_("End"), reverse("placement-end", args=[one.pk])),
    ]


def _said_of_placement(one: "Placement") -> str:
    began = _("Since %(day)s") % {"day": gov_date(one.starts)}
    if one.state == "suspended":
        return f"{began}. {one.suspend_reason}"
    if one.ended_on is None:
        return began
    ended = _("%(from)s to %(to)s") % {"from": gov_date(one.starts), "to": gov_date(one.ended_on)}
    why = label_of(END_REASONS, one.end_reason)
    return f"{ended}. {why}" if why else ended


def _offer(one: "Offer", seen: bool, sends: bool) -> OnNeed:
    waits = offer.is_open(one)
    withdraw = (_("Withdraw"), reverse("offer-withdraw", args=[one.pk]))
    return OnNeed(
        url=reverse("offer", args=[one.pk]),
        what=_("Offer"),
        name=one.volunteer.person.full_name if seen else str(SOMEBODY),
        person_id=one.volunteer.person_id if seen else None,
        person_url=reverse("person", args=[one.volunteer.person_id]) if seen else "",
        state=one.state if waits or one.state != "sent" else "lapsed",
        slot=slot_said(one.slot),
        said=offer_said(one),
        at=one.sent_at,
        stands=waits,
        actions=[withdraw] if waits and sends else [],
    )


def offer_said(one: "Offer") -> str:
    """How an offer stands, in one sentence."""
    if offer.is_open(one):
        return _("Lapses on %(when)s") % {"when": gov_datetime(one.lapses_at)}
    if one.state == "sent":
        return _("No answer in time")
    why = label_of(DECLINE_REASONS, one.decline_reason) or label_of(LAPSE_REASONS, one.lapse_reason)
    sent = _("Sent on %(day)s") % {"day": gov_date(one.sent_at)}
    return f"{sent}. {why}" if why else sent
