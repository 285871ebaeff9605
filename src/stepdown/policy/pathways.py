"""Powers over cases, by pathway: generic verbs times the pathway's key, installed as data.

Each definition says which role may do what, how far; a new file brings its own. The wing that reads
the definitions installs them once, when the hub starts. Until then nobody may do anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stepdown.policy.categories import Category
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.roles import ROLES, Reach, RoleKey
from stepdown.policy.sharing import Pathway, People, Purpose, Wall, wall_of


@dataclass(frozen=True)
class Within:
    """A reach, over the records of one pathway alone."""

    reach: Reach
    pathway: str


Reaching = Reach | Within


@dataclass(frozen=True)
class Powers:
    """What a pathway lets each role do, and what a clause must cover to open its cases."""

    pathway: str
    purpose: Purpose
    people: People
    names: Mapping[str, str]  # by language: "en" is always there
    held: Mapping[RoleKey, Mapping[Permission, frozenset[Reach]]]
    reads: Mapping[RoleKey, frozenset[Category]] = field(default_factory=dict)  # beyond the role's
    sees: frozenset[Category] = frozenset()  # what volunteers read in the cases they are placed in


_installed: dict[str, Powers] = {}
_generation = 0


def install(powers: Iterable[Powers]) -> None:
    """Take these in place of all there were."""
    found = {one.pathway: one for one in powers}
    _installed.clear()
    _installed.update(found)
    global _generation
    _generation += 1


def generation() -> int:
    """A number that is another after each change of what is installed."""
    return _generation


def installed() -> tuple[Powers, ...]:
    """Every pathway that is a file, by key."""
    return tuple(_installed[key] for key in sorted(_installed))


def pathway_keys() -> tuple[str, ...]:
    """Every course of work that a clause of an agreement may cover, in order."""
    return (*(one.value for one in Pathway), *sorted(_installed))


def reaches_of(role: RoleKey, permission: Permission) -> list[Reaching]:
    """How far a role reaches with a permission, in a stable order."""
    found: list[Reaching] = [*sorted(ROLES[role].powers.get(permission, ()))]
    for key in sorted(_installed):
        held = _installed[key].held.get(role, {})
        found += [Within(reach, key) for reach in sorted(held.get(permission, ()))]
    return found


def categories_of(role: RoleKey, reach: Reaching) -> frozenset[Category]:
    """The categories of data a role reads: its own, and what a pathway adds in its own cases. Who
    is placed in a case as a volunteer reads there what the pathway names, and nothing else."""
    own = ROLES[role].categories
    if not isinstance(reach, Within):
        return own
    if reach.reach is Reach.OWN:
        return _installed[reach.pathway].sees
    return own | _installed[reach.pathway].reads.get(role, frozenset())


def wall_within(reach: Reaching, permission: Permission) -> Wall | None:
    """The wall of a pathway's cases, else the one of the kind. A rota is of staff, and of nobody
    that a case is about: it stands behind none."""
    if not isinstance(reach, Within) or permission.kind not in {Kind.CASE, Kind.STEP}:
        return wall_of(permission)
    powers = _installed[reach.pathway]
    return Wall(powers.purpose, powers.people, reach.pathway, frozenset())
