"""The first page of a list of 100,000 cases on PostgreSQL, for each filter, as a browser gets it.

    python -m benchmarks.bench_case_list [cases]

Cases of all pathways, in 14 districts, of three agencies and 60 officers; an agreement shows those
of another agency. Each address is asked for ten times after one that is not counted, first without
row-level security; then behind it, on the same rows, three times.
"""

import json
import logging
import os
import random
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks import report, store
from tests.support import postgres

CASES = 100_000
DISTRICTS = [f"E070001{n}" for n in range(17, 31)]
RUNS, RUNS_SECURED = 10, 3
APP = "stepdown_app"
READERS = ("coordinator", "officer")
Times = dict[str, tuple[float, float]]


def main() -> None:
    """Time the pages in a database of their own, without the second wall and behind it."""
    if os.environ.get("STEPDOWN_DATABASE_URL"):
        sys.exit("This makes a database of its own: unset STEPDOWN_DATABASE_URL.")
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    key = {"STEPDOWN_ROW_KEY": secrets.token_urlsafe(48)}
    with postgres.throwaway() as url:
        _in_process("fill", str(wanted), STEPDOWN_DATABASE_URL=url, **key)
        plain = _in_process("time", STEPDOWN_DATABASE_URL=url)
        secured = _in_process("time", STEPDOWN_DATABASE_URL=url, STEPDOWN_ROW_SECURITY="yes", **key)
    rows = []
    for what, (usual, worst) in plain.items():
        behind, longest = secured[what]
        figures = [f"{1e3 * one:.0f}" for one in (usual, worst, behind, longest)]
        rows.append([what, *figures, f"{behind / usual:.2f}"])
        print(f"  {what:48}", *(f"{one:>6}" for one in rows[-1][1:]))
    store.save_hub("case-list", f"{wanted:,} cases", rows)
    report.write()


def _in_process(*words: str, **environment: str) -> Times:
    command = [sys.executable, "-m", "benchmarks.bench_case_list", *words]
    done = subprocess.run(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True
    )
    found: Times = json.loads(done.stdout or "{}")
    return found


def step(words: list[str]) -> None:
    """Fill the database or time the pages, as a process of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "stepdown.config.settings.test"
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection

    from stepdown.kernel.reader import HUB, reading_as

    if words[0] == "fill":
        from stepdown.adapters.postgresql.context import pads
        from stepdown.config.row_rules import GROUND
        from stepdown.hub.actions.row_security import secure

        call_command("migrate", verbosity=0)
        fill(int(words[1]))
        key = os.environ["STEPDOWN_ROW_KEY"].encode()
        secure(GROUND, app=APP, pads=pads(key), say=lambda line: None)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return
    if connection.settings_dict.get("ROW_KEY"):
        connection.settings_dict["OPTIONS"]["assume_role"] = APP
    found: dict[str, tuple[float, float]] = {}
    runs = RUNS_SECURED if connection.settings_dict.get("ROW_KEY") else RUNS
    for who in READERS:
        with reading_as(HUB):
            user = get_user_model().objects.get(email=f"{who}@example.org")
        found |= {f"{who}: {asked}": times for asked, times in timed(user, runs)}
    json.dump(found, sys.stdout)


def fill(wanted: int) -> None:
    """Agencies, officers, people and cases; the accounts by whom the pages are asked for."""
    from stepdown.casework.models import Case, CasePerson, CaseStage
    from stepdown.casework.queries.definitions import library
    from stepdown.kernel import clock
    from stepdown.kernel.ids import new_reference
    from stepdown.people.models import Person
    from stepdown.policy.roles import RoleKey
    from tests.factories import make_agency, make_agreement, make_user
    from tests.factories.places import make_place

    chance = random.Random(5)
    places = [make_place(code) for code in DISTRICTS]
    agencies = [make_agency(name) for name in ("Council", "Police", "Trust")]
    known = [one for one in library().latest() if one.in_use]
    make_agreement(agencies[1], agencies[0], pathways=[one.key for one in known])
    make_user(RoleKey.COORDINATOR, agency=agencies[0], email="coordinator@example.org")
    officers = [
        make_user(
            RoleKey.OUTREACH_OFFICER, [DISTRICTS[n % 14]], agencies[n % 3],
            email="" if n else "officer@example.org",
        )
        for n in range(60)
    ]  # fmt: skip
    today = clock.today()

    def cases() -> Iterator[tuple[Any, Any]]:
        for n in range(wanted):
            one = chance.choice(known)
            stage = chance.choice(one.stages)
            ago = chance.randrange(1_500)
            opened = today - timedelta(days=ago)
            open_now = not stage.ends
            case = Case(
                reference=new_reference("C"),
                pathway=one.key,
                pathway_version=one.version,
                stage=stage.key,
                stage_since=opened,
                source=one.sources[0].key,
                agency=chance.choice(agencies),
                district=chance.choice(places),
                officer=chance.choice(officers) if chance.random() < 0.8 else None,
                started_at=clock.now() - timedelta(days=ago),
                opened_on=opened,
                closed_on=None if open_now else today,
                outcome=""
                if open_now
                else next(o.key for o in one.outcomes if o.stage == stage.key),
                next_due=today + timedelta(days=chance.randrange(-20, 60)) if open_now else None,
            )
            yield (
                case,
                Person(
                    given_name=f"Given{n % 997}",
                    family_name=f"Family{n % 9_973}",
                    district=case.district,
                ),
            )

    coming = cases()
    while some := list(islice(coming, 5_000)):
        Person.objects.bulk_create(person for _case, person in some)
        Case.objects.bulk_create(case for case, _person in some)
        CasePerson.objects.bulk_create(
            CasePerson(case=case, person=person, role="person", added_on=case.opened_on)
            for case, person in some
        )
        CaseStage.objects.bulk_create(
            CaseStage(case=case, stage=case.stage, entered_on=case.opened_on) for case, _ in some
        )


def timed(user: Any, runs: int) -> Iterator[tuple[str, tuple[float, float]]]:
    """What is asked, and the median and the longest time of it."""
    from django.test import Client
    from django.urls import reverse

    from stepdown.casework.models import Case
    from stepdown.kernel.reader import HUB, reading_as

    client = Client()
    with reading_as(HUB):
        client.force_login(user)
        some = Case.objects.exclude(officer=None).order_by("reference")[0]
    asked = {
        "open": "",
        "queue": "standing=queue",
        "closed": "standing=closed",
        "all": "standing=open&standing=closed",
        "overdue": "overdue=yes",
        "one pathway": "pathway=early-help",
        "three pathways, two districts": "pathway=avert&pathway=early-help&pathway=diversion"
        f"&district={DISTRICTS[0]}&district={DISTRICTS[3]}",
        "one district, overdue": f"district={DISTRICTS[0]}&overdue=yes",
        "one officer": f"officer={some.officer_id}",
        "nobody’s": "officer=nobody",
        "reference": f"reference={some.reference}",
    }
    for words, query in asked.items():
        times = []
        for _ in range(runs + 1):
            start = perf_counter()
            answer = client.get(f"{reverse('cases')}?{query}")
            times.append(perf_counter() - start)
            if answer.status_code != 200:
                raise SystemExit(f"{query}: status {answer.status_code}")
        yield words, (median(times[1:]), max(times[1:]))


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {"fill", "time"}:
        step(sys.argv[1:])
    else:
        main()
