"""A definition as a page of the documentation, and the difference between two versions."""

from collections.abc import Iterator
from difflib import unified_diff

from stepdown.pathways.diagram import mermaid
from stepdown.pathways.schema import Call, Definition, Due


def document(definition: Definition) -> str:
    """Everything a definition says, as Markdown."""
    return "\n".join(_lines(definition)) + "\n"


def difference(old: Definition, new: Definition) -> str:
    """What another version says differently, line by line; nothing where they say the same."""
    names = (f"{old.key} {old.version}", f"{new.key} {new.version}")
    before, after = document(old).splitlines(), document(new).splitlines()
    return "\n".join(unified_diff(before, after, *names, lineterm="", n=1))


def untranslated(definition: Definition) -> list[str]:
    """The English words without Welsh, in the order of the file, each once."""
    found: dict[str, None] = {}
    _walk(definition, found)
    return list(found)


def _walk(value: object, found: dict[str, None]) -> None:
    from dataclasses import fields, is_dataclass

    from stepdown.pathways.schema import Text

    if isinstance(value, Text):
        if value.en and not value.cy:
            found.setdefault(value.en)
    elif isinstance(value, tuple):
        for one in value:
            _walk(one, found)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            _walk(getattr(value, field.name), found)


def _calls(calls: tuple[Call, ...]) -> str:
    return ", ".join(str(call) for call in calls) or "nothing"


def _due(due: Due | None) -> str:
    sooner = f" ({due.sooner[0]} if {due.sooner[1]})" if due and due.sooner else ""
    return f"{due.span} after {due.after}{sooner}" if due else "no day"


def _lines(definition: Definition) -> Iterator[str]:
    yield f"# {definition.name}"
    yield ""
    yield f"Generated from `{definition.file}` by `stepdown pathways draw`; a test compares them."
    yield ""
    yield str(definition.about)
    yield ""
    yield f"Key `{definition.key}`, version {definition.version}. Shared for {definition.purpose}. "
    yield f"Retention {definition.retention}, from {definition.retention_from}."
    yield ""
    yield f"![{definition.name}]({definition.key}.svg)"
    yield ""
    yield "```mermaid"
    yield mermaid(definition)
    yield "```"
    yield ""
    yield "## Stages"
    yield ""
    yield "| stage | steps | may move to | when |"
    yield "|---|---|---|---|"
    for stage in definition.stages:
        steps = ", ".join(definition.step(key).name.en for key in stage.steps)
        if not stage.moves:
            yield f"| {stage.name} | {steps} | – | |"
        for move in stage.moves:
            to = definition.stage(move.to).name
            yield f"| {stage.name} | {steps} | {move.name}: {to} | {_calls(move.needs)} |"
    yield ""
    yield "## Steps"
    yield ""
    yield "| step | done by | due | must | told beforehand | told when late |"
    yield "|---|---|---|---|---|---|"
    for step in definition.steps:
        who = definition.team_role(step.who).name
        again = f", again every {step.repeats}" if step.repeats else ""
        again += ", as often as there is something" if step.again else ""
        late = ""
        if step.escalate:
            late = f"{definition.team_role(step.escalate.to).name}, {step.escalate.span} late"
        must = "yes" if step.required else "no"
        soon = f"{step.remind} before" if step.remind else ""
        yield f"| {step.name} | {who} | {_due(step.due)}{again} | {must} | {soon} | {late} |"
    yield ""
    yield from _questions(definition)
    yield from _rest(definition)


def _questions(definition: Definition) -> Iterator[str]:
    yield "## Questions"
    yield ""
    yield "| form | question | type | category of data |"
    yield "|---|---|---|---|"
    for screen in definition.screens:
        for one in screen.fields:
            yield f"| Referral: {screen.name} | {one.name} | {one.kind} | {one.category} |"
    for step in definition.steps:
        for one in step.fields:
            yield f"| {step.name} | {one.name} | {one.kind} | {one.category} |"
    yield ""


def _rest(definition: Definition) -> Iterator[str]:
    yield "## People and team"
    yield ""
    for person in definition.people:
        consent = f", asked to consent to {person.consent}" if person.consent else ""
        yield f"- {person.name}: {person.least} to {person.most}{consent}"
    for role in definition.team:
        pool = f"volunteers of the scheme {role.scheme}" if role.scheme else "staff"
        yield f"- {role.name}: {role.count} from {pool}"
    yield ""
    yield "## Measures, outcomes, counts"
    yield ""
    for measure in definition.measures:
        when = "; ".join(f"{one.name} ({_due(one.due)})" for one in measure.occasions)
        yield f"- Measure {measure.name}, {measure.instrument}: {when}"
    for outcome in definition.outcomes:
        why = "; ".join(option.name.en for option in outcome.reasons)
        when = f", when {_calls(outcome.needs)}" if outcome.needs else ""
        because = f" ({why})" if why else ""
        yield f"- Outcome {outcome.name}: counts as {outcome.counts_as}{because}{when}"
    for count in definition.counts:
        yield f"- Counted: {count.name}, where {_calls(count.where)}"
    for one in definition.sums:
        yield f"- Added up: {one.name}, of {one.field}, where {_calls(one.where)}"
    for source in definition.sources:
        yield f"- Referred by: {source.name}"
    if law := definition.law:
        since = f", for days from {law.since}" if law.since else ""
        checked = "" if law.verified or not law.since else " (not verified)"
        yield f"- Its law is that of the day in `{law.by}`{since}{checked}"
        if law.imposes:
            asked = ", ".join(f"`{path}`" for path in law.imposes)
            yield f"- Imposed by the law of the day it is decided: {asked}"
    if definition.from_referrals:
        yield f"- A public referral may become one, as referred by {definition.from_referrals}"
    for meeting in definition.meetings:
        where = ", ".join(definition.stage(key).name.en for key in meeting.stages)
        yield f"- Meeting {meeting.name}: decides on cases in {where}"
    for who in definition.team:
        if who.sees:
            yield f"- {who.name}: does its steps on its own pages, and sees {', '.join(who.sees)}"
    if rota := definition.rota:
        where = ", ".join(one.name.en for one in rota.divisions)
        yield f"- Rota {rota.name}: posts in {where}, who are {rota.role} of cases"
        yield f"- Shifts: {', '.join(f'{s.name} ({s.begins}–{s.ends})' for s in rota.shifts)}"
        if rota.induction:
            yield f"- Induction: {rota.induction}"
    for test in definition.eligibility:
        yield f"- Eligible if: {test.name}"
    yield ""
    yield "## Who may do what"
    yield ""
    for role_key, reaches in definition.permissions.items():
        for reach, verbs in reaches.items():
            yield f"- {role_key}, {reach}: {', '.join(verbs)}"
    for role_key, categories in definition.reads.items():
        yield f"- {role_key} reads in these cases also: {', '.join(categories)}"
