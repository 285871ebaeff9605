"""The pathway definitions that this hub runs, read from their files once a process."""

from functools import cache
from pathlib import Path

from stepdown.pathways.instruments import KEYS
from stepdown.pathways.library import Library, read_library
from stepdown.pathways.load import Vocabulary
from stepdown.pathways.schema import Definition
from stepdown.policy.categories import Category
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


@cache
def library() -> Library:
    """Every definition of the package. Raises ``Faulty`` where one cannot be used."""
    return read_library(FOLDER, vocabulary())


def definition(key: str, version: int | None = None) -> Definition:
    """One version of a pathway, else the newest. KeyError where there is none."""
    return library().get(key, version)
