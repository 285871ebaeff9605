"""A folder of definitions, with the parts that several share put in their place.

``KEY.VERSION.yaml`` is one version of one pathway, ``KEY.VERSION.cy.yaml`` its Welsh words
(English to Welsh), ``shared/*.yaml`` hold parts by section and key. In a list of a definition,
``- use: KEY`` stands for the shared part of that section with that key; names given beside it
replace its own. A list under ``groups`` stands for several parts at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from stepdown.pathways import law
from stepdown.pathways.graph import graph_faults
from stepdown.pathways.load import load
from stepdown.pathways.load_powers import Vocabulary
from stepdown.pathways.schema import Definition, Field, Step
from stepdown.pathways.tree import Branch, Fault, Faulty, Leaf, Node, Rows, nearest, read_tree

SECTIONS = (
    "sources", "referral", "eligibility", "people", "team", "stages", "steps", "measures",
    "outcomes", "counts", "sums",
)  # fmt: skip
Parts = Mapping[tuple[str, str], tuple[Node, ...]]


@dataclass(frozen=True)
class Library:
    """Every definition there is, by key and version."""

    definitions: Mapping[tuple[str, int], Definition]

    def latest(self) -> tuple[Definition, ...]:
        """The newest version in use of each, by key."""
        newest: dict[str, Definition] = {}
        for (key, version), one in sorted(self.definitions.items()):
            if one.in_use and (key not in newest or newest[key].version < version):
                newest[key] = one
        return tuple(newest[key] for key in sorted(newest))

    def of_day(self, key: str, day: date) -> Definition | None:
        """The version in use whose law is that of a day; None where no version names one."""
        return law.of_day(self.definitions.values(), key, day)

    def asked(self, definition: Definition, step: Step, day: date) -> tuple[Field, ...]:
        """A step's questions as they are asked on a day: what is imposed is by its law."""
        ruling = self.of_day(definition.key, day) if definition.law else None
        return law.imposed_on(definition, ruling, step)

    def get(self, key: str, version: int | None = None) -> Definition:
        """One version, else the newest in use. KeyError where there is none."""
        if version is not None:
            return self.definitions[key, version]
        return {one.key: one for one in self.latest()}[key]


def read_library(folder: Path, words: Vocabulary) -> Library:
    """All of a folder. Raises ``Faulty`` with every fault of every file."""
    faults: list[Fault] = []
    parts = _parts(folder / "shared", faults)
    found: dict[tuple[str, int], Definition] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name.endswith(".cy.yaml"):
            continue
        try:
            one = read_definition(path, words, parts)
        except Faulty as faulty:
            faults += faulty.faults
            continue
        if path.name != f"{one.key}.{one.version}.yaml":
            faults.append(Fault(path.name, 1, f"Name this file {one.key}.{one.version}.yaml."))
        found[one.key, one.version] = one
    if faults:
        raise Faulty(faults)
    return Library(law.joined(found))


def read_definition(path: Path, words: Vocabulary, parts: Parts | None = None) -> Definition:
    """One file, checked as text and as a graph."""
    faults: list[Fault] = []
    known = parts if parts is not None else _parts(path.parent / "shared", faults)
    tree = _composed(read_tree(path.read_text(encoding="utf-8"), path.name), known, faults)
    if faults:
        raise Faulty(faults)
    definition = load(tree, words, _welsh(path))
    if wrong := graph_faults(definition):
        raise Faulty([Fault(path.name, 1, text) for text in wrong])
    return definition


def _welsh(path: Path) -> dict[str, str]:
    """Its own catalogue over the shared ones, which translate the words many pathways use."""
    found: dict[str, str] = {}
    shared = sorted((path.parent / "shared").glob("*.cy.yaml"))
    for catalogue in (*shared, path.with_suffix(".cy.yaml")):
        if catalogue.exists():
            found |= _catalogue(catalogue.read_text(encoding="utf-8"), catalogue.name)
    return found


@cache
def _catalogue(text: str, name: str) -> Mapping[str, str]:
    leaves = read_tree(text, name).pairs.items()
    return {english: leaf.value for english, leaf in leaves if isinstance(leaf, Leaf)}


def _parts(folder: Path, faults: list[Fault]) -> dict[tuple[str, str], tuple[Node, ...]]:
    found: dict[tuple[str, str], tuple[Node, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name.endswith(".cy.yaml"):
            continue
        try:
            tree = read_tree(path.read_text(encoding="utf-8"), f"shared/{path.name}")
        except Faulty as faulty:
            faults += faulty.faults
            continue
        for section, rows in tree.pairs.items():
            if section == "groups" and isinstance(rows, Branch):
                for inner, group in rows.pairs.items():
                    for name, nodes in group.pairs.items() if isinstance(group, Branch) else ():
                        found[inner, name] = nodes.items if isinstance(nodes, Rows) else ()
            elif section in (*SECTIONS, "fields") and isinstance(rows, Rows):
                for item in rows.items:
                    key = item.pairs.get("key") if isinstance(item, Branch) else None
                    if isinstance(key, Leaf):
                        found[section, key.value] = (item,)
            else:
                faults.append(tree.keys[section].fault(f"“{section}” is no section."))
    return found


def _composed(node: Branch, parts: Parts, faults: list[Fault], depth: int = 0) -> Branch:
    """The same tree with every ``use`` put in place."""
    pairs: dict[str, Node] = {}
    for name, child in node.pairs.items():
        if isinstance(child, Rows):
            items = [one for item in child.items for one in _used(name, item, parts, faults, depth)]
            pairs[name] = Rows(tuple(items), child.at)
        elif isinstance(child, Branch):
            pairs[name] = _composed(child, parts, faults, depth)
        else:
            pairs[name] = child
    return Branch(pairs, node.at, node.keys)


def _used(section: str, item: Node, parts: Parts, faults: list[Fault], depth: int) -> list[Node]:
    if not isinstance(item, Branch):
        return [item]
    wanted = item.pairs.get("use")
    if not isinstance(wanted, Leaf):
        return [_composed(item, parts, faults, depth)]
    found = parts.get((section, wanted.value))
    if found is None or depth > 3:
        known = [key for kind, key in parts if kind == section]
        hint = nearest(wanted.value, known)
        text = f"There is no shared part “{wanted.value}” for {section}.{hint}"
        faults.append(item.at.fault(text))
        return []
    own = {name: value for name, value in item.pairs.items() if name != "use"}
    if own and len(found) != 1:
        faults.append(item.at.fault("A group is used as it is: nothing can be replaced in it."))
    made: list[Node] = []
    for one in found:
        if isinstance(one, Branch) and own:
            made += _used(section, _replaced(one, own, item), parts, faults, depth + 1)
        else:
            made += _used(section, one, parts, faults, depth + 1)
    return made


def _replaced(part: Branch, own: dict[str, Node], item: Branch) -> Branch:
    keys = {**part.keys, **{name: item.keys[name] for name in own}}
    return Branch({**part.pairs, **own}, part.at, keys)
