"""Who asks for erasure, and is found to be right by two people, is erased; nobody else is."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from stepdown.casework.models import Caller, Case, Referral
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.models import Agency, LedgerEntry, OutboxMessage, User
from stepdown.hub.queries.ledger_check import faults
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.models import Contact, Person
from stepdown.policy.actors import Actor
from stepdown.records.actions import disposals, retention, rights_answers, rights_requests
from stepdown.records.actions.rights_erasure import erase, pass_on
from stepdown.records.jobs.disposing import register, replay
from stepdown.records.models import Disposal, RightsRequest
from stepdown.records.queries.in_the_way import in_the_way
from stepdown.volunteering.actions import needs
from stepdown.volunteering.models import Need
from tests.factories import (
    coordinator,
    make_agency,
    make_agreement,
    make_person,
    make_referral,
)
from tests.factories.callers import make_caller
from tests.factories.needs import make_need
from tests.factories.rights import Office, make_office, make_rights_request
from tests.factories.users import actor_of, make_user

GIVEN = {"outcome": "Everything goes.", "ground": "consent"}


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Office:
    settings.STEPDOWN_DISPOSALS = tmp_path / "disposals.jsonl"
    return make_office()


def approved(office: Office, person: Person) -> RightsRequest:
    made = make_rights_request(office, kind="erasure", person=person)
    rights_answers.submit(by=office.first, request=made, **GIVEN)
    return rights_answers.approve(by=office.second, request=made)


def worker(agency: Agency) -> Actor:
    """A coordinator of the agency."""
    return actor_of(make_user(agency=agency))


def window(by: Actor) -> Client:
    client = Client()
    assert by.user is not None
    client.force_login(User.objects.get(pk=by.user))
    return client


def test_an_approved_request_erases_its_person_and_itself_and_leaves_a_tombstone(
    office: Office,
) -> None:
    person, other = make_person("Ann", "Fell", email="a@example.org"), make_person("Bea", "Fell")
    made = approved(office, person)
    gone = erase(by=office.first, request=made)
    assert (gone.ground, gone.schedule) == ("erasure", "contact")
    assert gone.counts["people.Person"] == gone.counts["records.RightsRequest"] == 1
    assert not Person.objects.filter(pk=person.pk).exists()
    assert not Contact.objects.filter(person=person.pk).exists()
    assert not RightsRequest.objects.exists()
    assert Person.objects.filter(pk=other.pk).exists()
    assert not list(faults())
    assert register() == 1
    assert Disposal.objects.get().registered


def test_without_a_ground_a_second_person_or_approval_nothing_is_erased(office: Office) -> None:
    person = make_person()
    made = make_rights_request(office, kind="erasure", person=person)
    with pytest.raises(InvalidInput) as wrong:
        rights_answers.submit(by=office.first, request=made, outcome="Everything goes.")
    assert set(wrong.value.errors) == {"ground"}
    rights_answers.submit(by=office.first, request=made, **GIVEN)
    with pytest.raises(Refused):
        erase(by=office.first, request=made)
    with pytest.raises(Refused):
        rights_answers.approve(by=office.first, request=made)
    rights_answers.approve(by=office.second, request=made)
    with pytest.raises(Refused, match="by erasing"):
        rights_answers.answer(by=office.first, request=made)
    with pytest.raises(NotVisible):
        erase(by=make_office("Another").first, request=made)
    with pytest.raises(NotVisible):
        erase(by=coordinator(), request=made)
    correction = make_rights_request(office, kind="rectification")
    rights_answers.submit(by=office.first, request=correction, outcome="Put right.")
    rights_answers.approve(by=office.second, request=correction)
    with pytest.raises(Refused, match="Only a request for erasure"):
        erase(by=office.first, request=correction)
    assert Person.objects.filter(pk=person.pk).exists()


def test_what_is_held_or_open_is_not_erased_and_the_page_says_what(office: Office) -> None:
    person = make_person()
    need = make_need(by=worker(office.agency), person=person, agency=office.agency)
    made = approved(office, person)
    with pytest.raises(Refused, match="still open"):
        erase(by=office.first, request=made)
    needs.withdraw(by=worker(office.agency), need=need)
    hold = retention.hold(by=office.first, person=person.pk, reason="A court case.")
    with pytest.raises(Refused, match="held"):
        erase(by=office.first, request=made)
    found = in_the_way(made)
    assert (found.held, found.open, found.schedule) == (True, (), "partnership")
    client = window(office.first)
    page = client.get(f"/rights/{made.pk}/erase/").content.decode()
    assert "The records are held" in page
    assert "would keep them until" in page
    refused = client.post(f"/rights/{made.pk}/erase/")
    assert "nothing of them is disposed of" in refused.content.decode()
    assert RightsRequest.objects.get().state == "approved"
    retention.lift(by=office.first, hold=hold.pk)
    letter = client.get(f"/rights/{made.pk}/letter/").content.decode()
    assert "We have erased" in letter
    done = client.post(f"/rights/{made.pk}/erase/", follow=True)
    assert done.redirect_chain[-1][0] == f"/retention/disposals/{Disposal.objects.get().pk}/"
    assert "The person asked for it" in done.content.decode()
    assert not OutboxMessage.objects.filter(about_id__in=[person.pk, made.pk]).exists()


def test_every_thing_in_the_way_has_its_words(office: Office) -> None:
    person = make_person()
    make_need(by=worker(office.agency), person=person, agency=office.agency)
    made = make_rights_request(office, kind="erasure", person=person)
    make_rights_request(office, person=person)
    says = [str(one) for one in in_the_way(made).open]
    assert says == ["a need is open", "another request about their data is open"]
    page = window(office.first).get(f"/rights/{made.pk}/submit-erasure/").content.decode()
    assert "First to be ended: a need is open." in page
    assert "legal claims" in page


def test_the_certificate_is_a_pdf_that_says_what_went_and_not_of_whom(office: Office) -> None:
    person = make_person("Ann", "Fell")
    gone = erase(by=office.first, request=approved(office, person))
    answer = window(office.second).get(f"/retention/disposals/{gone.pk}/certificate.pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(one.extract_text() for one in PdfReader(BytesIO(answer.content)).pages)
    assert gone.reference in text
    assert "Names and dates of birth" in text
    assert "Fell" not in text
    assert window(coordinator()).get(answer.request["PATH_INFO"]).status_code == 403


def test_each_of_two_agencies_erases_its_own_and_the_certificate_says_what_stays(
    office: Office,
) -> None:
    theirs, person = make_office("Their trust"), make_person("Ann", "Fell", email="a@example.org")
    mine = make_need("Ours", by=worker(office.agency), person=person, agency=office.agency)
    kept = make_need("Theirs", by=worker(theirs.agency), agency=theirs.agency)
    Need.objects.filter(pk=kept.pk).update(person=person)  # they are walled off from each other
    kept = Need.objects.get(pk=kept.pk)
    made = approved(office, person)
    with pytest.raises(Refused, match="still open"):
        erase(by=office.first, request=made)
    needs.withdraw(by=worker(office.agency), need=mine)
    found = in_the_way(made)
    assert (found.open, found.elsewhere) == ((), True)  # what they have open is theirs to know
    client = window(office.first)
    page = client.get(f"/rights/{made.pk}/").content.decode()
    assert "Pass it on to other agencies" in page
    assert "Their trust" not in page
    assert (
        "Only what your agency keeps goes"
        in client.get(f"/rights/{made.pk}/erase/").content.decode()
    )

    # The others get a request of their own, once, and decide on it by themselves.
    assert client.post(f"/rights/{made.pk}/pass-on/").status_code == 302
    with pytest.raises(Refused, match="passed on already"):
        pass_on(by=office.first, request=made)
    second = RightsRequest.objects.get(agency=theirs.agency)
    assert (second.kind, second.person, second.state) == ("erasure", person, "received")
    assert "Their trust" not in client.get(f"/rights/{made.pk}/").content.decode()
    with pytest.raises(NotVisible):
        pass_on(by=theirs.first, request=made)

    gone = erase(by=office.first, request=made)
    assert (gone.kind, gone.stays) == ("part", ["others", "identity"])
    assert set(Need.objects.filter(person=person)) == {kept}
    assert not Need.objects.filter(pk=mine.pk).exists()
    assert Contact.objects.filter(person=person).exists()
    assert list(RightsRequest.objects.all()) == [second]
    words = client.get(f"/retention/disposals/{gone.pk}/").content.decode()
    assert "each decides on its own" in words
    assert "Fell" not in words + str(client.get("/retention/disposals/").content)
    assert not list(faults())

    # An old backup brings it back, and it goes again; what the other keeps does not.
    assert register() == 1
    back = make_need("Ours", by=worker(office.agency), agency=office.agency)
    Need.objects.filter(pk=back.pk).update(person=person)
    assert replay() == (1, 0)
    assert set(Need.objects.filter(person=person)) == {kept}
    assert not Need.objects.filter(pk=back.pk).exists()
    again = Disposal.objects.get(ground="replay")
    assert (again.kind, again.stays) == (gone.kind, gone.stays)

    # So it does where the backup is older than anything that the other keeps.
    Person.objects.filter(pk=person.pk).update(agency=office.agency)
    Need.objects.filter(pk=kept.pk).update(person=None)
    back = make_need("Ours", by=worker(office.agency), agency=office.agency)
    Need.objects.filter(pk=back.pk).update(person=person)
    assert replay() == (1, 0)
    assert Person.objects.get(pk=person.pk).agency_id is None
    Need.objects.filter(pk=kept.pk).update(person=person)

    # The last one to keep anything lets everything go.
    needs.withdraw(by=worker(theirs.agency), need=kept)
    rights_requests.take(by=theirs.first, request=second)
    rights_answers.submit(by=theirs.first, request=second, **GIVEN)
    rights_answers.approve(by=theirs.second, request=second)
    last = erase(by=theirs.first, request=second)
    assert (last.kind, last.stays) == ("person", [])
    assert not Person.objects.filter(pk=person.pk).exists()


def test_a_request_is_passed_on_once_it_is_known_who_asks(office: Office) -> None:
    theirs, person = make_office("Their trust"), make_person("Ann", "Fell")
    kept = make_need("Theirs", by=worker(theirs.agency), agency=theirs.agency)
    Need.objects.filter(pk=kept.pk).update(person=person)
    made = make_rights_request(office, kind="erasure", person=person, taken=False)
    page = f"/rights/{made.pk}/"
    assert "Pass it on" not in window(office.first).get(page).content.decode()
    with pytest.raises(Refused, match="who asks"):
        pass_on(by=office.first, request=made)
    made = rights_requests.take(by=office.first, request=made)
    RightsRequest.objects.filter(pk=made.pk).update(regime="dpa-3")
    assert "Pass it on" in window(office.first).get(page).content.decode()
    assert pass_on(by=office.first, request=made) == 1
    assert "Pass it on" not in window(office.first).get(page).content.decode()
    # Nothing of whoever passed it on, nor of what they are, stands in what the others get.
    theirs_now = RightsRequest.objects.get(agency=theirs.agency)
    (entry,) = LedgerEntry.objects.filter(object_id=theirs_now.pk)
    assert (theirs_now.regime, entry.actor_label, entry.actor_user) == ("uk-gdpr", "hub", None)


def test_an_agencys_part_takes_nothing_of_others_and_tells_nothing_of_whom_they_show(
    office: Office,
) -> None:
    theirs, person = make_office("Their trust"), make_person("Ann", "Fell")
    for number, log in (("01632960111", office.agency), ("01632960222", theirs.agency)):
        make_caller(person, number=number, agency=log, of_case=office.agency)
    Case.objects.update(closed_on=clock.today(), outcome="done")
    kept = make_need("Theirs", by=worker(theirs.agency), agency=theirs.agency)
    Need.objects.filter(pk=kept.pk).update(person=person)
    mine, repeats, own = make_referral(), make_referral(), make_referral()
    Referral.objects.filter(pk=mine.pk).update(
        agency=office.agency, person=person, state="rejected", reject_reason="not-offered"
    )
    repeated = {"state": "duplicate", "duplicate_of": mine.pk, "person": person}
    Referral.objects.filter(pk=repeats.pk).update(agency=theirs.agency, **repeated)
    Referral.objects.filter(pk=own.pk).update(agency=office.agency, **repeated)
    shown_by = {
        agency: make_agreement(agency, make_agency(name))
        for agency, name in ((office.agency, "Ours were shown"), (theirs.agency, "Theirs were"))
    }
    for one in shown_by.values():
        cited = f"identity@{one.reference}/{one.number}/1"
        disclose(by=office.first, people={person.pk: [cited]}, purpose="casework", page="need")
    gone = erase(by=office.first, request=approved(office, person))
    assert gone.told == ["Ours were shown"]
    # The number in their own log is theirs, and leads to no case any more.
    left = Caller.objects.get()
    assert (left.number, left.case) == ("01632960222", None)
    other = Referral.objects.get(pk=repeats.pk)
    assert (other.state, other.person, other.answers.exists()) == ("duplicate", person, True)
    husk = Referral.objects.get(pk=mine.pk)
    assert (husk.person, husk.answers.exists(), husk.reference == mine.reference) == (
        None, False, False,
    )  # fmt: skip
    assert not Referral.objects.filter(pk=own.pk).exists()
    # Nor does the schedule of the empty one take what points at it.
    long_ago = clock.now() - timedelta(days=20 * 366)
    given = {"received_at": long_ago, "started_at": long_ago, "triaged_at": None}
    Referral.objects.filter(pk=mine.pk).update(**given)
    assert disposals.dispose_of_referrals(by=Actor.hub()) == 0
    Referral.objects.filter(pk=repeats.pk).update(person=None)
    assert disposals.dispose_of_referrals(by=Actor.hub()) == 1
