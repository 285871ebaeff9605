"""A small demonstration partnership for journeys and for tests that look at every page."""

import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection

from stepdown.cli.demonstration.ground import lay
from stepdown.cli.demonstration.personas import PERSONAS
from stepdown.cli.demonstration.story import Size, tell
from stepdown.hub.models import User
from stepdown.kernel import clock
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor

SEED = 7
SMALL = Size(volunteers=60, referrals=30, cases=1)


@dataclass
class World:
    """The hub's accounts by persona, and records by the name that a test gives them."""

    users: dict[str, User] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.records[name]

    def __setitem__(self, name: str, record: Any) -> None:
        self.records[name] = record

    def actor(self, persona: str) -> Actor:
        """The actor of a persona's account."""
        return actor_for_user(self.users[persona])


def _personas() -> World:
    return World({one.key: User.objects.get(email=one.email) for one in PERSONAS})


def partnership(size: Size = SMALL) -> World:
    """Volunteers, referrals, needs, plans, offers and placements, by the hub's own verbs."""
    tell(today=clock.today(), size=size, seed=SEED, progress=lambda *_: None)
    return _personas()


def first_day() -> World:
    """Places, schemes and accounts, and nobody and nothing else: a hub on its first morning."""
    lay(clock.today(), random.Random(SEED))
    return _personas()


_kept: dict[Callable[[], World], tuple[World, sqlite3.Connection]] = {}


def fresh(make: Callable[[], World]) -> World:
    """The world that ``make`` makes, the same for every test that asks for it.

    Making it takes seconds: on SQLite it is made once for each process, and brought back from a
    copy. The empty database of a test must be the caller's.
    """
    cache.clear()
    if connection.vendor != "sqlite":
        return make()
    connection.ensure_connection()
    here: sqlite3.Connection = connection.connection
    if make not in _kept:
        made = make()
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        here.backup(copy)
        _kept[make] = (made, copy)
    else:
        _kept[make][1].backup(here)
    return _kept[make][0]
