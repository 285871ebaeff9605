"""The list of people and one person's record, as staff read them and put them right."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepdown.hub.models import DisclosedPerson, LedgerPayload
from stepdown.kernel import clock
from stepdown.people.actions import contacts, people
from stepdown.people.models import Address, Contact, Person, ShieldedAddress
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import exclusions, volunteers
from stepdown.volunteering.models import Credential, Exclusion, Volunteer
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_agency,
    make_credential,
    make_credential_type,
    make_need,
    make_person,
    make_place,
    make_postcode,
    make_scheme,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement

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


# The list


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


# One person


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
    ShieldedAddress.objects.filter(person=person).update(lines="12 Hidden Street")
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
    assert ShieldedAddress.objects.get(person=person).lines == "1 Example Row"
    html = _html(staff, url)
    assert "Example Row" not in html
    assert "PR1 8RJ" not in html


# Adding a person


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


# The volunteer


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


# The passport


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


# Needs, keeping apart, timeline


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


@pytest.mark.parametrize("name", SECTIONS)
def test_the_number_of_queries_does_not_grow_with_the_record(staff: Client, name: str) -> None:
    volunteer = make_volunteer(capacity=20)
    person = volunteer.person

    def more(many: int) -> int:
        for number in range(many):
            stamp = f"{Contact.objects.count():03}{number:02}"
            contacts.add(by=coordinator(), person=person, kind="phone", value=f"01772 9{stamp}")
            make_credential(person, "dbs")
            make_need(person=person)
            make_placement(volunteer=volunteer)
            exclusions.record(by=coordinator(), volunteer=volunteer, person=make_person(),
                              reason="known")  # fmt: skip
        return _queries(staff, _url(name, person))

    more(1)
    assert more(2) == more(7)
