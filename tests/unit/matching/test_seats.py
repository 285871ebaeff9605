"""The blocks kept beside a snapshot: the best out of them are the best of all rows."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from stepdown.matching.arrays import NONE, pack_needs
from stepdown.matching.national.nearest import Pairs, best_rows, best_seated
from stepdown.matching.national.people import (
    NEVER,
    More,
    Rows,
    Tables,
    finished,
    ids_of,
    starts_of,
    uuids_of,
)
from stepdown.matching.national.snapshot import Mark, open_snapshot, write
from stepdown.matching.problem import Need, Problem

TODAY = date(2026, 6, 1)
TABLES = Tables(
    skills=tuple(f"s{n:02}" for n in range(70)),
    credentials=("dbs", "vetting"),
    languages=("pl", "ur"),
    schemes=("befriending", "driving"),
    genders=("female", "male"),
)
MARK = Mark("hub", 1, "head", "2026-06-01T12:00:00+01:00")


def crowd(many: int, seed: int) -> Rows:
    """People around one town, made up column by column."""
    chance = np.random.default_rng(seed)

    def whole(low: int, high: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return chance.integers(low, high, many)

    def words(width: int, bits: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
        found = chance.integers(0, 1 << min(bits, 62), (many, width)).astype(np.uint64)
        found[:, 1:] &= np.uint64(63)
        return found

    lengths = whole(0, 3)
    first = np.zeros(int(lengths.sum()), np.int64)
    starts = starts_of(lengths)
    bits = np.arange(first.size) - np.repeat(starts[:-1], lengths)
    held = np.zeros((many, 1), np.uint64)
    owner = np.repeat(np.arange(many), lengths)
    for check in range(2):
        held[owner[bits == check], 0] |= np.uint64(1 << check)
    last = TODAY.toordinal() + chance.integers(-20, 60, first.size)
    more = More(*(np.full(many, NONE) for _ in More._fields))._replace(
        limit=np.where(whole(0, 9) == 0, NONE, whole(1_000, 20_000)), busy=whole(0, 1 << 21) & 7,
        shares=whole(1, 4), taken=whole(0, 3), load=whole(0, 3), asks=whole(0, 4),
        cap=np.where(whole(0, 5) == 0, 1, NONE), expires=np.full(many, NEVER),
    )  # fmt: skip
    lost = whole(0, 12) == 0
    people = finished(
        offered=whole(0, 1 << 21),
        masks={"skills": words(2, 62), "credentials": held, "languages": words(1, 2),
               "roles": words(1, 2), "preferred": words(1, 2)},
        position=(np.where(lost, -1, whole(330_000, 350_000)),
                  np.where(lost, -1, whole(410_000, 430_000))),
        gender=whole(0, 3),
        born=whole(700_000, 735_000),
        held=(starts, bits, first, last),
        more=more,
    )  # fmt: skip
    ids = ids_of(sorted(UUID(int=int(one)) for one in chance.integers(1, 1 << 62, many)))
    return Rows(ids, ids, people, more)


def asked(seed: int) -> Need:
    """A need that asks for some of it."""
    chance = np.random.default_rng(seed)
    return Need(
        "need",
        int(chance.integers(330_000, 350_000)),
        int(chance.integers(410_000, 430_000)),
        skills=frozenset(["s01"] if seed % 3 == 0 else []),
        credentials=frozenset(["dbs"] if seed % 2 else []),
        languages=frozenset(["ur"] if seed % 4 == 1 else []),
        gender="female" if seed % 5 == 0 else None,
        minimum_age=30 if seed % 5 == 1 else None,
        slots=0b1110 if seed % 3 else 0,
        starts=TODAY,
        ends=TODAY + timedelta(days=14),
        excluded_roles=frozenset(["driving"] if seed % 4 == 2 else []),
        kind="befriending",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of some thousand people."""
    made = tmp_path_factory.mktemp("index")
    write(made, crowd(3_000, 1), TABLES, MARK)
    return made


@pytest.mark.parametrize("seed", range(20))
def test_best_out_of_kept_blocks_are_the_best_of_all(folder: Path, seed: int) -> None:
    snapshot = open_snapshot(folder)
    rows, chance = snapshot.base, np.random.default_rng(seed)
    problem = Problem((), (asked(seed),), TODAY, frozenset(), frozenset(), frozenset())
    needs = pack_needs(problem, TABLES.numbering)
    some = [uuids_of(rows.ids[chance.integers(0, rows.size, 40)]) for _ in range(3)]
    pairs = Pairs(*(frozenset(found) for found in some))
    without = np.unique(chance.integers(0, rows.size, 50))
    best = best_rows(rows, needs, pairs, 10, eligible_only=True, without=without)
    kept = best_seated(rows, snapshot.seats(), needs, pairs, 10, without)
    assert kept.tolist() == best.tolist()
    assert best.size
