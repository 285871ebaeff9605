"""An account that looks at unusually many people is pointed out to the administrator."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries.looks import UNUSUAL_FROM, unusual
from stepdown.kernel import clock, ids
from stepdown.kernel.errors import Refused
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories import actor_of, make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 15, 12, tzinfo=UTC)
SEEDS = count()


def browse(by: Actor, people: int, days_ago: int = 0, *, times: int = 1) -> list[UUID]:
    """Some people shown on one day, each so many times."""
    found = [new_id() for _ in range(people)]
    # Ids of their own day, as a hub made them that ran on that day.
    with clock.at(NOON - timedelta(days=days_ago)), ids.seeded(next(SEEDS)):
        for _ in range(times):
            disclose(by=by, people=found, purpose="casework", page="people")
    return found


def told() -> list[tuple[UUID, int, float]]:
    administrator = actor_of(make_user(RoleKey.ADMINISTRATOR))
    with clock.at(NOON + timedelta(hours=2)):
        return [(one.user, one.people, one.usual) for one in unusual(by=administrator)]


@pytest.fixture
def officer() -> Actor:
    return actor_of(make_user(RoleKey.OUTREACH_OFFICER))


def test_many_times_the_usual_number_is_pointed_out(officer: Actor) -> None:
    for day, people in ((2, 10), (3, 12), (9, 14)):
        browse(officer, people, day)
    browse(officer, 60)
    assert told() == [(officer.user, 60, 12)]


def test_yesterday_s_is_pointed_out_still(officer: Actor) -> None:
    browse(officer, 60, 1)
    assert [people for _, people, _ in told()] == [60]


def test_usual_number_is_not(officer: Actor) -> None:
    for day in (2, 3, 9):
        browse(officer, 20, day)
    browse(officer, 99)
    assert told() == []
    browse(officer, 1)
    assert [people for _, people, _ in told()] == [100]


def test_few_people_are_never_unusual(officer: Actor) -> None:
    browse(officer, 1, 3)
    browse(officer, UNUSUAL_FROM - 1)
    assert told() == []


def test_same_people_many_times_count_once(officer: Actor) -> None:
    browse(officer, 30, times=4)
    assert told() == []


def test_days_long_ago_are_not_usual_any_more(officer: Actor) -> None:
    browse(officer, 60, 40)
    browse(officer, 60)
    assert [usual for _, _, usual in told()] == [0]


def test_account_s_own_record_is_no_browsing() -> None:
    actor = Actor((), user=new_id(), person=new_id(), label="user")
    for _ in range(60):
        with clock.at(NOON), ids.seeded(next(SEEDS)):
            disclose(by=actor, people=[actor.person or new_id()], purpose="own-record", page="my")
    assert told() == []


def test_only_whoever_keeps_the_hub_is_told(officer: Actor) -> None:
    with pytest.raises(Refused):
        unusual(by=officer)
