"""The pathway definitions that this hub runs, read from their files once a process."""

from functools import cache
from pathlib import Path

from stepdown.pathways.instruments import KEYS
from stepdown.pathways.library import Library, read_library
from stepdown.pathways.load_powers import Vocabulary
from stepdown.pathways.schema import Definition
from stepdown.policy.categories import Category
from stepdown.policy.pathways import Powers
from stepdown.policy.permissions import Permission as P  # noqa: N817
from stepdown.policy.roles import Reach, RoleKey
from stepdown.policy.sharing import People, Purpose

FOLDER = Path(__file__).resolve().parent.parent / "definitions"


def vocabulary() -> Vocabulary:
    """The hub's words that a definition may use. A shielded address is never an answer."""
    return Vocabulary(
        categories=tuple(c.value for c in Category if c is not Category.SHIELDED_LOCATION),
        roles=tuple(r.value for r in RoleKey if r not in {RoleKey.PUBLIC, RoleKey.HUB}),
        reaches=tuple(r.value for r in Reach),
        purposes=tuple(p.value for p in Purpose),
        people=tuple(p.value for p in People),
        instruments=KEYS,
    )


def powers() -> list[Powers]:
    """What the newest version of each pathway lets each role do, for the policy.

    The hub's own jobs see every case and send its reminders.
    """
    found = []
    for one in library().latest():
        held: dict[RoleKey, dict[P, set[Reach]]] = {
            RoleKey.HUB: {
                P.CASE_VIEW: {Reach.HUB},
                P.CASE_WORK: {Reach.HUB},
                P.CASE_BRING: {Reach.HUB},
            }
        }
        for role, reaches in one.permissions.items():
            for reach, verbs in reaches.items():
                for verb in verbs:
                    known = held.setdefault(RoleKey(role), {})
                    known.setdefault(_power(verb), set()).add(Reach(reach))
        for known in held.values():
            if P.CASE_WORK in known:  # whoever works on a case may write notes on it
                known.setdefault(P.CASE_NOTE, set()).update(known[P.CASE_WORK] - {Reach.HUB})
            if P.STEP_DO in known:  # whoever does steps sees them
                known.setdefault(P.STEP_VIEW, set()).update(known[P.STEP_DO])
            if P.ROTA_KEEP in known:  # whoever keeps a rota sees it
                known.setdefault(P.ROTA_VIEW, set()).update(known[P.ROTA_KEEP])
            if P.CASE_REFER in known:  # whoever refers sees what becomes of it
                known.setdefault(P.CASE_VIEW, set()).add(Reach.MADE)
        frozen = {r: {p: frozenset(h) for p, h in some.items()} for r, some in held.items()}
        names = {"en": one.name.en, "cy": one.name.cy}
        purpose, people = Purpose(one.purpose), People(one.people_kind)
        reads = {RoleKey(r): frozenset(map(Category, some)) for r, some in one.reads.items()}
        sees = frozenset(Category(name) for role in one.team for name in role.sees)
        found.append(Powers(one.key, purpose, people, names, frozen, reads, sees))
    return found


def _power(verb: str) -> P:
    """What a generic verb lets somebody do: about cases, about the rota, or in cases of theirs."""
    others = {"see-rota": P.ROTA_VIEW, "keep-rota": P.ROTA_KEEP, "do-steps": P.STEP_DO}
    return others.get(verb) or P(f"case.{verb}")


@cache
def library() -> Library:
    """Every definition of the package. Raises ``Faulty`` where one cannot be used."""
    return read_library(FOLDER, vocabulary())


def definition(key: str, version: int | None = None) -> Definition:
    """One version of a pathway, else the newest. KeyError where there is none."""
    return library().get(key, version)
