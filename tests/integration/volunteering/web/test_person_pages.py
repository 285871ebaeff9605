"""One person's record, as those read it who may, and put it right."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepdown.hub.actions import shielding
from stepdown.hub.models import DisclosedPerson, LedgerPayload
from stepdown.kernel import clock
from stepdown.people.actions import contacts, people
from stepdown.people.models import Address, Contact, Person, ShieldedAddress
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import exclusions
from stepdown.volunteering.models import Exclusion
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_credential,
    make_need,
    make_person,
    make_place,
    make_postcode,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_placement
from tests.support.shielded import inside

SECTIONS = (
    "person",
    "person-volunteering",
    "person-passport",
    "person-needs",
    "person-apart",
    "person-timeline",
)


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


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_identity_bar_says_who_it_is_and_what_nobody_may_overlook(staff: Client) -> None:
    person = people.add(
        by=coordinator(), given_name="Siobhan", family_name="Specimen", known_as="Shiv",
        say_it="shuh-VAWN", pronouns="she/her", date_of_birth=clock.today() - timedelta(days=6000),
        district=make_place(),
    )  # fmt: skip
    contacts.add(by=coordinator(), person=person, kind="mobile", value="07700 900 982", safe=False,
                 safe_note="Her brother reads it")  # fmt: skip
    html = _html(staff, _url("person", person))
    for words in ("Shiv Specimen", "she/her", "shuh-VAWN", "(aged 16)", "Preston", "Under 18",
                  "Do not call or text the mobile", "Not safe: do not use",
                  "Her brother reads it"):  # fmt: skip
        assert words in html, words
    assert html.count("<h1") == 1


def test_a_shielded_address_is_on_no_page_at_all(staff: Client) -> None:
    make_postcode("PR1 8ZZ")
    person = make_person(postcode="PR1 8ZZ", shielded=True)
    make_volunteer(person)
    address = ShieldedAddress.objects.get(person=person)
    shielding.add(address, {"lines": "12 Hidden Street"}).save()
    forms = ("person-address", "person-change", "volunteer-change", "person-contact-add")
    for name in (*SECTIONS, *forms):
        html = _html(staff, _url(name, person))
        assert "Address protected" in html
        for secret in ("PR1 8ZZ", "PR18ZZ", "Hidden Street", "353000", "429000"):
            assert secret not in html, (name, secret)
    assert "Protected: not shown to anybody." in _html(staff, _url("person", person))
    assert not any("8ZZ" in one.body for one in LedgerPayload.objects.all())


def test_an_ordinary_address_is_shown_and_logged_as_a_place(staff: Client) -> None:
    person = make_person(postcode="PR1 8RJ")
    assert "PR1 8RJ" in _html(staff, _url("person", person))
    [log] = DisclosedPerson.objects.filter(disclosure__page="person")
    assert (log.person_id, set(log.categories.split(","))) == (person.pk, {"identity", "location"})


def test_a_record_of_another_district_does_not_exist_for_the_reader(client: Client) -> None:
    person = make_person(district=OTHER_DISTRICT)
    client.force_login(make_user(RoleKey.COORDINATOR, [DISTRICT]))
    for name in (*SECTIONS, "person-change", "person-address", "volunteer-add"):
        assert client.get(_url(name, person)).status_code == 404, name
    assert not DisclosedPerson.objects.exists()


def test_an_officer_reads_but_is_offered_no_change(client: Client) -> None:
    volunteer = make_volunteer(credentials=["dbs"])
    client.force_login(make_user(RoleKey.OUTREACH_OFFICER))
    for name in SECTIONS:
        html = _html(client, _url(name, volunteer.person))
        for words in ("Change details", "Add a contact", "Record a credential", "Revoke",
                      "Change profile", "Take a break"):  # fmt: skip
            assert words not in html, (name, words)
    answer = client.post(_url("person-change", volunteer.person), {})
    assert answer.status_code == 403


def test_a_volunteer_reads_their_own_record_and_nobody_elses(client: Client) -> None:
    user = make_user(RoleKey.VOLUNTEER)
    own = make_volunteer(make_person(user=user))
    other = make_volunteer()
    client.force_login(user)
    _html(client, _url("person", own.person))
    [log] = DisclosedPerson.objects.filter(disclosure__page="person")
    assert (log.person_id, log.disclosure.purpose) == (own.person_id, "own-record")
    assert client.get(_url("person", other.person)).status_code == 404
    html = _html(client, _url("person-volunteering", own.person))
    assert "Keep apart" not in html
    assert "Timeline" not in html
    assert client.get(_url("person-timeline", own.person)).status_code == 403


def test_details_are_changed_and_show_on_the_timeline(staff: Client) -> None:
    person = make_person("Ada", "Specimen")
    given = {"given_name": "Ada", "family_name": "Example", "district": DISTRICT, "version": 1}
    answer = staff.post(_url("person-change", person), given, follow=True)
    assert "Details changed." in answer.content.decode()
    assert Person.objects.get(pk=person.pk).family_name == "Example"
    assert "Details changed" in _html(staff, _url("person-timeline", person))


def test_what_somebody_else_changed_meanwhile_is_not_written_over(staff: Client) -> None:
    person = make_person("Ada", "Specimen")
    people.change(by=coordinator(), person=person, version=1, pronouns="she/her")
    given = {"given_name": "Ava", "family_name": "Specimen", "district": DISTRICT, "version": 1}
    answer = staff.post(_url("person-change", person), given)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Somebody else changed this record while you were writing." in html
    assert 'value="Ava"' in html, "nothing typed is lost"
    assert Person.objects.get(pk=person.pk).given_name == "Ada"


def test_bad_answers_are_told_beside_their_fields(staff: Client) -> None:
    person = make_person()
    answer = staff.post(
        _url("person-change", person),
        {"family_name": "", "date_of_birth-day": "31", "date_of_birth-month": "2",
         "date_of_birth-year": "1990", "version": 1},
    )  # fmt: skip
    html = answer.content.decode()
    assert answer.status_code == 422
    for words in ("There is a problem", "Enter first name", "Date of birth must be a real date"):
        assert words in html
    assert "<title>Error:" in html


def test_contacts_are_added_changed_and_removed(staff: Client) -> None:
    person = make_person()
    add = _url("person-contact-add", person)
    wrong = staff.post(add, {"kind": "email", "value": "nonsense", "safe": "yes"})
    assert wrong.status_code == 422
    assert "Enter an email address like name@example.com." in wrong.content.decode()
    staff.post(add, {"kind": "email", "value": "a@example.com", "safe": "yes", "preferred": "on"})
    held = Contact.objects.get(person=person)
    assert (held.safe, held.preferred) == (True, True)
    change = _url("person-contact-change", person, held.pk)
    assert "a@example.com" in _html(staff, change)
    staff.post(change, {"value": "a@example.com", "safe": "no", "safe_note": "Ring first"})
    held.refresh_from_db()
    assert (held.safe, held.preferred, held.safe_note) == (False, False, "Ring first")
    remove = _url("person-contact-remove", person, held.pk)
    assert "Remove this contact?" in _html(staff, remove)
    staff.post(remove)
    assert not Contact.objects.exists()


def test_a_contact_is_reached_through_its_own_person_only(staff: Client) -> None:
    person, other = make_person(email="a@example.com"), make_person()
    held = Contact.objects.get(person=person)
    assert staff.get(_url("person-contact-change", other, held.pk)).status_code == 404
    assert staff.post(_url("person-contact-remove", other, held.pk)).status_code == 404
    assert Contact.objects.exists()


def test_an_address_can_be_kept_secret_from_now_on(staff: Client) -> None:
    make_postcode("PR1 8RJ")
    person = make_person(postcode="PR1 8RJ")
    url = _url("person-address", person)
    unknown = staff.post(url, {"postcode": "ZZ1 1ZZ", "shielded": "no"})
    assert unknown.status_code == 422
    assert "Enter a postcode that exists" in unknown.content.decode()
    staff.post(url, {"postcode": "pr18rj", "lines": "1 Example Row", "shielded": "yes"})
    assert not Address.objects.exists()
    assert inside(ShieldedAddress.objects.get(person=person))["lines"] == "1 Example Row"
    html = _html(staff, url)
    assert "Example Row" not in html
    assert "PR1 8RJ" not in html


def test_a_persons_needs_lead_to_their_pages(staff: Client) -> None:
    person = make_person()
    need = make_need(person=person, band=1)
    html = _html(staff, _url("person-needs", person))
    assert reverse("need", args=[need.pk]) in html
    assert "1 Most urgent" in html


def test_two_people_are_kept_apart_found_by_name_or_reference(staff: Client) -> None:
    volunteer, helped = make_volunteer(), make_person("Ada", "Specimen")
    need = make_need(person=helped)
    url = _url("exclusion-add", volunteer.person)
    assert "Nobody of that name or reference" in staff.post(url, {"text": "Zz"}).content.decode()
    for text in ("specimen", need.reference.lower()):
        html = staff.post(url, {"text": text}).content.decode()
        assert f'value="{helped.pk}"' in html
        assert 'class="govuk-back-link">Back<' in html
    no_reason = staff.post(url, {"text": "specimen", "pick": "yes", "other": helped.pk})
    assert no_reason.status_code == 422
    given = {"text": "specimen", "pick": "yes", "other": helped.pk, "reason": "safeguarding"}
    assert staff.post(url, given).status_code == 302
    held = Exclusion.objects.get()
    assert (held.volunteer, held.person) == (volunteer, helped)
    for one, other in ((volunteer.person, helped), (helped, volunteer.person)):
        html = _html(staff, _url("person-apart", one))
        assert other.full_name in html
        assert "Safeguarding" in html
    log = DisclosedPerson.objects.filter(disclosure__page="person-apart")
    assert {one.person_id for one in log} == {volunteer.person_id, helped.pk}
    again = staff.post(url, given)
    assert again.status_code == 422
    assert "This is on record already." in again.content.decode()


def test_keeping_apart_starts_from_either_side_and_holds_for_both_who_volunteer(
    staff: Client,
) -> None:
    helped, volunteer = make_person("Ada", "Specimen"), make_volunteer()
    text = volunteer.person.family_name
    given = {"text": text, "pick": "yes", "other": volunteer.person_id, "reason": "known"}
    staff.post(_url("exclusion-add", helped), given)
    assert Exclusion.objects.filter(volunteer=volunteer, person=helped).exists()
    another = make_volunteer()
    staff.post(_url("exclusion-add", another.person), given)
    assert Exclusion.objects.filter(volunteer=another, person=volunteer.person).exists()
    assert Exclusion.objects.filter(volunteer=volunteer, person=another.person).exists()


def test_two_who_do_not_volunteer_cannot_be_matched_and_it_says_so(staff: Client) -> None:
    one, other = make_person(), make_person("Ada", "Specimen")
    given = {"text": "specimen", "pick": "yes", "other": other.pk, "reason": "known"}
    answer = staff.post(_url("exclusion-add", one), given)
    assert answer.status_code == 422
    assert "Neither of them volunteers" in answer.content.decode()


def test_keeping_apart_ends(staff: Client) -> None:
    volunteer, helped = make_volunteer(), make_person()
    held = exclusions.record(by=coordinator(), volunteer=volunteer, person=helped, reason="known")
    url = _url("exclusion-end", helped, held.pk)
    assert volunteer.person.full_name in _html(staff, url)
    assert staff.get(_url("exclusion-end", make_person(), held.pk)).status_code == 404
    staff.post(url)
    held.refresh_from_db()
    assert held.ended_at is not None
    assert "Nobody has to be kept apart" in _html(staff, _url("person-apart", helped))


def test_somebody_outside_the_readers_districts_is_not_named(client: Client) -> None:
    volunteer, far = make_volunteer(), make_person("Ada", "Faraway", district=OTHER_DISTRICT)
    exclusions.record(by=coordinator(), volunteer=volunteer, person=far, reason="known")
    client.force_login(make_user(RoleKey.COORDINATOR, [DISTRICT]))
    html = _html(client, _url("person-apart", volunteer.person))
    assert "Somebody outside your districts" in html
    assert "Faraway" not in html
    assert str(far.pk) not in html


def test_the_timeline_is_newest_first_a_page_at_a_time_with_links_to_what_may_be_seen(
    staff: Client,
) -> None:
    placement = make_placement()
    person = placement.volunteer.person
    for number in range(25):
        contacts.add(by=coordinator(), person=person, kind="phone", value=f"01772 900 9{number}")
    html = _html(staff, _url("person-timeline", person))
    assert "Way to make contact added" in html
    assert "Offer accepted" not in html
    [following] = re.findall(r'href="(\?after=[^"]+)" rel="next"', html)
    html = _html(staff, _url("person-timeline", person) + following)
    assert html.index("Offer accepted") < html.index("Offer sent") < html.index("Record started")
    assert reverse("offer", args=[placement.offer_id]) in html
    assert "by the volunteer, by the link in a message" in html


def test_the_number_of_queries_does_not_grow_with_the_record(staff: Client) -> None:
    volunteer = make_volunteer(capacity=20)
    person, by = volunteer.person, coordinator()

    def more(many: int) -> dict[str, int]:
        for number in range(many):
            stamp = f"{Contact.objects.count():03}{number:02}"
            contacts.add(by=by, person=person, kind="phone", value=f"01772 9{stamp}")
            make_credential(person, "dbs")
            make_need(person=person)
            make_placement(volunteer=volunteer)
            exclusions.record(by=by, volunteer=volunteer, person=make_person(), reason="known")
        return {name: _queries(staff, _url(name, person)) for name in SECTIONS}

    more(1)
    assert more(2) == more(5)
