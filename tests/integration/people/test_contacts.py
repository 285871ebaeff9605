"""Ways to reach people, and whether they are safe."""

import pytest

from stepdown.hub.actions import links
from stepdown.hub.models import LedgerPayload
from stepdown.hub.queries.link import link_behind
from stepdown.kernel.errors import InvalidInput, NotVisible
from stepdown.people.actions import contacts
from stepdown.people.models import Contact
from stepdown.people.queries import contact as queries
from stepdown.policy.actors import Actor
from tests.factories import DISTRICT, OTHER_DISTRICT, coordinator, make_person


def test_a_contact_is_added_and_its_value_stays_out_of_the_ledger() -> None:
    by = coordinator()
    person = make_person(by=by)
    contacts.add(by=by, person=person, kind="mobile", value="07700 900982")
    assert [one.value for one in queries.contacts_of(by, person)] == ["07700 900982"]
    assert not LedgerPayload.objects.filter(body__contains="900982").exists()


def test_a_new_preferred_contact_takes_the_place_of_the_one_before() -> None:
    by = coordinator()
    person = make_person(by=by, email="old@example.org")
    contacts.add(by=by, person=person, kind="email", value="new@example.org", preferred=True)
    preferred = Contact.objects.filter(person=person, preferred=True)
    assert [one.value for one in preferred] == ["new@example.org"]
    assert queries.safe_email(person.pk) == "new@example.org"


def test_an_address_that_is_not_safe_is_never_written_to() -> None:
    by = coordinator()
    person = make_person(by=by)
    unsafe = contacts.add(
        by=by, person=person, kind="email", value="shared@example.org", safe=False
    )
    assert queries.safe_email(person.pk) is None
    contacts.change(by=by, contact=unsafe, safe=True)
    assert queries.safe_email(person.pk) == "shared@example.org"


def test_an_unsafe_contact_cannot_be_the_preferred_one() -> None:
    by = coordinator()
    person = make_person(by=by, email="old@example.org")
    held = Contact.objects.get(person=person)
    with pytest.raises(InvalidInput, match="not safe"):
        contacts.change(by=by, contact=held, safe=False)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("email", "nobody"), ("email", ""), ("mobile", "call me"), ("phone", "123"), ("pigeon", "x")],
)
def test_what_is_no_contact_is_refused_without_repeating_it(kind: str, value: str) -> None:
    by = coordinator()
    with pytest.raises(InvalidInput) as caught:
        contacts.add(by=by, person=make_person(by=by), kind=kind, value=value)
    assert not value or value not in str(caught.value)


def test_the_same_contact_is_recorded_once() -> None:
    by = coordinator()
    person = make_person(by=by, email="one@example.org")
    with pytest.raises(InvalidInput, match="already"):
        contacts.add(by=by, person=person, kind="email", value="one@example.org")


def test_a_contact_is_removed() -> None:
    by = coordinator()
    person = make_person(by=by, email="one@example.org")
    contacts.remove(by=by, contact=Contact.objects.get(person=person))
    assert queries.contacts_of(by, person) == []


def test_contacts_of_a_person_elsewhere_do_not_exist() -> None:
    person = make_person(district=OTHER_DISTRICT, email="one@example.org")
    theirs = coordinator(DISTRICT)
    with pytest.raises(NotVisible):
        queries.contacts_of(theirs, person)
    with pytest.raises(NotVisible):
        contacts.remove(by=theirs, contact=Contact.objects.get(person=person))


def test_links_sent_to_an_email_address_end_when_it_is_no_longer_good() -> None:
    by, person = coordinator(), make_person(email="ada@example.org")
    contacts.add(by=by, person=person, kind="mobile", value="07700 900 982")

    def send() -> str:
        return links.make(by=Actor.hub(), person_id=person.pk, purpose="volunteer")

    def opens(secret: str, purpose: str = "volunteer") -> bool:
        return link_behind(secret=secret, purpose=purpose) is not None

    feed = links.make(by=Actor.hub(), person_id=person.pk, purpose="calendar")
    email = Contact.objects.get(person=person, kind="email")
    mobile = Contact.objects.get(person=person, kind="mobile")

    first = send()
    contacts.change(by=by, contact=email, safe_note="Evenings")
    contacts.change(by=by, contact=mobile, safe=False)
    assert opens(first)
    contacts.change(by=by, contact=email, safe=False, preferred=False)
    assert not opens(first)
    contacts.change(by=by, contact=email, safe=True)
    second = send()
    contacts.change(by=by, contact=email, value="ada@example.com")
    assert not opens(second)
    third = send()
    contacts.remove(by=by, contact=email)
    assert not opens(third)
    assert opens(feed, "calendar")
