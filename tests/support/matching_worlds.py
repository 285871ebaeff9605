"""Worlds for the matching engine: very small ones by Hypothesis, larger ones by a seed."""

import random
from datetime import date, timedelta

from hypothesis import strategies as st

from stepdown.matching.problem import Need, Problem, Volunteer

ON = date(2026, 11, 5)
SKILLS = ("cooking", "driving")
CHECKS = ("dbs", "first-aid")
TONGUES = ("polish", "welsh")
ROLES = ("special", "visitor")
KINDS = ("company", "shopping")
_days = st.sampled_from([None, date(2026, 10, 1), date(2026, 12, 1), date(2027, 6, 30)])


def _some(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names))


def _few(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    """Mostly nothing, so that pairs are often feasible."""
    return st.one_of(st.just(frozenset()), st.just(frozenset()), _some(names))


@st.composite
def volunteers(draw: st.DrawFn, name: str) -> Volunteer:
    """One volunteer on a grid of a few kilometres."""
    placed = draw(st.integers(0, 9)) > 0
    credentials = {}
    for check in sorted(draw(_some(CHECKS))):
        begins, ends = draw(_days), draw(_days)
        if begins is None or ends is None or begins <= ends:
            credentials[check] = (begins, ends)
    return Volunteer(
        name,
        350_000 + 1000 * draw(st.integers(0, 4)) if placed else None,
        430_000 + 500 * draw(st.integers(0, 2)) if placed else None,
        draw(st.sampled_from([None, None, 1500, 2000, 4000])),
        draw(_some(SKILLS)),
        credentials,
        draw(_some(TONGUES)),
        draw(st.sampled_from([None, "f", "m"])),
        draw(st.sampled_from([None, date(1970, 1, 1), date(2008, 11, 5), date(2010, 2, 2)])),
        draw(st.integers(0, 7)),
        draw(st.sampled_from([0, 0, 0, 1, 2])),
        draw(st.integers(0, 3)),
        draw(st.sampled_from([0, 0, 0, 1])),
        draw(_few(ROLES)),
        draw(st.sampled_from([0, 60])),
        draw(st.sampled_from([None, None, 60, 120])),
        draw(_some(KINDS)),
        draw(st.integers(0, 3)),
    )


@st.composite
def needs(draw: st.DrawFn, name: str) -> Need:
    """One need on the same grid."""
    starts = draw(st.sampled_from([date(2026, 10, 20), ON, date(2026, 12, 1)]))
    return Need(
        name,
        350_000 + 1000 * draw(st.integers(0, 4)),
        430_000 + 500 * draw(st.integers(0, 2)),
        draw(st.integers(1, 4)),
        draw(st.sampled_from([0, 1, 1, 1, 2, 3])),
        draw(st.sampled_from([0, 0, 0, 1])),
        draw(_few(SKILLS)),
        draw(_few(CHECKS)),
        draw(_few(TONGUES)),
        draw(st.sampled_from([None, None, None, "f"])),
        draw(st.sampled_from([None, None, None, 18])),
        draw(st.sampled_from([0, 0, 1, 2, 3, 5, 6, 7])),
        starts,
        draw(st.sampled_from([None, None, date(2027, 3, 1)])),
        draw(_few(ROLES)),
        draw(st.sampled_from([None, *KINDS])),
    )


@st.composite
def small_worlds(draw: st.DrawFn, most: int = 5) -> Problem:
    """Up to ``most`` volunteers and needs, with every kind of rule and record between them."""
    people = [draw(volunteers(f"v{i}")) for i in range(draw(st.integers(0, most)))]
    wanted = [draw(needs(f"n{i}")) for i in range(draw(st.integers(0, most)))]
    pairs = [(v.id, n.id) for v in people for n in wanted]
    some = st.lists(st.sampled_from(pairs), max_size=2) if pairs else st.just([])
    return Problem.build(
        people,
        wanted,
        on=ON,
        exclusions=draw(some),
        held_pairs=draw(some),
        continuity=draw(some),
    )


def seeded_world(
    seed: int, volunteers: int, needs: int, *, places: int = 2, capacity: int = 3
) -> Problem:
    """Clusters, scarce skills, shared times: the fewer volunteers, the more contended."""
    pick = random.Random(seed)
    skills, checks = [f"skill-{i}" for i in range(5)], [f"check-{i}" for i in range(4)]
    centres = [(pick.randrange(330_000, 400_000), pick.randrange(410_000, 470_000)) for _ in "1234"]

    def place() -> tuple[int, int]:
        x, y = pick.choice(centres)
        return int(pick.gauss(x, 4000)), int(pick.gauss(y, 4000))

    def times(most: int) -> int:
        return sum(1 << slot for slot in pick.sample(range(6), pick.randint(1, most)))

    people = [
        Volunteer(
            f"v{i:04}",
            *place(),
            limit_m=pick.choice([None, *range(5_000, 60_000, 1_000)]),
            skills=frozenset(pick.sample(skills, pick.randint(1, 4))),
            credentials={
                check: (None, pick.choice([None, ON + timedelta(pick.randrange(400))]))
                for check in pick.sample(checks, pick.randint(1, 4))
            },
            slots=times(4),
            capacity=pick.randint(1, capacity),
            asks=pick.randint(0, 3),
        )
        for i in range(volunteers)
    ]
    wanted = [
        Need(
            f"n{i:04}",
            *place(),
            band=pick.randint(1, 4),
            places=pick.randint(1, places),
            skills=frozenset(pick.sample(skills, pick.randint(0, 1))),
            credentials=frozenset(pick.sample(checks, pick.randint(0, 1))),
            slots=0 if pick.random() < 0.2 else times(3),
            starts=ON,
            ends=ON + timedelta(90),
        )
        for i in range(needs)
    ]
    pairs = [(v.id, n.id) for v in people for n in wanted]
    return Problem.build(
        people,
        wanted,
        on=ON,
        exclusions=pick.sample(pairs, len(pairs) // 100),
        continuity=pick.sample(pairs, len(pairs) // 50),
    )
