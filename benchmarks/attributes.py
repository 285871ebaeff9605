"""Columns of people and needs with made-up attributes: what `benchmarks.sets` puts on the map."""

from datetime import date

import numpy as np
import numpy.typing as npt

from benchmarks.positions import JITTER_M
from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import NONE, OPEN_END, UNKNOWN, Ints, Known, Needs, Volunteers, Words
from stepdown.matching.eligibility import age_cutoff
from stepdown.matching.rules import Rule
from stepdown.matching.scoring import fairness_points

Flags = npt.NDArray[np.bool_]

ON = date(2026, 11, 5)
TODAY = ON.toordinal()
YEAR = 365
SKILLS, CREDENTIALS, LANGUAGES, ROLES, KINDS = 24, 8, 12, 4, 8
# How common each is among volunteers, from the most to the least.
SKILL_RATES = np.linspace(0.50, 0.10, SKILLS)
CREDENTIAL_RATES = np.linspace(0.8, 0.2, CREDENTIALS)
BANDS = np.array([0.05, 0.15, 0.30, 0.50])


def volunteers(
    random: np.random.Generator,
    east: Ints,
    north: Ints,
    *,
    reach: float,
    scarcity: float,
    plain: bool,
) -> Volunteers:
    """People as an agency has them: most were asked before, some have lapsed checks."""
    count = east.size
    limit = 2_000 + (23_000 * random.random(count) ** reach).astype(np.int64)
    nowhere = random.random(count) < 0.002  # a postcode that is not known
    capacity = 1 + _chosen(random, (0.45, 0.35, 0.20), count)
    capacity[random.random(count) < 0.02] = 0  # they hold all that they can
    if plain:
        capacity = np.minimum(capacity, 1)
    blocked = np.where(capacity == 0, Rule.CAPACITY.bit, 0)
    blocked[random.random(count) < 0.005] |= Rule.WEEKLY_LOAD.bit
    offered = _bits(random, np.full(len(SLOTS), 0.18), count).astype(np.int64)
    offered |= np.where(offered == 0, 1 << random.integers(0, len(SLOTS), count), 0)
    busy = 1 << random.integers(0, len(SLOTS), count)
    # Half were never asked; the others once, twice and so on, each half as many as the last.
    asks = np.where(random.random(count) < 0.5, 0, random.geometric(0.5, count))
    fairness = np.array([fairness_points(number) for number in range(64)])
    credentials = _bits(random, CREDENTIAL_RATES * scarcity, count)
    start, bit, begins, ends = _validity(random, credentials)
    return Volunteers(
        easting=np.where(nowhere, UNKNOWN, east),
        northing=np.where(nowhere, UNKNOWN, north),
        limit_squared=limit * limit,
        scale=limit,
        fairness=fairness[np.minimum(asks, 63)],
        skills=_bits(random, SKILL_RATES * scarcity, count)[:, None],
        credentials=credentials[:, None],
        languages=_bits(random, np.array([0.98] + [0.04] * (LANGUAGES - 1)), count)[:, None],
        roles=_bits(random, np.full(ROLES, 0.02), count)[:, None],
        preferred=_bits(random, np.full(KINDS, 0.2), count)[:, None],
        gender=_chosen(random, (0.05, 0.57, 0.38), count),
        born=np.where(
            random.random(count) < 0.03,
            UNKNOWN,
            TODAY - random.integers(16 * YEAR, 86 * YEAR, count),
        ),
        offered=offered,
        free=np.where(random.random(count) < 0.05, offered & ~busy, offered),
        capacity=capacity,
        blocked=blocked,
        held_start=start,
        held_bit=bit,
        held_from=begins,
        held_to=ends,
    )


def needs(
    random: np.random.Generator, east: Ints, north: Ints, *, pairs: float, plain: bool
) -> Needs:
    """Needs of all kinds, most of them of the lower bands."""
    count = east.size
    starts = TODAY + random.integers(-60, 60, count)
    first = np.maximum(starts, TODAY)
    # A fifth have no last day: they ask for who is good on the first.
    lasts = np.where(random.random(count) < 0.2, first, starts + random.integers(14, YEAR, count))
    credentials = _few(random, (0.45, 0.40, 0.15), CREDENTIALS, count)
    bits = np.arange(CREDENTIALS, dtype=np.uint64)
    owner, asked = np.nonzero(credentials[:, None] >> bits & np.uint64(1))
    slots = _few(random, (0.2, 0.3, 0.3, 0.2), len(SLOTS), count).astype(np.int64)
    age = _chosen(random, (0.6, 0.3, 0.1), count)
    return Needs(
        easting=east,
        northing=north,
        band=1 + _chosen(random, BANDS, count),
        places=1 + (random.random(count) < pairs),
        skills=_few(random, (0.15, 0.50, 0.35), SKILLS, count)[:, None],
        credentials=credentials[:, None],
        languages=_few(random, (0.98, 0.02), LANGUAGES, count)[:, None],
        excluded_roles=_few(random, (0.9, 0.1), ROLES, count)[:, None],
        kind=_few(random, (0.05, 0.95), KINDS, count)[:, None],
        gender=_chosen(random, (0.94, 0.04, 0.02), count),
        born_by=np.select([age == 0, age == 1], [NONE, _cutoffs(18, first)], _cutoffs(21, first)),
        slots=np.zeros(count, np.int64) if plain else slots,
        first=first,
        last=np.maximum(first, lasts),
        asked_start=_starts(owner, count),
        asked_bit=asked.astype(np.int64),
    )


