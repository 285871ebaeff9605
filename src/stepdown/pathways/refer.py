"""Whether all that a definition names is there. Faults carry the line of what names it."""

from collections.abc import Iterable, Iterator

from stepdown.pathways import load_rota
from stepdown.pathways.guards import GUARDS, field_of
from stepdown.pathways.schema import Call, Definition, Due, Field, Keyed
from stepdown.pathways.tree import Branch, Fault, Place, Rows, nearest

# What a guard about numbers may be asked of.
COUNTED = {"number": {"number"}, "fewer": {"number", "several"}}
Named = tuple[str, str, str, str]  # the section, the key of the item, what it names, the fault


def references(definition: Definition, branch: Branch) -> list[Fault]:
    """Every name that leads nowhere."""
    return [
        _place(branch, section, key).fault(text)
        for section, key, text in (
            *_stages(definition),
            *_steps(definition),
            *_others(definition),
            *_meetings(definition),
            *_calls(definition),
        )
    ]


def _place(branch: Branch, section: str, key: str) -> Place:
    rows = branch.pairs.get(section)
    for item in rows.items if isinstance(rows, Rows) else ():
        found = item.pairs.get("key") if isinstance(item, Branch) else None
        if found is not None and getattr(found, "value", "") == key:
            return item.at
    return branch.keys.get(section, branch.at)


Trouble = tuple[str, str, str]


def _missing(word: str, kind: str, there: Iterable[Keyed]) -> str:
    known = [one.key for one in there]
    return "" if word in known else f"There is no {kind} “{word}”.{nearest(word, known)}"


def _stages(definition: Definition) -> Iterator[Trouble]:
    for stage in definition.stages:
        for step in stage.steps:
            if text := _missing(step, "step", definition.steps):
                yield "stages", stage.key, text
        for move in stage.moves:
            if text := _missing(move.to, "stage", definition.stages):
                yield "stages", stage.key, text
        if stage.ends and not definition.outcomes_of(stage.key):
            yield "stages", stage.key, f"No outcome belongs to the closing stage “{stage.key}”."
        elif stage.ends and all(one.needs for one in definition.outcomes_of(stage.key)):
            text = (
                f"One outcome of “{stage.key}” has no “needs”, so that a case can always end there."
            )
            yield "stages", stage.key, text
        if stage.ends and stage.steps:
            yield "stages", stage.key, "Nothing is to be done in a stage that ends the case."


def _steps(definition: Definition) -> Iterator[Trouble]:
    sees = {role.key: set(role.sees) for role in definition.team if role.sees}
    for step in definition.steps:
        if text := _missing(step.who, "team role", definition.team):
            yield "steps", step.key, text
        for category in sorted({one.category for one in step.fields} - sees.get(step.who, set())):
            if step.who in sees:
                yield "steps", step.key, f"“{step.who}” does this and does not see {category}."
        if step.escalate and (text := _missing(step.escalate.to, "team role", definition.team)):
            yield "steps", step.key, text
        yield from ((("steps", step.key, text)) for text in _due(definition, step.due))
        yield from (("steps", step.key, text) for text in _conditions(step.fields))


def _others(definition: Definition) -> Iterator[Trouble]:
    for screen in definition.screens:
        yield from (("referral", screen.key, text) for text in _conditions(screen.fields))
    questions = [one.key for one in definition.referral_fields()]
    for key in sorted({one for one in questions if questions.count(one) > 1}):
        yield "referral", key, f"The referral asks “{key}” twice."
    if source := definition.from_referrals:
        if text := _missing(source, "source", definition.sources):
            yield "from-referrals", "", text
        if not definition.names_somebody:
            yield "from-referrals", "", "A public referral is about somebody, and this is not."
    if law := definition.law:
        days = [one for one in definition.referral_fields() if one.kind == "date"]
        if text := _missing(law.by, "day that the referral asks", days):
            yield "law", "", text
        for path in law.imposes:
            field = field_of(definition, path)
            chosen = field is not None and field.kind in {"choice", "several"}
            if path.startswith("referral.") or not chosen:
                yield "law", "", f"“{path}” is no choice that a step asks, as STEP.QUESTION."
    verbs = {
        (reach, verb)
        for reaches in definition.permissions.values()
        for reach, some in reaches.items()
        for verb in some
    }
    if any(verb == "do-steps" and reach != "own" for reach, verb in verbs):
        yield "permissions", "", "“do-steps” reaches own cases: those that somebody is placed in."
    if ("own", "do-steps") in verbs and not any(role.sees for role in definition.team):
        yield "permissions", "", "No role of volunteers says what it sees: give it “sees”."
    yield from (("rota", "", text) for text in load_rota.faults(definition))
    for measure in definition.measures:
        if text := _missing(measure.about, "person role", definition.people):
            yield "measures", measure.key, text
        for occasion in measure.occasions:
            yield from (("measures", measure.key, text) for text in _due(definition, occasion.due))
    for outcome in definition.outcomes:
        ends = [one for one in definition.stages if one.ends]
        if text := _missing(outcome.stage, "closing stage", ends):
            yield "outcomes", outcome.key, text
        if outcome.counts_as == "not" and not outcome.reasons:
            yield "outcomes", outcome.key, "An outcome that counts as “not” lists its reasons."


