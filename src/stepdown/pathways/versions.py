"""Whether what a case holds has its place in a later version. The store says what it holds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.guards import Reason
from stepdown.pathways.schema import Change, Definition, Field, Text


@dataclass(frozen=True)
class Answered:
    """One answer, in the category of data under which it is kept."""

    step: str
    field: str
    category: str
    value: object


@dataclass(frozen=True)
class Holds:
    """All keys of a pathway that a stored case uses."""

    stage: str
    stages: frozenset[str]
    steps: frozenset[tuple[str, int]]
    answers: tuple[Answered, ...]
    people: frozenset[str]
    team: frozenset[str]
    measured: frozenset[tuple[str, str]]
    source: str
    outcome: str
    reason: str


def change_from(definition: Definition, version: int) -> Change | None:
    """What the definition says of records of an earlier version."""
    return next((one for one in definition.changes if one.version == version), None)


def refusals(definition: Definition, change: Change, case: Holds) -> tuple[Reason, ...]:
    """Everything of the case that has no place in the version; empty where all of it has."""
    return tuple(dict.fromkeys(_refusals(definition, change, case)))


def _refusals(definition: Definition, change: Change, case: Holds) -> Iterator[Reason]:
    stages = {one.key: one for one in definition.stages}
    for key in sorted(filter(None, {case.stage, *case.stages})):
        if change.stages.get(key, key) not in stages:
            yield _nowhere("There is no stage for “%(key)s”.", key)
    steps = {one.key: one for one in definition.steps}
    placed = [(change.steps.get(key, key), number) for key, number in sorted(case.steps)]
    for (old, _number), (new, _same) in zip(sorted(case.steps), placed, strict=True):
        if new not in steps:
            yield _nowhere("There is no step for “%(key)s”.", old)
    for (new, _number), often in sorted(Counter(placed).items()):
        if often > 1:
            yield _nowhere("Two steps that were done would become one: “%(key)s”.", new)
    yield from _answers(definition, change, case)
    yield from _keys("There is no role of people for “%(key)s”.", case.people, definition.people)
    yield from _keys("There is no role on the team for “%(key)s”.", case.team, definition.team)
    taken = {(one.key, when.key) for one in definition.measures for when in one.occasions}
    for key in sorted({f"{m}, {o}" for m, o in case.measured - taken}):
        yield _nowhere("There is no measure for “%(key)s”.", key)
    if case.source and case.source not in {one.key for one in definition.sources}:
        yield _nowhere("There is no source for “%(key)s”.", case.source)
    if case.outcome:
        ends = {one.key: one for one in definition.outcomes}
        ended = ends.get(case.outcome)
        where = change.stages.get(case.stage, case.stage)
        if ended is None or ended.stage != where:
            yield _nowhere("It cannot have ended so: “%(key)s”.", case.outcome)
        elif case.reason and case.reason not in {one.key for one in ended.reasons}:
            yield _nowhere("There is no reason for “%(key)s”.", case.reason)


def _answers(definition: Definition, change: Change, case: Holds) -> Iterator[Reason]:
    asked: dict[tuple[str, str], Field] = {
        (REFERRAL, one.key): one for one in definition.referral_fields()
    }
    asked |= {(step.key, one.key): one for step in definition.steps for one in step.fields}
    for answer in case.answers:
        field = asked.get((change.steps.get(answer.step, answer.step), answer.field))
        key = f"{answer.step}.{answer.field}"
        if field is None:
            yield _nowhere("There is no question for “%(key)s”.", key)
        elif field.category != answer.category:
            yield _nowhere("“%(key)s” is asked as another kind of information.", key)
        elif not _fits(field, answer.value):
            yield _nowhere("What was answered to “%(key)s” cannot be answered there.", key)


def _fits(field: Field, value: object) -> bool:
    # What another version imposes is read here, and brings no case here.
    allowed = {one.key for one in field.options if not one.elsewhere}
    if field.kind == "several":
        return isinstance(value, list | tuple) and {str(one) for one in value} <= allowed
    if field.kind == "choice":
        return value in allowed
    if field.kind == "yes-no":
        return value in {"yes", "no"}
    if field.kind == "number":
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and field.low <= value <= field.high  # type: ignore[operator]
    return isinstance(value, str)


def _keys(words: str, used: frozenset[str], there: tuple) -> Iterator[Reason]:  # type: ignore[type-arg]
    for key in sorted(used - {one.key for one in there}):
        yield _nowhere(words, key)


def _nowhere(words: str, key: str) -> Reason:
    return Reason(words, (("key", Text(key)),))
