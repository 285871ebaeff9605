"""Referrals: which an actor may see, and how lists and pages read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.casework.models.referral import REFERRAL_STATES
from stepdown.casework.models.referral import ReferralEvent as ReferralEvent
from stepdown.casework.models.referral import ReferralState as ReferralState
from stepdown.casework.queries.shared_facts import Open, with_sharing
from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.kernel.ids import tidy_reference
from stepdown.people.queries.consent import last_said
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import readings, scope_for, visible
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts, OneOf
from stepdown.policy.sharing import Purpose
from stepdown.sharing.queries.in_force import SharedBy, clauses_from, read_for
from stepdown.volunteering.models import Placement
from stepdown.volunteering.models.placement import PlacementState


def consents() -> Q:
    """Referrals about people who consent to being helped: what was last recorded on the person,
    else what the referral itself says that they answered."""
    said, last_was_yes = last_said("person", Purpose.SUPPORT)
    answered = ReferralAnswers.objects.filter(
        referral=OuterRef("pk"), category=Category.SUPPORT, answers__consent="yes"
    )
    return Q(last_was_yes) | (Q(~said) & Q(Exists(answered)))


COLUMNS: Columns = {
    "id": "pk",
    "district": "district",
    "agency": "agency",
    "made_by": "made_by",
    "clauses": SharedBy("agency", lambda _wanted: consents()),
}


def facts(referral: Referral, open_now: Open | None = None) -> Facts:
    """What the policy is told of a referral. ``open_now`` is what ``open_for`` read for a whole
    list at once; without it that is read when the policy asks."""
    known = {
        "district": referral.district_id,
        "id": referral.pk,
        "agency": referral.agency_id,
        "made_by": referral.made_by_id,
    }
    return with_sharing(referral, known, open_now, lambda: open_for([referral]))


def open_for(some: Iterable[Referral]) -> Open:
    """The clauses in force for some referrals, and which are about people who consent, as far as a
    clause asks for that. Three queries at most, none where no agency made any."""
    held = list(some)
    clauses = clauses_from(r.agency_id for r in held)
    asking = {agency for agency, found in clauses.items() if any(c.needs_consent for c in found)}
    wanted = [r.pk for r in held if r.agency_id in asking]
    if not wanted:
        return clauses, frozenset()
    found = Referral.objects.filter(consents(), pk__in=wanted)
    return clauses, frozenset(found.values_list("pk", flat=True))


def sent_or_own(by: Actor) -> Q:
    """A draft is nobody's business but its maker's, whatever their role."""
    sent = Q(received_at__isnull=False)
    return sent | Q(made_by=by.user) if by.user else sent


def visible_to(by: Actor, permission: Permission = Permission.REFERRAL_VIEW) -> QuerySet[Referral]:
    """The referrals on which the actor may use the permission."""
    scope = compile_scope(scope_for(by, permission), read_for(by, COLUMNS))
    return Referral.objects.filter(scope).filter(sent_or_own(by))


def is_visible(by: Actor, referral: Referral) -> bool:
    """The same truth as ``visible_to``, of a record in hand."""
    own = by.user is not None and referral.made_by_id == by.user
    sent_or_own = referral.received_at is not None or own
    return sent_or_own and visible(by, Permission.REFERRAL_VIEW, facts(referral))


def get(*, by: Actor, id: UUID) -> Referral:
    """One referral that exists for the actor."""
    wanted = (
        visible_to(by)
        .select_related(
            "district", "agency", "made_by", "person", "need", "duplicate_of", "triaged_by"
        )
        .defer("district__rings")
    )
    found = wanted.filter(pk=id).first()
    if found is None:
        raise NotVisible("No such referral.")
    return found


def visible_among(by: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Those of some referrals that exist for the actor. One query, none for none."""
    wanted = set(ids)
    found = visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True) if wanted else ()
    return set(found)


def original_of(by: Actor, referral: Referral) -> Referral | None:
    """The referral that this one repeats, if it exists for the actor."""
    if referral.duplicate_of is None or not is_visible(by, referral.duplicate_of):
        return None
    return referral.duplicate_of


