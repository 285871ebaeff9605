"""Restore drills with disposals in between: what went must not come back, and nothing else go."""

from pathlib import Path

from tests.support.drill import Hub

MANY = 6

MAKE = """
import sys
from tests.factories.people import make_person
from tests.factories.users import actor_of, make_user
by = actor_of(make_user(email=f"{sys.argv[1]}@example.org"))
for number in range(int(sys.argv[2])):
    name = f"{sys.argv[1]}n{number}x"
    make_person(name, "Drill", by=by, email=f"{name}@example.org")
"""
DISPOSE = """
import sys
from stepdown.hub.jobs import seal
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.records.actions.disposals import dispose_of
from stepdown.records.jobs.disposing import register
for number in sys.argv[2].split(","):
    person = Person.objects.get(given_name=f"{sys.argv[1]}n{number}x")
    dispose_of(by=Actor.hub(), person=person.pk, ground="review", schedule="contact")
register()
seal()
"""


def drill_disposals(hub: Hub, file: Path, seed: int) -> list[str]:
    """A backup, disposals, a restore: what is wrong with it, nothing when all is well."""
    canary = f"Qzvx{seed}"
    gone = {number for number in range(MANY) if seed >> number & 1} or {0}
    hub.run(MAKE, canary, str(MANY))
    hub.do("backup", str(file))
    hub.run(DISPOSE, canary, ",".join(map(str, sorted(gone))))
    said = hub.do("restore", "--replace", str(file))
    wrong = []
    # Those of earlier drills stood in no backup that was made since.
    if f"{len(gone)} records were disposed of again" not in said:
        wrong.append(f"it did not dispose of {len(gone)} again: {said}")
    if "All is as it was sealed." not in said:
        wrong.append("the ledger is not sound")
    text = hub.text()
    for number in range(MANY):
        if (f"{canary}n{number}x" in text) is (number in gone):
            wrong.append(f"record {number} {'came back' if number in gone else 'is lost'}")
    return wrong