def known(random: np.random.Generator, people: Volunteers, wanted: Needs) -> Known:
    """What is recorded between neighbours: exclusions, held pairs, who has helped whom before."""
    count = wanted.band.size
    by_place = np.argsort(_cell(people.easting, people.northing), kind="stable")
    cells = _cell(people.easting, people.northing)[by_place]

    def rows(share: float) -> tuple[Ints, Ints]:
        need = np.flatnonzero(random.random(count) < share)
        at = np.searchsorted(cells, _cell(wanted.easting[need], wanted.northing[need]))
        at = at + random.integers(-10, 10, need.size)
        return _starts(need, count), by_place[np.clip(at, 0, cells.size - 1)]

    nothing = np.zeros(0, np.int64)
    return Known(
        *rows(0.01),
        *rows(0.02),
        *rows(0.10),
        np.zeros(count + 1, np.int64),
        nothing,
        nothing,
        nothing,
    )


def _cell(east: Ints, north: Ints) -> Ints:
    """Squares of some kilometres in rows of them: enough to find neighbours by."""
    side = 20 * JITTER_M
    cells: Ints = (north // side) * 1_000 + east // side
    return cells


def _bits(random: np.random.Generator, rates: npt.NDArray[np.float64], count: int) -> Words:
    """A word a row, each bit at its own rate."""
    words = np.zeros(count, np.uint64)
    for bit, rate in enumerate(rates):
        has = random.random(count, np.float32) < rate
        words |= has.astype(np.uint64) << np.uint64(bit)
    return words


def _few(random: np.random.Generator, rates: tuple[float, ...], bits: int, count: int) -> Words:
    """A word a row with none, one, two ... bits of ``bits``, at the rates given."""
    number = _chosen(random, rates, count)
    words = np.zeros(count, np.uint64)
    for already in range(len(rates) - 1):
        bit = np.uint64(1) << random.integers(0, bits, count).astype(np.uint64)
        # The next free bit, where it is drawn twice.
        while True:
            twice = (words & bit) != 0
            if not twice.any():
                break
            moved = bit << np.uint64(1)
            moved[moved == np.uint64(1) << np.uint64(bits)] = 1
            bit = np.where(twice, moved, bit)
        words |= np.where(number > already, bit, np.uint64(0))
    return words


def _chosen(
    random: np.random.Generator, rates: tuple[float, ...] | npt.NDArray[np.float64], count: int
) -> Ints:
    """Numbers from 0, each at its own rate."""
    chosen: Ints = np.searchsorted(np.cumsum(rates)[:-1], random.random(count), side="right")
    return chosen


def _validity(random: np.random.Generator, words: Words) -> tuple[Ints, Ints, Ints, Ints]:
    """Rows of (bit, valid from, valid to): three years each, some lapsed, a fifth for ever."""
    has = (words[:, None] >> np.arange(CREDENTIALS, dtype=np.uint64) & np.uint64(1)).astype(
        np.bool_
    )
    owner, bit = np.nonzero(has)
    begins = TODAY - random.integers(-30, 3 * YEAR - 30, owner.size)
    lasting = random.random(owner.size) < 0.6  # renewed in time, or good for ever
    return (
        _starts(owner, words.size),
        bit.astype(np.int64),
        begins,
        np.where(lasting, OPEN_END, begins + 3 * YEAR),
    )


def _starts(owner: Ints, count: int) -> Ints:
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=count), out=starts[1:])
    return starts


def _cutoffs(age: int, days: Ints) -> Ints:
    """The latest date of birth of who is of age on each day."""
    first = int(days.min(initial=TODAY))
    table = []
    for day in range(first, int(days.max(initial=TODAY)) + 1):
        cutoff = age_cutoff(age, date.fromordinal(day))
        assert cutoff is not None
        table.append(cutoff.toordinal())
    found: Ints = np.array(table, np.int64)[days - first]
    return found
