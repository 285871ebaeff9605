"""What every definition is held to, whatever it is about: no dead end and nothing unreachable."""

from collections.abc import Iterator

from stepdown.pathways.schema import Definition


def graph_faults(definition: Definition) -> list[str]:
    """Sentences; none where the definition holds together."""
    return [*_stages(definition), *_steps(definition), *_team(definition), *_use(definition)]


def reachable(definition: Definition) -> frozenset[str]:
    """The stages that a case can come to, guards aside."""
    found, edge = {definition.first.key}, [definition.first.key]
    while edge:
        for move in definition.stage(edge.pop()).moves:
            if move.to not in found:
                found.add(move.to)
                edge.append(move.to)
    return frozenset(found)


def can_end(definition: Definition) -> frozenset[str]:
    """The stages from which a closing stage can be reached, guards aside."""
    found = {stage.key for stage in definition.stages if stage.ends}
    while True:
        more = {
            stage.key
            for stage in definition.stages
            if stage.key not in found and any(move.to in found for move in stage.moves)
        }
        if not more:
            return frozenset(found)
        found |= more


def _stages(definition: Definition) -> Iterator[str]:
    there, ending = reachable(definition), can_end(definition)
    if not any(stage.ends for stage in definition.stages):
        yield "No stage ends the case."
    if definition.first.ends:
        yield "The first stage ends the case."
    for stage in definition.stages:
        if stage.key not in there:
            yield f"No way leads to the stage “{stage.key}”."
        if stage.key not in ending:
            yield f"No way out leads from the stage “{stage.key}” to an end."
        if any(move.to == stage.key for move in stage.moves):
            yield f"The stage “{stage.key}” leads to itself."


def _steps(definition: Definition) -> Iterator[str]:
    listed = {key for stage in definition.stages for key in stage.steps}
    for step in definition.steps:
        if step.key not in listed:
            yield f"No stage lists the step “{step.key}”."
    for step in definition.steps:
        for call in step.needs:
            if call.guard == "step-done" and call.arg("step") == step.key:
                yield f"The step “{step.key}” waits for itself."


def _team(definition: Definition) -> Iterator[str]:
    busy = {step.who for step in definition.steps}
    busy |= {step.escalate.to for step in definition.steps if step.escalate}
    guarded = {
        call.arg("team") for stage in definition.stages for m in stage.moves for call in m.needs
    }
    for role in definition.team:
        # What volunteers do is hours of a placement, not a step of the case.
        if role.pool == "staff" and role.key not in busy | guarded:
            yield f"Nothing is done by the team role “{role.key}”."


def _use(definition: Definition) -> Iterator[str]:
    verbs = {verb for reaches in definition.permissions.values() for v in reaches.values()
             for verb in v}  # fmt: skip
    for verb in ("view", "refer", "assign", "work", "move", "close"):
        if verb not in verbs:
            yield f"No role may {verb} such a case."
    for stage in definition.stages:
        for outcome in definition.outcomes_of(stage.key):
            if not stage.ends:
                yield f"The outcome “{outcome.key}” belongs to a stage that does not end the case."
