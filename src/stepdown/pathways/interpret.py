"""What may happen to a case now, what is refused and why, what is due. Pure and deterministic."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stepdown.pathways.facts import REFERRAL, Case
from stepdown.pathways.guards import Reason, size_of, why_not
from stepdown.pathways.schema import (
    Definition,
    Due,
    Measure,
    Move,
    Occasion,
    Outcome,
    Stage,
    Step,
)


class Status(StrEnum):
    """How a step stands today."""

    WAITING = "cannot-start-yet"
    TO_DO = "not-started"
    BEGUN = "in-progress"
    DONE = "completed"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Way:
    """A move out of the stage, and every guard that refuses it."""

    move: Move
    stage: Stage
    refused: tuple[Reason, ...]

    @property
    def open(self) -> bool:
        """Whether it may be taken now."""
        return not self.refused


@dataclass(frozen=True)
class Todo:
    """A step of the stage as it stands. ``number`` is which doing of it is meant."""

    step: Step
    number: int
    status: Status
    due: date | None
    remind_on: date | None
    escalate_on: date | None
    waits_for: tuple[Reason, ...] = ()
    done_on: date | None = None

    @property
    def open(self) -> bool:
        """Whether it can be done now."""
        return self.status in {Status.TO_DO, Status.BEGUN, Status.OVERDUE}


@dataclass(frozen=True)
class MeasureDue:
    """A measurement that has been taken, or not yet."""

    measure: Measure
    occasion: Occasion
    due: date | None
    taken: bool


@dataclass(frozen=True)
class Standing:
    """Everything about a case today."""

    stage: Stage
    ways: tuple[Way, ...]
    todos: tuple[Todo, ...]
    measures: tuple[MeasureDue, ...]

    @property
    def next_due(self) -> date | None:
        """The earliest day by which something open has to be done."""
        return min((one.due for one in self.todos if one.open and one.due), default=None)

    @property
    def overdue(self) -> tuple[Todo, ...]:
        """The steps whose day has passed."""
        return tuple(one for one in self.todos if one.status is Status.OVERDUE)

    def way_to(self, stage: str) -> Way | None:
        """The move to a stage, if the stage has one."""
        return next((one for one in self.ways if one.stage.key == stage), None)

    def todo(self, step: str) -> Todo | None:
        """A step of the stage, as it stands."""
        return next((one for one in self.todos if one.step.key == step), None)


def standing(
    definition: Definition, case: Case, today: date, holidays: frozenset[date] = frozenset()
) -> Standing:
    """How the case stands on a day."""
    stage = definition.stage(case.stage)
    ways = tuple(
        Way(move, definition.stage(move.to), _refused(definition, case, move.needs, today))
        for move in stage.moves
    )
    todos = tuple(
        _todo(definition, case, definition.step(key), today, holidays) for key in stage.steps
    )
    return Standing(stage, ways, todos, _measures(definition, case, today, holidays))


def endings(
    definition: Definition, case: Case, stage: str, today: date
) -> tuple[tuple[Outcome, tuple[Reason, ...]], ...]:
    """How the case may end in a closing stage, each with every guard that refuses it now."""
    found = definition.outcomes_of(stage)
    return tuple((one, _refused(definition, case, one.needs, today)) for one in found)


def counted(definition: Definition, case: Case, today: date) -> frozenset[str]:
    """The keys of the numbers for reports that the case counts in."""
    return frozenset(
        one.key for one in definition.counts if not _refused(definition, case, one.where, today)
    )


def summed(definition: Definition, case: Case, today: date) -> dict[str, int]:
    """What the case adds to each sum for reports; a sum it says nothing of is not there."""
    found = {
        one.key: size_of(case, one.field)
        for one in definition.sums
        if not _refused(definition, case, one.where, today)
    }
    return {key: number for key, number in found.items() if number is not None}


def _refused(definition: Definition, case: Case, calls: tuple, today: date) -> tuple[Reason, ...]:  # type: ignore[type-arg]
    found = (why_not(definition, case, call, today) for call in calls)
    return tuple(reason for reason in found if reason is not None)


def _todo(
    definition: Definition, case: Case, step: Step, today: date, holidays: frozenset[date]
) -> Todo:
    since = case.entered.get(case.stage, case.opened)
    past = case.done(step.key)
    done = [one for one in past if one.on is not None and one.on >= since]
    last = done[-1].on if done else None
    anew = step.repeats is not None or step.again
    number = (past[-1].number if past else 0) + (1 if not done or anew else 0)
    if last is not None and not anew:
        return Todo(step, number, Status.DONE, None, None, None, done_on=last)
    if last is not None and step.repeats is not None:
        due: date | None = step.repeats.after(last, holidays)
    elif step.again and not _is_owed(case, step, done=last is not None):
        due = None
    else:
        due = due_of(definition, case, step.due, today, holidays)
    waits = _refused(definition, case, step.needs, today)
    status = Status.BEGUN if case.begun(step.key, number) else Status.TO_DO
    if waits:
        status = Status.WAITING
    elif due is not None and due < today:
        status = Status.OVERDUE
    remind = step.remind.before(due, holidays) if due and step.remind else None
    escalate = step.escalate.span.after(due, holidays) if due and step.escalate else None
    return Todo(step, number, status, due, remind, escalate, waits, last)


def _is_owed(case: Case, step: Step, *, done: bool) -> bool:
    """Whether a step that is done again and again is owed once more: its time runs from something
    that happened more often than it was done, in whatever stage that was."""
    after = step.due.after if step.due else None
    if after is None or after.kind not in {"step", "field"}:
        return not done
    source = after.key.partition(".")[0]
    times = 1 if source == REFERRAL else len(case.done(source))
    return times > len(case.done(step.key))


def due_of(
    definition: Definition, case: Case, due: Due | None, today: date, holidays: frozenset[date]
) -> date | None:
    """The day by which something is due: the sooner one where its guard holds."""
    if due is not None and due.sooner is not None:
        span, call = due.sooner
        if why_not(definition, case, call, today) is None:
            due = Due(span, due.after)
    return due_on(case, due, holidays)


def due_on(case: Case, due: Due | None, holidays: frozenset[date]) -> date | None:
    """The day by which something is due; None where its event has not happened."""
    if due is None:
        return None
    begins = _happened(case, due.after.kind, due.after.key)
    return due.span.after(begins, holidays) if begins is not None else None


def _happened(case: Case, kind: str, key: str) -> date | None:
    if kind == "opened":
        return case.opened
    if kind == "closed":
        return case.closed
    if kind == "stage":
        return case.entered.get(key)
    if kind == "step":
        done = case.done(key)
        return done[-1].on if done else None
    step, _, field = key.partition(".")
    answer = case.answers.get((step, field))
    try:
        return date.fromisoformat(str(answer)) if answer else None
    except ValueError:
        return None


def _measures(
    definition: Definition, case: Case, today: date, holidays: frozenset[date]
) -> tuple[MeasureDue, ...]:
    taken = {(one.measure, one.occasion) for one in case.measured}
    return tuple(
        MeasureDue(
            measure,
            occasion,
            due_of(definition, case, occasion.due, today, holidays),
            (measure.key, occasion.key) in taken,
        )
        for measure in definition.measures
        for occasion in measure.occasions
    )


def migrated(definition: Definition, case: Case, version: int) -> Case:
    """The case as the definition's version reads it, coming from an earlier ``version``.

    KeyError where the definition says nothing of that version or of where the case stands.
    """
    change = next(one for one in definition.changes if one.version == version)
    stages = {stage.key for stage in definition.stages}
    steps = {step.key for step in definition.steps}

    def stage(key: str) -> str:
        found = change.stages.get(key, key)
        if found not in stages:
            raise KeyError(key)
        return found

    def step(key: str) -> str:
        return change.steps.get(key, key)

    return case.with_(
        stage=stage(case.stage),
        entered={change.stages.get(key, key): day for key, day in case.entered.items()},
        steps=tuple(
            type(one)(step(one.step), one.number, one.on)
            for one in case.steps
            if step(one.step) in steps
        ),
        answers={(step(key), name): value for (key, name), value in case.answers.items()},
    )
