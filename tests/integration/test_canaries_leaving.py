"""All that is done with somebody who hides, and all that leaves the hub on the way.

That is pages, the calendar, the copy of their data, mail, the index's files, a page that breaks,
logs and statements. Other readers' pages: ``test_disclosure_everywhere``.
"""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf
import pytest
from django.conf import settings as hub
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stepdown.adapters import packs
from stepdown.casework.actions import drafts, referrals
from stepdown.config.logs import Discreet, Structured
from stepdown.kernel.slots import mask_of
from stepdown.people.actions import accounts, addresses, contacts
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.records.actions import rights_answers, rights_copies
from stepdown.records.jobs.copies import make_copies
from stepdown.records.models import RightsPack
from stepdown.records.queries.rights_copy import reviewed
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import calendars, offers, plan_runs
from stepdown.volunteering.models import Volunteer
from stepdown.volunteering.queries import resident
from stepdown.volunteering.web import people as person_pages
from tests.factories import (
    coordinator,
    make_answered,
    make_person,
    make_postcode,
    make_ready_need,
    make_scheme,
    make_user,
    make_volunteer,
)
from tests.factories.offers import volunteer_actor
from tests.factories.rights import make_office, make_rights_request
from tests.support.canaries import EASTING, LINES, NORTHING, POSTCODE, found_in, tables_with_it
from tests.support.strangers import routes

READERS = (RoleKey.COORDINATOR, RoleKey.VOLUNTEER)


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.STEPDOWN_HOME, settings.STEPDOWN_KEYS = tmp_path, tmp_path / "keys"
    settings.STEPDOWN_INDEX, settings.STEPDOWN_INDEX_FROM = tmp_path / "index", 1


class _Lines(logging.Handler):
    """All that is logged, in both forms that the hub writes: with statements, in the plain one."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [form.format(record) for form in (Discreet(), Structured())]


@contextmanager
def _listening() -> Iterator[list[str]]:
    heard, loggers = _Lines(), [logging.getLogger(name) for name in ("", "django.db.backends")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    loggers[0].addHandler(heard)
    with CaptureQueriesContext(connection):
        yield heard.lines
    loggers[0].removeHandler(heard)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def _live() -> tuple[dict[str, list[UUID]], Volunteer]:
    """Everything is done with two who hide. Records by the start of their pages' addresses."""
    make_scheme()
    by, secret = coordinator(), {"postcode": POSTCODE.lower(), "lines": LINES}
    sent = []
    for name in ("Ada", "Una"):
        asked = make_answered(by, secret=True, given_name=name)
        drafts.answer(by=by, referral=asked, category=Category.SHIELDED_LOCATION, answers=secret)
        sent.append(referrals.submit(by=by, referral=asked))
    taken = referrals.make_need(
        by=by, referral=sent[0], title="Shopping", scheme="community-support"
    )
    assert taken.person_id is not None
    hidden = Person.objects.get(pk=taken.person_id)
    helper = make_volunteer(make_person("Bea", "Reed"), capacity=3, slots=mask_of(["mon-am"]))
    addresses.set_address(
        by=by, person=helper.person, postcode=POSTCODE, lines=LINES, shielded=True
    )
    contacts.add(by=by, person=helper.person, kind="email", value="bea@example.org", preferred=True)
    needs = [
        make_ready_need(title, person=hidden, postcode=POSTCODE, slots=mask_of(slots))
        for title, slots in (("Company", ["mon-am"]), ("Visits", []))
    ]
    offered = [
        offers.send(by=by, need=need, volunteer=helper, slot=slot)
        for need, slot in zip(needs, (0, None), strict=True)
    ]
    placement = offers.accept(by=volunteer_actor(helper), offer=offered[0])
    return {
        "people": [hidden.pk, helper.person_id],
        "needs": [needs[0].pk],
        "referrals": [sent[1].pk],
        "placements": [placement.pk],
        "offers": [offered[1].pk],
        "my": [offered[1].pk, placement.pk],
        "plan": [plan_runs.ask(by=by).pk],
    }, helper


