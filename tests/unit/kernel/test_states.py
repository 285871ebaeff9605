"""State tables decide nothing by omission."""

from enum import StrEnum

import pytest

from stepdown.kernel.errors import Refused
from stepdown.kernel.states import StateTable, refusals


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Push(StrEnum):
    CLOSE = "close"
    UNLOCK = "unlock"


WORDS = {Door.OPEN: "It is open.", Door.SHUT: "It is shut."}


def door() -> StateTable[Door, Push]:
    return StateTable(
        "door",
        Door,
        Push,
        refusals(Door, Push, WORDS)
        | {(Door.OPEN, Push.CLOSE): Door.SHUT, (Door.SHUT, Push.UNLOCK): Door.OPEN},
    )


def test_table_with_a_missing_pair_cannot_be_made() -> None:
    table = refusals(Door, Push, WORDS)
    del table[Door.SHUT, Push.UNLOCK]
    with pytest.raises(ValueError, match="says nothing about"):
        StateTable("door", Door, Push, table)


def test_next_gives_the_state_after_the_event() -> None:
    assert door().next(Door.OPEN, Push.CLOSE) is Door.SHUT
    assert door().next("open", Push.CLOSE) is Door.SHUT


def test_what_may_not_happen_is_refused_in_the_table_s_own_words() -> None:
    with pytest.raises(Refused, match=r"It is shut\.") as refused:
        door().next(Door.SHUT, Push.CLOSE)
    assert refused.value.reason == "It is shut."


def test_unknown_state_is_an_error_and_not_a_refusal() -> None:
    with pytest.raises(ValueError, match="ajar"):
        door().next("ajar", Push.CLOSE)


def test_allows_agrees_with_next() -> None:
    table = door()
    assert table.allows(Door.OPEN, Push.CLOSE)
    assert not table.allows(Door.OPEN, Push.UNLOCK)


def test_table_is_its_own_copy() -> None:
    given = refusals(Door, Push, WORDS)
    table = StateTable("door", Door, Push, given)
    given[Door.OPEN, Push.CLOSE] = Door.SHUT
    assert not table.allows(Door.OPEN, Push.CLOSE)


def test_diagram_draws_what_may_happen_and_nothing_else() -> None:
    assert door().diagram().splitlines() == [
        "stateDiagram-v2",
        "    open --> shut: close",
        "    shut --> open: unlock",
    ]
