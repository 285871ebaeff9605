"""What is done in one case of the story, in order: from the definition and what the story says."""

from collections.abc import Iterator
from dataclasses import dataclass

from stepdown.cli.demonstration.case_stories import Course, Said, Story
from stepdown.pathways.schema import Definition, Due, Stage


@dataclass(frozen=True)
class Deed:
    """One thing that is done: a step, a move to a stage, a measure or the finding of volunteers."""

    kind: str
    key: str
    said: Said
    rest: tuple[str, ...] = ()


def deeds_of(one: Definition, story: Story, course: Course) -> Iterator[Deed]:
    """What is done, in order: in each stage the steps of which something is said, then what is
    measured, then the move. A step is told once."""
    told: set[str] = set(course.skip)
    stage = one.first
    ends = course.end[:1]
    for to in (*course.through, *ends):
        for key in stage.steps:
            if key not in told:
                told.add(key)
                yield from _step(story, course, key)
        yield from _measures(one, stage.key)
        if course.volunteer and "volunteers" not in told and _needs_volunteers(one, stage, to):
            told.add("volunteers")
            yield Deed("volunteers", course.volunteer, {})
        stage = one.stage(to)
        yield Deed("move", to, {}, course.end[1:] if stage.ends else ())
    for key in course.do:
        yield from _step(story, course, key)


def _needs_volunteers(one: Definition, stage: Stage, to: str) -> bool:
    """Whether the move waits until volunteers are found."""
    needs = next(move.needs for move in stage.moves if move.to == to)
    named = [call.arg("team") for call in needs if call.guard == "team-filled"]
    return any(one.team_role(key).pool != "staff" for key in named)


def _step(story: Story, course: Course, key: str) -> Iterator[Deed]:
    differs = course.but.get(key, {})
    for number, said in enumerate(story.said.get(key, ({},) if differs else ()), start=1):
        yield Deed("step", key, {**said, **differs}, (str(number),))


def _measures(one: Definition, stage: str) -> Iterator[Deed]:
    for measure in one.measures:
        for occasion in measure.occasions:
            if occasion.due is not None and _belongs(one, occasion.due, stage):
                yield Deed("measure", measure.key, {}, (occasion.key,))


def _belongs(one: Definition, due: Due, stage: str) -> bool:
    """Whether what is due so long after something is taken in the stage."""
    if due.after.kind == "stage":
        return due.after.key == stage
    return due.after.key.partition(".")[0] in one.stage(stage).steps
