"""One part of one set, measured in a process of its own: `python -m benchmarks.parts PART FOLDER`.

The folder holds the columns, made by the part `make`. The figures go to standard output as JSON,
what is being done to standard error.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

from benchmarks import sets
from benchmarks.positions import positions
from benchmarks.store import Figures, peak_mib, software
from stepdown.matching.arrays import Arrays, Known, Needs, Volunteers

Result = TypeVar("Result")
Kept = TypeVar("Kept")

COMPLETE = ("plain", "small")  # few enough pairs to give a solver all of them
WARMING = 500  # needs planned before the clock runs, so that kernels are loaded


def write(arrays: Arrays, folder: Path) -> None:
    """Every column as a file."""
    for group, columns in arrays._asdict().items():
        for name, column in columns._asdict().items():
            np.save(folder / f"{group}.{name}.npy", column)


def read(folder: Path) -> Arrays:
    """The columns, in memory."""

    def columns(group: str, names: tuple[str, ...]) -> list[Any]:
        return [np.load(folder / f"{group}.{name}.npy") for name in names]

    return Arrays(
        Volunteers(*columns("volunteers", Volunteers._fields)),
        Needs(*columns("needs", Needs._fields)),
        Known(*columns("known", Known._fields)),
    )


def say(words: str) -> None:
    print(f"    {words}", file=sys.stderr, flush=True)


def runs(
    work: Callable[[], Result], what: str, keep: Callable[[Result], Kept]
) -> tuple[list[float], list[Kept]]:
    """As many runs as their length allows: five, three, or only one where it takes minutes.

    ``keep`` says what is kept of a result, so that two are never in memory at once.
    """
    times: list[float] = []
    results: list[Kept] = []
    wanted = 5
    while len(times) < wanted:
        began = perf_counter()
        result = work()
        times.append(perf_counter() - began)
        results.append(keep(result))
        del result
        wanted = 5 if times[0] < 5 else 3 if times[0] < 60 else 1
        say(f"{what}, run {len(times)} of {wanted}: {times[-1]:.3f} s")
    return times, results


def whole(result: Result) -> Result:
    """All of a result is kept."""
    return result


def the_median(times: list[float]) -> int:
    """Which run is the median (the slower of the two middle ones)."""
    return int(np.argsort(times, kind="stable")[len(times) // 2])


def make(name: str, folder: Path) -> Figures:
    """The set's columns, and what it is."""
    places = positions()
    began = perf_counter()
    arrays = sets.make(name, places)
    seconds = perf_counter() - began
    write(arrays, folder)
    size = sum(column.nbytes for columns in arrays for column in columns)
    return {
        "volunteers": arrays.volunteers.capacity.size,
        "needs": arrays.needs.band.size,
        "capacity": int(arrays.volunteers.capacity[arrays.volunteers.blocked == 0].sum()),
        "places": int(arrays.needs.places.sum()),
        "says": sets.SETS[name].says,
        "columns_mib": size / 2**20,
        "positions": places.source,
        "seconds": seconds,
    }


def warm(name: str, folder: Path) -> Figures:
    """Compile what is not in the kernels' cache: that takes time and memory, and only once."""
    from stepdown.matching.national.plan import plan_arrays
    from stepdown.matching.national.replan import replan_arrays

    arrays = sets.make_shape(sets.scaled("small", 0.1), seed=1)
    began = perf_counter()
    claim = plan_arrays(arrays).claim
    needs, people = np.arange(arrays.needs.band.size), np.arange(arrays.volunteers.capacity.size)
    replan_arrays(arrays, claim, np.where(needs < 5, -1, needs), people)
    return {"seconds": perf_counter() - began}


def ours(name: str, folder: Path) -> Figures:
    """The engine: columns in memory to plan and proof."""
    from stepdown.matching.national.plan import plan_arrays

    arrays = read(folder)
    loaded = peak_mib()
    plan_arrays(sets.subset(arrays, np.arange(min(WARMING, arrays.needs.band.size))))

    times, results = runs(
        lambda: plan_arrays(arrays),
        "plan and proof",
        lambda found: (found.certificate, found.seconds),
    )
    certificate, seconds = results[the_median(times)]
    return {
        "seconds": median(times),
        "runs": len(times),
        "phases": seconds,
        "peak_mib": peak_mib(),
        "loaded_mib": loaded,
        "filled_by_band": list(certificate.filled_by_band),
        "quality": certificate.quality,
        "gap": certificate.gap,
        "ok": certificate.ok,
    }


