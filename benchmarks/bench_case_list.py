"""The first page of a list of 100,000 cases on PostgreSQL, for each filter, as a browser gets it.

    python -m tests.support.postgres python -m benchmarks.bench_case_list [cases]

Cases of all pathways, in 14 districts, of three agencies and 60 officers; an agreement shows those
of another agency. Each address is asked for ten times after one that is not counted.
"""

import os
import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any

import django

CASES = 100_000
DISTRICTS = [f"E070001{n}" for n in range(17, 31)]
RUNS = 10


def main() -> None:
    """Fill an empty database, and time the pages."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "stepdown.config.settings.test"
    if not os.environ.get("STEPDOWN_DATABASE_URL"):
        sys.exit("Run it with: python -m tests.support.postgres python -m benchmarks.…")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    users = fill(wanted)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(
        f"{wanted:,} cases. Milliseconds to the first page, its whole answer: median and longest."
    )
    for who, user in users.items():
        for words, seconds, worst in timed(user):
            print(f"  {who:12} {words:34} {1e3 * seconds:6.0f} {1e3 * worst:6.0f}")


def fill(wanted: int) -> dict[str, Any]:
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
    coordinator = make_user(RoleKey.COORDINATOR, agency=agencies[0])
    officers = [
        make_user(RoleKey.OUTREACH_OFFICER, [DISTRICTS[n % 14]], agencies[n % 3]) for n in range(60)
    ]
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
    return {"coordinator": coordinator, "officer": officers[0]}


def timed(user: Any) -> Iterator[tuple[str, float, float]]:
    """What is asked, and the median and the longest time of it."""
    from django.test import Client
    from django.urls import reverse

    from stepdown.casework.models import Case

    client = Client()
    client.force_login(user)
    some = Case.objects.exclude(officer=None).select_related("officer")[0]
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
        for _ in range(RUNS + 1):
            start = perf_counter()
            answer = client.get(f"{reverse('cases')}?{query}")
            times.append(perf_counter() - start)
            if answer.status_code != 200:
                raise SystemExit(f"{query}: status {answer.status_code}")
        yield words, median(times[1:]), max(times[1:])


if __name__ == "__main__":
    main()
