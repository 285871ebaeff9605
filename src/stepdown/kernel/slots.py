"""The weekly half-day slots that volunteers offer and needs ask for.

A week has 21: morning, afternoon and evening of each day from Monday to Sunday. A set of slots is
held as a bit mask (bit 0 is ``mon-am``, bit 20 is ``sun-eve``), so that two sets are compared with
one ``&`` and stored in one integer column.
"""

from collections.abc import Iterable

DAYS: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS: tuple[str, ...] = ("am", "pm", "eve")
SLOTS: tuple[str, ...] = tuple(f"{day}-{part}" for day in DAYS for part in PARTS)
ALL_SLOTS: int = (1 << len(SLOTS)) - 1

_BIT = {name: bit for bit, name in enumerate(SLOTS)}


def bit_of(name: str) -> int:
    """The bit number (0 to 20) of one slot. Raises ValueError, in plain words, on a bad name."""
    try:
        return _BIT[name.strip().lower()]
    except KeyError:
        raise ValueError(
            f"'{name}' is not a weekly slot: use a day and a part of the day, "
            "such as mon-am, tue-pm or sun-eve"
        ) from None


def mask_of(names: Iterable[str]) -> int:
    """The mask of a set of slot names; repeats count once. Raises ValueError on a bad one."""
    mask = 0
    for name in names:
        mask |= 1 << bit_of(name)
    return mask


def names_of(mask: int) -> list[str]:
    """The names in a mask, in the order of the week. Raises ValueError on a mask out of range."""
    if not 0 <= mask <= ALL_SLOTS:
        raise ValueError(f"A set of weekly slots is a number from 0 to {ALL_SLOTS}, not {mask}")
    return [name for bit, name in enumerate(SLOTS) if mask >> bit & 1]
