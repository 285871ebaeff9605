"""The guards that a definition may name. Each is a pure function of a case, with its own words.

A guard answers None where it holds, else why not, in words that a page may show. ``takes`` says
what its arguments are, so that a definition naming a step that is not there is found at load. The
first argument may be written alone: ``- step-done: risk-assessment``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from stepdown.pathways.facts import REFERRAL, Case
from stepdown.pathways.schema import Call, Definition, Field, Text


@dataclass(frozen=True)
class Reason:
    """Why not. ``words`` is a sentence with ``%(name)s`` in it, to be translated whole."""

    words: str
    values: tuple[tuple[str, Text], ...] = ()

    def __str__(self) -> str:
        return self.words % {name: text.en for name, text in self.values}


Check = Callable[[Definition, Case, Call, date], Reason | None]


@dataclass(frozen=True)
class Guard:
    """A guard: its name, what its arguments are, what it asks, and the check."""

    name: str
    takes: Mapping[str, str]
    asks: str
    check: Check


GUARDS: dict[str, Guard] = {}


def guard(name: str, **takes: str) -> Callable[[Check], Check]:
    """Register a guard. An argument is a step, stage, person, team, measure, field, or text; with
    ``?`` it may be left out."""

    def register(check: Check) -> Check:
        asks = (check.__doc__ or "").strip()
        if name in GUARDS or not asks:
            raise ValueError(f"The guard {name} is there already, or says nothing of itself.")
        GUARDS[name] = Guard(name, takes, asks, check)
        return check

    return register


def why_not(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """None where the guard holds, else its words."""
    return GUARDS[call.guard].check(definition, case, call, today)


@guard("step-done", step="step")
def _step_done(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """The step has been done at least once."""
    if case.done(call.arg("step")):
        return None
    name = definition.step(call.arg("step")).name
    return Reason("“%(step)s” is not done.", (("step", name),))


@guard("steps-done")
def _steps_done(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """Every required step of the stage has been done since the stage was entered."""
    since = case.entered.get(case.stage, case.opened)
    for key in definition.stage(case.stage).steps:
        step = definition.step(key)
        done = [one for one in case.done(key) if one.on is not None and one.on >= since]
        if step.required and not done:
            return Reason("“%(step)s” is not done.", (("step", step.name),))
    return None


@guard("one-step-done")
def _one_step_done(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """At least one step of the stage, required or not, has been done since it was entered."""
    since, stage = case.entered.get(case.stage, case.opened), definition.stage(case.stage)
    for key in stage.steps:
        if any(one.on is not None and one.on >= since for one in case.done(key)):
            return None
    return Reason(
        "Nothing of “%(stage)s” is done.", (("stage", definition.stage(case.stage).name),)
    )


@guard("consent", person="person")
def _consent(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """Everybody in this role consents, to the purpose that the role names."""
    role = definition.person_role(call.arg("person"))
    there = [one for one in case.people if one.role == role.key]
    if there and all(role.consent in one.consents for one in there):
        return None
    return Reason("Consent is not recorded: %(person)s.", (("person", role.name),))


@guard("people-there", person="person")
def _people_there(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """The case names as many people in this role as it must."""
    role = definition.person_role(call.arg("person"))
    if sum(one.role == role.key for one in case.people) >= role.least:
        return None
    return Reason("Nobody is named yet: %(person)s.", (("person", role.name),))


@guard("team-filled", team="team")
def _team_filled(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """The role on the team has as many people as it must."""
    role = definition.team_role(call.arg("team"))
    there = sum(one.role == role.key for one in case.team)
    if there >= role.count:
        return None
    counts = (("there", Text(str(there))), ("count", Text(str(role.count))), ("team", role.name))
    return Reason("%(team)s: %(there)s of %(count)s found.", counts)


@guard("no-conflict", team="team")
def _no_conflict(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """Nobody in the role has to be kept from anybody the case is about."""
    if not any(one.conflict for one in case.team if one.role == call.arg("team")):
        return None
    name = definition.team_role(call.arg("team")).name
    return Reason("Somebody is to be kept apart from a person here: %(team)s.", (("team", name),))


def answer_holds(answer: object, wanted: str, against: str) -> bool:
    """Whether an answer is, or is not, the one wanted; of several, whether it is among them."""
    given = {str(one) for one in answer} if isinstance(answer, list | tuple) else {str(answer)}
    if wanted:
        return bool(given & set(wanted.split("|")))
    return answer not in (None, "", []) and not given & set(against.split("|"))


@guard("answered", field="field", **{"is": "answer?", "not": "answer?"})
def _answered(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """A question was answered so: ``is``, or anything but ``not``. Several answers stand with |."""
    step, _, key = call.arg("field").partition(".")
    found = case.answers.get((step, key))
    if found is not None and answer_holds(found, call.arg("is"), call.arg("not")):
        return None
    asked = field_of(definition, call.arg("field"))
    name = asked.name if asked else Text(key)
    if found in (None, "", []):
        return Reason("“%(field)s” is not answered.", (("field", name),))
    return Reason("The answer to “%(field)s” does not allow it.", (("field", name),))


@guard("one-answered", fields="fields", **{"is": "answer"})
def _one_answered(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """At least one of several questions, written with |, was answered so."""
    paths = call.arg("fields").split("|")
    for path in paths:
        step, _, key = path.partition(".")
        found = case.answers.get((step, key))
        if found is not None and answer_holds(found, call.arg("is"), ""):
            return None
    return _about_field(definition, paths[0], answered=True)


@guard("number", field="field", least="number", most="number")
def _number(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """A number was answered, and it lies from ``least`` to ``most``."""
    found = size_of(case, call.arg("field"))
    if found is not None and int(call.arg("least")) <= found <= int(call.arg("most")):
        return None
    return _about_field(definition, call.arg("field"), answered=found is not None)


@guard("fewer", field="field", than="field")
def _fewer(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """A number is lower than another, or fewer are selected (``none`` is none)."""
    found, other = size_of(case, call.arg("field")), size_of(case, call.arg("than"))
    if found is not None and other is not None and found < other:
        return None
    return _about_field(definition, call.arg("field"), answered=None not in (found, other))


@guard("as-often", step="step", of="step")
def _as_often(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """A step was done at least as often as another."""
    if len(case.done(call.arg("step"))) >= len(case.done(call.arg("of"))):
        return None
    name = definition.step(call.arg("step")).name
    return Reason("“%(step)s” is not done as often as it must be.", (("step", name),))


def size_of(case: Case, path: str) -> int | None:
    """The number that was answered, or how many were selected; None where nothing was."""
    step, _, key = path.partition(".")
    found = case.answers.get((step, key))
    if isinstance(found, list | tuple):
        return sum(str(one) != "none" for one in found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _about_field(definition: Definition, path: str, *, answered: bool) -> Reason:
    asked = field_of(definition, path)
    name = asked.name if asked else Text(path)
    if answered:
        return Reason("The answer to “%(field)s” does not allow it.", (("field", name),))
    return Reason("“%(field)s” is not answered.", (("field", name),))


@guard("measured", measure="measure", occasion="text")
def _measured(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """The measure was taken on the occasion, or it was recorded that it could not be."""
    measure = definition.measure(call.arg("measure"))
    for one in case.measured:
        if one.measure == measure.key and one.occasion == call.arg("occasion"):
            return None
    return Reason("“%(measure)s” has not been taken.", (("measure", measure.name),))


@guard("eligible")
def _eligible(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """Every test of eligibility holds."""
    for test in definition.eligibility:
        if GUARDS[test.call.guard].check(definition, case, test.call, today) is not None:
            return Reason("Not eligible: %(test)s.", (("test", test.name),))
    return None


@guard("outcome", outcome="outcome")
def _outcome(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """The case ended with this outcome."""
    if case.outcome == call.arg("outcome"):
        return None
    name = definition.outcome(call.arg("outcome")).name
    return Reason("The case did not end so: %(outcome)s.", (("outcome", name),))


@guard("reached", stage="stage")
def _reached(definition: Definition, case: Case, call: Call, today: date) -> Reason | None:
    """The case has been in the stage, now or before."""
    if call.arg("stage") in case.entered:
        return None
    name = definition.stage(call.arg("stage")).name
    return Reason("The case has not been there yet: %(stage)s.", (("stage", name),))


def field_of(definition: Definition, path: str) -> Field | None:
    """The question that ``step.field`` names, or ``referral.field``; None where there is none."""
    step, _, key = path.partition(".")
    if step == REFERRAL:
        some = definition.referral_fields()
    else:
        some = next((one.fields for one in definition.steps if one.key == step), ())
    return next((one for one in some if one.key == key), None)
