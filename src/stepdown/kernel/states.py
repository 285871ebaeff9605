"""State tables: for every state and event, either the next state or the reason why not."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from stepdown.kernel.errors import Conflict

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class StateTable(Generic[S, E]):
    """A total table. Every (state, event) pair is named, so that nothing is decided by omission.

    ``table`` maps (state, event) to the next state, or to a sentence saying why not.
    """

    def __init__(
        self, noun: str, states: type[S], events: type[E], table: Mapping[tuple[S, E], S | str]
    ) -> None:
        missing = [(s, e) for s in states for e in events if (s, e) not in table]
        if missing:
            raise ValueError(f"The table of {noun} says nothing about {missing}")
        self.noun, self.states, self.events, self.table = noun, states, events, dict(table)

    def next(self, state: S | str, event: E) -> S:
        """The state after the event, or ``Conflict`` with the table's own words."""
        outcome = self.table[self.states(state), event]
        if isinstance(outcome, self.states):
            return outcome
        raise Conflict(str(outcome))

    def allows(self, state: S | str, event: E) -> bool:
        """Whether the event may happen in this state."""
        return isinstance(self.table[self.states(state), event], self.states)

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, in the order the states are declared."""
        lines = ["stateDiagram-v2"]
        for state in self.states:
            for event in self.events:
                outcome = self.table[state, event]
                if isinstance(outcome, self.states):
                    lines.append(f"    {state} --> {outcome}: {event}")
        return "\n".join(lines)


def refusals(
    states: type[S], events: type[E], words: Mapping[S, str]
) -> dict[tuple[S, E], S | str]:
    """A table in which nothing may happen yet, one sentence a state: update it with what may."""
    return {(s, e): words[s] for s in states for e in events}
