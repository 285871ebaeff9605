"""A record's timeline as pages show it: the ledger's verbs, who did them, and the reason given."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stepdown.hub.queries import ledger
from stepdown.kernel.slots import SLOTS
from stepdown.pages.parts import Event
from stepdown.pages.words import slot_words
from stepdown.policy.actors import Actor
from stepdown.volunteering.queries.choices import DECLINE_REASONS, END_REASONS, OUTCOMES
from stepdown.volunteering.queries.sight import told
from stepdown.volunteering.web.need_words import label_of

ACTORS = {
    "hub": _("the hub itself"),
    "link": _("the volunteer, by the link in a message"),
    "public": _("somebody without an account"),
    "user": _("somebody signed in"),
}
# What was said in a referral is read there: the need's timeline leads to it.
_PAGES = {"offer": "offer", "placement": "placement", "need": "need", "referral": "referral"}


def events(by: Actor, kind: str, id: UUID, *, limit: int = 50) -> list[Event]:
    """What happened to a record, newest first. The caller may see it. Two queries.

    What is about a record that the reader may not see is left out.
    """
    return [
        Event(
            title=one.words,
            at=one.at,
            by=str(ACTORS.get(one.actor, one.actor)),
            text=reason_of(one.verb, one.details),
            url=_address(one, kind),
        )
        for one in ledger.timeline(kind, id, limit=limit, told=told(by))
    ]


def _address(event: ledger.Event, kind: str) -> str:
    name = _PAGES.get(event.object_kind, "")
    return reverse(name, args=[event.object_id]) if name and event.object_kind != kind else ""


def reason_of(verb: str, details: Mapping[str, Any]) -> str:
    """The reason an entry gives, or the half-day it is about; nothing for most."""
    if verb == "offer.declined":
        return label_of(DECLINE_REASONS, details.get("reason"))
    if verb == "placement.ended":
        return label_of(END_REASONS, details.get("reason"))
    if verb == "need.closed":
        return label_of(OUTCOMES, details.get("outcome"))
    slot = details.get("slot")
    return slot_words(slot) if verb == "offer.sent" and slot in SLOTS else ""
