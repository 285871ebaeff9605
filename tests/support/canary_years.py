"""Seven years of a hub with people who hide, year by year, and what each year puts down where.

A year has referrals, needs, offers, a placement, a plan, messages, a calendar feed, an emergency, a
copy of somebody's data and its letter, a stop to the use of it, pages, logs, and the disposal of
those of the year before. What a third person said is planted too: in nothing that goes out to whom
it is about, and in nothing that leaves by itself.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings as hub
from django.core import mail
from django.test import Client

from stepdown.kernel import clock
from stepdown.people.actions import accounts
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.records.actions import rights_answers
from stepdown.records.actions.disposals import mark_of, replay
from stepdown.records.jobs.disposing import register
from stepdown.records.web.rights_letter import paragraphs
from stepdown.sharing.actions import overrides
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import calendars
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.queries import resident
from tests.factories import make_postcode, make_user
from tests.factories.offers import volunteer_actor
from tests.factories.rights import make_office, make_rights_request
from tests.factories.users import coordinator
from tests.support.canaries import EASTING, NORTHING, POSTCODE, found_in, tables_with_it
from tests.support.canary_life import copy_of, listening, live, pages, pdf_words

BEGIN = datetime(2019, 3, 4, 10, tzinfo=UTC)
THIRD = "Quillfeather shouts at night"
_THIRD = re.compile("Quillfeather")
Said = tuple[str, str]


def third_in(text: str) -> list[str]:
    """What of the third person's words stands in a text."""
    return _THIRD.findall(text)


def _plain(said: str | bytes) -> str:
    return said.decode("latin-1") if isinstance(said, bytes) else said


class Years:
    """A hub that lives year after year. ``wrong`` says where anything was found."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.before: list[UUID] = []
        make_postcode(POSTCODE, EASTING, NORTHING)

    def year(self, number: int, *, browse: bool = True) -> None:
        """Live one year, then look everywhere; ``browse`` opens every page about each record."""
        mail.outbox.clear()
        with clock.at(BEGIN + timedelta(days=365 * number)), listening() as heard:
            leaving = list(self._lived(browse=browse))
        letters = [f"{one.subject} {one.body} {one.to}" for one in mail.outbox]
        leaving += [("mail", one) for one in letters]
        self.counts["years"] += 1
        self.look("leaving", leaving, third=True)
        self.look("files", self._files(), third=True)
        # Staff write and read what a third person said; statements and pages may have it.
        self.look("inside", [("log", line) for line in heard])
        if tables := tables_with_it():
            self.wrong.append(f"year {number}: the address stands in {tables}")

    def look(self, kind: str, said: list[Said], *, third: bool = False) -> None:
        """Look for the address in every text, and for what the third person said where wanted."""
        for at, text in said:
            self.counts[f"texts {kind}"] += 1
            self.counts[f"bytes {kind}"] += len(text)
            if found_in(text):
                self.wrong.append(f"{at}: the address")
            if third and third_in(text):
                self.wrong.append(f"{at}: what a third person said")

    def _files(self) -> list[Said]:
        """Every file that the hub keeps, but for the database: that is read table by table."""
        return [
            (str(one.relative_to(self.home)), _plain(one.read_bytes()))
            for one in self.home.rglob("*")
            if one.is_file() and "sqlite3" not in one.name
        ]

    def _lived(self, *, browse: bool) -> Iterator[Said]:
        ids, helper = live()
        hidden = ids["people"][0]
        for job in jobs.TICK:
            job()
        resident.rebuild()
        self._emergency(ids["needs"][0])
        if browse:
            self._browse(ids, helper)
        feed = calendars.make_feed(by=volunteer_actor(helper))
        yield "calendar", _plain(Client().get(f"/calendar/{feed}.ics").content)
        whose = (helper.person, Person.objects.get(pk=hidden))
        for person in whose if browse else whose[1:]:
            pdf, data = copy_of(person)
            yield "copy, PDF", _plain(pdf)
            yield "copy, words and metadata", pdf_words(pdf)
            yield "copy, JSON", _plain(data)
        yield from self._stopped(Person.objects.get(pk=hidden))
        self.counts["records disposed of"] += replay(
            by=Actor.hub(), marks=[mark_of(one) for one in self.before]
        )
        register()
        self.before = ids["people"]

    def _browse(self, ids: dict[str, list[UUID]], helper: Volunteer) -> None:
        clients = [Client(), Client()]
        for client, role in zip(clients, (RoleKey.COORDINATOR, RoleKey.VOLUNTEER), strict=True):
            user = make_user(role)
            if role is RoleKey.VOLUNTEER:
                accounts.link_user(by=Actor.hub(), person=helper.person, user=user)
            client.force_login(user)
        shown = [(path, _plain(text)) for path, text in pages(clients, ids)]
        self.look("pages", shown)

    def _emergency(self, need: UUID) -> None:
        """Somebody of another agency opens the need, and writes what a neighbour said."""
        asked = {
            "reason": "danger",
            "words": THIRD,
            "reference": Need.objects.get(pk=need).reference,
        }
        overrides.open_record(by=coordinator(), **asked)
        self.counts["emergencies"] += 1

    def _stopped(self, person: Person) -> Iterator[Said]:
        """A stop to the use of their data is granted; the letter says so."""
        office = make_office()
        made = make_rights_request(office, kind="restriction", person=person)
        rights_answers.submit(by=office.first, request=made, outcome="We keep it, unused.")
        rights_answers.approve(by=office.second, request=made)
        yield "letter", " ".join(paragraphs(rights_answers.answer(by=office.first, request=made)))


def settle(home: Path) -> None:
    """Put the hub's own files into a folder, all of them."""
    hub.STEPDOWN_HOME, hub.STEPDOWN_KEYS = home, home / "keys"
    hub.STEPDOWN_INDEX, hub.STEPDOWN_INDEX_FROM = home / "index", 1
    hub.STEPDOWN_DISPOSALS = home / "disposals.jsonl"
