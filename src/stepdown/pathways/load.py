"""A definition's tree becomes a ``Definition``, or every fault in it with its line."""

from collections.abc import Mapping
from datetime import date

from stepdown.pathways.calculations import CALCULATIONS
from stepdown.pathways.load_parts import (
    calls_in,
    due_in,
    fields_in,
    options_in,
    span_in,
    text_in,
    unique,
)
from stepdown.pathways.load_powers import (
    Vocabulary,
    changes_in,
    permissions_in,
    reads_in,
)
from stepdown.pathways.load_results import counts_in, meetings_in, outcomes_in, sums_in
from stepdown.pathways.load_rota import rota_in
from stepdown.pathways.refer import references
from stepdown.pathways.schema import (
    Definition,
    Eligibility,
    Escalation,
    Law,
    Measure,
    Move,
    Occasion,
    PersonRole,
    Screen,
    Stage,
    Step,
    TeamRole,
)
from stepdown.pathways.tree import Branch, Fault, Faulty, Reader

RETENTIONS = ("mopi-1", "mopi-2", "mopi-3", "mopi-4", "partnership")


def load(branch: Branch, words: Vocabulary, welsh: Mapping[str, str] | None = None) -> Definition:
    """One definition from its tree, in which shared parts are in place. Raises ``Faulty``."""
    faults: list[Fault] = []
    say = _Welsh(welsh or {})
    top = Reader(branch, faults)
    found = Definition(
        key=top.key(most=20),
        version=top.number("version", 1, 999),
        name=text_in(top, "name", say, most=60),
        about=text_in(top, "about", say),
        noun=text_in(top, "noun", say, must=False, most=40),
        purpose=top.choice("purpose", words.purposes),
        people_kind=top.choice("people-kind", words.people, "supported"),
        retention=_retention(top)[0],
        retention_from=_retention(top)[1],
        sources=options_in(top, "sources", say, must=True),
        screens=_screens(top, say, words),
        eligibility=_eligibility(top, say),
        people=_people(top, say, words),
        team=_team(top, say, words),
        stages=_stages(top, say),
        steps=_steps(top, say, words),
        measures=_measures(top, say, words),
        outcomes=outcomes_in(top, say),
        counts=counts_in(top, say),
        permissions=permissions_in(top, words),
        reads=reads_in(top, words),
        sums=sums_in(top, say),
        changes=changes_in(top),
        meetings=meetings_in(top, say),
        from_referrals=top.key("from-referrals") if top.has("from-referrals") else "",
        law=_law(top),
        rota=rota_in(top, say),
        in_use=top.yes("in-use", default=True),
        file=branch.at.file,
    )
    top.done()
    if not faults:
        faults += references(found, branch)
    if faults:
        raise Faulty(faults)
    return found


class _Welsh(dict[str, str]):
    """The Welsh catalogue of a definition: English words to Welsh ones."""


def _retention(top: Reader) -> tuple[str, str]:
    held = top.reader("retention")
    if held is None:
        return "", ""
    group = held.choice("group", RETENTIONS)
    begins = held.choice("from", ("closed", "opened"), "closed")
    held.done()
    return group, begins


def _law(top: Reader) -> Law | None:
    held = top.reader("law", must=False)
    if held is None:
        return None
    by, said, since = held.key("by"), held.text("from", must=False), None
    try:
        since = date.fromisoformat(said) if said else None
    except ValueError:
        held.fault("“from” is a day, as 2026-04-01.", "from")
    found = Law(by, since, held.yes("verified"), held.words("imposes"))
    held.done()
    return found


def _screens(top: Reader, say: Mapping[str, str], words: Vocabulary) -> tuple[Screen, ...]:
    found = []
    for one in top.readers("referral", must=True):
        about = text_in(one, "about", say, must=False)
        name = text_in(one, "name", say, most=80)
        found.append(Screen(one.key(), name, fields_in(one, say, words.categories), about))
        if not found[-1].fields:
            one.fault("A page of the referral asks at least one question.")
        if found[-1].key in {"who", "others"}:
            key = found[-1].key
            one.fault(f"“{key}” is the page that every referral begins with: take another key.")
        one.done()
    unique(top, "referral", [one.key for one in found])
    return tuple(found)


def _eligibility(top: Reader, say: Mapping[str, str]) -> tuple[Eligibility, ...]:
    found = []
    for one in top.readers("eligibility"):
        calls = calls_in(one, "when")
        if len(calls) != 1:
            one.fault("A test of eligibility names exactly one guard under “when”.")
            continue
        found.append(Eligibility(one.key(), text_in(one, "name", say, most=120), calls[0]))
        one.done()
    unique(top, "eligibility", [one.key for one in found])
    return tuple(found)


