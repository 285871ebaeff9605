"""Random agreements, and a plain reading of what they open, apart from the hub's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from stepdown.hub.models import Agency, User
from stepdown.sharing.models import (
    Agreement,
    AgreementParty,
    Clause,
    ClauseCover,
    Signature,
)

CATEGORIES = ("identity", "contact", "location", "support", "health", "offence", "safeguarding")


@dataclass(frozen=True)
class Drawn:
    """One version of an agreement with one clause, in plain words and day numbers from today."""

    name: int
    version: int
    state: str
    first: int
    last: int
    signed: frozenset[int]
    parties: frozenset[int]
    source: int
    target: int
    purpose: str
    people: str
    pathway: str
    categories: frozenset[str]
    consent: bool = False

    @property
    def bound(self) -> bool:
        return self.state == "out-for-signature" and self.parties <= self.signed


def draw(chance: Random, agencies: int, count: int) -> list[Drawn]:
    """Some agreements; most of them right, so that many open something."""
    found = []
    for name in range(count):
        for version in range(1, chance.choice((1, 1, 2)) + 1):
            source, target = chance.sample(range(agencies), 2)
            parties = frozenset({source, target})
            first = chance.choice((-2, -1, 0, 1))
            found.append(
                Drawn(
                    name=name,
                    version=version,
                    state=chance.choice(("out-for-signature",) * 5 + ("draft", "withdrawn")),
                    first=first,
                    last=first + chance.choice((0, 1, 3)),
                    signed=parties if chance.random() < 0.75 else frozenset({source}),
                    parties=parties,
                    source=source,
                    target=target,
                    purpose=chance.choice(("support",) * 4 + ("prevention",)),
                    people=chance.choice(("supported",) * 4 + ("volunteers",)),
                    pathway=chance.choice(("volunteer-support",) * 4 + ("volunteering",)),
                    categories=frozenset(chance.sample(CATEGORIES, chance.choice((1, 3, 5, 7)))),
                )
            )
    return found


def in_force(drawn: list[Drawn], day: int) -> Iterator[Drawn]:
    """Those that are in force on a day."""
    for one in drawn:
        if not (one.bound and one.first <= day <= one.last):
            continue
        if not any(
            two.name == one.name and two.version > one.version and two.bound and two.first <= day
            for two in drawn
        ):
            yield one


def opened(drawn: list[Drawn], day: int = 0) -> dict[tuple[int, int], set[str]]:
    """The categories of data in referrals that open on a day, by (from, to)."""
    found: dict[tuple[int, int], set[str]] = {}
    for one in in_force(drawn, day):
        if (one.purpose, one.people, one.pathway) != ("support", "supported", "volunteer-support"):
            continue
        found.setdefault((one.source, one.target), set()).update(one.categories)
    return found


def store(drawn: list[Drawn], agencies: list[Agency], user: User, today: date) -> None:
    """The same in the hub's rows."""
    for one in drawn:
        first, last = today + timedelta(one.first), today + timedelta(one.last)
        made = Agreement.objects.create(
            reference=f"ISA-{one.name}", number=one.version, title="Drawn", state=one.state,
            starts=first, ends=last, review_on=last, made_at=timezone.now(),
        )  # fmt: skip
        for party in one.parties:
            AgreementParty.objects.create(agreement=made, agency=agencies[party])
        for party in one.signed:
            Signature.objects.create(
                agreement=made, agency=agencies[party], user=user, at=timezone.now(), terms=b"t"
            )
        clause = Clause.objects.create(
            agreement=made, number=1, source=agencies[one.source], target=agencies[one.target],
            purpose=one.purpose, basis="gdpr-6-1-a" if one.consent else "gdpr-6-1-e",
        )  # fmt: skip
        covers = [("people", one.people), ("pathway", one.pathway)]
        covers += [("category", category) for category in sorted(one.categories)]
        ClauseCover.objects.bulk_create(
            ClauseCover(clause=clause, aspect=aspect, key=key) for aspect, key in covers
        )
