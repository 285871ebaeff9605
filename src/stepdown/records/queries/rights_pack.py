"""Copies: which are to be made or removed, and what stands in one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stepdown.hub.models import LedgerEntry
from stepdown.hub.queries.looks import Look, looks_at
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.verbs import words_for
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.records.models import RightsPack, RightsRequest
from stepdown.records.queries.held_source import Sources
from stepdown.records.queries.rights_copy import Reviewed, digest_of_all, reviewed

State = RightsPack.State


@dataclass(frozen=True)
class Done:
    """One thing that was done about the person: when, what, by whom without a name."""

    at: datetime
    words: str
    who: str


@dataclass(frozen=True, repr=False)
class Contents:
    """All that goes out. ``same`` says that it is what the second person approved."""

    reference: str
    agency: str
    kind: str
    same: bool
    held: list[Reviewed]
    looks: list[Look]
    done: list[Done]


def has_copy(request: RightsRequest) -> bool:
    """Whether a copy is there to be handed out."""
    return RightsPack.objects.filter(request=request.pk, state=State.READY).exists()


def pack_of(request: RightsRequest) -> RightsPack | None:
    """The copy of a request that the actor may see."""
    return RightsPack.objects.filter(request=request.pk).first()


def to_make() -> list[RightsPack]:
    """Copies that wait to be made, the oldest first."""
    waiting = RightsPack.objects.filter(state=State.ASKED).select_related("request__agency")
    return list(waiting.order_by("asked_at"))


def outlived() -> list[RightsPack]:
    """Copies whose time is up."""
    return list(RightsPack.objects.filter(state=State.READY, kept_until__lt=clock.today()))


def kept() -> set[UUID]:
    """The copies whose files are to be there."""
    return set(RightsPack.objects.filter(state=State.READY).values_list("pk", flat=True))


def contents(pack: RightsPack) -> Contents:
    """What stands in the copy. For the hub's jobs."""
    request = pack.request
    held = reviewed(request)
    approved = bytes(request.approved_digest or b"")
    same = not any(one.open for one in held) and digest_of_all(held) == approved
    with as_hub("a copy of everything held"):
        looks = _looks(request.person_id) if request.person_id else []
        done = _done(request.person_id) if request.person_id else []
    return Contents(request.reference, request.agency.name, request.kind, same, held, looks, done)


def _looks(person: UUID) -> list[Look]:
    """All of them, the newest first."""
    found: list[Look] = []
    after: str | None = None
    while True:
        page = looks_at(person, after=after, size=500)
        found += page.items
        if page.next is None:
            return found
        after = page.next


def _done(person: UUID) -> list[Done]:
    sources = Sources(Person.objects.get(pk=person))
    about = LedgerEntry.objects.filter(subjects__kind="person", subjects__subject_id=person)
    entries = list(about.order_by("id"))
    sources.agencies_of(entries)
    return [Done(one.at, words_for(one.verb), sources.who(one)) for one in entries]
