"""A world on a later day: some have left, others joined, and some have changed."""

import random
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from stepdown.matching.arrays import Ints
from stepdown.matching.problem import Need, Pair, Problem, Volunteer


def later(before: Problem, others: Problem, share: float, pick: random.Random) -> Problem:
    """About a share of everybody leaves, as many of the others join, and some change."""
    people = [v for v in before.volunteers if pick.random() > share]
    needs = [n for n in before.needs if pick.random() > share]
    people += [replace(v, id=f"new-{v.id}") for v in others.volunteers if pick.random() < share]
    needs += [replace(n, id=f"new-{n.id}") for n in others.needs if pick.random() < share]
    people = [_changed_person(v, pick) if pick.random() < share / 2 else v for v in people]
    needs = [_changed_need(n, pick) if pick.random() < share / 2 else n for n in needs]
    names, wanted = {v.id for v in people}, {n.id for n in needs}

    def still(pairs: Iterable[Pair]) -> list[Pair]:
        return [pair for pair in pairs if pair[0] in names and pair[1] in wanted]

    after = Problem.build(
        people, needs, on=before.on, exclusions=still(before.exclusions),
        held_pairs=still(before.held_pairs), continuity=still(before.continuity),
    )  # fmt: skip
    waived = [a for a in before.allowances if a.volunteer_id in names and a.need_id in wanted]
    return replace(after, allowances=tuple(waived))


def _changed_person(person: Volunteer, pick: random.Random) -> Volunteer:
    return replace(person, capacity=pick.randint(0, 3), asks=person.asks + pick.randint(0, 1))


def _changed_need(need: Need, pick: random.Random) -> Need:
    return replace(need, places=need.held + pick.randint(0, 3), band=pick.randint(1, 4))


def rows_before(before: Problem, after: Problem) -> tuple[Ints, Ints]:
    """The earlier row of every need and of every volunteer, -1 for who is new or has changed."""
    needs = {need: row for row, need in enumerate(before.needs)}
    people = {person.id: row for row, person in enumerate(before.volunteers)}
    return (
        np.array([needs.get(need, -1) for need in after.needs], np.int64),
        np.array([_row(before, people, person) for person in after.volunteers], np.int64),
    )


def _row(before: Problem, rows: dict[str, int], person: Volunteer) -> int:
    row = rows.get(person.id, -1)
    return row if row >= 0 and before.volunteers[row] == person else -1
