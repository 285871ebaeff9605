"""Reading the small parts that many places of a definition have: texts, questions, guards, dues."""

from collections.abc import Mapping

from stepdown.pathways.guards import GUARDS
from stepdown.pathways.schema import (
    KINDS,
    NO_TEXT,
    Call,
    Due,
    Event,
    Field,
    Option,
    Text,
)
from stepdown.pathways.spans import UNITS, Span
from stepdown.pathways.tree import Branch, Leaf, Reader, nearest

EVENTS = ("opened", "closed", "stage", "step", "field")


def text_in(
    reader: Reader, name: str, welsh: Mapping[str, str], *, must: bool = True, most: int = 400
) -> Text:
    """Words for pages, with their Welsh where the catalogue has it."""
    english = reader.text(name, must=must, most=most)
    return Text(english, welsh.get(english, "")) if english else NO_TEXT


def unique(reader: Reader, name: str, keys: list[str]) -> None:
    """Each key once."""
    for key in sorted({one for one in keys if one and keys.count(one) > 1}):
        reader.fault(f"“{key}” is there twice under “{name}”.", name)


def options_in(
    reader: Reader, name: str, welsh: Mapping[str, str], *, must: bool = False
) -> tuple[Option, ...]:
    """Answers to choose from."""
    found = []
    for one in reader.readers(name, must=must):
        hint = text_in(one, "hint", welsh, must=False)
        found.append(Option(one.key(), text_in(one, "name", welsh, most=160), hint))
        one.done()
    unique(reader, name, [one.key for one in found])
    return tuple(found)


def fields_in(
    reader: Reader, welsh: Mapping[str, str], categories: tuple[str, ...]
) -> tuple[Field, ...]:
    """The questions of a form."""
    found: list[Field] = []
    for one in reader.readers("fields"):
        kind = one.choice("type", KINDS)
        options = options_in(one, "options", welsh)
        if bool(options) != (kind in {"choice", "several"}):
            one.fault("“options” go with the types choice and several, and those need them.")
        shown = one.reader("shown-if", must=False)
        condition = None
        if shown is not None:
            condition = (shown.key("field"), shown.text("is"))
            shown.done()
            if condition[0] not in {before.key for before in found}:
                one.fault("“shown-if” names a question before this one in the same form.")
        found.append(
            Field(
                key=one.key(),
                name=text_in(one, "name", welsh, most=200),
                kind=kind,
                category=one.choice("category", categories),
                hint=text_in(one, "hint", welsh, must=False),
                required=one.yes("required", default=True),
                options=options,
                shown_if=condition,
                low=one.number("low", 0, 1_000_000, 0),
                high=one.number("high", 0, 1_000_000, 1_000_000),
            )
        )
        one.done()
    unique(reader, "fields", [one.key for one in found])
    return tuple(found)


def calls_in(reader: Reader, name: str) -> tuple[Call, ...]:
    """Guards by name: alone, with one argument, or with several by name."""
    found = []
    for node in reader.rows(name):
        if isinstance(node, Leaf):
            guard, given = node.value, {}
        elif isinstance(node, Branch) and len(node.pairs) == 1:
            guard, inner = next(iter(node.pairs.items()))
            if isinstance(inner, Branch):
                given = {
                    key: leaf.value for key, leaf in inner.pairs.items() if isinstance(leaf, Leaf)
                }
            elif isinstance(inner, Leaf) and guard in GUARDS and GUARDS[guard].takes:
                given = {next(iter(GUARDS[guard].takes)): inner.value}
            else:
                given = {"": ""}
        else:
            reader.faults.append(node.at.fault("A guard is a name, or a name with arguments."))
            continue
        if guard not in GUARDS:
            hint = nearest(guard, sorted(GUARDS))
            reader.faults.append(node.at.fault(f"There is no guard “{guard}”.{hint}"))
            continue
        takes = GUARDS[guard].takes
        needed = {key for key, kind in takes.items() if not kind.endswith("?")}
        if not needed <= set(given) <= set(takes):
            words = ", ".join(takes) or "nothing"
            reader.faults.append(node.at.fault(f"The guard “{guard}” takes {words}."))
            continue
        found.append(Call(guard, tuple(sorted(given.items()))))
    return tuple(found)


def span_in(reader: Reader, name: str, *, must: bool = True) -> Span | None:
    """A length of time."""
    written = reader.text(name, must=must)
    span = Span.read(written) if written else None
    if written and span is None:
        units = ", ".join(f"{unit}s" for unit in UNITS)
        reader.fault(f"“{written}” is no length of time: a number of {units}.", name)
    return span


def event_in(reader: Reader, name: str) -> Event:
    """An event that time runs from: opened, closed, stage:KEY, step:KEY, field:STEP.FIELD."""
    written = reader.text(name)
    kind, _, key = written.partition(":")
    if written and (kind not in EVENTS or bool(key) != (kind in {"stage", "step", "field"})):
        reader.fault(f"“{written}” is no event: opened, closed, stage:…, step:… or field:….…", name)
    return Event(kind, key)


def due_in(reader: Reader) -> Due | None:
    """When something has to be done."""
    held = reader.reader("due", must=False)
    if held is None:
        return None
    span = span_in(held, "within")
    event = event_in(held, "of")
    sooner = None
    if (inner := held.reader("sooner", must=False)) is not None:
        short, calls = span_in(inner, "within"), calls_in(inner, "when")
        if len(calls) != 1:
            inner.fault("“sooner” names exactly one guard under “when”.")
        sooner = (short, calls[0]) if short and len(calls) == 1 else None
        inner.done()
    held.done()
    return Due(span, event, sooner) if span else None