def with_reference(*, by: Actor, text: str) -> Referral | None:
    """The sent referral with this reference, as somebody might type it, if the actor may see it."""
    wanted = visible_to(by).filter(received_at__isnull=False)
    return wanted.filter(reference=reference_typed(text)).first()


def any_with_reference(text: str) -> tuple[UUID, UUID | None] | None:
    """The id of a sent referral and its agency's, whoever asks. For emergencies alone."""
    wanted = Referral.objects.filter(received_at__isnull=False, reference=reference_typed(text))
    return wanted.values_list("pk", "agency_id").first()


def reference_typed(text: str) -> str:
    """What somebody typed as a reference, as it is stored: "r 7k3m 9qxt" is R-7K3M-9QXT."""
    body = "".join(c for c in tidy_reference(text) if c.isalnum())
    if len(body) == 8:
        body = f"R{body}"
    return f"{body[0]}-{body[1:5]}-{body[5:]}" if len(body) == 9 else body


def readable(by: Actor, referral: Referral, open_now: Open | None = None) -> Mapping[Category, str]:
    """The categories of answers the actor may read, each with the clause that lets it, if any."""
    return readings(by, Permission.REFERRAL_VIEW, facts(referral, open_now))


def categories(by: Actor, referral: Referral) -> frozenset[Category]:
    """The categories of answers the actor may read."""
    return frozenset(readable(by, referral))


def sees_own_only(by: Actor) -> bool:
    """Whether the actor sees referrals only because they made them."""
    scope = scope_for(by, Permission.REFERRAL_VIEW)
    return isinstance(scope, OneOf) and scope.field == "made_by"


@as_hub("whoever holds its id fills it in, known or not")
def draft_for(*, by: Actor, id: UUID) -> Referral:
    """A referral for the one who fills it in.

    Holding its id is the right to it: ids are random and kept in the maker's own session. One that
    was made with an account is that account's alone. Expired drafts are gone.
    """
    found = (
        Referral.objects.select_related("district").defer("district__rings").filter(pk=id).first()
    )
    if found is None or (found.made_by_id and found.made_by_id != by.user):
        raise NotVisible("No such referral.")
    if found.state == ReferralState.DRAFT and is_expired(found):
        raise NotVisible("No such referral.")
    return found


def is_expired(referral: Referral) -> bool:
    """Whether an unfinished referral has outlived the time it is kept for."""
    return referral.draft_expires_at is not None and referral.draft_expires_at <= clock.now()


def own_drafts(by: Actor) -> list[Referral]:
    """The unfinished referrals of a signed-in maker, newest first. One query."""
    if by.user is None:
        return []
    drafts = Referral.objects.filter(made_by=by.user, state=ReferralState.DRAFT)
    return list(drafts.filter(draft_expires_at__gt=clock.now()).order_by("-id")[:10])


@dataclass(frozen=True)
class ReferralFilters:
    """What a list is narrowed to. Nothing chosen: the referrals that wait for triage."""

    states: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()
    received_since: date | None = None
    reference: str = ""


@dataclass(frozen=True)
class ReferralLine:
    """One referral in a list. ``name`` is empty where the actor may not read it."""

    id: UUID
    reference: str
    state: str
    name: str = field(repr=False)
    district: str
    band: int | None
    received_at: datetime | None
    clause: str = ""
    reject_reason: str = ""
    helped: bool = False
    need_state: str = ""
    person: UUID | None = None


def list_referrals(
    by: Actor, filters: ReferralFilters, *, after: str | None = None, size: int = 25
) -> Page[ReferralLine]:
    """Sent referrals, most urgent first and then oldest first. A constant number of queries."""
    wanted = visible_lines(by)
    if filters.reference:
        # A reference names one referral, whatever became of it: nothing else narrows that.
        wanted = wanted.filter(reference=reference_typed(filters.reference))
    else:
        wanted = wanted.filter(state__in=filters.states or (ReferralState.RECEIVED,))
    if filters.districts:
        wanted = wanted.filter(district__in=filters.districts)
    if filters.bands:
        wanted = wanted.filter(band__in=filters.bands)
    if filters.received_since:
        midnight = datetime.combine(filters.received_since, time.min, tzinfo=clock.LONDON)
        wanted = wanted.filter(received_at__gte=midnight)
    return _as_lines(by, page_of(wanted, order=("band", "received_at"), after=after, size=size))


