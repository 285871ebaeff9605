"""Campaigns on the ledger: random tamperings, and how fast all of it is read again.

They run on a database of their own: SQLite, or the PostgreSQL that STEPDOWN_DATABASE_URL names.
"""

import atexit
import hashlib
import os
import secrets
import time
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import django

Found = tuple[Counter[str], list[str]]
LINES = 300_000
BATCH = 10_000


@cache
def _home() -> Path:
    """This process's own hub: its folder, with an empty database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepdown.config.settings.test")
    django.setup()
    from django.conf import settings
    from django.db import connection

    folder = TemporaryDirectory(prefix="stepdown-soak-")
    atexit.register(folder.cleanup)
    home = Path(folder.name)
    sqlite = connection.vendor == "sqlite"
    name = str(home / "hub.sqlite3") if sqlite else f"stepdown_soak_{os.getpid()}"
    connection.settings_dict["TEST"]["NAME"] = name
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    atexit.register(lambda: connection.creation.destroy_test_db(before, verbosity=0))
    settings.STEPDOWN_KEYS = home / "keys"
    settings.STEPDOWN_WITNESS = home / "witness.jsonl"
    return home


@cache
def _ledger() -> object:
    home = _home()
    from tests.support.tampering import Ledger

    return Ledger(home)


def tampering(seed: int) -> Found:
    """One random change: it is found, its place is named, and without it nothing is wrong."""
    ledger = _ledger()
    from tests.support.tampering import Ledger, near, tampered

    assert isinstance(ledger, Ledger)
    way, touched, found = tampered(ledger, seed)
    counted, wrong = Counter({way: 1}), []
    if not found:
        wrong.append(f"{way}: not found")
    elif not near(found, touched):
        wrong.append(f"{way} of {touched}: the place was not named, but {found[0]}")
    elif any(one.first == one.last for one in found):
        counted["named to the line"] += 1
    if seed % 100 == 0 and ledger.faults():
        wrong.append("what was put back is not sound")
    return counted, wrong


def reading(seed: int) -> Found:
    """A ledger of many lines, entries and looks alike, is read again by two processes."""
    home = _home()
    from stepdown.cli.ledger_verify import verify
    from tests.support.long_ledger import write

    lines = write(home, LINES, BATCH)
    started = time.perf_counter()
    code = verify(witness=None, processes=2)
    took = time.perf_counter() - started
    wrong = ["a sound ledger is said to be wrong"] if code else []
    from stepdown.kernel import merkle

    stated = [secrets.token_bytes(280) for _ in range(BATCH)]
    started = time.perf_counter()
    for _ in range(10):
        merkle.root([merkle.leaf(hashlib.sha256(one).digest()) for one in stated])
    hashed = 10 * BATCH / (time.perf_counter() - started)
    return Counter({"lines": lines, "lines a second, with all that hangs on them":
                    int(lines / took),
                    "lines a second and process, of canonical bytes in memory": int(hashed)}
                   ), wrong  # fmt: skip


@cache
def _drilled() -> tuple[object, Path]:
    home = _home()
    from tests.support.drill import Hubs

    hubs = Hubs(home)
    atexit.register(hubs.close)
    return hubs.make_ready("drill"), home


def disposing(seed: int) -> Found:
    """A backup, disposals and a restore of one hub, again and again: none comes back."""
    hub, home = _drilled()
    from tests.support.drill import Hub
    from tests.support.drill_disposals import drill_disposals

    assert isinstance(hub, Hub)
    return Counter(drills=1), drill_disposals(hub, home / "backup.bin", seed)


def restoring(seed: int) -> Found:
    """A backup, changes and a restore of one hub, again and again: it is what it was each time."""
    hub, home = _drilled()
    from tests.support.drill import Hub, drill

    assert isinstance(hub, Hub)
    return Counter(drills=1), drill(hub, home / "backup.bin", f"drill {seed}")