def public(name: str, folder: Path) -> Figures:
    """The best chain of public parts: polars, then OR-Tools on the best pairs of each need."""
    from benchmarks import peer_solvers, peers

    arrays = read(folder)
    peers.best_pairs(sets.subset(arrays, np.arange(min(WARMING, arrays.needs.band.size))))
    last: list[peers.Kept] = []

    def join() -> int:
        last[:] = []
        last.append(peers.best_pairs(arrays))
        return last[0].feasible

    joined, counts = runs(join, "polars", whole)
    edges, feasible = last.pop().edges, counts[-1]
    solved, answers = runs(lambda: peer_solvers.flow(arrays, edges), "OR-Tools", whole)
    peak = peak_mib()
    peer_solvers.greedy(arrays, edges)  # compiled before it is timed
    _, quick = runs(lambda: peer_solvers.greedy(arrays, edges), "greedy", whole)
    figures = {
        "seconds": median(joined) + median(solved),
        "runs": min(len(joined), len(solved)),
        "phases": {"candidates": median(joined), **answers[the_median(solved)].seconds},
        "peak_mib": peak,
        "feasible": feasible,
        "kept": int(edges.volunteer.size),
        "filled_by_band": list(answers[-1].filled_by_band),
        "quality": answers[-1].quality,
        "greedy": {
            "seconds": median(answer.seconds["solve"] for answer in quick),
            "filled_by_band": list(quick[-1].filled_by_band),
            "quality": quick[-1].quality,
        },
    }
    if name in COMPLETE:
        every = peers.best_pairs(arrays, keep=arrays.volunteers.capacity.size).edges
        complete = peer_solvers.flow(arrays, every)
        figures["complete"] = {
            "filled_by_band": list(complete.filled_by_band),
            "quality": complete.quality,
            "seconds": sum(complete.seconds.values()),
        }
    return figures


def assignment(name: str, folder: Path) -> Figures:
    """scipy on all pairs of a plain set, the only kind it can solve."""
    from benchmarks import peer_solvers, peers

    arrays = read(folder)
    keep = arrays.volunteers.capacity.size
    joined, kept = runs(lambda: peers.best_pairs(arrays, keep), "polars", whole)
    edges = kept[-1].edges
    solved, answers = runs(lambda: peer_solvers.assignment(arrays, edges), "scipy", whole)
    return {
        "seconds": median(joined) + median(solved),
        "runs": min(len(joined), len(solved)),
        "phases": {"candidates": median(joined), **answers[the_median(solved)].seconds},
        "peak_mib": peak_mib(),
        "filled_by_band": list(answers[-1].filled_by_band),
        "quality": answers[-1].quality,
    }


def replan(name: str, folder: Path) -> Figures:
    """The day after: one need in a hundred has left and as many have joined."""
    from stepdown.matching.national.plan import plan_arrays
    from stepdown.matching.national.replan import replan_arrays

    before, rows_before, after, rows_after = sets.turnover(read(folder))
    was = np.full(int(rows_before.max()) + int(rows_after.max()) + 2, -1)
    was[rows_before] = np.arange(rows_before.size)
    people = np.arange(after.volunteers.capacity.size)
    earlier = plan_arrays(before)
    times, results = runs(
        lambda: replan_arrays(
            after, earlier.claim, was[rows_after], people, like=earlier.state.index
        ),
        "plan again and proof",
        lambda found: (found.plan.certificate, found.plan.seconds, found.possible, found.changed),
    )
    afresh, plans = runs(lambda: plan_arrays(after), "afresh", lambda found: found.certificate)
    certificate, seconds, possible, changed = results[the_median(times)]
    worth = (certificate.filled_by_band, certificate.quality)
    assert certificate.ok, f"{name}: not proven"
    assert worth == (plans[-1].filled_by_band, plans[-1].quality), f"{name}: the optima differ"
    return {
        "seconds": median(times),
        "phases": seconds,
        "rows": {
            "again after 1 % of needs left and 1 % joined, s": f"{median(times):.3f}",
            "of that without the proof, s": f"{median(times) - seconds['certify']:.3f}",
            "of that to put the last plan into place, s": f"{seconds['resume']:.3f}",
            "of that to find the new plan, s": f"{seconds['solve']:.3f}",
            "afresh, with the proof, s": f"{median(afresh):.3f}",
            "pairings changed, of those possible still": f"{changed:,} of {possible:,}",
        },
    }


PARTS: dict[str, Callable[[str, Path], Figures]] = {
    "make": make,
    "warm": warm,
    "ours": ours,
    "public": public,
    "assignment": assignment,
    "replan": replan,
}


def main(part: str, name: str, folder: Path) -> None:
    """Print a part's figures, dated."""
    figures = PARTS[part](name, folder)
    dated = {**figures, "date": datetime.now(UTC).date().isoformat(), "software": software()}
    print(json.dumps(dated))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
