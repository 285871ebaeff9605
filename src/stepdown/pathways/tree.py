"""A YAML file as plain text with line numbers: every scalar is text, whatever it looks like.

YAML would read ``no`` as false and ``2015-03-01`` as a date. Here a scalar is what was typed; the
schema says what it means. Faults are gathered, so that an author reads all of them at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

import yaml

from stepdown.kernel.errors import StepdownError

# libyaml reads the same text ten times as fast, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong, in plain words, and where: ``file`` and ``line`` (from 1)."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class Faulty(StepdownError):
    """A file that cannot be used, with every fault found in it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Place:
    """Where in a file something stands."""

    file: str
    line: int

    def fault(self, text: str) -> Fault:
        """Something wrong here."""
        return Fault(self.file, self.line, text)


@dataclass(frozen=True)
class Leaf:
    """One scalar, as typed."""

    value: str
    at: Place


@dataclass(frozen=True)
class Rows:
    """A list."""

    items: tuple["Node", ...]
    at: Place


@dataclass(frozen=True)
class Branch:
    """A mapping, in the order of the file."""

    pairs: dict[str, "Node"]
    at: Place
    keys: dict[str, Place] = field(default_factory=dict)


Node = Leaf | Rows | Branch


def read_tree(text: str, file: str) -> Branch:
    """The whole of a file, which is a mapping. Raises ``Faulty``."""
    faults: list[Fault] = []
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = event.start_mark.line + 1 if event.start_mark else 1
                faults.append(Fault(file, line, "Write it out: & and * are not used here."))
        if faults:
            raise Faulty(faults)
        whole = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        said = getattr(wrong, "problem", None) or "this is not readable"
        line = mark.line + 1 if mark else 1
        text = (
            f"The file cannot be read from here: {said}. Text with a colon, comma or question mark "
            "stands in quotation marks."
        )
        raise Faulty([Fault(file, line, text)]) from None
    except RecursionError:
        raise Faulty([Fault(file, 1, "The file is nested too deeply.")]) from None
    if not isinstance(whole, yaml.MappingNode):
        raise Faulty([Fault(file, 1, "The file holds names with a colon, such as “key: …”.")])
    found = _node(whole, file, faults)
    if faults or not isinstance(found, Branch):
        raise Faulty(faults)
    return found


def _node(node: yaml.Node, file: str, faults: list[Fault]) -> Node:
    at = Place(file, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return Leaf(" ".join(node.value.split()), at)
    if isinstance(node, yaml.SequenceNode):
        return Rows(tuple(_node(one, file, faults) for one in node.value), at)
    pairs: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    for key, value in node.value:
        where = Place(file, key.start_mark.line + 1)
        if not isinstance(key, yaml.ScalarNode):
            faults.append(where.fault("A name is one word or phrase."))
            continue
        if key.value in pairs:
            faults.append(where.fault(f"“{key.value}” is given twice."))
        pairs[key.value] = _node(value, file, faults)
        keys[key.value] = where
    return Branch(pairs, at, keys)


class Reader:
    """Reads one mapping name by name; what nobody asked for is a fault, with the nearest name."""

    def __init__(self, branch: Branch, faults: list[Fault]) -> None:
        self.branch, self.faults, self.at = branch, faults, branch.at
        self._asked: list[str] = []

    def has(self, name: str) -> bool:
        """Whether the name is given."""
        return name in self.branch.pairs

    def fault(self, text: str, name: str = "") -> None:
        """Something wrong here, or at a name."""
        self.faults.append(self.branch.keys.get(name, self.at).fault(text))

    def text(self, name: str, *, must: bool = True, most: int = 400) -> str:
        """One scalar."""
        node = self._node(name, must)
        if node is None:
            return ""
        if not isinstance(node, Leaf):
            self.fault(f"“{name}” is one piece of text.", name)
            return ""
        if must and not node.value:
            self.fault(f"Say something after “{name}:”.", name)
        if len(node.value) > most:
            self.fault(f"“{name}” is longer than {most} characters.", name)
        return node.value

    def key(self, name: str = "key", *, most: int = 40) -> str:
        """A short name of small letters, figures and hyphens."""
        value = self.text(name, most=most)
        plain = value.replace("-", "")
        good = plain.isascii() and plain.isalnum() and value == value.lower() and value[0].isalpha()
        if value and not (good and not value.endswith("-")):
            self.fault(f"“{value}” is no key: use small letters, figures and hyphens.", name)
        return value

    def choice(self, name: str, allowed: Iterator[str] | tuple[str, ...], default: str = "") -> str:
        """One of some words."""
        value = self.text(name, must=not default) or default
        known = tuple(allowed)
        if value and value not in known:
            self.fault(f"“{value}” is none of {', '.join(known)}.{nearest(value, known)}", name)
        return value

    def number(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number."""
        value = self.text(name, must=default is None)
        if not value:
            return default if default is not None else low
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            self.fault(f"“{name}” is a whole number from {low} to {high}.", name)
            return low
        return int(value)

    def yes(self, name: str, *, default: bool = False) -> bool:
        """yes or no."""
        value = self.text(name, must=False)
        if value not in {"", "yes", "no"}:
            self.fault(f"“{name}” is yes or no.", name)
        return value == "yes" if value else default

    def words(self, name: str) -> tuple[str, ...]:
        """A list of scalars."""
        found = []
        for node in self.rows(name):
            if isinstance(node, Leaf):
                found.append(node.value)
            else:
                self.faults.append(node.at.fault(f"“{name}” lists single words."))
        return tuple(found)

    def rows(self, name: str, *, must: bool = False) -> tuple[Node, ...]:
        """A list of anything."""
        node = self._node(name, must)
        if node is None:
            return ()
        if not isinstance(node, Rows):
            self.fault(f"“{name}” is a list: each line begins with a hyphen.", name)
            return ()
        return node.items

    def readers(self, name: str, *, must: bool = False) -> list["Reader"]:
        """A list of mappings."""
        found = []
        for node in self.rows(name, must=must):
            if isinstance(node, Branch):
                found.append(Reader(node, self.faults))
            else:
                self.faults.append(node.at.fault(f"Each line of “{name}” has names, as “key: …”."))
        return found

    def reader(self, name: str, *, must: bool = True) -> "Reader | None":
        """A mapping."""
        node = self._node(name, must)
        if node is not None and not isinstance(node, Branch):
            self.fault(f"“{name}” has names under it, as “key: …”.", name)
            return None
        return Reader(node, self.faults) if node is not None else None

    def names(self) -> Iterator[str]:
        """Every name of the mapping, all taken as asked for."""
        self._asked += self.branch.pairs
        yield from self.branch.pairs

    def done(self) -> None:
        """Whatever is left is a slip."""
        for name in self.branch.pairs:
            if name not in self._asked:
                self.fault(f"“{name}” means nothing here.{nearest(name, self._asked)}", name)

    def _node(self, name: str, must: bool) -> Node | None:
        self._asked.append(name)
        node = self.branch.pairs.get(name)
        if node is None and must:
            self.fault(f"“{name}” is missing.")
        return node


def nearest(word: str, known: tuple[str, ...] | list[str]) -> str:
    """A hint at what may have been meant."""
    close = get_close_matches(word, known, 1)
    return f" Did you mean “{close[0]}”?" if close else ""