def _meetings(definition: Definition) -> Iterator[Trouble]:
    waiting = [one for one in definition.stages if not one.ends]
    for meeting in definition.meetings:
        for stage in meeting.stages:
            if text := _missing(stage, "stage that goes on", waiting):
                yield "meetings", meeting.key, text


def _conditions(fields: tuple[Field, ...]) -> Iterator[str]:
    for one in fields:
        if one.shown_if is None:
            continue
        other = next((f for f in fields if f.key == one.shown_if[0]), None)
        answers = {"yes", "no"} if other and other.kind == "yes-no" else set()
        answers |= {option.key for option in other.options} if other else set()
        if one.shown_if[1] not in answers:
            yield f"“{one.key}” is shown if an answer that cannot be given."


def _due(definition: Definition, due: Due | None) -> Iterator[str]:
    if due is None:
        return
    kind, key = due.after.kind, due.after.key
    if kind == "stage" and (text := _missing(key, "stage", definition.stages)):
        yield text
    if kind == "step" and (text := _missing(key, "step", definition.steps)):
        yield text
    if kind == "field":
        asked = field_of(definition, key)
        if asked is None or asked.kind != "date":
            yield f"“{key}” is no question that asks for a date."


def _calls(definition: Definition) -> Iterator[Trouble]:
    for stage in definition.stages:
        for move in stage.moves:
            yield from (("stages", stage.key, text) for text in _bad(definition, move.needs))
    for step in definition.steps:
        yield from (("steps", step.key, text) for text in _bad(definition, step.needs))
        if step.due is not None and step.due.sooner is not None:
            sooner = (step.due.sooner[1],)
            yield from (("steps", step.key, text) for text in _bad(definition, sooner))
    for test in definition.eligibility:
        yield from (("eligibility", test.key, text) for text in _bad(definition, (test.call,)))
    for outcome in definition.outcomes:
        yield from (("outcomes", outcome.key, text) for text in _bad(definition, outcome.needs))
    for count in definition.counts:
        yield from (("counts", count.key, text) for text in _bad(definition, count.where))
    for one in definition.sums:
        yield from (("sums", one.key, text) for text in _bad(definition, one.where))
        asked = field_of(definition, one.field)
        if asked is None or asked.kind != "number":
            yield "sums", one.key, f"“{one.field}” is no question that asks for a number."


def _bad(definition: Definition, calls: tuple[Call, ...]) -> Iterator[str]:
    sections: dict[str, Iterable[Keyed]] = {
        "step": definition.steps,
        "stage": definition.stages,
        "person": definition.people,
        "team": definition.team,
        "measure": definition.measures,
        "outcome": definition.outcomes,
    }
    for call in calls:
        for name, kind in GUARDS[call.guard].takes.items():
            word, kind = call.arg(name), kind.rstrip("?")
            if kind in sections and (text := _missing(word, kind, sections[kind])):
                yield text
            if kind == "number" and not (word.isascii() and word.isdigit()):
                yield f"“{name}” of the guard “{call.guard}” is a whole number."
            if kind == "field" and field_of(definition, word) is None:
                yield f"There is no question “{word}”: write step.question or referral.question."
        yield from _specific(definition, call)


def _specific(definition: Definition, call: Call) -> Iterator[str]:
    if call.guard == "one-answered":
        for path in call.arg("fields").split("|"):
            one = field_of(definition, path)
            if one is None:
                yield f"There is no question “{path}”: write step.question or referral.question."
            elif call.arg("is") not in {"yes", "no", *(option.key for option in one.options)}:
                yield f"“{call.arg('is')}” is no answer to “{one.key}”."
    if call.guard == "answered":
        asked = field_of(definition, call.arg("field"))
        if bool(call.arg("is")) == bool(call.arg("not")):
            yield "The guard “answered” takes either “is” or “not”."
        allowed = {"yes", "no"} if asked and asked.kind == "yes-no" else set()
        allowed |= {option.key for option in asked.options} if asked else set()
        for word in (call.arg("is") or call.arg("not")).split("|"):
            if asked and allowed and word not in allowed:
                yield f"“{word}” is no answer to “{asked.key}”."
    if call.guard in {"number", "fewer"}:
        for word in (call.arg("field"), call.arg("than")):
            asked = field_of(definition, word)
            if asked is not None and asked.kind not in COUNTED[call.guard]:
                yield f"“{asked.key}” cannot be counted by the guard “{call.guard}”."
    if call.guard == "measured":
        measure = next((m for m in definition.measures if m.key == call.arg("measure")), None)
        if measure and call.arg("occasion") not in {one.key for one in measure.occasions}:
            yield f"“{measure.key}” has no occasion “{call.arg('occasion')}”."
    if call.guard == "consent":
        role = next((one for one in definition.people if one.key == call.arg("person")), None)
        if role and not role.consent:
            yield f"“{role.key}” is not asked to consent to anything."
