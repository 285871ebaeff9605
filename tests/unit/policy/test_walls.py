"""The judge against a plain reading of the tables, on random actors, records and agreements.

The reading shares nothing with the judge but the tables of roles and walls. Judge, scope, readings
and what a verb may go on with must say the same of every record, category by category.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import pytest

from stepdown.policy.actors import Actor, Grant
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide, readings, scope_for, scope_of, usable
from stepdown.policy.overrides import KINDS, OPENED, Override
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts, Keeping, holds, merged
from stepdown.policy.roles import ROLES, Reach, RoleKey
from stepdown.policy.sharing import WALLS, Clause, Pathway, People, Purpose, Wall

AGENCIES = [UUID(int=n) for n in (1, 2, 3)]
DISTRICTS = ["E07000121", "E07000123"]
USERS = [UUID(int=n) for n in (11, 12)]
RECORD = UUID(int=21)
COURSES = ["volunteer-support", "early-help"]
WALLED = sorted({one for wall in WALLS.values() for one in wall.permissions})
WALLED += [Permission.NEED_VIEW, Permission.REFERRAL_VIEW, Permission.CONSENT_VIEW] * 5
DRAWS = 6_000


@dataclass
class Told:
    """What the plain reading says: what is read freely, and what by agreements or an emergency."""

    reached: bool = False  # by a role, as if there were no wall
    seen: bool = False
    free: bool = False  # some way needs no agreement
    freely: set[Category] = field(default_factory=set)
    shut: bool = False  # nothing but holding the record opens it
    shared: dict[Category, set[str]] = field(default_factory=dict)
    open_to_verbs: set[Category] = field(default_factory=set)
    opened: set[Category] = field(default_factory=set)

    @property
    def read(self) -> set[Category]:
        return self.freely | {*self.shared} | self.opened


def draw_actor(chance: Random) -> Actor:
    """Somebody with one or two memberships, some of no agency, perhaps with an emergency."""
    often = [*[RoleKey.COORDINATOR] * 5, RoleKey.OUTREACH_OFFICER, RoleKey.OUTREACH_OFFICER]
    roles = [*often, RoleKey.REFERRER, RoleKey.VOLUNTEER, *[RoleKey.DATA_PROTECTION_OFFICER] * 3,
             RoleKey.HUB]  # fmt: skip
    grants = tuple(
        Grant(
            chance.choice(roles),
            chance.choice([None, *AGENCIES, *AGENCIES]),
            frozenset(chance.sample(DISTRICTS, chance.choice((0, 0, 1)))),
        )
        for _ in range(chance.choice((1, 1, 2)))
    )
    opened = tuple(
        Override(kind, chance.choice((RECORD, UUID(int=22))), "override E-1")
        for kind in sorted(KINDS)
        if chance.random() < 0.5
    )
    return Actor(grants, chance.choice(USERS), chance.choice(USERS), opened)


def draw_facts(chance: Random, wall: Wall, actor: Actor) -> Facts:
    """A record, who keeps it, and clauses in force, most of them between its agencies and the
    actor's."""
    some: list[UUID | None] = [None, *AGENCIES, *AGENCIES]
    several = frozenset(chance.choice(some) for _ in range(chance.choice((1, 1, 2))))
    alone = chance.choice(some)
    agency: object = several if wall.by_keeping else alone
    sources = [one for one in (several if wall.by_keeping else [alone]) if one is not None]
    targets = [grant.agency for grant in actor.grants if grant.agency is not None]
    return {
        "id": RECORD,
        "district": chance.choice((None, *DISTRICTS)),
        "agency": agency,
        "keeper": several,
        "officer": chance.choice((None, *USERS)),
        "made_by": chance.choice((None, *USERS)),
        "person": chance.choice((None, *USERS)),
        "kept": frozenset(
            Keeping(
                one,
                chance.choice(COURSES),
                chance.choice((Purpose.SUPPORT, Purpose.SUPPORT, Purpose.SAFEGUARDING)),
                chance.choice((People.SUPPORTED, People.SUPPORTED, People.VOLUNTEERS)),
                chance.random() < 0.5,
            )
            for one in sources
        ),
        "clauses": tuple(
            _clause(chance, n, sources or AGENCIES, targets or AGENCIES)
            for n in range(chance.choice((0, 1, 3, 5)))
        ),
        "consent": chance.random() < 0.5,
    }


def _clause(chance: Random, number: int, sources: list[UUID], targets: list[UUID]) -> Clause:
    return Clause(
        citation=f"ISA-{number}/1/1",
        source=chance.choice(sources if chance.random() < 0.9 else AGENCIES),
        target=chance.choice(targets if chance.random() < 0.9 else AGENCIES),
        purpose=chance.choice((Purpose.SUPPORT, Purpose.SUPPORT, Purpose.SAFEGUARDING)),
        categories=frozenset(chance.sample(sorted(Category), chance.randint(1, 9))),
        people=frozenset({chance.choice((People.SUPPORTED, People.SUPPORTED, People.VOLUNTEERS))}),
        pathways=frozenset(chance.sample(COURSES, chance.choice((1, 2)))),
        needs_consent=chance.random() < 0.3,
    )


