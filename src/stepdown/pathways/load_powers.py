"""Reading who may do what, and how records come from earlier versions."""

from dataclasses import dataclass

from stepdown.pathways.schema import Change
from stepdown.pathways.tree import Reader

VERBS = (
    "view", "refer", "assign", "work", "note", "move", "close", "reopen", "see-rota", "keep-rota",
    "do-steps",
)  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """The words of the hub that a definition may use. The wing hands them over."""

    categories: tuple[str, ...]
    roles: tuple[str, ...]
    reaches: tuple[str, ...]
    purposes: tuple[str, ...]
    people: tuple[str, ...]
    instruments: tuple[str, ...]


def permissions_in(top: Reader, words: Vocabulary) -> dict[str, dict[str, tuple[str, ...]]]:
    """Role of the hub, reach, verbs."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    held = top.reader("permissions")
    for role in held.names() if held else ():
        if held is None or role not in words.roles:
            top.fault(f"“{role}” is no role of the hub.", "permissions")
            continue
        reaches = held.reader(role)
        for reach in reaches.names() if reaches else ():
            verbs = reaches.words(reach) if reaches else ()
            if reach not in words.reaches:
                top.fault(f"“{reach}” is no reach: {', '.join(words.reaches)}.", "permissions")
            for verb in verbs:
                if verb not in VERBS:
                    top.fault(f"“{verb}” is no verb: {', '.join(VERBS)}.", "permissions")
            found.setdefault(role, {})[reach] = verbs
    return found


def reads_in(top: Reader, words: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Categories that a role reads in these cases, beyond its own."""
    held, found = top.reader("reads", must=False), {}
    for role in held.names() if held else ():
        found[role] = held.words(role) if held else ()
        if role not in words.roles or not set(found[role]) <= set(words.categories):
            top.fault("“reads” gives roles of the hub categories of data.", "reads")
    return found


def changes_in(top: Reader) -> tuple[Change, ...]:
    """How records of earlier versions come to this one."""
    found = []
    for one in top.readers("changes"):
        maps: dict[str, dict[str, str]] = {}
        for part in ("stages", "steps"):
            held = one.reader(part, must=False)
            maps[part] = {old: held.text(old) for old in held.names()} if held else {}
        found.append(Change(one.number("from", 1, 998), maps["stages"], maps["steps"]))
        one.done()
    return tuple(found)
