"""The campaign on access: three judges on random worlds, on a PostgreSQL of its own.

It runs on the PostgreSQL that STEPDOWN_DATABASE_URL names, else on one made for it and thrown away.
"""

import atexit
import os
from collections import Counter
from contextlib import ExitStack
from functools import cache

from tests.support.postgres import throwaway

Found = tuple[Counter[str], list[str]]


@cache
def _secured() -> None:
    """This process's own database, behind the second wall."""
    if not os.environ.get("STEPDOWN_DATABASE_URL", "").startswith("postgres"):
        held = ExitStack()
        os.environ["STEPDOWN_DATABASE_URL"] = held.enter_context(throwaway())
        atexit.register(held.close)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepdown.config.settings.test")
    import django

    django.setup()
    from django.db import connection, transaction

    if connection.vendor != "postgresql":
        raise RuntimeError("Another campaign has this process: run `decisions` by itself")
    connection.settings_dict["TEST"]["NAME"] = f"stepdown_soak_{os.getpid()}"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    atexit.register(lambda: connection.creation.destroy_test_db(before, verbosity=0))
    from tests.support.secured import raise_wall

    with transaction.atomic():
        raise_wall()


def decisions(seed: int) -> Found:
    """One world on three days, for five actors: every record and category, judged thrice."""
    _secured()
    from tests.support.three_judges import judge

    return judge(seed)
