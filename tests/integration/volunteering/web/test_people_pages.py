"""The list of people, and adding somebody to it."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepdown.hub.models import DisclosedPerson
from stepdown.kernel import clock
from stepdown.people.models import Contact, Person, ShieldedAddress
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import volunteers
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_need,
    make_person,
    make_place,
    make_postcode,
    make_user,
    make_volunteer,
)

SECTIONS = (
    "person",
    "person-volunteering",
    "person-passport",
    "person-needs",
    "person-apart",
    "person-timeline",
)
IDENTITY = {
    "given_name": "Ada",
    "family_name": "Specimen",
    "district": DISTRICT,
    "volunteers": "no",
}


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user(RoleKey.COORDINATOR))
    return client


def _url(name: str, person: Person, *more: object) -> str:
    return reverse(name, args=[person.pk, *more])


def _html(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def _listed(html: str) -> list[str]:
    return re.findall(r'href="/people/([0-9a-f-]{36})/"', html)


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_list_starts_with_everybody_by_name(staff: Client) -> None:
    second = make_person("Bo", "Beta")
    first = make_volunteer(make_person("Al", "Alpha")).person
    html = _html(staff, reverse("people"))
    assert _listed(html) == [str(first.pk), str(second.pk)]
    assert "2 people" in html
    assert "Selected filters" not in html


def test_filters_narrow_the_list_and_can_be_taken_off(staff: Client) -> None:
    soon = clock.today() + timedelta(days=20)
    later = clock.today() + timedelta(days=50)
    here = make_volunteer(schemes=["community-support"], skills=["shopping"], credentials=["dbs"],
                          valid_to=soon)  # fmt: skip
    there = make_volunteer(district=OTHER_DISTRICT, postcode=None, schemes=["good-neighbour"],
                           credentials=["dbs"], valid_to=later)  # fmt: skip
    make_place(OTHER_DISTRICT)
    volunteers.pause(by=coordinator(), volunteer=there)
    helped = make_person()
    make_need(person=helped)
    for query, shown in (
        ("?kind=volunteer", {here.person, there.person}),
        ("?kind=supported", {helped}),
        (f"?district={OTHER_DISTRICT}", {there.person}),
        ("?scheme=community-support", {here.person}),
        ("?skill=shopping", {here.person}),
        ("?state=paused", {there.person}),
        ("?lapsing=30", {here.person}),
        ("?lapsing=60", {here.person, there.person}),
        (f"?district={DISTRICT}&kind=volunteer", {here.person}),
    ):
        html = _html(staff, reverse("people") + query)
        assert set(_listed(html)) == {str(one.pk) for one in shown}, query
        assert "Selected filters" in html
    html = _html(staff, reverse("people") + "?state=paused&kind=volunteer")
    assert 'href="/people/?state=paused"' in html


def test_a_filter_that_makes_no_sense_narrows_nothing(staff: Client) -> None:
    known = make_person()
    query = "?kind=king&district=nowhere&scheme=x&lapsing=soon&state=x&skill=x&after=broken"
    html = _html(staff, reverse("people") + query)
    assert _listed(html) == [str(known.pk)]
    assert "Selected filters" not in html


def test_a_name_is_searched_for_without_standing_in_an_address(staff: Client) -> None:
    wanted = make_person("Ada", "Specimen")
    make_person("Bo", "Other")
    answer = staff.post(reverse("people") + "?kind=any", {"text": "spec"})
    assert (answer.status_code, answer["Location"]) == (302, "/people/?kind=any")
    html = _html(staff, reverse("people"))
    assert _listed(html) == [str(wanted.pk)]
    assert "spec" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', html))
    staff.post(reverse("people"), {"text": ""})
    assert len(_listed(_html(staff, reverse("people")))) == 2


def test_the_list_says_what_each_is_and_what_lapses_next(staff: Client) -> None:
    volunteer = make_volunteer(credentials=["dbs"], valid_to=date(2099, 11, 5))
    make_need(person=volunteer.person)
    html = _html(staff, reverse("people"))
    assert "Volunteer and supported (1 open need)" in html
    assert "5 November 2099" in html
    assert "Preston" in html


def test_the_list_shows_only_people_of_the_readers_districts(client: Client) -> None:
    mine, _other = make_person(), make_person(district=OTHER_DISTRICT)
    client.force_login(make_user(RoleKey.COORDINATOR, [DISTRICT]))
    assert _listed(_html(client, reverse("people"))) == [str(mine.pk)]


def test_everybody_on_the_list_is_in_the_read_log(staff: Client) -> None:
    shown = {make_person().pk, make_person().pk}
    _html(staff, reverse("people"))
    log = DisclosedPerson.objects.filter(disclosure__page="people")
    assert {one.person_id for one in log} == shown
    assert {one.disclosure.purpose for one in log} == {"casework"}


@pytest.mark.parametrize("role", [RoleKey.REFERRER, RoleKey.ADMINISTRATOR])
def test_other_roles_have_no_list_and_no_record(client: Client, role: RoleKey) -> None:
    person = make_person()
    client.force_login(make_user(role))
    for url in (reverse("people"), *(_url(name, person) for name in SECTIONS)):
        assert client.get(url).status_code == 403


def test_the_number_of_queries_does_not_grow_with_people(staff: Client) -> None:
    def more(many: int) -> int:
        for _ in range(many):
            make_volunteer(credentials=["dbs"])
        return _queries(staff, reverse("people"))

    _queries(staff, reverse("people"))
    assert more(5) == more(18)


def test_a_person_is_added_whole(staff: Client) -> None:
    make_postcode("PR1 8RJ")
    given = {
        **IDENTITY, "email_value": "ada@example.com", "email_safe": "no", "safe_note": "Ring first",
        "mobile_value": "07700 900 982", "mobile_safe": "yes", "lines": "1 Example Row",
        "postcode": "PR1 8RJ", "shielded": "yes", "volunteers": "yes",
    }  # fmt: skip
    answer = staff.post(reverse("person-add"), given)
    person = Person.objects.get(family_name="Specimen")
    assert answer["Location"] == _url("volunteer-add", person)
    ways = {one.kind: one.safe for one in Contact.objects.filter(person=person)}
    assert ways == {"email": False, "mobile": True}
    assert ShieldedAddress.objects.filter(person=person).exists()


def test_a_fault_in_one_part_adds_none_of_it(staff: Client) -> None:
    make_place()
    given = {**IDENTITY, "email_value": "nonsense", "email_safe": "yes", "postcode": "PR1 8RJ",
             "shielded": "no"}  # fmt: skip
    answer = staff.post(reverse("person-add"), given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter an email address like name@example.com." in html
    assert 'href="#id_email_value"' in html, "the summary leads to the field"
    assert not Person.objects.exists()


def test_it_is_asked_whether_a_contact_is_safe(staff: Client) -> None:
    make_place()
    answer = staff.post(reverse("person-add"), {**IDENTITY, "email_value": "a@example.com"})
    assert "Select yes if it is safe, or no if it is not" in answer.content.decode()
    assert not Person.objects.exists()


def test_somebody_who_may_be_on_record_is_shown_before_a_second_record_is_made(
    staff: Client,
) -> None:
    known = make_person("ada", "SPECIMEN")
    answer = staff.post(reverse("person-add"), IDENTITY)
    html = answer.content.decode()
    assert "Are they on record already?" in html
    assert _url("person", known) in html
    assert Person.objects.count() == 1
    assert DisclosedPerson.objects.filter(person_id=known.pk).exists()
    [seen] = re.findall(r'name="seen" value="([^"]*)"', html)
    staff.post(reverse("person-add"), {**IDENTITY, "seen": seen})
    assert Person.objects.count() == 2


def test_only_those_who_may_add_people_may_open_the_form(client: Client) -> None:
    client.force_login(make_user(RoleKey.OUTREACH_OFFICER))
    assert client.get(reverse("person-add")).status_code == 403
    assert "Add a person" not in _html(client, reverse("people"))
