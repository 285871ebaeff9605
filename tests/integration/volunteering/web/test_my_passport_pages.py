"""A volunteer's passport: what they hold, what it is good for, what is missing."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse

from stepdown.kernel import clock
from stepdown.pages.words import gov_date
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import credentials
from tests.factories import (
    coordinator,
    make_credential,
    make_credential_type,
    make_person,
    make_scheme,
    make_volunteer,
)
from tests.support.phone import signed_in
from tests.support.reading import disclosed, queries_of, sign_in, words_of

PAGE = "my-passport"


def _page(client: Client) -> str:
    return words_of(client.get(reverse(PAGE)))


def test_an_empty_passport_says_who_fills_it(client: Client) -> None:
    volunteer = signed_in(client)
    words = _page(client)
    assert "Nothing that is good today has been recorded." in words
    assert "No longer good" not in words
    assert disclosed(PAGE) == {volunteer.person_id}


def test_each_check_says_how_long_it_is_good_and_who_asks_for_it(client: Client) -> None:
    make_scheme("driving", credential_types=["dbs"])
    volunteer = signed_in(client)
    today = clock.today()
    make_credential(volunteer.person, "dbs", valid_to=today + timedelta(days=400))
    make_credential(volunteer.person, "first-aid")
    words = _page(client)
    assert f"to the end of {gov_date(today + timedelta(days=400))}" in words
    assert "Current" in words
    assert "Asked for by Driving" in words
    assert "Good without an end" in words
    assert "No scheme at the moment" in words
    assert "Verified by Checking agency" in words


def test_a_check_is_good_to_the_end_of_its_last_day(client: Client) -> None:
    volunteer = signed_in(client)
    today = clock.today()
    make_credential(volunteer.person, "a-today", valid_to=today)
    make_credential(volunteer.person, "b-soon", valid_to=today + timedelta(days=1))
    make_credential(volunteer.person, "c-past", valid_to=today - timedelta(days=1))
    words = _page(client)
    good, past = words.split("No longer good")
    assert "today is the last day" in good
    assert ": 1 day left" in good
    assert good.count("Lapses soon") == 2
    assert f"until the end of {gov_date(today - timedelta(days=1))}: it has lapsed" in past


def test_what_was_taken_back_or_is_not_good_yet_is_not_called_good(client: Client) -> None:
    volunteer = signed_in(client)
    taken = make_credential(volunteer.person, "dbs", valid_to=date(2999, 1, 1))
    credentials.revoke(by=coordinator(), credential=taken)
    later = clock.today() + timedelta(days=3)
    make_credential(volunteer.person, "first-aid", valid_from=later)
    good, past = _page(client).split("No longer good")
    assert "no longer: it was taken back" in past
    assert "2999" not in past
    assert f"from {gov_date(later)}" in good
    assert "Not yet valid" in good


def test_it_says_what_is_missing_for_each_scheme(client: Client) -> None:
    make_scheme("open-to-all")
    make_scheme("driving", credential_types=["dbs", "licence"])
    make_scheme("grown-ups", minimum_age=60)
    volunteer = signed_in(client, make_volunteer(schemes=["open-to-all"]))
    make_credential(volunteer.person, "dbs")
    words = _page(client)
    assert "Open to all You have everything it asks for." in words
    assert "Driving Missing: Credential licence." in words
    assert "Grown ups You must be 60 or older." in words


def test_an_unknown_date_of_birth_is_said_where_an_age_is_asked_for(client: Client) -> None:
    make_scheme("grown-ups", minimum_age=18)
    volunteer = make_volunteer(make_person(date_of_birth=None))
    signed_in(client, volunteer)
    assert "We do not know your date of birth." in _page(client)


def test_printed_it_says_whose_it_is_when_and_what_it_is_not(client: Client) -> None:
    volunteer = signed_in(client)
    html = client.get(reverse(PAGE)).content.decode()
    head = html[html.index("app-print-only") :]
    head = head[: head.index("</p>")]
    assert volunteer.person.full_name in head
    assert gov_date(clock.today()) in head
    assert "It is not proof of identity." in head


def test_it_is_ones_own_and_nobody_elses(client: Client) -> None:
    other = make_volunteer()
    make_credential(other.person, "dbs")
    signed_in(client)
    assert "Credential dbs" not in _page(client).split("What it opens")[0]


def test_staff_who_are_no_volunteers_have_none(client: Client) -> None:
    make_volunteer()
    sign_in(client)
    assert client.get(reverse(PAGE)).status_code == 404
    sign_in(client, RoleKey.REFERRER)
    assert client.get(reverse(PAGE)).status_code == 403


def test_it_takes_as_many_queries_for_many_checks_as_for_few(client: Client) -> None:
    volunteer = signed_in(client)

    def add(numbers: range) -> None:
        for number in numbers:
            make_credential(volunteer.person, f"check-{number}")
            make_scheme(f"scheme-{number}", credential_types=[f"check-{number}"])
            make_credential_type(f"other-{number}")

    add(range(5))
    few = queries_of(client, reverse(PAGE))
    add(range(5, 25))
    assert queries_of(client, reverse(PAGE)) == few
