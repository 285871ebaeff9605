"""Agreements: which an actor may see, how each stands today, and what it says."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepdown.hub.models import Agency
from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.hub.queries.user import names_of
from stepdown.hub.queries.walls import may_share_protected
from stepdown.kernel import clock
from stepdown.kernel.canonical import canonical
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, scope_for
from stepdown.policy.lawful import PROTECTED
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.sharing.models import Agreement, AgreementParty, ClauseCover, DpiaAnswer
from stepdown.sharing.models.agreement import AGREEMENT_STATES, AgreementState
from stepdown.sharing.models.agreement import AgreementEvent as AgreementEvent
from stepdown.sharing.queries.in_force import agreements_in_force

REVIEW_SOON = timedelta(days=60)


def _party_of(agencies: frozenset[object]) -> Q:
    found = AgreementParty.objects.filter(agreement=OuterRef("pk"), agency__in=agencies)
    return Q(Exists(found))


COLUMNS: Columns = {"agency": _party_of}


class Standing(StrEnum):
    """How an agreement stands today. Computed, never stored."""

    DRAFT = "draft"
    OUT_FOR_SIGNATURE = "out-for-signature"
    NOT_YET = "not-yet-valid"
    IN_FORCE = "in-force"
    REPLACED = "replaced"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Party:
    """A party, and its signature if it has signed."""

    id: UUID
    name: str
    signed_by: str
    signed_at: datetime | None


@dataclass(frozen=True)
class ClauseLine:
    """A clause with the keys of all it covers."""

    number: int
    source: str
    target: str
    purpose: str
    basis: str
    condition: str
    categories: tuple[str, ...]
    people: tuple[str, ...]
    pathways: tuple[str, ...]


@dataclass(frozen=True)
class AgreementLine:
    """One version of an agreement in a list."""

    id: UUID
    reference: str
    number: int
    title: str
    standing: Standing
    starts: date
    ends: date
    review_on: date
    review_due: bool
    parties: tuple[str, ...]


def facts(agreement: Agreement) -> Facts:
    """What the policy is told of an agreement: its parties, any of which opens it."""
    return {"agency": frozenset(party.agency_id for party in agreement.parties.all())}


def visible_to(
    by: Actor, permission: Permission = Permission.AGREEMENT_VIEW
) -> QuerySet[Agreement]:
    """The agreements on which the actor may use the permission."""
    scope = compile_scope(scope_for(by, permission), COLUMNS)
    whole = Agreement.objects.filter(scope).annotate(
        now=Exists(agreements_in_force().filter(pk=OuterRef("pk")))
    )
    whole = whole.select_related("withdrawn_for")
    return whole.prefetch_related("parties__agency", "signatures")


def get(*, by: Actor, id: UUID) -> Agreement:
    """One agreement the actor may see."""
    found = visible_to(by).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such agreement.")
    return found


def list_agreements(by: Actor, *, after: str | None = None) -> Page[AgreementLine]:
    """All that the actor may see, by title. A constant number of queries."""
    page = page_of(visible_to(by), order=("title", "-number"), after=after, size=25)
    return Page([line_of(one) for one in page.items], page.next, page.previous, page.total)


def line_of(agreement: Agreement) -> AgreementLine:
    """An agreement that ``visible_to`` found, as a line."""
    held = standing(agreement)
    return AgreementLine(
        id=agreement.pk,
        reference=agreement.reference,
        number=agreement.number,
        title=agreement.title,
        standing=held,
        starts=agreement.starts,
        ends=agreement.ends,
        review_on=agreement.review_on,
        review_due=held is Standing.IN_FORCE and agreement.review_on <= clock.today() + REVIEW_SOON,
        parties=tuple(party.agency.name for party in agreement.parties.all()),
    )


def standing(agreement: Agreement) -> Standing:
    """How an agreement that ``visible_to`` found stands today."""
    if agreement.state == AgreementState.DRAFT:
        return Standing.DRAFT
    if agreement.state == AgreementState.WITHDRAWN:
        return Standing.WITHDRAWN
    if agreement.now:  # type: ignore[attr-defined]
        return Standing.IN_FORCE
    today = clock.today()
    if agreement.ends < today:
        return Standing.LAPSED
    signed = {one.agency_id for one in agreement.signatures.all()}
    if any(party.agency_id not in signed for party in agreement.parties.all()):
        return Standing.OUT_FOR_SIGNATURE
    return Standing.NOT_YET if agreement.starts > today else Standing.REPLACED


def parties(agreement: Agreement) -> list[Party]:
    """Who is bound by it, and who has signed."""
    signed = {one.agency_id: one for one in agreement.signatures.all()}
    names = names_of(one.user_id for one in signed.values())
    found = []
    for party in agreement.parties.all():
        one = signed.get(party.agency_id)
        by, at = (names.get(one.user_id, ""), one.at) if one else ("", None)
        found.append(Party(party.agency_id, party.agency.name, by, at))
    return found


def clauses(agreement: Agreement) -> list[ClauseLine]:
    """What it lets pass. Two queries."""
    rows = agreement.clauses.select_related("source", "target").prefetch_related("covers")
    aspects = ClauseCover.Aspect

    def keys(covers: list[ClauseCover], aspect: str) -> tuple[str, ...]:
        return tuple(sorted(cover.key for cover in covers if cover.aspect == aspect))

    return [
        ClauseLine(
            number=row.number,
            source=row.source.name,
            target=row.target.name,
            purpose=row.purpose,
            basis=row.basis,
            condition=row.condition,
            categories=keys(list(row.covers.all()), aspects.CATEGORY),
            people=keys(list(row.covers.all()), aspects.PEOPLE),
            pathways=keys(list(row.covers.all()), aspects.PATHWAY),
        )
        for row in rows
    ]


def answers(agreement: Agreement) -> dict[str, str]:
    """The impact assessment, by question."""
    return dict(agreement.dpia_answers.values_list("question", "answer"))


def questions() -> list[tuple[str, str]]:
    """The questions of the impact assessment, in order."""
    return [(str(value), str(label)) for value, label in DpiaAnswer.Question.choices]


def missing(agreement: Agreement) -> list[Promise | str]:
    """What a draft still lacks before it can be sent for signature."""
    found: list[Promise | str] = []
    if not agreement.clauses.exists():
        found.append(_("Add at least one clause."))
    written = {question for question, answer in answers(agreement).items() if answer}
    if not set(DpiaAnswer.Question.values) <= written:
        found.append(_("Answer every question of the impact assessment."))
    if agreement.ends < clock.today():
        found.append(_("Change the last day: it is past."))
    if _protected(agreement) and not may_share_protected():
        found.append(
            _(
                "This hub keeps records behind one wall. Remove health, offence, safeguarding and "
                "equality data from the clauses, or ask an administrator: they can put up the "
                "second wall, or accept in writing that there is one."
            )
        )
    return found


def _protected(agreement: Agreement) -> bool:
    """Whether a clause covers data that the law protects more."""
    return ClauseCover.objects.filter(
        clause__agreement=agreement,
        aspect=ClauseCover.Aspect.CATEGORY,
        key__in=sorted(category.value for category in PROTECTED),
    ).exists()


def terms_hash(agreement: Agreement) -> bytes:
    """SHA-256 over all that a party signs, 32 bytes: the same terms give the same hash."""
    stated = {
        "reference": agreement.reference,
        "version": agreement.number,
        "title": agreement.title,
        "dates": [d.isoformat() for d in (agreement.starts, agreement.ends, agreement.review_on)],
        "parties": sorted(str(party.agency_id) for party in agreement.parties.all()),
        "clauses": [
            [str(row.source_id), str(row.target_id), row.purpose, row.basis, row.condition]
            + [f"{c.aspect}:{c.key}" for c in sorted(row.covers.all(), key=_cover_order)]
            for row in agreement.clauses.prefetch_related("covers").order_by("number")
        ],
        "assessment": answers(agreement),
    }
    return hashlib.sha256(canonical(stated)).digest()


def _cover_order(cover: ClauseCover) -> tuple[str, str]:
    return (cover.aspect, cover.key)


def acts_for(by: Actor, agreement: Agreement, permission: Permission) -> list[Agency]:
    """The parties for which the actor may sign or withdraw."""
    return [
        party.agency
        for party in agreement.parties.all()
        if decide(by, permission, {"agency": party.agency_id}).allowed
    ]


def is_latest(agreement: Agreement) -> bool:
    """Whether there is no later version."""
    later = Agreement.objects.filter(reference=agreement.reference, number__gt=agreement.number)
    return not later.exists()


def may(agreement: Agreement, event: AgreementEvent) -> bool:
    """Whether the agreement's state lets this happen."""
    return AGREEMENT_STATES.allows(agreement.state, event)


def why_not(agreement: Agreement, event: AgreementEvent) -> str:
    """The state's own words for why it may not; empty where it may."""
    return "" if may(agreement, event) else str(AGREEMENT_STATES.table[agreement.state, event])  # type: ignore[index]
