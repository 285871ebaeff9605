"""Agencies that were shown a record hear that it was corrected, or must not be used."""

from django.test import Client

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.models import OutboxMessage, User
from stepdown.records.actions import rights_answers
from tests.factories import coordinator, make_agency, make_agreement, make_person
from tests.factories.agreements import protection_officer
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
