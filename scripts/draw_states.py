"""Draw every state table into docs/reference/states.md: `python -m scripts.draw_states`.

The tables are found where they are declared, so that a new one is drawn without being listed here.
A test compares the file with what this draws.
"""

import os
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import django

from stepdown.kernel.states import StateTable

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "states.md"
WINGS = ("sharing", "volunteering", "casework", "records")
HEAD = """# States

Generated from the state tables by `python -m scripts.draw_states`; a test compares them. An arrow
is an event that may happen in a state. Every other event is refused there, with the words given.
"""


def tables() -> list[StateTable[Any, Any]]:
    """Every state table of the wings' models, by noun. Django has been set up."""
    found: dict[str, StateTable[Any, Any]] = {}
    for wing in WINGS:
        package = import_module(f"stepdown.{wing}.models")
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, StateTable):
                    found[value.noun] = value
    return [found[noun] for noun in sorted(found)]


def section(table: StateTable[Any, Any]) -> str:
    """One table: its diagram, and what is said where an event is refused."""
    lines = [f"## {table.noun.capitalize()}", "", "```mermaid", table.diagram(), "```", ""]
    lines += ["| state | refused | words |", "|---|---|---|"]
    for state in table.states:
        words: dict[str, list[str]] = {}
        for event in table.events:
            outcome = table.table[state, event]
            if not isinstance(outcome, table.states):
                words.setdefault(str(outcome), []).append(event.value)
        for text, events in words.items():
            lines.append(f"| {state.value} | {', '.join(events)} | {text} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(section(table) for table in tables())])


def main() -> None:
    """Write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepdown.config.settings.dev")
    django.setup()
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
