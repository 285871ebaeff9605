"""Which agreements are in force, asked of signatures and dates at the moment of use."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from stepdown.kernel import clock
from stepdown.policy.categories import Category
from stepdown.policy.lawful import Basis
from stepdown.policy.predicates import Shared
from stepdown.policy.sharing import Clause as Open
from stepdown.policy.sharing import People, Purpose
from stepdown.sharing.models import Agreement, AgreementParty, Clause, ClauseCover, Signature
from stepdown.sharing.models.agreement import AgreementState

Aspect = ClauseCover.Aspect


def agreements_in_force() -> QuerySet[Agreement]:
    """Sent out, signed by every party, today within the dates, and no later version in its place.

    A later version takes over on its first day once every party has signed it, for good: when it
    ends, the earlier one does not come back.
    """
    today = clock.today()
    later = _signed(Agreement.objects.filter(starts__lte=today)).filter(
        reference=OuterRef("reference"), number__gt=OuterRef("number")
    )
    now = Agreement.objects.filter(starts__lte=today, ends__gte=today)
    return _signed(now).filter(~Exists(later))


def _signed(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Those out for signature that no party has still to sign."""
    signature = Signature.objects.filter(agreement=OuterRef("agreement"), agency=OuterRef("agency"))
    unsigned = AgreementParty.objects.filter(agreement=OuterRef("pk")).filter(~Exists(signature))
    return agreements.filter(state=AgreementState.OUT_FOR_SIGNATURE).filter(~Exists(unsigned))


def clauses_in_force() -> QuerySet[Clause]:
    """The clauses of those agreements, between agencies that are parties to them."""
    party = AgreementParty.objects.filter(agreement=OuterRef("agreement"))
    return Clause.objects.filter(
        Exists(agreements_in_force().filter(pk=OuterRef("agreement"))),
        Exists(party.filter(agency=OuterRef("source"))),
        Exists(party.filter(agency=OuterRef("target"))),
    )


def shared_by(agency: str, consents: Callable[[], Q]) -> Callable[[Shared], Q]:
    """For ``COLUMNS["clauses"]``: the store's side of ``Shared``, where ``agency`` is the column
    that holds the record's agency, and ``consents`` is true of records of those who consent."""

    def compile_shared(wanted: Shared) -> Q:
        # From which agencies something is open is one question, not one for each record.
        open_now = clauses_in_force().filter(target__in=wanted.to, purpose=wanted.purpose)
        fit = open_now.filter(
            _covers(Aspect.CATEGORY, {c.value for c in wanted.categories}),
            _covers(Aspect.PEOPLE, {wanted.people.value}),
            _covers(Aspect.PATHWAY, {str(wanted.pathway)}),
        )
        asking, free = Q(basis=Basis.CONSENT.value), f"{agency}__in"
        without = Q(**{free: fit.exclude(asking).values("source")})
        return without | (Q(**{free: fit.filter(asking).values("source")}) & consents())

    return compile_shared


def _covers(aspect: str, keys: set[str]) -> Exists:
    found = ClauseCover.objects.filter(clause=OuterRef("pk"), aspect=aspect, key__in=sorted(keys))
    return Exists(found)


def clauses_from(agencies: Iterable[UUID | None]) -> Mapping[UUID, tuple[Open, ...]]:
    """The clauses in force by which these agencies show their records, in a stable order.

    Two queries at most, none where there is no agency.
    """
    sources = {one for one in agencies if one is not None}
    if not sources:
        return {}
    rows = (
        clauses_in_force()
        .filter(source__in=sources)
        .annotate(reference=F("agreement__reference"), issue=F("agreement__number"))
        .prefetch_related("covers")
        .order_by("reference", "issue", "number")
    )
    found: dict[UUID, list[Open]] = {}
    for row in rows:
        found.setdefault(row.source_id, []).append(_open(row))
    return {source: tuple(clauses) for source, clauses in found.items()}


def _open(row: Clause) -> Open:
    def keys(aspect: str) -> set[str]:
        return {cover.key for cover in row.covers.all() if cover.aspect == aspect}

    reference, issue = row.reference, row.issue  # type: ignore[attr-defined]
    return Open(
        citation=citation(reference, issue, row.number),
        source=row.source_id,
        target=row.target_id,
        purpose=Purpose(row.purpose),
        categories=frozenset(Category(k) for k in keys(Aspect.CATEGORY)),
        people=frozenset(People(k) for k in keys(Aspect.PEOPLE)),
        pathways=frozenset(keys(Aspect.PATHWAY)),
        needs_consent=row.basis == Basis.CONSENT,
    )


def citation(reference: str, issue: int, clause: int) -> str:
    """How a clause is cited: short, for the log and for pages: ``ISA-7K3M-9QXT/1/2``."""
    return f"{reference}/{issue}/{clause}"
