"""Random cases in a random world, and a plain reading of who sees them and what is said in them.

As with referrals, the reading shares nothing with the hub's policy but the tables of powers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from random import Random
from uuid import UUID

from django.utils import timezone

from stepdown.casework.models import Case, CaseAnswers, CaseMeasure, CasePerson
from stepdown.kernel.ids import new_reference
from stepdown.people.models import Consent, ConsentWording
from stepdown.policy.categories import Category
from stepdown.policy.pathways import installed
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.roles import Reach, RoleKey
from tests.properties.followed_world import Truth
from tests.properties.policy_world import AGENCIES, DISTRICTS, PEOPLE, READ, USERS, Held, World
from tests.properties.sharing_world import Drawn, draw, in_force, store

# Pathways with whom they ask for consent, and for what. Nobody is asked where there is none.
ASKED = {
    "early-help": ("parent", "support"),
    "diversion": ("person", "prevention"),
    "exploitation-support": ("person", "support"),
    "mh-triage": ("", "safeguarding"),
    "out-of-court": ("", "prevention"),
}
CASES = 8
# What each role reads, but for what a pathway adds in its own cases.
READ_BY: dict[RoleKey, set[str]] = {
    RoleKey.COORDINATOR: READ,
    RoleKey.OUTREACH_OFFICER: READ,
    RoleKey.REFERRER: READ,
    RoleKey.ADMINISTRATOR: set(),
    RoleKey.VOLUNTEER: {"identity", "contact", "location", "support", "equality"},
}


@dataclass(frozen=True)
class DrawnCase:
    """One case, as numbers of the world's. ``cover`` stands in until the day ``covered``."""

    truth: Truth
    pathway: str
    officer: int | None
    cover: int | None
    covered: int
    sent: bool
    consents: bool


