"""Ledger entries as the events of a person's timeline, with links where the actor may follow."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from stepdown.hub.queries.ledger import Event as Entry
from stepdown.pages.parts import Event
from stepdown.policy.actors import Actor
from stepdown.volunteering.queries import catalogue, need, offer, placement
from stepdown.volunteering.web.need_words import address
from stepdown.volunteering.web.timeline import ACTORS, reason_of


def events_for(by: Actor, entries: Iterable[Entry]) -> list[Event]:
    """The entries in words. At most four queries, to know names and what can be opened."""
    entries = list(entries)
    asked: dict[str, set[UUID]] = defaultdict(set)
    for entry in entries:
        asked[entry.object_kind].add(entry.object_id)
    lists = {"need": need.visible_to, "offer": offer.visible_to, "placement": placement.visible_to}
    seen = {
        (kind, pk)
        for kind, visible_to in lists.items()
        for pk in visible_to(by).filter(pk__in=asked[kind]).values_list("pk", flat=True)
    }
    # What a credential is: the kind's name, which is nobody's secret on this person's own page.
    kinds: dict[object, str] = (
        dict(catalogue.credential_type_choices()) if asked["credential"] else {}
    )
    return [
        Event(
            title=entry.words,
            at=entry.at,
            text=reason_of(entry.verb, entry.details) or kinds.get(entry.details.get("type"), ""),
            by=str(ACTORS.get(entry.actor, entry.actor)),
            url=address(entry.object_kind, entry.object_id)
            if (entry.object_kind, entry.object_id) in seen
            else "",
        )
        for entry in entries
    ]
