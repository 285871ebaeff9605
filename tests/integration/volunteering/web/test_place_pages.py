"""Places: what each has and lacks, with nobody to be found from a number or a map."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepdown.hub.actions import places
from stepdown.hub.actions.places import PlaceRow
from stepdown.hub.models import Place
from stepdown.kernel import clock
from stepdown.kernel.slots import bit_of
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import needs, volunteers
from stepdown.volunteering.queries import coverage, ground
from stepdown.volunteering.web.figures import column
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_need,
    make_person,
    make_place,
    make_postcode,
    make_ready_need,
    make_scheme,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement

COUNTY = "E10000017"
MONDAY, TUESDAY = bit_of("mon-am"), bit_of("tue-eve")


@pytest.fixture(autouse=True)
def _fresh_ground() -> None:
    """Squares are kept for a day in each process: each test has its own postcodes."""
    ground._squares.cache_clear()


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user(RoleKey.COORDINATOR))
    return client


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make_user(RoleKey.ADMINISTRATOR))
    return client


def _page(client: Client, code: str = DISTRICT) -> str:
    answer = client.get(reverse("place", args=[code]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def _county() -> Place:
    county = make_place(COUNTY, "Lancashire", Place.Kind.COUNTY)
    for code, people in ((DISTRICT, 150_000), (OTHER_DISTRICT, 50_000)):
        make_place(code)
        row = PlaceRow(code=code, kind=Place.Kind.DISTRICT, name=Place.objects.get(pk=code).name,
                       parent=COUNTY, population=people, population_source="Made up")  # fmt: skip
        places.load(by=Actor.hub(), places=[row], source="test")
    return county


def _row(html: str, name: str) -> list[str]:
    """The cells of the table row that begins with the name."""
    for row in re.findall(r"<tr.*?</tr>", html):
        cells = [re.sub("<[^>]+>", " ", cell).strip() for cell in re.findall(
            r"<t[hd][^>]*>(.*?)</t[hd]>", row)]  # fmt: skip
        if cells and cells[0] == name:
            return cells[1:]
    raise AssertionError(f"no row {name}")


def _stat(html: str, label: str) -> str:
    number, name = (
        r'app-stat__number">([^<]*)</span>',
        r'<span class="app-stat__label">(?:<a[^>]*>)?',
    )
    found = re.search(number + name + label, html)
    assert found, label
    return found[1]


def test_places_are_listed_with_what_is_in_each(staff: Client) -> None:
    _county()
    make_volunteer()
    make_need(district=OTHER_DISTRICT)
    html = re.sub(r"\s+", " ", staff.get(reverse("places")).content.decode())
    assert reverse("place", args=[COUNTY]) in html
    assert _row(html, "Preston") == ["150,000", "1", "0"]
    assert _row(html, "Lancaster") == ["50,000", "0", "1"]


def test_a_district_counts_its_own_volunteers_needs_and_places_to_fill(staff: Client) -> None:
    make_volunteer()
    volunteers.pause(by=coordinator(), volunteer=make_volunteer())
    make_volunteer(district=OTHER_DISTRICT, postcode=None)
    need = make_ready_need(places=3, band=1)
    make_placement(need)
    make_offer(need)
    needs.withdraw(by=coordinator(), need=make_need())
    html = _page(staff)
    # The placed, the asked and the free volunteer; one who takes a break is not active.
    assert _stat(html, "active volunteers") == "3"
    assert "1 of them have room for another placement" in html
    assert _stat(html, "open needs") == "1"
    assert _stat(html, "places to fill") == "1"
    assert _row(html, "1 Most urgent") == ["1", "3", "1", "1"]
    assert "1 of 3 places filled" in html


def test_figures_lead_to_the_lists_behind_them(staff: Client) -> None:
    make_volunteer()
    make_need()
    html = _page(staff).replace("&amp;", "&")
    assert f"/people/?district={DISTRICT}&kind=volunteer&state=active" in html
    assert f"/needs/?district={DISTRICT}&places=unfilled" in html
    listed = staff.get(f"/people/?district={DISTRICT}&kind=volunteer&state=active")
    assert "1 person" in listed.content.decode()


def test_a_county_holds_its_districts(staff: Client) -> None:
    _county()
    make_volunteer()
    make_volunteer(district=OTHER_DISTRICT, postcode=None)
    html = _page(staff, COUNTY)
    assert _stat(html, "active volunteers") == "2"
    assert "population 200,000 (Made up)" in html
    assert _row(html, "Preston") == ["150,000", "1", "0"]


def test_volunteers_are_set_against_places_by_scheme(staff: Client) -> None:
    make_scheme("driver")
    for _ in range(3):
        make_volunteer(schemes=["community-support"])
    make_need(scheme="community-support")
    make_need(scheme="driver", places=2)
    html = _page(staff)
    assert _row(html, "Community support") == ["3", "1", "3.0", "Enough"]
    assert _row(html, "Driver") == ["0", "2", "0.0", "Short"]


def test_each_half_day_counts_who_is_free_then_against_what_is_asked(staff: Client) -> None:
    busy = make_volunteer(slots=1 << MONDAY | 1 << TUESDAY, capacity=2)
    make_volunteer(slots=1 << TUESDAY)
    make_placement(make_ready_need(slots=1 << MONDAY), busy)
    make_need(slots=1 << MONDAY)
    make_need(slots=1 << TUESDAY)
    found = coverage.coverage_of(coordinator(), make_place())
    monday, tuesday = found.slots[MONDAY], found.slots[TUESDAY]
    assert (monday.volunteers, monday.places) == (0, 1)
    assert (tuesday.volunteers, tuesday.places) == (2, 1)
    html = _page(staff)
    assert "<strong>Short</strong><br>0 for 1" in html
    assert "<strong>Enough</strong><br>2 for 1" in html


def test_the_administrator_reads_counts_and_no_small_ones(administrator: Client) -> None:
    for _ in range(4):
        make_volunteer(slots=1 << MONDAY)
    make_need(slots=1 << MONDAY)
    html = _page(administrator)
    assert _stat(html, "active volunteers") == "fewer than 5"
    assert _stat(html, "open needs") == "fewer than 5"
    assert _row(html, "Community support") == ["fewer than 5", "fewer than 5", "–", "–"]
    assert _row(html, "4 When possible") == ["fewer than 5", "fewer than 5", "0", "0"]
    assert "Too few to tell" in html
    assert "/people/?" not in html
    assert "/needs/?" not in html
    for _ in range(2):
        make_volunteer()
    assert _stat(_page(administrator), "active volunteers") == "6"


def test_an_officer_of_another_district_reads_no_small_numbers_either(client: Client) -> None:
    make_volunteer()
    make_place(OTHER_DISTRICT)
    client.force_login(make_user(RoleKey.OUTREACH_OFFICER, [OTHER_DISTRICT]))
    assert _stat(_page(client), "active volunteers") == "fewer than 5"


@pytest.mark.parametrize(
    ("numbers", "told", "words"),
    [
        ([12, 3, 7], False, ["12", "fewer than 5", "not told"]),
        ([12, 3, 4], False, ["12", "fewer than 5", "fewer than 5"]),
        ([0, 3, 0], False, ["0", "fewer than 5", "0"]),
        ([12, 3, 7], True, ["12", "3", "7"]),
        ([12, 3, 7], [False, False, True], ["not told", "fewer than 5", "7"]),
    ],
)
def test_a_withheld_figure_cannot_be_found_by_taking_the_rest_from_the_whole(
    numbers: list[int], told: bool | list[bool], words: list[str]
) -> None:
    assert column(numbers, told) == words


def test_a_mark_on_the_map_stands_where_anybody_lives_in_its_square() -> None:
    place = make_place()
    make_postcode("PR1 8RJ", easting=353_900, northing=429_900)
    make_postcode("PR1 8RK", easting=351_100, northing=426_100)
    make_need(postcode="PR1 8RJ")
    spread = ground.needs_on_map(coordinator(), place, all_seen=True)
    # The middle of both inhabited squares, so that the one need is not given away.
    assert spread.middles == {(70, 85): (352_500, 428_000)}


def test_no_volunteer_can_be_found_on_the_map() -> None:
    place = make_place()
    for _ in range(4):
        make_volunteer()
    assert ground.volunteers_on_map(coordinator(), place).counts == {}
    make_volunteer()
    spread = ground.volunteers_on_map(coordinator(), place)
    assert (spread.grid_m, spread.counts, spread.left_out) == (1000, {(353, 429): 5}, 0)
    # Four more, each alone: they are shown together in a larger square, or not at all.
    for number in range(1, 5):
        make_postcode(f"PR9 9A{'ABCD'[number - 1]}", easting=353_000 + 20_000 * number)
        make_volunteer(postcode=f"PR9 9A{'ABCD'[number - 1]}")
    spread = ground.volunteers_on_map(coordinator(), place)
    assert all(many >= ground.LEAST for many in spread.counts.values())
    assert spread.left_out == 4


def test_a_protected_address_is_on_no_map_of_volunteers_or_needs() -> None:
    place = make_place()
    make_postcode("PR1 8RJ")
    for _ in range(6):
        person = make_person(postcode="PR1 8RJ", shielded=True)
        make_volunteer(person)
        make_need(person=person, postcode="PR1 8RJ")
        make_need(postcode="PR1 8RJ", shielded=True)
    by = coordinator()
    assert ground.volunteers_on_map(by, place).counts == {}
    assert ground.needs_on_map(by, place, all_seen=True).counts == {}
    make_need(postcode="PR1 8RJ")
    assert ground.needs_on_map(by, place, all_seen=True).counts == {(70, 85): 1}
    assert ground.needs_on_map(by, place, all_seen=False).counts == {}


def test_the_map_is_drawn_with_its_words_and_its_source(staff: Client) -> None:
    make_postcode("PR1 8RJ")
    make_need(postcode="PR1 8RJ")
    html = _page(staff)
    assert 'class="app-map' in html
    assert "<title" in html.split('class="app-map', 1)[1]
    assert "Contains OS data © Crown copyright and database right" in html
    assert "Addresses that are kept secret are never on a map." in html
    assert "Office for National Statistics licensed" not in html
    ring = [[350_000, 425_000], [356_000, 425_000], [356_000, 433_000], [350_000, 425_000]]
    row = PlaceRow(code=DISTRICT, kind=Place.Kind.DISTRICT, name="Preston", rings=[ring])
    places.load(by=Actor.hub(), places=[row], source="test")
    assert "Office for National Statistics licensed" in _page(staff)


def test_a_place_without_postcodes_says_that_there_is_no_map(staff: Client) -> None:
    make_place()
    assert "there is no map" in _page(staff)


def test_a_ward_counts_those_who_live_there_but_nobody_in_hiding(staff: Client) -> None:
    ward = "E05000001"
    make_place()
    make_place(ward, "Example ward", Place.Kind.WARD, DISTRICT)
    make_postcode("PR1 8RJ", ward=ward)
    make_postcode("PR2 8AA")
    make_volunteer(postcode="PR1 8RJ")
    make_volunteer(postcode="PR2 8AA")
    make_volunteer(make_person(postcode="PR1 8RJ", shielded=True))
    make_need(postcode="PR1 8RJ")
    make_need(postcode="PR2 8AA")
    html = _page(staff, ward)
    assert _stat(html, "active volunteers") == "1"
    assert _stat(html, "open needs") == "1"
    assert "Example ward" in _page(staff)


def test_an_unknown_place_does_not_exist(staff: Client) -> None:
    assert staff.get(reverse("place", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("role", [RoleKey.REFERRER, RoleKey.VOLUNTEER])
def test_others_have_no_place_pages(client: Client, role: RoleKey) -> None:
    make_place()
    client.force_login(make_user(role))
    for url in (reverse("places"), reverse("place", args=[DISTRICT])):
        assert client.get(url).status_code == 403


@pytest.mark.parametrize("code", [DISTRICT, COUNTY])
def test_the_number_of_queries_does_not_grow_with_what_is_there(staff: Client, code: str) -> None:
    _county()

    def more(many: int) -> int:
        for _ in range(many):
            make_volunteer(slots=1 << MONDAY)
            make_need(slots=1 << MONDAY, postcode="PR1 8RJ",
                      starts=clock.today() + timedelta(days=3))  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            _page(staff, code)
        return len(seen)

    more(1)
    assert more(4) == more(12)
