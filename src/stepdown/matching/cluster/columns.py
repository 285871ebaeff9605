"""Part of a problem's columns: some of its needs, with some of its volunteers; and as files.

A file a column (.npy), which workers on the same machine map into memory: the pages are shared.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Known, Needs, Volunteers


def portion(arrays: Arrays, needs: Ints, volunteers: Ints) -> Arrays:
    """The rows named, both ascending. What is known of anybody else is left out."""
    people, wanted = arrays.volunteers, arrays.needs
    held_start, held = _ragged(people.held_start, volunteers)
    asked_start, asked = _ragged(wanted.asked_start, needs)
    of_people: list[Any] = [column[volunteers] for column in people[:-4]]
    of_people += [held_start, people.held_bit[held], people.held_from[held], people.held_to[held]]
    of_needs: list[Any] = [column[needs] for column in wanted[:-2]]
    of_needs += [asked_start, wanted.asked_bit[asked]]
    known = _known(arrays.known, needs, volunteers, people.capacity.size)
    return Arrays(Volunteers(*of_people), Needs(*of_needs), known)


def _ragged(start: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Where some rows of a ragged column start in their copy, and which values they have."""
    sizes = start[rows + 1] - start[rows]
    starts = np.zeros(rows.size + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts, np.arange(starts[-1]) + np.repeat(start[rows] - starts[:-1], sizes)


def _known(known: Known, needs: Ints, volunteers: Ints, people: int) -> Known:
    number = np.full(people, -1, np.int64)
    number[volunteers] = np.arange(volunteers.size)

    def kept(start: Ints, who: Ints) -> tuple[Ints, Ints, Ints]:
        starts, at = _ragged(start, needs)
        numbers = number[who[at]]
        here = numbers >= 0
        before = np.concatenate(([0], np.cumsum(here)))
        return before[starts], numbers[here], at[here]

    allowed_start, allowed, at = kept(known.allowed_start, known.allowed)
    return Known(
        *kept(known.excluded_start, known.excluded)[:2],
        *kept(known.held_start, known.held)[:2],
        *kept(known.continuity_start, known.continuity)[:2],
        allowed_start,
        allowed,
        known.allowed_rules[at],
        known.allowed_slots[at],
    )


def save(arrays: Arrays, folder: Path) -> None:
    """Write every column to a file of its own."""
    for name, table in arrays._asdict().items():
        for field, column in table._asdict().items():
            np.save(folder / f"{name}.{field}.npy", column)


def mapped(folder: Path) -> Arrays:
    """The columns saved in a folder, mapped into memory; nothing is read before it is used."""

    def columns(table: str, fields: tuple[str, ...]) -> Iterator[Any]:
        for field in fields:
            yield np.asarray(np.load(folder / f"{table}.{field}.npy", mmap_mode="c"))

    return Arrays(
        Volunteers(*columns("volunteers", Volunteers._fields)),
        Needs(*columns("needs", Needs._fields)),
        Known(*columns("known", Known._fields)),
    )