def plainly(actor: Actor, permission: Permission, facts: Facts) -> Told:
    """The tables, read one after the other."""
    wall, told = WALLS[permission.kind], Told()
    for grant in actor.grants:
        role = ROLES[grant.role]
        for reach in role.powers.get(permission, ()):
            if not _reached(reach, actor, grant, facts):
                continue
            told.reached = True
            inside = reach in {Reach.AGENCY, Reach.MADE, Reach.OWN, Reach.STANDS_IN}
            keepers = facts[wall.keepers]
            known = keepers if isinstance(keepers, frozenset) else frozenset({keepers})
            ours = grant.agency is not None and grant.agency in known
            if inside or grant.role is RoleKey.HUB or None in known or ours:
                told.seen = told.free = True
                told.freely |= role.categories
                continue
            if wall.shut:
                told.shut = True
                continue
            shown = _shown(wall, grant, facts)
            enough = wall.needed if wall.needed else (shown.keys() & role.categories)
            if not enough or not enough <= shown.keys() or not wall.needed <= role.categories:
                continue
            told.seen = True
            told.open_to_verbs |= shown.keys()
            for category in shown.keys() & role.categories:
                told.shared.setdefault(category, set()).update(shown[category])
    if KINDS.get(permission.kind) is permission and any(
        one.kind is permission.kind and one.record == facts["id"] for one in actor.overrides
    ):
        told.seen, told.opened = True, set(OPENED)
    return told


def reason_for(told: Told, clause: str) -> str | None:
    """The words that belong to the answer; None where the tables say nothing of them."""
    if told.seen:
        return "Your role includes this." if told.free else f"Your role and {clause} include this."
    if told.shut:
        return "Your agency does not hold this record."
    return "No sharing agreement in force covers this for your agency." if told.reached else None


def _reached(reach: Reach, actor: Actor, grant: Grant, facts: Facts) -> bool:
    match reach:
        case Reach.HUB:
            return True
        case Reach.DISTRICTS:
            return not grant.districts or facts["district"] in grant.districts
        case Reach.AGENCY:
            return grant.agency is not None and facts["agency"] == grant.agency
        case Reach.CASELOAD:
            return facts["officer"] == actor.user
        case Reach.MADE:
            return facts["made_by"] == actor.user
        case Reach.OWN:
            return facts["person"] == actor.person
        case Reach.STANDS_IN:
            return False


def _shown(wall: Wall, grant: Grant, facts: Facts) -> dict[Category, set[str]]:
    """What clauses in force show the membership's agency, each category with who cites it."""
    found: dict[Category, set[str]] = {}
    for clause in _clauses(wall, facts):
        if clause.target == grant.agency:
            for category in clause.categories:
                found.setdefault(category, set()).add(clause.citation)
    return found


def _clauses(wall: Wall, facts: Facts) -> Iterator[Clause]:
    clauses, kept = facts["clauses"], facts["kept"]
    assert isinstance(clauses, tuple)
    assert isinstance(kept, frozenset)
    for clause in clauses:
        if not wall.by_keeping:
            about = (clause.purpose, wall.people in clause.people, wall.pathway in clause.pathways)
            ours = about == (wall.purpose, True, True) and clause.source == facts["agency"]
            if ours and (facts["consent"] or not clause.needs_consent):
                yield clause
            continue
        for one in kept:
            about = (clause.source, clause.purpose, one.people in clause.people)
            ours = about == (one.agency, one.purpose, True) and one.course in clause.pathways
            if ours and (one.consents or not clause.needs_consent):
                yield clause


def test_judge_scope_and_readings_say_what_the_tables_say() -> None:
    chance, count = Random(20261123), Counter[str]()
    for number in range(DRAWS):
        permission = chance.choice(WALLED)
        actor = draw_actor(chance)
        facts = draw_facts(chance, WALLS[permission.kind], actor)
        told, what = plainly(actor, permission, facts), f"{number}: {permission}"
        answer = decide(actor, permission, facts)
        assert answer.allowed == told.seen, what
        assert holds(merged(scope_for(actor, permission)), facts) == told.seen, what
        found = readings(actor, permission, facts)
        assert found.keys() == told.read, what
        for category in Category:
            one = holds(scope_of(actor, permission, category), facts)
            assert one == (category in told.read), f"{what}: {category}"
        for category, cited in found.items():
            if category in told.freely:
                assert cited == "", what
            elif category in told.shared:
                assert cited in told.shared[category], what
            else:
                assert cited == "override E-1", what
        went_on = usable(actor, permission, facts)
        assert went_on == (set(Category) if told.free else told.open_to_verbs), what
        assert bool(answer.clause) == (told.seen and not told.free), what
        assert answer.clause.startswith("override") == (
            bool(told.opened) and not (told.free or told.shared)
        ), what
        assert answer.reason == (reason_for(told, answer.clause) or answer.reason), what
        kinds = {"free": told.free, "shared": told.shared, "opened": told.opened,
                 "shut": not told.seen}  # fmt: skip
        count.update(name for name, there in kinds.items() if there)
    assert min(count[name] for name in ("free", "shared", "opened", "shut")) > DRAWS // 50, count


@pytest.mark.parametrize("category", [Category.CONTACT, Category.SUPPORT])
def test_staff_of_no_agency_see_what_came_to_the_partnership_itself(category: Category) -> None:
    nobodys = Actor((Grant(RoleKey.COORDINATOR),), user=USERS[0])
    clause = Clause(
        "ISA-1/1/1", AGENCIES[0], AGENCIES[1], Purpose.SUPPORT, frozenset(Category),
        frozenset({People.SUPPORTED}), frozenset({Pathway.VOLUNTEER_SUPPORT.value}),
    )  # fmt: skip
    facts = {"district": DISTRICTS[0], "agency": None, "clauses": (clause,), "consent": True}
    assert category in readings(nobodys, Permission.NEED_VIEW, facts)
    assert not decide(nobodys, Permission.NEED_VIEW, {**facts, "agency": AGENCIES[0]}).allowed


def test_of_no_record_nothing_is_allowed_that_depends_on_one() -> None:
    somebody = Actor((Grant(RoleKey.COORDINATOR, AGENCIES[0], frozenset({DISTRICTS[0]})),))
    assert not decide(somebody, Permission.NEED_VIEW).allowed
