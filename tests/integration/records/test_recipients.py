"""Agencies that were shown a record hear that it was corrected, or must not be used."""

from dataclasses import replace

from django.test import Client

from stepdown.casework.actions import referrals
from stepdown.casework.actions.case_people import name_person
from stepdown.casework.queries.referral import line_of
from stepdown.casework.queries.referral import looks_at as referral_looks
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.models import DisclosedPerson, OutboxMessage, User
from stepdown.hub.queries.looks import looks_at
from stepdown.people.queries.looked_at import ids_of
from stepdown.policy.categories import Category
from stepdown.records.actions import rights_answers
from stepdown.records.queries.recipients import agencies_shown
from tests.factories import (
    coordinator,
    make_agency,
    make_agreement,
    make_person,
    make_referral,
    make_scheme,
    make_user,
)
from tests.factories.agreements import protection_officer
from tests.factories.cases import make_case
from tests.factories.rights import make_office, make_rights_request


def test_whoever_was_shown_a_record_hears_of_a_correction_and_the_page_says_so() -> None:
    office, council = make_office(), make_agency("B council")
    held = make_agreement(office.agency, council)
    # By a clause on somebody else's record: that is theirs to tell, and nobody's here to know.
    third = make_agency("C charity")
    theirs = make_agreement(make_agency("A hospital", "nhs"), third)
    protection_officer(third)
    officer = protection_officer(council)
    shown, other = make_person(), make_person()
    cited = f"identity@{held.reference}/{held.number}/1"
    named = [cited, f"identity@{theirs.reference}/{theirs.number}/1"]
    for one in named:
        disclose(by=coordinator(), people={shown.pk: [one]}, purpose="casework", page="referral")
    for kind, person in (
        ("rectification", shown), ("restriction", shown), ("objection", shown),
        ("rectification", other),
    ):  # fmt: skip
        made = make_rights_request(office, kind=kind, person=person)
        rights_answers.submit(by=office.first, request=made, outcome="Done.")
        rights_answers.approve(by=office.second, request=made)
        rights_answers.answer(by=office.first, request=made)
        told = OutboxMessage.objects.filter(template="rights-recipient", about_id=made.pk)
        expected = {officer.user} if person == shown and kind != "objection" else set()
        assert set(told.values_list("to_user", flat=True)) == expected
        client = Client()
        assert office.first.user is not None
        client.force_login(User.objects.get(pk=office.first.user))
        page = client.get(f"/rights/{made.pk}/").content.decode()
        assert ("Told: B council." in page) is bool(expected)
        assert "C charity" not in page


def test_looks_before_it_was_known_whose_it_is_are_looks_at_the_person(client: Client) -> None:
    make_scheme()
    council = make_agency("B council")
    held = make_agreement(make_agency("Hub council"), council)
    cited = f"{held.reference}/{held.number}/1"
    referral = make_referral()
    user = make_user("coordinator", agency=make_agency("Hub council"))
    client.force_login(user)
    listed = "/referrals/"
    client.get(listed)
    disclose(by=coordinator(), people={referral.pk: [f"contact@{cited}"]}, purpose="referral",
             page="referral")  # fmt: skip
    need = referrals.make_need(
        by=coordinator(), referral=referral, title="Shopping", scheme="community-support"
    )
    person = need.person
    assert person is not None
    client.get(f"{listed}?state=became-need")
    case = make_case("early-help")
    disclose(by=coordinator(), people=[case.pk], purpose="case", page="case")
    before = len(looks_at(ids_of(person.pk)).items)
    name_person(by=coordinator(), case=case, role="parent", person=person)
    found = looks_at(ids_of(person.pk)).items
    assert len(found) == before + 1
    assert [one.user for one in found].count(user.pk) == 2
    assert agencies_shown(person.pk) == ["B council"]
    assert [one.clauses for one in found if one.clauses] == [[cited]]
    assert DisclosedPerson.objects.filter(person_id=person.pk, disclosure__page="referrals")


def test_two_referrals_of_one_person_that_are_shown_in_two_ways_both_stand_in_the_log() -> None:
    by, person = coordinator(), make_person()
    first, again, third = (make_referral() for _ in range(3))
    lines = [
        replace(line_of(by, one), person=person.pk, clause=clause)
        for one, clause in ((first, ""), (again, "A/1/1"), (third, ""))
    ]
    shown = {person.pk: {Category.IDENTITY: ""}, again.pk: {Category.IDENTITY: "A/1/1"}}
    assert referral_looks(lines) == shown
