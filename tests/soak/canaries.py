"""Seven years with people who hide, a year a world: searched for all over what the hub puts down.

After the third year it is backed up. After the seventh that backup is put back: nobody who was
disposed of since comes back with it.
"""

import logging
import os
import threading
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.soak.ledger import _home

if TYPE_CHECKING:
    from tests.support.canary_years import Years
    from tests.support.drill import Hub

BACKED_UP, LAST = 2, 6


@cache
def _years() -> "tuple[Years, Hub, Path]":
    home = _home()
    from django.conf import settings
    from django.test.utils import setup_test_environment

    from tests.support.canary_years import Years, settle
    from tests.support.drill import Hub

    settle(home)
    # All is logged to be read here; what is well is not said to whoever watches.
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.ERROR)
    setup_test_environment()
    # The command finds the same hub: its folder, its keys and what marks are made with.
    hub = Hub(home, None)
    hub.environment["STEPDOWN_SECRET_KEY"] = settings.SECRET_KEY
    hub.environment["STEPDOWN_SHIELDED_KEYS"] = str(settings.STEPDOWN_SHIELDED_KEYS)
    hub.environment["TMPDIR"] = str(home / "temporary")
    (home / "temporary").mkdir()
    return Years(home), hub, home.parent / f"{home.name}.backup"


def canaries(seed: int) -> tuple[Counter[str], list[str]]:
    """One year. Worlds are lived in order, and begin with world 0."""
    years, hub, backup = _years()
    before, wrong = Counter(years.counts), len(years.wrong)
    years.year(seed)
    if seed == BACKED_UP:
        _backed_up(years, hub, backup)
    if seed == LAST:
        _put_back(years, hub, backup)
    return years.counts - before, years.wrong[wrong:]


def _backed_up(years: "Years", hub: "Hub", backup: Path) -> None:
    """Back up, and read over its shoulder whatever lies in the hub's folder meanwhile."""
    over, ended = Counter[str](), threading.Event()
    found: list[str] = []
    watch = threading.Thread(target=_watch, args=(hub.home, ended, over, found))
    watch.start()
    hub.do("backup", str(backup))
    ended.set()
    watch.join()
    years.counts["files read while it was backed up"] += over["files"]
    years.wrong += found
    years.look("backup", [("the backup", backup.read_bytes().decode("latin-1"))], third=True)


def _watch(home: Path, ended: threading.Event, over: Counter[str], found: list[str]) -> None:
    from tests.support.canaries import found_in

    while not ended.is_set():
        for folder, _folders, names in os.walk(home):
            for name in names:
                try:
                    text = Path(folder, name).read_bytes().decode("latin-1")
                except OSError:  # it has gone meanwhile
                    continue
                over["files"] += 1
                # A whole database holds the gazetteer: every postcode there is, and nobody's.
                database = "SQLite format" in text[:16] or "sqlite3" in name
                if "Concealed" in text or (not database and found_in(text)):
                    found.append(f"{name}, while it was backed up: the address")
        ended.wait(0.05)


def _put_back(years: "Years", hub: "Hub", backup: Path) -> None:
    """The backup of the third year: all of whom it knows has been disposed of since."""
    from django.db import connection

    from tests.support.canary_years import third_in

    connection.close()
    said = hub.do("restore", "--replace", str(backup))
    text = hub.text()
    years.counts["rows read after the restore"] += text.count("\n")
    if "Concealed" in text:
        years.wrong.append("the restored hub: the address")
    if third_in(text):
        years.wrong.append("what a third person said came back with the backup")
    if "2 records were disposed of again" not in said:
        years.wrong.append(f"the restore did not dispose of two again: {said[-300:]}")
    years.look("restore", [("what the restore said", said)], third=True)
    backup.unlink()
