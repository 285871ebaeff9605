"""Random worlds by number: very small ones, quick to draw, and middle ones of every temper."""

import random
from dataclasses import replace
from datetime import date, timedelta

from stepdown.matching.problem import Allowance, Need, Problem, Validity, Volunteer
from stepdown.matching.rules import Rule
from tests.support.matching_worlds import seeded_world
from tests.support.national_worlds import rich_world

ON = date(2026, 11, 5)
SKILLS = ("cooking", "driving")
CHECKS = ("dbs", "first-aid")
TONGUES = ("polish", "welsh")
ROLES = ("special", "visitor")
KINDS = ("company", "shopping")
DAYS = (None, date(2026, 10, 1), date(2026, 12, 1), date(2027, 6, 30))
WAIVED = (
    Rule.EXCLUDED, Rule.DISTANCE, Rule.REQUIREMENTS, Rule.SKILL, Rule.SLOT, Rule.BUSY,
)  # fmt: skip


def _some(pick: random.Random, names: tuple[str, ...], chance: float) -> frozenset[str]:
    return frozenset(name for name in names if pick.random() < chance)


def _validity(pick: random.Random) -> Validity:
    begins, ends = pick.choice(DAYS), pick.choice(DAYS)
    if begins is not None and ends is not None and ends < begins:
        return ends, begins
    return begins, ends


def _position(pick: random.Random, across: int, known: float) -> tuple[int | None, int | None]:
    if pick.random() >= known:
        return None, None
    return 350_000 + 1000 * pick.randrange(across), 430_000 + 500 * pick.randrange(3)


def _volunteer(pick: random.Random, name: str, across: int, strict: float) -> Volunteer:
    easting, northing = _position(pick, across, 0.92)
    slots = pick.choice((0, 1, 2, 3, 5, 6, 7, 7))
    return Volunteer(
        name,
        easting,
        northing,
        limit_m=pick.choice((None, None, None, 1500, 2000, 4000)),
        skills=_some(pick, SKILLS, 0.6),
        credentials={check: _validity(pick) for check in CHECKS if pick.random() < 0.6},
        languages=_some(pick, TONGUES, 0.6),
        gender=pick.choice((None, "f", "m")),
        date_of_birth=pick.choice((None, date(1970, 1, 1), date(2008, 11, 5), date(2010, 2, 2))),
        slots=slots,
        busy_slots=pick.choice((0, 0, 0, 1, 2)),
        capacity=pick.choice((0, 1, 1, 2, 2, 3)),
        held=int(pick.random() < 0.1),
        roles=_some(pick, ROLES, strict),
        weekly_load=pick.choice((0, 60)),
        weekly_cap=pick.choice((None, None, None, None, 60, 120)),
        preferred=_some(pick, KINDS, 0.5),
        asks=pick.randrange(4),
    )


def _need(pick: random.Random, name: str, across: int, strict: float) -> Need:
    easting, northing = _position(pick, across, 0.97)
    return Need(
        name,
        easting,
        northing,
        band=pick.randint(1, 4),
        places=pick.choice((0, 1, 1, 1, 2, 3)),
        held=int(pick.random() < 0.15),
        skills=_some(pick, SKILLS, strict),
        credentials=_some(pick, CHECKS, strict),
        languages=_some(pick, TONGUES, strict),
        gender="f" if pick.random() < strict else None,
        minimum_age=18 if pick.random() < strict else None,
        slots=pick.choice((0, 0, 1, 2, 3, 5, 6, 7)),
        starts=pick.choice((date(2026, 10, 20), ON, date(2026, 12, 1))),
        ends=pick.choice((None, None, date(2027, 3, 1))),
        excluded_roles=_some(pick, ROLES, strict),
        kind=pick.choice((None, *KINDS)),
    )


def small_world(seed: int, most: int = 4) -> Problem:
    """Up to ``most`` volunteers and needs; few rules or many, close together or not."""
    pick = random.Random(seed)
    strict, across = pick.choice((0.0, 0.0, 0.1, 0.3)), pick.choice((1, 2, 5))
    sizes = [max(pick.randint(0, most), pick.randint(0, most)) for _ in "pn"]
    people = [_volunteer(pick, f"v{i}", across, strict) for i in range(sizes[0])]
    needs = [_need(pick, f"n{i}", across, strict) for i in range(sizes[1])]
    pairs = [(one.id, need.id) for one in people for need in needs]

    def few(chance: float) -> list[tuple[str, str]]:
        return [pair for pair in pairs if pick.random() < chance]

    problem = Problem.build(
        people, needs, on=ON, exclusions=few(0.1), held_pairs=few(0.05), continuity=few(0.15)
    )
    if pick.random() < 0.8:
        return problem
    slotted = {need.id for need in needs if need.slots}
    allowances = []
    for v, n in few(0.2):
        rule = pick.choice(WAIVED)
        of_time = rule in (Rule.SLOT, Rule.BUSY)
        if not of_time or n in slotted:
            slots = 1 << pick.randrange(4) if of_time else 0
            allowances.append(Allowance(v, n, rule, slots))
    return replace(problem, allowances=tuple(allowances))


def middle_world(seed: int) -> Problem:
    """60 x 60 to 200 x 150: many volunteers for each need, or far too few; every kind of rule."""
    pick = random.Random(seed)
    people, needs = pick.randint(60, 200), pick.randint(60, 150)
    temper = seed % 4
    if temper == 0:
        across = pick.choice((3_000, 12_000, 40_000))
        return rich_world(seed, people, needs, across_m=across, skills=pick.choice((4, 6, 90)))
    if temper == 1:
        return seeded_world(seed, people, needs, capacity=pick.choice((1, 3, 30)))
    if temper == 2:  # one volunteer for three needs: long searches
        return seeded_world(seed, people // 4, needs, places=2, capacity=4)
    return _with_open_ends(seeded_world(seed, people, needs, places=50), pick)


def wide_world(seed: int) -> Problem:
    """Enough volunteers for many blocks and groups of them, over 10 to 200 km, far or crowded."""
    pick = random.Random(seed)
    across = pick.choice((10_000, 60_000, 200_000))
    people, needs = pick.randint(1_000, 3_000), pick.randint(60, 300)
    if seed % 3:
        return rich_world(seed, people, needs, across_m=across, skills=pick.choice((6, 40, 90)))
    return seeded_world(seed, people, 3 * needs, places=pick.choice((1, 4, 50)))


def _with_open_ends(problem: Problem, pick: random.Random) -> Problem:
    """Nobody's limit counts for some, some live nowhere known, and some credentials soon end."""
    people = []
    for one in problem.volunteers:
        chance = pick.random()
        if chance < 0.2:
            one = replace(one, easting=None, northing=None, limit_m=None)
        elif chance < 0.4:
            one = replace(one, limit_m=None)
        elif chance < 0.5:
            ends = ON + timedelta(pick.randrange(89, 92))
            one = replace(one, credentials=dict.fromkeys(one.credentials, (ON, ends)))
        people.append(one)
    return replace(problem, volunteers=tuple(people))
