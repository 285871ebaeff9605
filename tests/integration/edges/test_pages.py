"""Short forms of two campaigns (`make soak`): foreign records, and requests without sense."""

from collections import Counter

import pytest
from django.test import Client

from stepdown.policy.roles import RoleKey
from tests.factories import (
    actor_of,
    make_agency,
    make_credential,
    make_need,
    make_person,
    make_referral,
    make_user,
)
from tests.factories.offers import make_placement
from tests.support.nonsense import Nonsense
from tests.support.strangers import STAFF, Strangers, strangers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _records() -> None:
    """A few of every kind, some of them an agency's own."""
    agency = make_agency("A trust", "nhs")
    nurse = actor_of(make_user(RoleKey.REFERRER, agency=agency))
    for _ in range(3):
        make_referral(nurse)
        make_need()
        make_person()
    make_referral()
    placement = make_placement()
    make_credential(placement.volunteer.person)


def test_a_foreign_record_answers_as_one_that_is_not_there() -> None:
    found: Strangers = strangers()
    assert all(f"{role.value} everywhere" in found.clients for role in STAFF)
    assert len(found.routes) > 40
    statuses: Counter[int] = Counter()
    for seed in range(80):
        question, status, gave_away = found.differs(seed)
        assert gave_away is None, f"{seed} {question}: {gave_away}"
        statuses[status] += 1
    assert statuses[404] > 10
    assert statuses[200] == 0


def test_what_gives_a_record_away_would_be_seen() -> None:
    found = strangers()
    inside = Client()
    inside.force_login(make_user(RoleKey.COORDINATOR))
    found.clients = {"coordinator": inside}
    found.records = {"casework.Referral": [make_referral().pk]}
    found.routes = [route for route in found.routes if route.name == "referral"]
    assert any(found.differs(seed)[2] for seed in range(6))


def test_no_request_breaks_a_page() -> None:
    clients = {"public": Client(), "wrong agency": strangers().clients["coordinator"]}
    for role in (RoleKey.COORDINATOR, RoleKey.ADMINISTRATOR, RoleKey.REFERRER):
        clients[role.value] = Client()
        clients[role.value].force_login(make_user(role))
    found = Nonsense(clients)
    statuses: Counter[int] = Counter()
    for seed in range(80):
        question, status, broke = found.wrong(seed)
        assert broke is None, f"{seed} {question}: {status} {broke}"
        statuses[status] += 1
    assert statuses[200] > 3
