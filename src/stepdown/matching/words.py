"""Reasons as plain English sentences.

`say` takes the page's own translator, which is given the whole sentence with its named gaps, so
that other languages can order the words as they need.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from stepdown.matching.problem import Problem
from stepdown.matching.rules import Reason, Rule, Unfilled
from stepdown.matching.scoring import terms

if TYPE_CHECKING:
    from stepdown.matching.plan import Pair

Translate = Callable[[str], str]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS = MappingProxyType({"am": "morning", "pm": "afternoon", "eve": "evening"})
_SHORT_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # hard rules
        "excluded": "They must not be matched with each other.",
        "already-held": "They are already on this need, or have an open offer for it.",
        "capacity": "Places they hold: {held}; places they can hold: {capacity}.",
        "weekly-load": "They already give {load} minutes a week and can give {cap}.",
        "age-unknown": "The need has a minimum age of {age} and their date of birth is not known.",
        "age": "They are under {age} on {day}.",
        "gender": "The need asks for the gender {gender}.",
        "gender-unknown": "The need asks for the gender {gender} and theirs is not known.",
        "language": "They do not speak {language}.",
        "skill": "They do not have the skill {skill}.",
        "credential-missing": "They do not hold {credential}.",
        "credential-late": "Their {credential} begins on {begins}, after the need starts "
        "on {first}.",
        "credential-ends": "Their {credential} ends on {ends}, before the need ends on {last}.",
        "role-conflict": "Their role as {role} conflicts with this need.",
        "distance": "They are {distance_m} away, over their limit of {limit_m}.",
        "distance-unknown": "They have a travel limit of {limit_m} and the distance is not known.",
        "slot": "They offer none of the times asked for ({wanted}).",
        "busy": "They are already taken at the times they share ({slots}).",
        # terms of quality
        "travel": "{distance_m} away",
        "travel-unknown": "distance not known",
        "preferred": "prefers this kind of need",
        "not-preferred": "has not asked for this kind of need",
        "continuity": "has helped this person before",
        "new-pair": "has not helped this person before",
        "never-asked": "has never been asked",
        "asked": "offers made to them before: {asks}",
        # unfilled
        "nobody": "Every volunteer fails two rules or more.",
        "near-misses": "No volunteer meets every rule. Volunteers who fail one rule only: {only}.",
        "taken": "Volunteers who meet every rule: {eligible}. Their time goes to needs that are as "
        "urgent or more so, or that cannot be met without them.",
        "too-few": "Every volunteer who meets every rule is already planned for this need.",
        # cheapest changes
        "change-need-slot": "If the time could also be {slot}, {volunteer} could fill a place.",
        "change-volunteer-slot": "If {volunteer} could also offer {slot}, they could fill a place.",
        "change-distance": "If {volunteer} would travel {distance_m} for this need (their limit is "
        "{limit_m}), they could fill a place.",
        "change-capacity": "If {volunteer} could take one place more than {capacity}, "
        "this need would gain a place.",
        "change-renew": "If {volunteer} renewed {credential}, they could fill a place.",
        "change-obtain": "If {volunteer} obtained {credential}, they could fill a place.",
        "change-skill": "If {volunteer} could help without the skill {skill}, "
        "they could fill a place.",
        "no-change": "No single change would fill it.",
    }
)

NEAR_MISSES: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.EXCLUDED: "must not meet: {count}",
        Rule.ALREADY_HELD: "on this need already: {count}",
        Rule.CAPACITY: "no place left: {count}",
        Rule.WEEKLY_LOAD: "weekly load: {count}",
        Rule.AGE: "age: {count}",
        Rule.GENDER: "gender: {count}",
        Rule.LANGUAGE: "language: {count}",
        Rule.SKILL: "skills: {count}",
        Rule.REQUIREMENTS: "checks and training: {count}",
        Rule.ROLE_CONFLICT: "conflicting role: {count}",
        Rule.DISTANCE: "distance: {count}",
        Rule.SLOT: "times offered: {count}",
        Rule.BUSY: "taken at that time: {count}",
    }
)


NO_CHANGE = Reason("no-change")


def _same(text: str) -> str:
    return text


def say(reason: Reason, translate: Translate = _same) -> str:
    """The reason as one plain sentence (a short phrase for a term of quality)."""
    values = {name: _word(name, value, translate) for name, value in reason.values.items()}
    if isinstance(reason, Unfilled):
        values["only"] = "; ".join(
            translate(NEAR_MISSES[rule]).format(count=count) for rule, count in reason.only.items()
        )
    return translate(SENTENCES[reason.code]).format_map(values)


def planned_because(
    problem: Problem, pair: "Pair", translate: Translate = _same, *, history: bool = True
) -> str:
    """Why a planned pair stands, as one sentence: where, when, and what speaks for it.

    ``history`` is False where nothing is known of earlier offers, so that none is claimed.
    """
    volunteer = problem.volunteer(pair.volunteer_id)
    near, *others = terms(problem, volunteer, problem.need(pair.need_id))
    parts = [say(near, translate)]
    if pair.slot is not None:
        slot = slot_words(pair.slot, translate)
        parts.append(translate("free on {slot}").format(slot=slot))
    silent = {"asked"} if history else {"asked", "never-asked"}
    parts += [say(term, translate) for term in others if term.points and term.code not in silent]
    facts = ", ".join(parts)
    return translate("Meets every requirement; {facts}.").format(facts=facts)


def slot_words(slot: str, translate: Translate = _same) -> str:
    """'tue-pm' as 'Tuesday afternoon'."""
    day, part = slot.split("-")
    return f"{translate(DAYS[_SHORT_DAYS.index(day)])} {translate(PARTS[part])}"


def kilometres(metres: int | Decimal) -> str:
    """Metres under 1,000, kilometres to one place above: '850 m', '10 km', '14.2 km'."""
    if metres < 1000:
        return f"{int(metres)} m"
    return f"{metres / 1000:.1f}".removesuffix(".0") + " km"


def _word(name: str, value: object, translate: Translate) -> str:
    if name.endswith("_m") and isinstance(value, int | Decimal):
        return kilometres(value)
    if name == "slot" and isinstance(value, str):
        return slot_words(value, translate)
    if isinstance(value, list):
        return ", ".join(slot_words(slot, translate) for slot in value)
    if isinstance(value, date):
        return f"{value.day} {translate(MONTHS[value.month - 1])} {value.year}"
    return str(value)
