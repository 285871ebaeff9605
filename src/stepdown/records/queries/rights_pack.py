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
from stepdown.people.queries.looked_at import ids_of
from stepdown.records.models import RightsPack, RightsRequest
from stepdown.records.queries.held import seen_by
from stepdown.records.queries.held_source import Sources
from stepdown.records.queries.rights_copy import Reviewed, digest_of_all, reviewed
from stepdown.sharing.models import Clause
from stepdown.sharing.queries.in_force import citation

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
        looks = _looks(request.person_id, request) if request.person_id else []
        done = _done(request.person_id, request) if request.person_id else []
    return Contents(request.reference, request.agency.name, request.kind, same, held, looks, done)


def _looks(person: UUID, request: RightsRequest) -> list[Look]:
    """Those of the agency's own staff, of nobody's, and those that its agreements let others have;
    the newest first. What other agencies looked at for themselves is theirs to tell."""
    own, under = _own_clauses(request.agency_id), ids_of(person)
    found: list[Look] = []
    after: str | None = None
    while True:
        page = looks_at(under, after=after, size=500)
        for one in page.items:
            agencies = {agency for _role, agency in one.roles if agency}
            if not agencies or request.agency.name in agencies or own & set(one.clauses):
                found.append(one)
        if page.next is None:
            return found
        after = page.next


def _own_clauses(agency: UUID) -> set[str]:
    """The clauses, as the read log cites them, by which the agency shows its records."""
    clauses = Clause.objects.filter(source=agency).select_related("agreement")
    return {citation(c.agreement.reference, c.agreement.number, c.number) for c in clauses}


def _done(person: UUID, request: RightsRequest) -> list[Done]:
    """What the agency, the hub or the person did; not what another agency did with its own."""
    subject = Person.objects.get(pk=person)
    sources = Sources(subject)
    about = LedgerEntry.objects.filter(subjects__kind="person", subjects__subject_id=person)
    seen = seen_by(request, subject)
    entries = [
        one
        for one in about.order_by("id")
        if one.object_kind not in seen or one.object_id in seen[one.object_kind]
    ]
    sources.agencies_of(entries)
    return [
        Done(one.at, words_for(one.verb), sources.who(one))
        for one in entries
        if not (by := sources.worked_for(one)) or request.agency_id in by
    ]
