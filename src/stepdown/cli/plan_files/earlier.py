"""A plan made earlier, as ``stepdown plan`` wrote it: what of it is possible, and keeping it."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from stepdown.cli.plan_files.outputs import PLAN_HEADER
from stepdown.cli.plan_files.report import Report, quoted
from stepdown.cli.plan_files.table import read_table
from stepdown.cli.plan_files.wide import WidePlan
from stepdown.kernel.sheets import RISKY
from stepdown.kernel.slots import SLOTS, bit_of
from stepdown.matching.national.keep import NO_LIMIT, Pairs, keep
from stepdown.matching.national.pair import failing_rules, shared_slots
from stepdown.matching.national.plan import prove
from stepdown.matching.problem import Problem

Named = tuple[str, str, int]
"""A need and a volunteer by id, and a slot or -1."""


def read_earlier(path: Path, report: Report) -> list[Named]:
    """The pairs of an earlier plan. Where the report has grown, what is returned is of no use."""
    table = read_table(path, PLAN_HEADER, report, needed=PLAN_HEADER[:3])
    pairs = []
    for row, cells in table.rows:
        slot = cells["slot"]
        if slot and slot not in SLOTS:
            report.add(table.file, f"{quoted(slot)} is not a slot", row=row, column="slot")
            continue
        need, volunteer = (_plain(cells[column]) for column in PLAN_HEADER[:2])
        pairs.append((need, volunteer, bit_of(slot) if slot else -1))
    return pairs


def _plain(text: str) -> str:
    """An id as it was before it was guarded against being run as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in RISKY else text


def possible(problem: Problem, earlier: list[Named]) -> Pairs:
    """Those of the pairs that could all be planned again.

    Where a need has fewer places than it had, or a volunteer less time, none of theirs are.
    """
    needs, people = problem.need_index, problem.volunteer_index
    rows = sorted({
        (needs[need], people[volunteer], slot)
        for need, volunteer, slot in earlier
        if need in needs and volunteer in people
    })  # fmt: skip
    rows = [row for row in rows if _stands(problem, *row)]
    wanted = Counter(n for n, _, _ in rows)
    held = Counter(v for _, v, _ in rows)
    taken = Counter((v, slot) for _, v, slot in rows if slot >= 0)
    clash = {v for (v, _), count in taken.items() if count > 1}
    columns = problem.arrays
    rows = [
        (n, v, slot)
        for n, v, slot in rows
        if wanted[n] <= columns.needs.places[n]
        and held[v] <= columns.volunteers.capacity[v]
        and v not in clash
    ]
    return (
        Pairs(*(np.array(column, np.int64) for column in zip(*rows, strict=True)))
        if rows
        else (Pairs(*(np.zeros(0, np.int64) for _ in range(3))))
    )


def _stands(problem: Problem, n: int, v: int, slot: int) -> bool:
    columns = problem.arrays
    if failing_rules(columns, v, n):
        return False
    shared = shared_slots(v, n, columns.volunteers, columns.needs, columns.known)
    return slot < 0 if shared == 0 else slot >= 0 and bool(shared >> slot & 1)


def keep_earlier(plan: WidePlan, earlier: list[Named], sticky: int, most: int | None) -> WidePlan:
    """The plan, less what it changes of the earlier one for too little; proved again if it is."""
    made = plan.made
    kept = keep(
        plan.problem.arrays,
        possible(plan.problem, earlier),
        Pairs(made.need, made.volunteer, made.slot),
        sticky=sticky,
        most=NO_LIMIT if most is None else most,
    )
    if kept.held_back:
        claim = made.claim._replace(**kept.pairs._asdict())
        made = prove(
            made.state, plan.problem.arrays, claim, kept.quality, dict(made.seconds),
            made.finished, 2, None,
        )  # fmt: skip
    return replace(plan, made=made, kept=kept)
