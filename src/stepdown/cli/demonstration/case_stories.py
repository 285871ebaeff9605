"""The cases of the story, read from one file a pathway: what is said in them, how far each came.

A file of ``stories`` is named as its pathway and holds

``referred``
    what referrals say, question by question; one is drawn for each case
``said``
    what is said in a step; a list where it is done several times. Steps that are not named are not
    done, but those that a case names itself
``cases``
    ``ago`` (days), ``through`` (the stages it went on to), ``do`` (steps done in the last of them),
    ``end`` (stage, outcome, reason), ``but`` (what this one says differently), ``skip`` (steps),
    ``scores`` (before and after), ``by`` (who refers), ``lead``, ``consent``, ``volunteer``

Everything is text, as in a definition; the question says what it means. A date is in days from the
day on which it is said: ``+14``, ``-3``. One that is required and not named is that day's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from stepdown.kernel import clock
from stepdown.pathways.schema import Field
from stepdown.pathways.tree import Branch, Leaf, Node, read_tree

FOLDER = Path(__file__).resolve().parent / "stories"
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Course:
    """How far one case has come."""

    ago: int
    through: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    but: Mapping[str, Said] = None  # type: ignore[assignment]
    skip: tuple[str, ...] = ()
    scores: tuple[int, int] = (2, 4)
    by: str = "coordinator"
    lead: str = "coordinator"
    consent: bool = True
    volunteer: str = ""


@dataclass(frozen=True)
class Story:
    """What happens in one pathway."""

    pathway: str
    referred: tuple[Said, ...]
    said: Mapping[str, tuple[Said, ...]]
    cases: tuple[Course, ...]


def stories() -> list[Story]:
    """Every file, by name. Raises ``Faulty`` for one that cannot be read."""
    return [_story(path) for path in sorted(FOLDER.glob("*.yaml"))]


def _story(path: Path) -> Story:
    whole = _plain(read_tree(path.read_text(encoding="utf-8"), path.name))
    said = {key: _several(some) for key, some in whole.get("said", {}).items()}
    cases = tuple(_course(one) for one in whole["cases"])
    return Story(path.stem, tuple(whole["referred"]), said, cases)


def _course(told: dict[str, Any]) -> Course:
    """``end: closed helped`` and lists of words may be written as one line of text."""
    lists = {"through", "do", "end", "skip"} & told.keys()
    given = {**told, **{key: tuple(told[key].split()) for key in lists}, "ago": int(told["ago"])}
    if "scores" in told:
        first, last = told["scores"].split()
        given["scores"] = (int(first), int(last))
    given["consent"] = told.get("consent", "yes") == "yes"
    return Course(**{**given, "but": told.get("but", {})})


def _several(some: Any) -> tuple[Said, ...]:
    return tuple(some) if isinstance(some, list) else (some,)


def _plain(node: Node) -> Any:
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Branch):
        return {key: _plain(value) for key, value in node.pairs.items()}
    return [_plain(one) for one in node.items]


def answers(fields: tuple[Field, ...], said: Said) -> dict[str, Any]:
    """What the form takes: only the questions that what was said opens. KeyError for one that the
    form does not have."""
    known = {one.key for one in fields}
    if strange := said.keys() - known:
        raise KeyError(f"no such question: {', '.join(sorted(strange))}")
    given = {one.key: _value(one, said[one.key]) for one in fields if one.key in said}
    for one in fields:
        opened = one.shown_if is None or given.get(one.shown_if[0]) == one.shown_if[1]
        if opened and one.required and one.kind == "date" and one.key not in given:
            given[one.key] = clock.today().isoformat()
    return given


def _value(field: Field, said: Any) -> Any:
    if field.kind == "number":
        return int(said)
    if field.kind == "date":
        return (clock.today() + timedelta(days=int(said))).isoformat()
    return said
