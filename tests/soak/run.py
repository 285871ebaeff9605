"""One campaign from beginning to end: its processes, its progress, its counts."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from tqdm import tqdm

from tests.soak.campaigns import CAMPAIGNS, Outcome

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
    if processes == 1:
        for first, count in starts:
            yield batch(campaign, first, count)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        firsts, counts = zip(*starts, strict=True)
        yield from pool.map(partial(batch, campaign), firsts, counts)


def run(name: str, seed: int, count: int, processes: int) -> bool:
    """Run one campaign and say what it found; whether all was well."""
    size = AT_ONCE[name]
    starts = [(first, min(size, seed + count - first)) for first in range(seed, seed + count, size)]
    total: Counter[str] = Counter()
    wrong: list[tuple[int, str]] = []
    with tqdm(total=count, desc=f"{name:<7}", unit=" worlds", mininterval=1) as bar:
        for done, counted, found in _in_turn(CAMPAIGNS[name], starts, processes):
            total += counted
            wrong += found
            for at, what in found[: max(0, MOST_SHOWN - len(wrong) + len(found))]:
                bar.write(f"WRONG {name} {at}: {what}\n  python -m tests.soak {name} "
                          f"--seed {at} --count 1")  # fmt: skip
            bar.update(done)
    print(f"{name}: {count:,} worlds, {len(wrong):,} wrong")
    for what in sorted(total):
        print(f"  {total[what]:>12,}  {what}")
    return not wrong
