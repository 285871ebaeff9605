"""The list of people: volunteers, people supported, or both."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepdown.kernel import clock
from stepdown.people.actions import people
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import offers, volunteers
from stepdown.volunteering.queries.person import PeopleFilters, PeopleKind, list_people
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_credential,
    make_need,
    make_person,
    make_ready_need,
    make_user,
    make_volunteer,
)


def _names(filters: PeopleFilters) -> set[str]:
    return {row.name for row in list_people(coordinator(), filters).items}


@pytest.fixture
def crowd() -> None:
    by = coordinator()
    today = clock.today()
    helper = make_person("Vera", "Helps")
    make_volunteer(helper, skills=["driving"], schemes=["befriending"])
    make_credential(helper, "dbs", valid_to=today + timedelta(days=10))
    resting = make_volunteer(make_person("Rest", "Ing", district=OTHER_DISTRICT))
    volunteers.pause(by=by, volunteer=resting)
    make_need(person=make_person("Sue", "Ported"))
    both = make_person("Beth", "Both")
    make_volunteer(both, skills=["driving", "shopping"])
    make_need(person=both)
    make_person("No", "Body")


@pytest.mark.usefixtures("crowd")
def test_people_are_narrowed_by_what_they_are() -> None:
    everybody = {"Vera Helps", "Rest Ing", "Sue Ported", "Beth Both", "No Body"}
    helpers = {"Vera Helps", "Rest Ing", "Beth Both"}
    assert _names(PeopleFilters()) == everybody
    assert _names(PeopleFilters(kind=PeopleKind.VOLUNTEER)) == helpers
    assert _names(PeopleFilters(kind=PeopleKind.SUPPORTED)) == {"Sue Ported", "Beth Both"}
    assert _names(PeopleFilters(districts=(OTHER_DISTRICT,))) == {"Rest Ing"}
    assert _names(PeopleFilters(states=("paused",))) == {"Rest Ing"}
    assert _names(PeopleFilters(schemes=("befriending",))) == {"Vera Helps"}
    assert _names(PeopleFilters(skills=("driving",))) == {"Vera Helps", "Beth Both"}
    assert _names(PeopleFilters(skills=("driving", "shopping"))) == {"Vera Helps", "Beth Both"}
    assert _names(PeopleFilters(lapsing_within=10)) == {"Vera Helps"}
    assert _names(PeopleFilters(lapsing_within=9)) == set()
    assert _names(PeopleFilters(name="b both")) == {"Beth Both"}


def test_a_row_says_what_a_volunteer_has_in_hand() -> None:
    by = coordinator()
    volunteer = make_volunteer(capacity=3)
    lapse = clock.today() + timedelta(days=100)
    make_credential(volunteer.person, "dbs", valid_to=lapse)
    make_credential(volunteer.person, "first-aid", valid_to=lapse + timedelta(days=5))
    make_credential(volunteer.person, "old", valid_to=date(2021, 1, 1))
    offers.send(by=by, need=make_ready_need(), volunteer=volunteer)
    [row] = list_people(by, PeopleFilters(kind=PeopleKind.VOLUNTEER)).items
    assert (row.volunteer_id, row.held, row.capacity) == (volunteer.pk, 1, 3)
    assert (row.next_lapse, row.schemes) == (lapse, ("Community support",))


def test_people_come_by_name_page_by_page_and_the_cursor_holds_no_name() -> None:
    for name in ("Delta", "Alpha", "Echo", "Bravo", "Charlie"):
        make_person("Sam", name)
    make_person("Alma", "Charlie")
    by = coordinator()
    first = list_people(by, size=3)
    assert [row.name for row in first.items] == ["Sam Alpha", "Sam Bravo", "Alma Charlie"]
    assert first.next is not None
    assert "Charlie" not in first.next
    rest = list_people(by, after=first.next, size=3)
    assert [row.name for row in rest.items] == ["Sam Charlie", "Sam Delta", "Sam Echo"]
    assert list_people(by, after=rest.previous, size=3).items == first.items


def test_somebody_renamed_meanwhile_marks_their_new_place() -> None:
    by = coordinator()
    made = [make_person("Sam", name) for name in ("Alpha", "Bravo", "Charlie")]
    first = list_people(by, size=1)
    people.change(by=by, person=made[0], version=1, family_name="Buzz")
    following = list_people(by, after=first.next, size=5)
    assert [row.name for row in following.items] == ["Sam Charlie"]


def test_a_list_shows_only_those_the_actor_may_see() -> None:
    mine = make_person(district=DISTRICT)
    make_person(district=OTHER_DISTRICT)
    make_person(district=None)
    assert [row.id for row in list_people(coordinator(DISTRICT)).items] == [mine.pk]
    assert list_people(actor_of(make_user(RoleKey.ADMINISTRATOR))).items == []
    assert list_people(actor_of(make_user(RoleKey.REFERRER))).items == []


def test_more_rows_take_no_more_queries() -> None:
    by = coordinator()
    counts = []
    for more in (3, 12):
        for _ in range(more):
            make_volunteer(credentials=["dbs"], skills=["driving"])
            make_need(person=make_person())
        with CaptureQueriesContext(connection) as caught:
            list_people(by, PeopleFilters(), size=100)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 5
