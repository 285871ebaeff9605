"""Which agreements are in force, asked of signatures and dates at the moment of use."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from stepdown.hub.queries.look import read_once
from stepdown.hub.queries.scope import NOTHING, Columns
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
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
    return _between_parties().filter(
        Exists(agreements_in_force().filter(pk=OuterRef("agreement"))),
    )


def _between_parties() -> QuerySet[Clause]:
    """Clauses, of whatever agreement, between agencies that are parties to it."""
    party = AgreementParty.objects.filter(agreement=OuterRef("agreement"))
    return Clause.objects.filter(
        Exists(party.filter(agency=OuterRef("source"))),
        Exists(party.filter(agency=OuterRef("target"))),
    )


def clauses_for(
    to: Iterable[object], purpose: str, categories: set[str], people: str, pathway: str
) -> QuerySet[Clause]:
    """Those towards one of these agencies that cover what is asked, in one of the categories."""
    return clauses_in_force().filter(
        _covers(Aspect.CATEGORY, categories),
        _covers(Aspect.PEOPLE, {people}),
        _covers(Aspect.PATHWAY, {pathway}),
        target__in=to,
        purpose=purpose,
    )


@dataclass(frozen=True)
class SharedBy:
    """For ``COLUMNS["clauses"]``: the store's side of ``Shared``, where ``agency`` is the column
    that holds the record's agency, and ``consents`` is true of records of those who consent."""

    agency: str
    consents: Callable[[Shared], Q]

    def __call__(self, wanted: Shared) -> Q:
        """Asked whole of the store: for whom it is asked need not be known."""
        fit = clauses_for(
            wanted.to,
            wanted.purpose.value,
            {c.value for c in wanted.categories},
            wanted.people.value,
            str(wanted.pathway),
        )
        asking, free = Q(basis=Basis.CONSENT.value), f"{self.agency}__in"
        without = Q(**{free: fit.exclude(asking).values("source")})
        with_consent = Q(**{free: fit.filter(asking).values("source")})
        return without | (with_consent & self.consents(wanted))

    def known(self, open_now: tuple[Open, ...]) -> Callable[[Shared], Q]:
        """The same where it has just been read which clauses are in force."""

        def compile_shared(wanted: Shared) -> Q:
            fit = [clause for clause in open_now if wanted.by(clause)]
            free = {clause.source for clause in fit if not clause.needs_consent}
            asking = {clause.source for clause in fit} - free
            found = Q(**{f"{self.agency}__in": sorted(free)}) if free else NOTHING
            if asking:
                found |= Q(**{f"{self.agency}__in": sorted(asking)}) & self.consents(wanted)
            return found

        return compile_shared


def read_for(by: Actor, columns: Columns) -> Columns:
    """``columns`` for one reader: which clauses are in force for their agencies is read first, in
    two short queries, and not asked anew for every way in which they may see a record."""
    asked = columns.get("clauses")
    if not isinstance(asked, SharedBy):
        return columns
    return {**columns, "clauses": asked.known(clauses_into(g.agency for g in by.grants))}


def _covers(aspect: str, keys: set[str]) -> Exists:
    found = ClauseCover.objects.filter(clause=OuterRef("pk"), aspect=aspect, key__in=sorted(keys))
    return Exists(found)


def clauses_from(agencies: Iterable[UUID | None]) -> Mapping[UUID, tuple[Open, ...]]:
    """The clauses in force by which these agencies show their records, in a stable order.

    Three queries at most, none where there is no agency, or where this look has read them already.
    """
    sources = frozenset(one for one in agencies if one is not None)
    if not sources:
        return {}
    return read_once(("clauses from", sources), partial(_clauses_from, sources))


def _clauses_from(sources: frozenset[UUID]) -> Mapping[UUID, tuple[Open, ...]]:
    found: dict[UUID, list[Open]] = {}
    for clause in _read(source__in=sources):
        found.setdefault(clause.source, []).append(clause)
    return {source: tuple(clauses) for source, clauses in found.items()}


def clauses_into(agencies: Iterable[UUID | None]) -> tuple[Open, ...]:
    """The clauses in force by which these agencies are shown records, in a stable order.

    Three queries at most, none where there is no agency, or where this look has read them already.
    """
    targets = frozenset(one for one in agencies if one is not None)
    if not targets:
        return ()
    return read_once(("clauses into", targets), partial(_clauses_into, targets))


def _clauses_into(targets: frozenset[UUID]) -> tuple[Open, ...]:
    return tuple(_read(target__in=targets))


def _read(**which: Collection[UUID]) -> list[Open]:
    """Some of the clauses in force, in a stable order. Which agreements are is asked by itself, so
    that a hub with none, and a look that asks again, is spared the rest."""
    agreements = read_once("agreements in force", _in_force)
    if not agreements:
        return []
    rows = _between_parties().filter(agreement__in=agreements, **which)
    rows = rows.annotate(reference=F("agreement__reference"), issue=F("agreement__number"))
    ordered = rows.prefetch_related("covers").order_by("reference", "issue", "number")
    return [_open(row) for row in ordered]


def _in_force() -> tuple[UUID, ...]:
    return tuple(agreements_in_force().values_list("pk", flat=True))


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
