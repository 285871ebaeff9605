"""A correction that was refused: what the person says is kept beside the record, and shown."""

import pytest

from stepdown.casework.actions import case_people
from stepdown.casework.queries.case import definition_of
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.models import DisclosedPerson, LedgerPayload, OutboxMessage
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.models import PersonStatement
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.policy.sharing import OF_PERSON
from stepdown.records.actions import rights_requests, rights_statements
from stepdown.records.actions.disposals import mark_of, replay
from stepdown.records.models import Disposal
from stepdown.records.queries.held import everything
from stepdown.records.web.rights_letter import paragraphs
from tests.factories import (
    actor_of,
    coordinator,
    make_agency,
    make_agreement,
    make_need,
    make_person,
    make_user,
)
from tests.factories.agreements import protection_officer
from tests.factories.cases import make_case
from tests.factories.rights import Office, make_office, make_rights_request
from tests.integration.records.test_restrictions import window

SAID = "I was never asked about the dog."
ASIDE = "They never wrote back to me."


def test_what_a_person_says_of_a_refused_correction_stands_with_their_record() -> None:
    office, council, person = make_office(), make_agency("B council"), make_person("Ivy", "Kay")
    held = make_agreement(office.agency, council)
    officer, by = protection_officer(council), coordinator()
    cited = f"identity@{held.reference}/{held.number}/1"
    disclose(by=by, people={person.pk: [cited]}, purpose="casework", page="referral")
    made = make_rights_request(office, kind="rectification", person=person)
    given = {"category": "support", "about": "The note of 3 March", "words": SAID}
    with pytest.raises(Refused):
        rights_statements.keep(by=office.first, request=made, **given)
    made = rights_requests.refuse(
        by=office.first, request=made, refusal="not-applicable", outcome="The note is right."
    )
    assert any("in your own words" in one for one in paragraphs(made))
    with pytest.raises(NotVisible):
        rights_statements.keep(by=make_office("C trust").first, request=made, **given)
    with pytest.raises(InvalidInput) as wrong:
        rights_statements.keep(
            by=office.first, request=made, category="shielded-location", about="", words=""
        )
    assert set(wrong.value.errors) == {"category", "about", "words"}

    # Through the pages of whoever handles it.
    officers = window(office.first)
    page = f"/rights/{made.pk}/"
    assert "Keep their statement" in officers.get(page).content.decode()
    assert officers.post(f"{page}keep-statement/", given).status_code == 302
    assert SAID in officers.get(page).content.decode()
    seen_by = DisclosedPerson.objects.filter(disclosure__actor_user=office.first.user)
    looks = seen_by.order_by("-disclosure").values_list("categories", flat=True)
    assert looks[0] == "identity,support"
    told = OutboxMessage.objects.filter(template="rights-recipient", about_id=made.pk)
    assert set(told.values_list("to_user", flat=True)) == {officer.user}
    assert SAID not in str(list(LedgerPayload.objects.values()))

    # Beside the record, for those who read that category of it, and written down as shown.
    reader = window(by)
    for address in (f"/people/{person.pk}/", f"/people/{person.pk}/timeline/"):
        assert SAID in reader.get(address).content.decode()
    shown = DisclosedPerson.objects.filter(person_id=person.pk, disclosure__actor_user=by.user)
    assert "support" in shown.order_by("-disclosure").values_list("categories", flat=True)[0]
    case = make_case(by=by)
    role = definition_of(case).people[0].key
    case_people.name_person(by=by, case=case, role=role, person=person)
    assert SAID in reader.get(f"/cases/{case.pk}/").content.decode()
    rights_statements.keep(by=office.first, request=made, **(given | {"category": "health"}))
    readable = reader.get(f"/people/{person.pk}/").context["record"].readable
    seen = SAID in reader.get(f"/people/{person.pk}/").content.decode()
    assert seen is (Category.HEALTH in readable)

    # It is theirs: in their copy; and gone when they take it back, or their record goes.
    copy = make_rights_request(office, person=person)
    assert ("health", SAID) in {(one.category, one.text) for one in everything(copy)}
    rights_statements.remove(by=office.first, request=made)
    assert SAID not in reader.get(f"/people/{person.pk}/").content.decode()
    with pytest.raises(Refused):
        rights_statements.remove(by=office.first, request=made)
    rights_statements.keep(by=office.first, request=made, **given)
    assert replay(by=Actor.hub(), marks=[mark_of(person.pk)]) == 1
    assert Disposal.objects.get().counts["people.PersonStatement"] == 1
    assert not PersonStatement.objects.exists()


def test_what_stands_beside_one_agencys_record_is_not_shown_beside_anothers() -> None:
    office, council = make_office("A trust"), make_agency("B council")
    tom = actor_of(make_user(RoleKey.COORDINATOR, agency=office.agency))
    carol = actor_of(make_user(RoleKey.COORDINATOR, agency=council))
    person = make_person("Ivy", "Kay", by=tom)
    need = make_need(by=tom, agency=office.agency, person=person)
    make_agreement(office.agency, council, categories=OF_PERSON)
    case = make_case("early-help", by=carol)
    case_people.name_person(by=carol, case=case, role="parent", person=person)
    made = make_rights_request(office, kind="rectification", person=person)
    made = rights_requests.refuse(
        by=office.first, request=made, refusal="not-applicable", outcome="The note is right."
    )
    given = {"category": "health", "about": "The note of 3 March", "words": SAID}
    rights_statements.keep(by=office.first, request=made, **given)
    pages = (f"/people/{person.pk}/", f"/cases/{case.pk}/")
    needs = (f"/needs/{need.pk}/", f"/needs/{need.pk}/risk/")
    for page in (pages[0], *needs):
        assert SAID in window(tom).get(page).content.decode()
        looked = DisclosedPerson.objects.filter(
            person_id=person.pk, disclosure__actor_user=tom.user
        )
        assert "health" in looked.order_by("-disclosure").values_list("categories", flat=True)[0]
    every = (*pages, *needs)
    assert not any(SAID in window(carol).get(page).content.decode() for page in every)
    other = Office(council, protection_officer(council), protection_officer(council))
    theirs = make_rights_request(other, person=person)
    assert SAID not in {one.text for one in everything(theirs)}
    assert SAID in {one.text for one in everything(make_rights_request(office, person=person))}
    # What was said to an agency that keeps nothing of them is for that agency alone.
    third = make_office("D trust")
    asked = make_rights_request(third, kind="rectification", person=person)
    asked = rights_requests.refuse(
        by=third.first, request=asked, refusal="not-held", outcome="We keep no record."
    )
    kept = rights_statements.keep(by=third.first, request=asked, **(given | {"words": ASIDE}))
    assert kept.agency_id == third.agency.pk
    assert ASIDE not in window(tom).get(pages[0]).content.decode()
    assert ASIDE not in window(carol).get(pages[1]).content.decode()
    make_agreement(office.agency, council)  # health among all the rest
    assert all(SAID in window(carol).get(page).content.decode() for page in every)
