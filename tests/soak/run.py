"""One campaign from beginning to end: its processes, its progress, its counts."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from tqdm import tqdm

from tests.soak.campaigns import CAMPAIGNS, Outcome
from tests.soak.kept import Kept

COUNTS = {
    "decisions": 300, "canaries": 7,
    "small": 100_000, "middle": 1_000, "wide": 300, "again": 20_000, "broken": 1_000,
    "ledger": 100_000, "reading": 1, "drill": 20, "gone": 20, "walks": 100,
    "stored-walks": 950,
    "foreign": 100_000, "nonsense": 100_000, "killed": 200, "api": 70,
}  # fmt: skip
AT_ONCE = {"decisions": 10, "canaries": 7,
           "small": 200, "middle": 2, "wide": 1, "again": 50, "broken": 20, "ledger": 500,
           "reading": 1, "drill": 20, "gone": 20, "walks": 10, "stored-walks": 19,
           "foreign": 1_000, "nonsense": 1_000, "killed": 20, "api": 1}  # fmt: skip
MOST_SHOWN = 20
Batch = tuple[int, Counter[str], list[tuple[int, str]]]


def batch(campaign: Callable[[int, int], Outcome], first: int, count: int) -> Batch:
    """Some worlds in a row: how many, what was counted, and (seed, what is wrong)."""
    total, wrong = campaign(first, count)
    return count, total, wrong


def _in_turn(
    campaign: Callable[[int, int], Outcome], starts: list[tuple[int, int]], processes: int
) -> Iterator[Batch]:
    if not starts:
        return
    if processes == 1:
        for first, count in starts:
            yield batch(campaign, first, count)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        firsts, counts = zip(*starts, strict=True)
        yield from pool.map(partial(batch, campaign), firsts, counts)


def run(name: str, seed: int, count: int, processes: int, kept: Kept | None = None) -> bool:
    """Run one campaign and say what it found; whether all was well.

    Batches that ``kept`` has from an earlier run of the same code are counted, not run again.
    """
    kept, size = kept or Kept(None), AT_ONCE[name]
    starts = [(first, min(size, seed + count - first)) for first in range(seed, seed + count, size)]
    earlier = {start: was for start in starts if (was := kept.done(name, *start)) is not None}
    left = [start for start in starts if start not in earlier]
    total = sum(earlier.values(), Counter[str]())
    wrong: list[tuple[int, str]] = []
    spared = sum(worlds for _first, worlds in earlier)
    with tqdm(total=count, initial=spared, desc=name, unit=" worlds", mininterval=1) as bar:
        for start, (done, counted, found) in zip(
            left, _in_turn(CAMPAIGNS[name], left, processes), strict=True
        ):
            total += counted
            wrong += found
            if not found:
                kept.keep(name, *start, counted)
            for at, what in found[: max(0, MOST_SHOWN - len(wrong) + len(found))]:
                bar.write(f"WRONG {name} {at}: {what}\n  python -m tests.soak {name} "
                          f"--seed {at} --count 1")  # fmt: skip
            bar.update(done)
    before = f", {spared:,} of them in an earlier run" if spared else ""
    print(f"{name}: {count:,} worlds, {len(wrong):,} wrong{before}")
    for what in sorted(total):
        print(f"  {total[what]:>12,}  {what}")
    return not wrong