class Cases:
    """The cases of a world, in the hub's rows."""

    def __init__(self, world: World, seed: int, today: date) -> None:
        self.chance = Random(seed * 7 + 1)
        self.world = world
        # Two of them in each world, so that agreements meet cases.
        self.pathways = self.chance.sample(sorted(ASKED), 2)
        self.drawn = self._agreements()
        store(self.drawn, world.agencies, world.users[0], today)
        said = self._consents(today)
        self.cases = [self._case(today, said) for _ in range(CASES)]

    def _agreements(self) -> list[Drawn]:
        """Most for a pathway that is there, for the purpose that it has."""
        found = []
        for one in draw(self.chance, AGENCIES, 20):
            pathway = self.chance.choice(self.pathways)
            right = self.chance.random() < 0.85
            found.append(
                replace(
                    one,
                    name=one.name + 100,
                    pathway=pathway if right else "volunteering",
                    purpose=ASKED[pathway][1],
                    people="supported" if right else one.people,
                    consent=self.chance.random() < 0.5,
                )
            )
        return found

    def _consents(self, today: date) -> set[tuple[int, str]]:
        """What each person said last about each purpose: the pairs that were yes."""
        user, now = self.world.users[0], timezone.now()
        yes = set()
        for purpose in ("support", "prevention"):
            words = ConsentWording.objects.create(
                purpose=purpose, number=1, text="Words", made_at=now
            )
            for person in range(PEOPLE):
                answers = [
                    self.chance.choice(("given", "given", "refused", "withdrawn"))
                    for _ in range(self.chance.choice((0, 1, 2)))
                ]
                for answer in answers:
                    Consent.objects.create(
                        person=self.world.people[person], purpose=purpose, answer=answer,
                        wording=words, explained_by=user, explained_on=today, at=now,
                    )  # fmt: skip
                if answers and answers[-1] == "given":
                    yes.add((person, purpose))
        return yes

    def _any(self, number: int) -> int | None:
        return None if self.chance.random() < 0.25 else self.chance.randrange(number)

    def _case(self, today: date, said: set[tuple[int, str]]) -> DrawnCase:
        chance, world = self.chance, self.world
        pathway = chance.choice(self.pathways)
        district, agency = (
            self._any(DISTRICTS),
            chance.choice((None, *range(AGENCIES), *range(AGENCIES))),
        )
        officer, cover, maker = self._any(USERS), self._any(USERS), self._any(USERS)
        covered, sent = chance.choice((-1, 0, 2)), chance.random() < 0.8
        made = Case.objects.create(
            reference=new_reference("C"),
            pathway=pathway,
            pathway_version=1,
            stage="begun" if sent else "",
            opened_on=today if sent else None,
            started_at=timezone.now(),
            agency=None if agency is None else world.agencies[agency],
            district=None if district is None else world.districts[district],
            officer=None if officer is None else world.users[officer],
            cover=None if cover is None else world.users[cover],
            cover_until=None if cover is None else today + timedelta(covered),
            made_by=None if maker is None else world.users[maker],
        )
        role, purpose = ASKED[pathway]
        there = chance.sample(range(PEOPLE), chance.choice((0, 1, 1, 2)))
        for n in there:
            CasePerson.objects.create(
                case=made, person=world.people[n], role=role or "somebody", added_on=today
            )
        for category in Category:
            CaseAnswers.objects.create(case=made, step="referral", category=category, answers={})
            CaseMeasure.objects.create(
                case=made, person=world.people[0], measure=category, occasion="first",
                instrument="one", category=category, taken_on=today,
            )  # fmt: skip
        consents = bool(role and there) and all((n, purpose) in said for n in there)
        districts = frozenset({district})
        truth = Truth(Kind.CASE, made.pk, districts, agency, made_by=maker)
        drawn = DrawnCase(truth, pathway, officer, cover, covered, sent, consents)
        for n in there if sent else ():
            world.kept[n].append((agency, partial(self._shows, drawn)))
        return drawn

    def _shows(self, case: DrawnCase, target: int, day: int) -> set[str]:
        """What agreements show of somebody in a case."""
        source = case.truth.agency
        return set() if source is None else self._open(case, source, target, day)

    def seen(self, held: list[Held], user: int, day: int) -> set[tuple[UUID, str]]:
        """(case, category) that is read, and (case, "") where it is seen at all."""
        return {
            (case.truth.pk, category)
            for case in self.cases
            if case.sent or case.truth.made_by == user
            for one in held
            for category in self._read(case, one, user, day)
        }

    def _read(self, case: DrawnCase, one: Held, user: int, day: int) -> Iterator[str]:
        for powers in installed():
            held = powers.held.get(one.role, {}).get(Permission.CASE_VIEW, frozenset())
            for reach in held if powers.pathway == case.pathway else ():
                if not _reaches(reach, case, one, user, day):
                    continue
                read = {*READ_BY[one.role], *powers.reads.get(one.role, ())}
                agency = case.truth.agency
                across = reach in {Reach.HUB, Reach.DISTRICTS, Reach.CASELOAD}
                if across and agency is not None and agency != one.agency:
                    read &= self._open(case, agency, one.agency, day)
                    if not read:
                        continue
                yield from ("", *read)

    def _open(self, case: DrawnCase, source: int, target: int, day: int) -> set[str]:
        found: set[str] = set()
        for one in in_force(self.drawn, day):
            about = (one.source, one.target, one.people, one.pathway, one.purpose)
            if about != (source, target, "supported", case.pathway, ASKED[case.pathway][1]):
                continue
            if case.consents or not one.consent:
                found |= one.categories
        return found


def _reaches(reach: Reach, case: DrawnCase, one: Held, user: int, day: int) -> bool:
    match reach:
        case Reach.HUB:
            return True
        case Reach.DISTRICTS:
            return not one.districts or bool({*one.districts} & {*case.truth.districts})
        case Reach.AGENCY:
            return case.truth.agency == one.agency
        case Reach.STANDS_IN:
            return False  # of openings in an emergency alone
        case Reach.CASELOAD:
            return user == case.officer or (user == case.cover and case.covered >= day)
        case Reach.MADE:
            return case.truth.made_by == user
        case Reach.OWN:
            return False
