"""How a plan treats volunteers and people in need: published with it, never part of the score.

Fairness to volunteers is who has been asked how often, and how much of what they can do they do.
Fairness to people in need is how many of their places are filled, by band, by place and, where
equality data may lawfully be used, by group. Groups are never looked at before the plan is made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.scoring import fairness_points

MINIMUM = 5
"""Counts of needs in a group below this are not published."""

ASKED = ("never asked", "asked once", "asked twice", "asked three times or more")
LOADS = ("no place", "up to half", "over half", "all places")
BANDS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Share:
    """Places filled out of places open; both None where there are too few needs to publish."""

    name: str
    places: int | None
    filled: int | None

    @property
    def rate(self) -> float | None:
        """Filled places for each open one, None where there are none or they are not published."""
        if not self.places or self.filled is None:
            return None
        return self.filled / self.places


@dataclass(frozen=True)
class Spread:
    """How many volunteers stand where: all of them, and those in the plan."""

    name: str
    everyone: int
    planned: int


@dataclass(frozen=True)
class Fairness:
    """The tables of a plan: empty where nothing is known of earlier offers, places or groups."""

    asks: tuple[Spread, ...]
    load: tuple[Spread, ...]
    band: tuple[Share, ...]
    place: tuple[Share, ...] = ()
    group: tuple[Share, ...] = ()
    minimum: int = MINIMUM


def fairness(
    arrays: Arrays,
    need: Ints,
    volunteer: Ints,
    *,
    asks: Ints | None = None,
    history: bool = True,
    held: Ints | None = None,
    place: Sequence[str] | None = None,
    group: Sequence[str] | None = None,
    minimum: int = MINIMUM,
) -> Fairness:
    """The tables of a plan, given as rows of its pairs.

    ``asks`` are the offers ever made to each volunteer (worked out from the points that they give
    where it is None); without ``history`` nothing is known of them. ``held`` are the places each
    held before the plan (none where it is None). ``place`` and ``group`` name one for each need.
    """
    people, needs = arrays.volunteers, arrays.needs
    count = people.capacity.size
    if asks is None:
        asks = asks_of(people.fairness)
    before = np.zeros(count, np.int64) if held is None else held
    taken = np.bincount(volunteer, minlength=count)
    filled = np.bincount(need, minlength=needs.band.size)
    bands = tuple(
        Share(str(band), int(needs.places[rows].sum()), int(filled[rows].sum()))
        for band in BANDS
        for rows in [needs.band == band]
    )
    load = _load(before + taken, before + people.capacity)
    return Fairness(
        _spread(ASKED, np.minimum(asks, len(ASKED) - 1), taken > 0) if history else (),
        _spread(LOADS, load, taken > 0),
        bands,
        () if place is None else _by_name(place, needs.places, filled, 0),
        () if group is None else _by_name(group, needs.places, filled, minimum),
        minimum,
    )


def asks_of(points: Ints) -> Ints:
    """Offers made before, at least: 3 stands for three or more."""
    asks = np.full(points.size, 3, np.int64)
    for times in range(3):
        asks[points == fairness_points(times)] = times
    return asks


def _load(taken: Ints, capacity: Ints) -> Ints:
    """Into LOADS. Who can hold nothing and holds nothing has no place."""
    load = np.where(2 * taken > capacity, 2, 1)
    load[taken >= capacity] = 3
    load[taken == 0] = 0
    return load.astype(np.int64)


def _spread(names: Sequence[str], kind: Ints, planned: npt.NDArray[np.bool_]) -> tuple[Spread, ...]:
    everyone = np.bincount(kind, minlength=len(names))
    some = np.bincount(kind[planned], minlength=len(names))
    return tuple(Spread(name, int(everyone[i]), int(some[i])) for i, name in enumerate(names))


def _by_name(names: Sequence[str], places: Ints, filled: Ints, minimum: int) -> tuple[Share, ...]:
    """Sums by name, in the order of names; needs without an open place aside."""
    kinds, which = np.unique(np.asarray(names, dtype=str), return_inverse=True)
    wanted = np.bincount(which, weights=places, minlength=kinds.size).astype(np.int64)
    got = np.bincount(which, weights=filled, minlength=kinds.size).astype(np.int64)
    needs = np.bincount(which, weights=places > 0, minlength=kinds.size).astype(np.int64)
    hidden = _hidden(needs, minimum)
    return tuple(
        Share(str(name), None, None) if hidden[i] else Share(str(name), int(wanted[i]), int(got[i]))
        for i, name in enumerate(kinds)
        if needs[i]
    )


def _hidden(needs: Ints, minimum: int) -> npt.NDArray[np.bool_]:
    """The groups with too few needs; and where that is only one, the next smallest as well, which
    could else be had by taking the others from the total."""
    hidden = (needs > 0) & (needs < minimum)
    others = np.flatnonzero((needs > 0) & ~hidden)
    if hidden.sum() == 1 and others.size:
        hidden[others[np.argmin(needs[others])]] = True
    return hidden


def as_json(tables: Fairness) -> dict[str, object]:
    """The tables as plain data."""

    def shares(rows: tuple[Share, ...]) -> list[dict[str, object]]:
        return [{"name": one.name, "places": one.places, "filled": one.filled} for one in rows]

    def spreads(rows: tuple[Spread, ...]) -> list[dict[str, object]]:
        return [
            {"name": one.name, "volunteers": one.everyone, "planned": one.planned} for one in rows
        ]

    result: dict[str, object] = {"asks": spreads(tables.asks)} if tables.asks else {}
    result["load"] = spreads(tables.load)
    result["filled_by_band"] = shares(tables.band)
    if tables.place:
        result["filled_by_place"] = shares(tables.place)
    if tables.group:
        result["filled_by_group"] = shares(tables.group)
        result["fewest_needs_published"] = tables.minimum
    return result


def in_words(tables: Fairness) -> str:
    """The tables as plain English lines."""
    return "\n".join(_lines(tables))


def _lines(tables: Fairness) -> Iterator[str]:
    if tables.asks:
        yield "Offers made before, to volunteers in this plan (and to all):"
        yield from (f"  {one.name}: {one.planned:,} ({one.everyone:,})" for one in tables.asks)
    yield "Places held with this plan, of those they can, by volunteers in it (and by all):"
    yield from (f"  {one.name}: {one.planned:,} ({one.everyone:,})" for one in tables.load)
    yield "Places filled, by band:"
    yield from (_share(one) for one in tables.band)
    if tables.place:
        yield "Places filled, by place:"
        yield from (_share(one) for one in tables.place)
    if tables.group:
        yield "Places filled, by group (never part of the score):"
        yield from (_share(one) for one in tables.group)
        if any(one.places is None for one in tables.group):
            yield f"  Groups with fewer than {tables.minimum} needs are not counted out."


def _share(one: Share) -> str:
    if one.places is None or one.filled is None:
        return f"  {one.name}: too few to publish"
    if one.rate is None:
        return f"  {one.name}: no place open"
    # Rounded down: 100% is said only of all.
    return f"  {one.name}: {one.filled:,} of {one.places:,} ({100 * one.filled // one.places}%)"