def _pages(clients: list[Client], ids: dict[str, list[UUID]]) -> Iterator[tuple[str, bytes]]:
    """Every page about each record, as who works with it gets it; and what its headers say."""
    for route in routes():
        known = ids.get(route.template.split("/")[0], [])
        if not route.ours or len(route.parts) > 1 or (route.parts and not known):
            continue
        for one in known if route.parts else [UUID(int=0)]:
            path = route.path({part: str(one) for part in route.parts})
            answer = clients[route.template.startswith("my/")].get(path)
            assert answer.status_code < 500, path
            yield path, answer.content + repr(answer.headers).encode()


def _copy(person: Person) -> tuple[bytes, bytes]:
    """The copy of somebody's data that is handed out: PDF and JSON."""
    office = make_office()
    made = make_rights_request(office, person=person)
    for one in reviewed(made):
        if one.open:
            rights_copies.choose(
                by=office.first, request=made, key=one.item.key, treatment="withhold",
                exemption="third-party", reason="Not theirs.",
            )  # fmt: skip
    rights_answers.submit(by=office.first, request=made)
    rights_answers.approve(by=office.second, request=made)
    assert make_copies() == 1
    pack, home, keys = RightsPack.objects.get(request=made).pk, hub.STEPDOWN_HOME, hub.STEPDOWN_KEYS
    return packs.fetch(home, keys, pack, "pdf"), packs.fetch(home, keys, pack, "json")


def _pdf_words(made: bytes) -> str:
    read = pypdf.PdfReader(io.BytesIO(made))
    return " ".join([*(page.extract_text() for page in read.pages), str(read.metadata)])


def _breaks(*_: object) -> None:
    raise ValueError(f"{LINES}, {POSTCODE}, {EASTING} {NORTHING}")


@pytest.mark.django_db
def test_nothing_that_leaves_the_hub_tells_where_somebody_hides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_postcode(POSTCODE, EASTING, NORTHING)
    said: list[tuple[str, str | bytes]] = []
    with _listening() as heard:
        ids, helper = _live()
        for job in jobs.TICK:
            job()
        resident.rebuild()
        clients = [Client() for _ in READERS]
        for client, role in zip(clients, READERS, strict=True):
            user = make_user(role)
            if role is RoleKey.VOLUNTEER:
                accounts.link_user(by=Actor.hub(), person=helper.person, user=user)
            client.force_login(user)
        said += _pages(clients, ids)
        assert len(said) > 80
        feed = calendars.make_feed(by=volunteer_actor(helper))
        calendar = Client().get(f"/calendar/{feed}.ics").content
        assert b"BEGIN:VEVENT" in calendar
        pdf, data = _copy(helper.person)
        assert json.loads(data)
        assert "Bea" in _pdf_words(pdf)
        with monkeypatch.context() as broken:
            broken.setattr(person_pages, "open_record", _breaks)
            clients[0].raise_request_exception = False
            failed = clients[0].get(f"/people/{ids['people'][0]}/")
        assert failed.status_code == 500
    assert mail.outbox
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any("index" in path.parts for path in files)
    assert any("ValueError" in line for line in heard)
    assert any("INSERT" in line and "people_shieldedaddress" in line for line in heard)
    said += [("calendar", calendar), ("pdf", pdf), ("json", data), ("broken", failed.content)]
    said += [("words of the pdf", _pdf_words(pdf)), *(("log", line) for line in heard)]
    said += [("mail", f"{one.subject} {one.body} {one.to}") for one in mail.outbox]
    said += [(str(path), path.read_bytes()) for path in files]
    plain = ((at, one.decode("latin-1") if isinstance(one, bytes) else one) for at, one in said)
    assert {at: found for at, one in plain if (found := found_in(one))} == {}
    assert tables_with_it() == {}
