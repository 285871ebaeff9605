"""What is done in a hub with somebody who hides, and all that leaves it on the way."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pypdf
from django.conf import settings as hub
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stepdown.adapters import packs
from stepdown.casework.actions import drafts, referrals
from stepdown.config.logs import Discreet, Structured
from stepdown.kernel.slots import mask_of
from stepdown.people.actions import addresses, contacts
from stepdown.people.models import Person
from stepdown.policy.categories import Category
from stepdown.records.actions import rights_answers, rights_copies
from stepdown.records.jobs.copies import make_copies
from stepdown.records.models import RightsPack
from stepdown.records.queries.rights_copy import reviewed
from stepdown.volunteering.actions import offers, plan_runs
from stepdown.volunteering.models import Volunteer
from tests.factories import (
    coordinator,
    make_answered,
    make_person,
    make_ready_need,
    make_scheme,
    make_volunteer,
)
from tests.factories.offers import volunteer_actor
from tests.factories.rights import make_office, make_rights_request
from tests.support.canaries import LINES, POSTCODE
from tests.support.strangers import routes


class _Lines(logging.Handler):
    """All that is logged, in both forms that the hub writes: with statements, in the plain one."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [form.format(record) for form in (Discreet(), Structured())]


@contextmanager
def listening() -> Iterator[list[str]]:
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


def live() -> tuple[dict[str, list[UUID]], Volunteer]:
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


def pages(clients: list[Client], ids: dict[str, list[UUID]]) -> Iterator[tuple[str, bytes]]:
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


def copy_of(person: Person) -> tuple[bytes, bytes]:
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


def pdf_words(made: bytes) -> str:
    read = pypdf.PdfReader(io.BytesIO(made))
    return " ".join([*(page.extract_text() for page in read.pages), str(read.metadata)])
