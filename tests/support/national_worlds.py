"""Seeded worlds with every kind of rule and record, of any size, for what works on arrays."""

import random
from dataclasses import replace
from datetime import date, timedelta

from stepdown.matching.problem import Allowance, Need, Problem, Volunteer
from stepdown.matching.rules import Rule

ON = date(2026, 11, 5)
CHECKS = [f"check-{i}" for i in range(4)]
TONGUES = ["polish", "urdu", "welsh"]
ROLES = ["special", "visitor"]
KINDS = ["company", "garden", "shopping"]


def rich_world(
    seed: int, volunteers: int, needs: int, *, across_m: int = 30_000, skills: int = 6,
    waive: bool = False,
) -> Problem:  # fmt: skip
    """People without a limit or a place, out of date, blocked; needs with many places or none.

    With ``waive``, rules are waived for some pairs, whatever other rules those break.
    """
    pick = random.Random(seed)
    names = [f"skill-{i:02}" for i in range(skills)]

    def some(values: list[str], most: int) -> frozenset[str]:
        return frozenset(pick.sample(values, pick.randint(0, most)))

    def place(known: float) -> tuple[int | None, int | None]:
        if pick.random() > known:
            return None, None
        return 300_000 + pick.randrange(across_m), 400_000 + pick.randrange(across_m)

    def times(most: int) -> int:
        return sum(1 << slot for slot in pick.sample(range(21), pick.randint(1, most)))

    windows: list[tuple[date | None, date | None]] = [
        *[(None, None)] * 4,
        (None, ON + timedelta(20)),
        (None, ON - timedelta(1)),
        (ON + timedelta(10), None),
        (ON + timedelta(1), ON + timedelta(9)),
    ]

    people = []
    for i in range(volunteers):
        people.append(
            Volunteer(
                f"v{i:05}",
                *place(0.95),
                limit_m=pick.choice([None, *range(2_000, 26_000, 1_000)]),
                skills=frozenset(pick.sample(names, pick.randint(skills // 2, skills))),
                credentials={
                    name: pick.choice(windows) for name in pick.sample(CHECKS, pick.randint(1, 4))
                },
                languages=some(TONGUES, 2),
                gender=pick.choice([None, "f", "m", "x"]),
                date_of_birth=pick.choice([None, date(1970, 1, 1), date(1990, 6, 1), ON]),
                slots=times(12),
                busy_slots=pick.choice([0, 0, 1 << pick.randrange(21)]),
                capacity=pick.randint(1, 3),
                held=pick.choice([0, 0, 0, 0, 1]),
                roles=some(ROLES, 1),
                weekly_load=pick.choice([0, 60]),
                weekly_cap=pick.choice([None, None, None, 60, 120]),
                preferred=some(KINDS, 2),
                asks=pick.choice([0, 0, 1, 3, 7]),
            )
        )
    wanted = []
    for i in range(needs):
        wanted.append(
            Need(
                f"n{i:05}",
                *place(0.95),
                band=pick.randint(1, 4),
                places=pick.choice([0, 1, 1, 1, 2, 2, 3]) if i else 50,
                held=pick.choice([0, 0, 0, 1]),
                skills=some(names, 2),
                credentials=some(CHECKS, 1),
                languages=some(TONGUES, 1) if pick.random() < 0.2 else frozenset(),
                gender=pick.choice([None] * 8 + ["f", "m"]),
                minimum_age=pick.choice([None, None, None, 18]),
                slots=0 if pick.random() < 0.2 else times(4),
                starts=ON + timedelta(pick.randrange(15)),
                ends=ON + timedelta(pick.randrange(15, 40)),
                excluded_roles=some(ROLES, 1),
                kind=pick.choice([None, *KINDS]),
            )
        )

    def pairs(count: int) -> list[tuple[str, str]]:
        if not people or not wanted:
            return []
        return [(pick.choice(people).id, pick.choice(wanted).id) for _ in range(count)]

    many = 1 + volunteers * needs // 40 if volunteers * needs < 10_000 else needs // 4
    problem = Problem.build(
        people, wanted, on=ON,
        exclusions=pairs(many), held_pairs=pairs(many // 2), continuity=pairs(many),
    )  # fmt: skip
    if not waive:
        return problem
    rules = [Rule.EXCLUDED, Rule.SKILL, Rule.REQUIREMENTS, Rule.DISTANCE, Rule.AGE]
    allowances = [
        Allowance(v, n, Rule.SLOT, times(3))
        if pick.random() < 0.3
        else Allowance(v, n, pick.choice(rules))
        for v, n in pairs(many)
    ]
    return replace(problem, allowances=tuple(allowances))
