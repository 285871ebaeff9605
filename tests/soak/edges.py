"""Campaigns on the hub's pages: foreign records, and requests that make no sense.

Each process has a hub of its own with the small demonstration partnership.
"""

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from typing import Any

from tests.soak.ledger import _home

Found = tuple[Counter[str], list[str]]


@cache
def _strangers() -> Any:
    _home()
    from django.conf import settings

    from tests.support.strangers import strangers
    from tests.support.world import partnership

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.LOGGING_CONFIG = None
    _hush()
    partnership()
    return strangers()


@cache
def _nonsense() -> Any:
    found = _strangers()
    from django.test import Client

    from stepdown.cli.demonstration.personas import PERSONAS
    from stepdown.hub.models import User
    from tests.support.nonsense import Nonsense

    clients = {"wrong agency": found.clients["coordinator"], "link": found.clients["link"],
               "public": Client()}  # fmt: skip
    for one in PERSONAS:
        User.objects.filter(email=one.email).update(demonstration=False)
        clients[one.key] = Client()
        clients[one.key].force_login(User.objects.get(email=one.email))
    return Nonsense(clients)


def _hush() -> None:
    import logging

    logging.disable(logging.CRITICAL)


def foreign(seed: int) -> Found:
    """A record that is not theirs answers somebody as one that is not there, byte for byte."""
    question, status, gave_away = _strangers().differs(seed)
    wrong = [f"{question}: {gave_away}"] if gave_away else []
    return Counter({"requests for a foreign record": 1, f"answered {status}": 1}), wrong


def nonsense(seed: int) -> Found:
    """No request breaks a page, whoever makes it."""
    question, status, broke = _nonsense().wrong(seed)
    wrong = [f"{question}: {status} {broke}"] if broke else []
    return Counter({"requests": 1, f"answered {status}": 1}), wrong


def killed(first: int, count: int) -> tuple[Counter[str], list[tuple[int, str]]]:
    """The hub is killed so many times on each database: see ``tests.soak.killing``."""
    total: Counter[str] = Counter()
    wrong: list[tuple[int, str]] = []
    for database in ("sqlite", "postgresql"):
        words = [sys.executable, "-m", "tests.soak.killing", database]
        done = subprocess.run(
            [*words, "--rounds", str(count), "--seed", str(first)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        lines = done.stdout.splitlines()
        if not lines:
            wrong.append((first, f"{database}: {done.stderr[-500:]}"))
            continue
        counted, found = json.loads(lines[-1])
        total += Counter({f"{database}: {what}": number for what, number in counted.items()})
        wrong += [(at, what) for at, what in found]
    return total, wrong