def _people(top: Reader, say: Mapping[str, str], words: Vocabulary) -> tuple[PersonRole, ...]:
    found = []
    for one in top.readers("people", must=True):
        role = PersonRole(
            key=one.key(),
            name=text_in(one, "name", say, most=60),
            least=one.number("least", 0, 20, 1),
            most=one.number("most", 1, 50, 1),
            consent=one.choice("consent", words.purposes) if one.has("consent") else "",
        )
        if role.least > role.most:
            one.fault("“least” is more than “most”.", "least")
        found.append(role)
        one.done()
    unique(top, "people", [one.key for one in found])
    return tuple(found)


def _team(top: Reader, say: Mapping[str, str], words: Vocabulary) -> tuple[TeamRole, ...]:
    found = []
    for one in top.readers("team", must=True):
        pool = one.text("filled-from", must=False) or "staff"
        kind, _, scheme = pool.partition(":")
        if kind not in {"staff", "scheme"} or bool(scheme) != (kind == "scheme"):
            one.fault("“filled-from” is staff, or scheme: and the scheme’s key.", "filled-from")
        count, sees = one.number("count", 1, 20, 1), one.words("sees")
        if not set(sees) <= set(words.categories) or (sees and kind != "scheme"):
            one.fault("“sees” gives a role of volunteers categories of data.", "sees")
        name = text_in(one, "name", say, most=60)
        found.append(TeamRole(one.key(), name, kind, scheme, count, sees))
        one.done()
    unique(top, "team", [one.key for one in found])
    return tuple(found)


def _stages(top: Reader, say: Mapping[str, str]) -> tuple[Stage, ...]:
    found = []
    for one in top.readers("stages", must=True):
        moves = []
        for way in one.readers("moves"):
            name = text_in(way, "name", say, most=60)
            moves.append(Move(way.key("to"), name, calls_in(way, "needs")))
            way.done()
        stage = Stage(
            key=one.key(),
            name=text_in(one, "name", say, most=60),
            about=text_in(one, "about", say, must=False),
            steps=one.words("steps"),
            moves=tuple(moves),
            ends=one.yes("ends"),
        )
        unique(one, "moves", [way.to for way in stage.moves])
        unique(one, "steps", list(stage.steps))
        found.append(stage)
        one.done()
    unique(top, "stages", [one.key for one in found])
    if not found:
        top.fault("A pathway has stages.", "stages")
    return tuple(found)


def _steps(top: Reader, say: Mapping[str, str], words: Vocabulary) -> tuple[Step, ...]:
    found = []
    for one in top.readers("steps", must=True):
        escalation = None
        if (held := one.reader("escalate", must=False)) is not None:
            span = span_in(held, "after")
            escalation = Escalation(span, held.key("to")) if span else None
            held.done()
        step = Step(
            key=one.key(),
            name=text_in(one, "name", say, most=80),
            who=one.key("who"),
            about=text_in(one, "about", say, must=False),
            required=one.yes("required", default=True),
            fields=fields_in(one, say, words.categories),
            due=due_in(one),
            remind=span_in(one, "remind", must=False),
            escalate=escalation,
            repeats=span_in(one, "repeats", must=False),
            again=one.yes("again"),
            needs=calls_in(one, "needs"),
            shows=one.text("shows", must=False),
        )
        if step.shows and not _works_out(step):
            known = "; ".join(f"{c.key} of {', '.join(c.takes)}" for c in CALCULATIONS.values())
            one.fault(f"“shows” names a calculation of questions that are there: {known}.", "shows")
        if (step.remind or step.escalate) and step.due is None:
            one.fault("A step without “due” cannot remind or escalate.")
        if step.again and step.repeats:
            one.fault("A step either repeats after a time or may be done again at any time.")
        found.append(step)
        one.done()
    unique(top, "steps", [one.key for one in found])
    return tuple(found)


def _works_out(step: Step) -> bool:
    found = CALCULATIONS.get(step.shows)
    numbers = {one.key for one in step.fields if one.kind == "number"}
    return found is not None and set(found.takes) <= numbers


def _measures(top: Reader, say: Mapping[str, str], words: Vocabulary) -> tuple[Measure, ...]:
    found = []
    for one in top.readers("measures"):
        occasions = []
        for when in one.readers("occasions", must=True):
            occasions.append(
                Occasion(when.key(), text_in(when, "name", say, most=60), due_in(when))
            )
            when.done()
        found.append(
            Measure(
                key=one.key(),
                name=text_in(one, "name", say, most=80),
                instrument=one.choice("instrument", words.instruments),
                about=one.key("about"),
                category=one.choice("category", words.categories),
                occasions=tuple(occasions),
            )
        )
        unique(one, "occasions", [when.key for when in occasions])
        if not occasions:
            one.fault("A measure is taken on at least one occasion.")
        one.done()
    unique(top, "measures", [one.key for one in found])
    return tuple(found)
