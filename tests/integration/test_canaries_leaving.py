"""All that is done with somebody who hides, and all that leaves the hub on the way.

That is pages, the calendar, the copy of their data, mail, the index's files, a page that breaks,
logs and statements. Other readers' pages: ``test_disclosure_everywhere``.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import calendars
from stepdown.volunteering.queries import resident
from stepdown.volunteering.web import people as person_pages
from tests.factories import (
    make_postcode,
    make_user,
)
from tests.factories.offers import volunteer_actor
from tests.support.canaries import EASTING, LINES, NORTHING, POSTCODE, found_in, tables_with_it
from tests.support.canary_life import copy_of, listening, live, pages, pdf_words

READERS = (RoleKey.COORDINATOR, RoleKey.VOLUNTEER)


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.STEPDOWN_HOME, settings.STEPDOWN_KEYS = tmp_path, tmp_path / "keys"
    settings.STEPDOWN_INDEX, settings.STEPDOWN_INDEX_FROM = tmp_path / "index", 1


def _breaks(*_: object) -> None:
    raise ValueError(f"{LINES}, {POSTCODE}, {EASTING} {NORTHING}")


@pytest.mark.django_db
def test_nothing_that_leaves_the_hub_tells_where_somebody_hides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_postcode(POSTCODE, EASTING, NORTHING)
    said: list[tuple[str, str | bytes]] = []
    with listening() as heard:
        ids, helper = live()
        for job in jobs.TICK:
            job()
        resident.rebuild()
        clients = [Client() for _ in READERS]
        for client, role in zip(clients, READERS, strict=True):
            user = make_user(role)
            if role is RoleKey.VOLUNTEER:
                accounts.link_user(by=Actor.hub(), person=helper.person, user=user)
            client.force_login(user)
        said += pages(clients, ids)
        assert len(said) > 80
        feed = calendars.make_feed(by=volunteer_actor(helper))
        calendar = Client().get(f"/calendar/{feed}.ics").content
        assert b"BEGIN:VEVENT" in calendar
        pdf, data = copy_of(helper.person)
        assert json.loads(data)
        assert "Bea" in pdf_words(pdf)
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
    said += [("words of the pdf", pdf_words(pdf)), *(("log", line) for line in heard)]
    said += [("mail", f"{one.subject} {one.body} {one.to}") for one in mail.outbox]
    said += [(str(path), path.read_bytes()) for path in files]
    plain = ((at, one.decode("latin-1") if isinstance(one, bytes) else one) for at, one in said)
    assert {at: found for at, one in plain if (found := found_in(one))} == {}
    assert tables_with_it() == {}
