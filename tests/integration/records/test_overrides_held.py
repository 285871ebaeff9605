"""What was written when a record was opened in an emergency is its person's data too."""

from django.test import Client

from stepdown.people.actions import accounts
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.records.actions.disposals import mark_of, replay
from stepdown.records.models import Disposal
from stepdown.records.queries.held import everything
from stepdown.records.queries.rights_copy import reviewed
from stepdown.sharing.actions import overrides
from stepdown.sharing.models import Override
from stepdown.volunteering.models import Need
from tests.factories import make_user, make_volunteer
from tests.factories.needs import make_need
from tests.factories.places import OTHER_DISTRICT, make_place
from tests.factories.rights import make_office, make_rights_request
from tests.factories.users import actor_of
from tests.integration.records.test_restrictions import window

SAID = "Her brother Tom rang: she has not come home."


def test_the_words_of_an_emergency_are_in_the_copy_and_its_looks_are_shown_to_the_person() -> None:
    office, theirs, stranger = make_office("A trust"), make_office("B council"), make_office("C")
    make_place(OTHER_DISTRICT)
    by = actor_of(make_user(RoleKey.COORDINATOR, agency=office.agency))
    person = make_volunteer().person
    need = make_need(by=by, agency=office.agency)
    Need.objects.filter(pk=need.pk).update(person=person)
    other = make_need("Nobody’s", by=by, agency=office.agency)
    carol = make_user(RoleKey.COORDINATOR, districts=[OTHER_DISTRICT], agency=theirs.agency)
    for one in (need, other):
        asked = {"reference": one.reference, "reason": "missing", "words": SAID}
        overrides.open_record(by=actor_for_user(carol), **asked)
    assert window(actor_for_user(carol)).get(f"/needs/{need.pk}/").status_code == 200

    # Both agencies hold it, once; a third does not. Names of others in it wait for a handler.
    for each, times in ((office, 1), (theirs, 1), (stranger, 0)):
        made = make_rights_request(each, person=person)
        assert [one.text for one in everything(made)].count(SAID) == times
        held = [one for one in reviewed(made) if one.item.text == SAID]
        assert all(one.open for one in held)

    # The person sees that somebody looked in an emergency, and no name.
    user = make_user(RoleKey.VOLUNTEER)
    accounts.link_user(by=Actor.hub(), person=person, user=user)
    client = Client()
    client.force_login(user)
    page = client.get("/my/looks/").content.decode()
    assert "opened in an emergency, E-" in page
    assert carol.display_name not in page

    # It goes with the record.
    assert replay(by=Actor.hub(), marks=[mark_of(person.pk)]) == 1
    assert Disposal.objects.get().counts["sharing.Override"] == 1
    assert Override.objects.get().record_id == other.pk
