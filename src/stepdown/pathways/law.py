"""Dated law: which version is for a day, and what may be imposed on one.

Who is eligible and how a case goes is by the law of the day that the referral says (say, of the
offence): the case runs on the version for that day. What is imposed is by the law of the day on
which it is decided: the questions that a version names under ``imposes`` offer what the version for
that day offers, whichever one the case runs on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from stepdown.pathways.schema import Definition, Field, Option, Step

Versions = Mapping[tuple[str, int], Definition]


def of_day(versions: Iterable[Definition], key: str, day: date) -> Definition | None:
    """Of those in use, the one whose law began last on or before the day: among several of one day
    the highest version. None where no version names a law of that day."""
    found = [
        (one.law.since or date.min, one.version, one)
        for one in versions
        if one.key == key and one.in_use and one.law is not None
        if (one.law.since or date.min) <= day
    ]
    return max(found, key=lambda held: held[:2])[2] if found else None


def joined(versions: Versions) -> dict[tuple[str, int], Definition]:
    """The same versions; where one says what is imposed, the answers that other versions in use
    impose are among its own, so that a case which was given one of them can be read."""
    return {known: _joined(one, versions.values()) for known, one in versions.items()}


def imposed_on(definition: Definition, ruling: Definition | None, step: Step) -> tuple[Field, ...]:
    """The questions of a step, as they are asked on a day that ``ruling`` is the version for."""
    paths = definition.law.imposes if definition.law else ()
    return tuple(
        replace(field, options=_own(field, ruling or definition, f"{step.key}.{field.key}"))
        if f"{step.key}.{field.key}" in paths
        else field
        for field in step.fields
    )


def _own(field: Field, ruling: Definition, path: str) -> tuple[Option, ...]:
    """What the version itself has for answers; the question's own where it does not ask it."""
    asked = next((one for name, one in _questions(ruling) if name == path), field)
    return tuple(one for one in asked.options if not one.elsewhere)


def _joined(one: Definition, versions: Iterable[Definition]) -> Definition:
    if one.law is None or not (one.law.imposes and one.in_use):
        return one
    others = [v for v in versions if v.key == one.key and v.law and v.in_use and v != one]
    more: dict[str, list[Option]] = {}
    for other in others:
        for path, field in _questions(other):
            more.setdefault(path, []).extend(o for o in field.options if not o.elsewhere)
    steps = tuple(
        replace(
            step,
            fields=tuple(
                _wider(field, more.get(f"{step.key}.{field.key}", ()))
                if f"{step.key}.{field.key}" in one.law.imposes
                else field
                for field in step.fields
            ),
        )
        for step in one.steps
    )
    return replace(one, steps=steps)


def _wider(field: Field, more: Iterable[Option]) -> Field:
    known = {option.key: option for option in field.options}
    for option in more:
        known.setdefault(option.key, replace(option, elsewhere=True))
    return replace(field, options=tuple(known.values()))


def _questions(definition: Definition) -> Iterator[tuple[str, Field]]:
    for step in definition.steps:
        for field in step.fields:
            yield f"{step.key}.{field.key}", field
