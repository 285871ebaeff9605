"""Every state table of the hub: total, reachable, and in words that a page may show."""

import gc
from enum import StrEnum
from typing import Any

import pytest

from stepdown.kernel.states import StateTable


def tables() -> list[StateTable[Any, Any]]:
    """Every table that a model declares: Django has imported all models by now."""
    found = [one for one in gc.get_objects() if isinstance(one, StateTable)]
    return sorted(
        (t for t in found if t.states.__module__.startswith("stepdown.")), key=lambda t: t.noun
    )


TABLES = tables()


def test_the_hub_has_its_tables() -> None:
    assert {"need", "offer", "placement", "referral", "volunteer"} <= {t.noun for t in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.noun)
def test_table_says_something_about_every_state_and_event(table: StateTable[Any, Any]) -> None:
    assert set(table.table) == {(s, e) for s in table.states for e in table.events}


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.noun)
def test_every_refusal_is_a_sentence(table: StateTable[Any, Any]) -> None:
    for outcome in table.table.values():
        if not isinstance(outcome, table.states):
            text = str(outcome)
            assert text.endswith(".")
            assert text[0].isupper()


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.noun)
def test_every_state_can_be_reached_from_the_first(table: StateTable[Any, Any]) -> None:
    states: list[StrEnum] = [*table.states.__members__.values()]
    reached, edge = {states[0]}, [states[0]]
    while edge:
        state = edge.pop()
        for event in table.events:
            after = table.table[state, event]
            if isinstance(after, table.states) and after not in reached:
                reached.add(after)
                edge.append(after)
    assert reached == set(states)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.noun)
def test_every_event_can_happen_somewhere(table: StateTable[Any, Any]) -> None:
    for event in table.events:
        assert any(table.allows(state, event) for state in table.states), event
