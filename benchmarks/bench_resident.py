"""The index of volunteers in a made-up hub: rebuild, open, shortlist, the need page, a plan.

    python -m benchmarks.bench_resident [volunteers ...] [--plain] [--plan]

Each size has a scratch hub of its own on SQLite, whose volunteers are written straight into the
tables. ``--plain`` also asks without the index; ``--plan`` also makes a plan.
"""

import argparse
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

RUNS, PAGES = 30, 60
CHUNK = 5_000
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def scratch(folder: Path) -> None:
    """Django on an empty hub in a folder."""
    os.environ |= {
        "STEPDOWN_HOME": str(folder),
        "STEPDOWN_DATABASE_URL": f"sqlite:///{folder}/hub.sqlite3",
        "STEPDOWN_DEMONSTRATION": "yes",
        "DJANGO_SETTINGS_MODULE": "stepdown.config.settings.hub",
    }
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["localhost"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    call_command("migrate", interactive=False, verbosity=0)


def people(many: int, chance: random.Random) -> Iterator[dict[Any, list[dict[str, Any]]]]:
    """Volunteers by the thousand, as the rows of every table that says something of them."""
    from stepdown.hub.models import Agency, Postcode
    from stepdown.kernel.ids import new_id
    from stepdown.people.models import Address, EqualityRecord, Person
    from stepdown.volunteering.models import (
        Credential,
        CredentialType,
        Language,
        Scheme,
        Skill,
        Volunteer,
    )

    agencies = list(Agency.objects.values_list("pk", flat=True))
    places = list(Postcode.objects.values_list("code", "easting", "northing", "district_code"))
    skills, languages, schemes, checks = (
        list(model.objects.values_list("pk", flat=True))
        for model in (Skill, Language, Scheme, CredentialType)
    )
    through = (
        (Volunteer.skills.through, "skill_id", skills, 4),
        (Volunteer.languages.through, "language_id", languages, 2),
        (Volunteer.schemes.through, "scheme_id", schemes, 2),
        (Volunteer.preferred_schemes.through, "scheme_id", schemes, 3),
    )
    began = date(2020, 1, 1)
    for start in range(0, many, CHUNK):
        rows: dict[Any, list[dict[str, Any]]] = {
            model: [] for model in (Person, Volunteer, Address, EqualityRecord, Credential)
        } | {model: [] for model, *_ in through}
        for _ in range(min(CHUNK, many - start)):
            code, east, north, district = chance.choice(places)
            person, volunteer, agency = new_id(), new_id(), chance.choice(agencies)
            rows[Person].append(
                {
                    "id": person,
                    "given_name": "Sam",
                    "family_name": "Example",
                    "district_id": district,
                    "made_at": NOON,
                    "date_of_birth": began - timedelta(days=chance.randrange(6_600, 25_000)),
                }
            )
            rows[Volunteer].append(
                {
                    "id": volunteer,
                    "person_id": person,
                    "agency_id": agency,
                    "slots": chance.getrandbits(21) & chance.getrandbits(21),
                    "travel_limit_m": chance.randrange(2_000, 25_000),
                    "capacity": chance.randint(1, 3),
                    "joined_on": began,
                }
            )
            rows[Address].append(
                {
                    "id": new_id(),
                    "person_id": person,
                    "postcode": code,
                    "easting": east + chance.randrange(200),
                    "northing": north,
                }
            )
            gender = chance.choice(["female", "male", ""])
            rows[EqualityRecord].append({"person_id": person, "gender": gender})
            for kind in chance.sample(checks, k=min(len(checks), 3)):
                rows[Credential].append(
                    {
                        "id": new_id(),
                        "person_id": person,
                        "type_id": kind,
                        "valid_from": began,
                        "valid_to": date(2029, 1, 1),
                        "verified_by_id": agency,
                    }
                )
            for model, column, table, most in through:
                for key in chance.sample(table, k=min(len(table), chance.randint(0, most))):
                    rows[model].append({"volunteer_id": volunteer, column: key})
        yield rows


def insert(model: Any, rows: list[dict[str, Any]]) -> None:
    """Rows straight into a table, what is not said as the model has it."""
    from django.db import connection

    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    if model._meta.pk.attname in rows[0]:
        fields.append(model._meta.pk)
    blank = {field.attname: field.get_default() for field in fields}
    names = ", ".join(field.column for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    values = [
        [field.get_db_prep_save((blank | row)[field.attname], connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608


def fill(many: int) -> None:
    """The demonstration's small story, and many more volunteers."""
    from django.db import transaction

    from tests.support.world import partnership

    partnership()
    began = perf_counter()
    for tables in people(many, random.Random(7)):
        with transaction.atomic():
            for model, rows in tables.items():
                insert(model, rows)
    print(f"  written in {perf_counter() - began:.0f} s", flush=True)


def percentiles(work: Callable[[int], object], times: int) -> str:
    """Median and 95th percentile of some calls, in milliseconds, and the processor's share."""
    taken, busy = [], process_time()
    for number in range(times):
        began = perf_counter()
        work(number)
        taken.append((perf_counter() - began) * 1000)
    busy = (process_time() - busy) * 1000 / times
    taken.sort()
    middle, late = taken[times // 2], taken[int(times * 0.95)]
    return f"p50 {middle:.0f} ms, p95 {late:.0f} ms ({busy:.0f} ms of processor a call)"


def measure(many: int, *, plain: bool, plan: bool) -> None:
    """All figures of one size, printed as they come."""
    from django.conf import settings
    from django.test import Client

    from stepdown.hub.models import User
    from stepdown.matching.national import snapshot as store
    from stepdown.people.queries.actor import actor_for_user
    from stepdown.volunteering.actions import plans, volunteers
    from stepdown.volunteering.models import Need, Volunteer
    from stepdown.volunteering.queries import resident
    from stepdown.volunteering.queries.shortlist import shortlist

    fill(many)
    User.objects.update(demonstration=False)  # such accounts are good for a real browser only
    user = User.objects.get(email="coordinator@demo.example")
    by = actor_for_user(user)
    needs = [need for need in Need.objects.filter(state="open") if need.holds.count() < need.places]
    began = perf_counter()
    found = resident.rebuild()
    files = sum(path.stat().st_size for path in resident.folder().rglob("*") if path.is_file())
    print(f"  rebuild {perf_counter() - began:.1f} s, {found.size:,} rows, {files / 1e6:.0f} MB")
    print("  open:", percentiles(lambda _: store.open_snapshot(resident.folder()), RUNS))

    def listed(number: int) -> object:
        return shortlist(by, needs[number % len(needs)], size=10)

    listed(0)
    print("  shortlist of 10:", percentiles(listed, RUNS))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)

    def page(number: int) -> object:
        answer = client.get(f"/needs/{needs[number % len(needs)].pk}/", follow=False)
        assert answer.status_code == 200, answer.status_code
        return answer

    page(0)
    print("  need page:", percentiles(page, PAGES))
    print("  plan page:", percentiles(lambda _: client.get("/plan/"), RUNS))
    for one in Volunteer.objects.filter(state="active")[:100]:
        volunteers.set_availability(by=by, volunteer=one, slots=one.slots ^ 1)
    print("  shortlist, 100 changed:", percentiles(listed, RUNS))
    from stepdown.volunteering import jobs

    jobs.seal()
    began = perf_counter()
    read = resident.refresh()
    print(f"  brought forward by {read} rows in {(perf_counter() - began) * 1000:.0f} ms")
    print(
        "  open, with changes:", percentiles(lambda _: store.open_snapshot(resident.folder()), RUNS)
    )
    if plan:
        began = perf_counter()
        made = plans.make(by=by)
        print(
            f"  plan of {made.needs} needs: {perf_counter() - began:.1f} s", made.facts["seconds"]
        )
    if plain:
        settings.STEPDOWN_INDEX_FROM = 10**9
        print("  shortlist without the index:", percentiles(listed, 3))


def main() -> None:
    """Measure the sizes that are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("volunteers", nargs="*", type=int, default=[50_000])
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--plan", action="store_true")
    args = parser.parse_args()
    for many in args.volunteers:
        print(f"{many:,} volunteers", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            child = os.fork()
            if not child:
                scratch(Path(folder))
                measure(many, plain=args.plain, plan=args.plan)
                os._exit(0)
            os.waitpid(child, 0)


if __name__ == "__main__":
    main()
