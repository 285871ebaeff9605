"""Instruments of wellbeing and outcome, as dated data. No item's wording is here.

SWEMWBS and WEMWBS: copyright University of Warwick, NHS Health Scotland and University of
Edinburgh; each site registers and loads its own licensed wording. The conversion table of SWEMWBS
is the published one, raw 7 to 35. ONS4: four questions of the Office for National Statistics, free
to use with citation, reported one by one and never added up. The bands of ONS4 are unverified
defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stepdown.kernel.dated import in_force

_METRIC = (
    "7.00 9.51 11.25 12.40 13.33 14.08 14.75 15.32 15.84 16.36 16.88 17.43 17.98 18.59 19.25 19.98 "
    "20.73 21.54 22.35 23.21 24.11 25.03 26.02 27.03 28.13 29.31 30.70 32.55 35.00"
)
SWEMWBS_METRIC = {raw: Decimal(text) for raw, text in enumerate(_METRIC.split(), start=7)}


@dataclass(frozen=True)
class Item:
    """One item: its key, and the whole numbers it may be answered with. ``bands``: the highest
    answer of each band, with the band's name."""

    key: str
    low: int
    high: int
    bands: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Instrument:
    """An instrument as it is scored from a day on.

    ``scoring``: "sum" of all items, "table" (the sum, converted), or "each" (no total at all).
    """

    key: str
    name: str
    items: tuple[Item, ...]
    scoring: str
    source: str
    valid_from: date
    valid_to: date | None = None
    table: Mapping[int, Decimal] | None = None

    @property
    def range(self) -> tuple[Decimal, Decimal]:
        """The least and greatest score."""
        if self.table:
            return min(self.table.values()), max(self.table.values())
        if self.scoring == "each":
            return Decimal(self.items[0].low), Decimal(self.items[0].high)
        low, high = sum(i.low for i in self.items), sum(i.high for i in self.items)
        return Decimal(low), Decimal(high)


@dataclass(frozen=True)
class Score:
    """What came out. ``total`` is None where an item is missing or the instrument has no total;
    ``missing`` are the items without an answer; ``bands`` the band of each item that has bands."""

    total: Decimal | None
    missing: tuple[str, ...]
    bands: Mapping[str, str]


_ONS = ((4, "low"), (6, "medium"), (8, "high"), (10, "very high"))
_ONS_ANXIOUS = ((1, "very low"), (3, "low"), (5, "medium"), (10, "high"))
_WARWICK = "University of Warwick, scoring of the Warwick-Edinburgh Mental Wellbeing Scales"

ALL: tuple[Instrument, ...] = (
    Instrument(
        "swemwbs",
        "Short Warwick-Edinburgh Mental Wellbeing Scale",
        tuple(Item(f"item-{n}", 1, 5) for n in range(1, 8)),
        "table",
        _WARWICK,
        date(2009, 1, 1),
        table=SWEMWBS_METRIC,
    ),
    Instrument(
        "wemwbs",
        "Warwick-Edinburgh Mental Wellbeing Scale",
        tuple(Item(f"item-{n}", 1, 5) for n in range(1, 15)),
        "sum",
        _WARWICK,
        date(2006, 1, 1),
    ),
    Instrument(
        "ons4",
        "ONS4 personal wellbeing",
        (
            Item("satisfied", 0, 10, _ONS),
            Item("worthwhile", 0, 10, _ONS),
            Item("happy", 0, 10, _ONS),
            Item("anxious", 0, 10, _ONS_ANXIOUS),
        ),
        "each",
        "Office for National Statistics, Personal well-being user guidance",
        date(2011, 4, 1),
    ),
    Instrument(
        "five-point",
        "A score from 1 to 5",
        (Item("score", 1, 5),),
        "sum",
        "The partnership's own",
        date(2010, 1, 1),
    ),
    Instrument(
        "ten-point",
        "A score from 0 to 10",
        (Item("score", 0, 10),),
        "sum",
        "The partnership's own",
        date(2010, 1, 1),
    ),
)
KEYS = tuple(sorted({one.key for one in ALL}))


def instrument(key: str, on: date) -> Instrument | None:
    """The instrument as it was scored on a day; None before it existed."""
    return in_force([one for one in ALL if one.key == key], on)


def score(one: Instrument, answers: Mapping[str, int | None]) -> Score:
    """Score some answers. ValueError for an answer out of range or an item that is not there.

    All items are needed for a total: a missing one is never guessed.
    """
    known = {item.key: item for item in one.items}
    for key, given in answers.items():
        if key not in known:
            raise ValueError(f"{one.key} has no item {key}")
        if given is not None and not known[key].low <= given <= known[key].high:
            raise ValueError(f"{key} is out of range")
    given_all = {key: answers.get(key) for key in known}
    missing = tuple(key for key, given in given_all.items() if given is None)
    bands = {
        key: next(name for top, name in known[key].bands if given <= top)
        for key, given in given_all.items()
        if given is not None and known[key].bands
    }
    total: Decimal | None = None
    if not missing and one.scoring != "each":
        raw = sum(given for given in given_all.values() if given is not None)
        total = one.table[raw] if one.table else Decimal(raw)
    return Score(total, missing, bands)