def list_own(by: Actor, *, after: str | None = None, size: int = 25) -> Page[ReferralLine]:
    """The referrals that the actor sent, newest first. A constant number of queries."""
    wanted = visible_lines(by).filter(made_by=by.user)
    return _as_lines(by, page_of(wanted, order=("-received_at",), after=after, size=size))


def _as_lines(by: Actor, page: Page[Referral]) -> Page[ReferralLine]:
    open_now = open_for(page.items)
    lines = [_line(by, r, open_now) for r in page.items]
    return Page(lines, page.next, page.previous, page.total)


def visible_lines(by: Actor) -> QuerySet[Referral]:
    """Sent referrals with what a line shows."""
    return _lines(visible_to(by)).filter(received_at__isnull=False)


def line_of(by: Actor, referral: Referral) -> ReferralLine:
    """One referral as a line, for a page about it."""
    return _line(by, _lines(Referral.objects.filter(pk=referral.pk)).get(), None)


def _lines(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    identity = ReferralAnswers.objects.filter(category=Category.IDENTITY)
    live = Placement.objects.filter(need=OuterRef("need"), state=PlacementState.LIVE)
    return (
        referrals.select_related("district", "need")
        .defer("district__rings")
        .prefetch_related(Prefetch("answers", queryset=identity, to_attr="identity_rows"))
        .annotate(helped=Exists(live))
    )


def _line(by: Actor, referral: Any, open_now: Open | None) -> ReferralLine:
    read = readable(by, referral, open_now)
    may_name = Category.IDENTITY in read
    answers = referral.identity_rows[0].answers if referral.identity_rows else {}
    return ReferralLine(
        id=referral.pk,
        reference=referral.reference,
        state=referral.state,
        name=name_in(answers) if may_name else "",
        district=referral.district.name if referral.district else "",
        band=referral.band,
        received_at=referral.received_at,
        clause=read.get(Category.IDENTITY, ""),
        reject_reason=referral.reject_reason,
        helped=referral.helped,
        need_state=referral.need.state if referral.need else "",
        person=referral.person_id,
    )


def name_in(identity: dict[str, Any]) -> str:
    """The name of the person who needs help, from the identity answers."""
    first = identity.get("known_as") or identity.get("given_name") or ""
    return f"{first} {identity.get('family_name') or ''}".strip()


def may(referral: Referral, event: ReferralEvent) -> bool:
    """Whether the referral's state lets this happen."""
    return REFERRAL_STATES.allows(referral.state, event)


def why_not(referral: Referral, event: ReferralEvent) -> str:
    """The state's own words for why it may not; empty where it may."""
    return "" if may(referral, event) else str(REFERRAL_STATES.table[referral.state, event])  # type: ignore[index]


def reject_reasons() -> list[tuple[str, str]]:
    """Reasons for a select."""
    return [(str(value), str(label)) for value, label in Referral.RejectReason.choices]


def looks_at(lines: Iterable[ReferralLine]) -> dict[UUID, dict[Category, str]]:
    """Whose names a list shows, for the read log: under the person once it is known who they are.
    A second referral of theirs that another clause shows stands under itself, so that both do."""
    found: dict[UUID, dict[Category, str]] = {}
    for line in lines:
        if line.name:
            shown = {Category.IDENTITY: line.clause}
            if found.setdefault(line.person or line.id, shown) != shown:
                found[line.id] = shown
    return found


def of_person(person: UUID) -> list[UUID]:
    """The ids of the referrals that are about somebody."""
    return list(Referral.objects.filter(person=person).order_by().values_list("pk", flat=True))
