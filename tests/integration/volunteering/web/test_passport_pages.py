"""A person as a volunteer: the profile, what they do, the passport they carry."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Credential, Volunteer
from tests.factories import (
    make_agency,
    make_credential,
    make_credential_type,
    make_person,
    make_scheme,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement


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


def test_a_profile_is_added_by_hand_and_read_in_words(staff: Client) -> None:
    person, agency = make_person(), make_agency("Volunteer centre")
    make_scheme("community-support")
    given = {
        "agency": agency.pk, "schemes": ["community-support"], "slots": ["mon-am", "tue-eve"],
        "travel_km": "7.5", "capacity": "2", "weekly_hours": "3",
    }  # fmt: skip
    answer = staff.post(_url("volunteer-add", person), given)
    assert answer["Location"] == _url("person-volunteering", person)
    volunteer = Volunteer.objects.get(person=person)
    assert (volunteer.travel_limit_m, volunteer.weekly_cap_minutes) == (7500, 180)
    html = _html(staff, _url("person-volunteering", person))
    for words in ("Monday mornings and Tuesday evenings", "up to 7.5 km", "0 of 2 taken up",
                  "3 hours", "Volunteer centre", "Community support"):  # fmt: skip
        assert words in html, words
    form = _html(staff, _url("volunteer-change", person))
    assert 'value="7.5"' in form
    assert 'value="3"' in form


def test_changing_a_profile_keeps_what_was_not_touched(staff: Client) -> None:
    volunteer = make_volunteer(travel_limit_m=12_345, weekly_cap_minutes=90, capacity=3,
                               slots=5)  # fmt: skip
    url = _url("volunteer-change", volunteer.person)
    html = _html(staff, url)
    assert 'value="12.345"' in html
    given = {"agency": volunteer.agency_id, "schemes": ["community-support"], "travel_km": "12.345",
             "slots": ["mon-am", "mon-eve"], "capacity": "3", "weekly_hours": "1.5",
             "version": volunteer.version}  # fmt: skip
    assert staff.post(url, given).status_code == 302
    volunteer.refresh_from_db()
    assert (volunteer.travel_limit_m, volunteer.weekly_cap_minutes) == (12_345, 90)
    assert volunteer.slots == 5
    stale = staff.post(url, given)
    assert stale.status_code == 422
    assert "Somebody else changed this record" in stale.content.decode()


def test_a_break_and_the_way_back(staff: Client) -> None:
    volunteer = make_volunteer()
    assert staff.get(_url("volunteer-pause", volunteer.person)).status_code == 405
    answer = staff.post(_url("volunteer-pause", volunteer.person), follow=True)
    assert "Taking a break" in answer.content.decode()
    staff.post(_url("volunteer-resume", volunteer.person))
    volunteer.refresh_from_db()
    assert volunteer.state == "active"


def test_somebody_with_a_placement_cannot_leave_and_is_told_why(staff: Client) -> None:
    placement = make_placement()
    url = _url("volunteer-leave", placement.volunteer.person)
    assert "Have they stopped volunteering?" in _html(staff, url)
    answer = staff.post(url)
    assert answer.status_code == 403
    assert "1 placement still stands." in answer.content.decode()
    free = make_volunteer()
    staff.post(_url("volunteer-leave", free.person))
    free.refresh_from_db()
    assert free.state == "left"


def test_offers_and_placements_lead_to_their_pages(staff: Client) -> None:
    placement = make_placement()
    offer = make_offer(volunteer=make_volunteer(capacity=2))
    html = _html(staff, _url("person-volunteering", placement.volunteer.person))
    assert reverse("placement", args=[placement.pk]) in html
    assert "Accepted" in html
    html = _html(staff, _url("person-volunteering", offer.volunteer.person))
    assert reverse("offer", args=[offer.pk]) in html


def test_the_passport_says_how_each_check_stands_what_it_serves_and_what_is_missing(
    staff: Client,
) -> None:
    make_scheme("community-support", credential_types=["dbs"])
    make_scheme("driver", credential_types=["dbs", "licence"], minimum_age=21)
    person = make_person(date_of_birth=clock.today() - timedelta(days=365 * 19))
    make_credential(person, "dbs", valid_to=clock.today() + timedelta(days=10))
    make_credential(person, "first-aid", valid_to=clock.today() - timedelta(days=1))
    html = re.sub(r"\s+", " ", _html(staff, _url("person-passport", person)))
    for words in ("lapses in 10 days", "Checking agency", "Community support, Driver",
                  "Nothing: everything is there.", "Top-up needed: Credential licence.",
                  "Must be 21 or older.", "Lapsed or revoked", "lapsed at the end of"):  # fmt: skip
        assert words in html, words


def test_a_credential_is_recorded_and_revoked(staff: Client) -> None:
    person, agency = make_person(), make_agency()
    make_credential_type("dbs", good_for_months=36)
    url = _url("credential-add", person)
    wrong = staff.post(url, {"type": "dbs", "verified_by": agency.pk})
    assert wrong.status_code == 422
    assert "Enter first day" in wrong.content.decode()
    given = {"type": "dbs", "verified_by": agency.pk, "valid_from-day": "1",
             "valid_from-month": "4", "valid_from-year": "2026"}  # fmt: skip
    assert staff.post(url, given)["Location"] == _url("person-passport", person)
    held = Credential.objects.get(person=person)
    assert held.valid_to == date(2029, 3, 31)
    revoke = _url("credential-revoke", person, held.pk)
    assert "It stops being good at once" in _html(staff, revoke)
    assert staff.get(_url("credential-revoke", make_person(), held.pk)).status_code == 404
    staff.post(revoke)
    assert "Revoked" in _html(staff, _url("person-passport", person))
    again = staff.post(revoke)
    assert again.status_code == 403
    assert "already been revoked" in again.content.decode()


def test_nobody_records_their_own_credentials(client: Client) -> None:
    user = make_user(RoleKey.COORDINATOR)
    own, agency = make_person(user=user), make_agency()
    make_credential_type("dbs")
    client.force_login(user)
    assert "Record a credential" not in _html(client, _url("person-passport", own))
    given = {"type": "dbs", "verified_by": agency.pk, "valid_from-day": "1",
             "valid_from-month": "4", "valid_from-year": "2026"}  # fmt: skip
    answer = client.post(_url("credential-add", own), given)
    assert "Somebody else must record your own credentials." in answer.content.decode()
    assert not Credential.objects.exists()
