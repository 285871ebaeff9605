"""Who has looked at a record: told to the person, and to whoever may see it, and written down."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.models import Disclosure
from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from tests.factories import actor_of, make_user, make_volunteer
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def words(answer: Any) -> str:
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return " ".join(text[text.find("<main") :].split())


@pytest.fixture
def own(client: Client) -> Any:
    """A volunteer, signed in, whom a coordinator has looked at."""
    volunteer = make_volunteer()
    user = make_user(RoleKey.VOLUNTEER)
    accounts.link_user(by=Actor.hub(), person=volunteer.person, user=user)
    client.force_login(user)
    return volunteer.person


def test_volunteer_is_told_who_looked_what_for_and_at_what(client: Client, own: Any) -> None:
    staff = make_user(RoleKey.COORDINATOR)
    shown = {own.pk: {Category.IDENTITY, Category.CONTACT}}
    disclose(by=actor_of(staff), people=shown, purpose="casework", page="person")
    page = words(client.get(reverse("my-looks")))
    assert "Coordinator, " in page
    assert staff.memberships.get().agency.name in page
    assert "To look after people and needs" in page
    assert "contacts, name" in page
    # The subject learns which role and agency, not the name of a member of staff.
    assert staff.display_name not in page


def test_own_look_is_written_down_and_shown_too(client: Client, own: Any) -> None:
    page = words(client.get(reverse("my-looks")))
    assert "You" in page
    assert "To see their own record" in page
    look = Disclosure.objects.get()
    assert (look.page, look.purpose) == ("my-looks", "own-record")
    assert look.digest is not None


def test_others_looks_at_others_are_not_shown(client: Client, own: Any) -> None:
    other = make_person()
    staff = actor_of(make_user(RoleKey.COORDINATOR))
    disclose(by=staff, people=[other.pk], purpose="matching", page="need")
    assert "To match volunteers to needs" not in words(client.get(reverse("my-looks")))


def test_whoever_may_see_the_record_is_told_names(client: Client) -> None:
    person, reader = make_person(), make_user(RoleKey.COORDINATOR)
    officer = make_user(RoleKey.OUTREACH_OFFICER, display_name="Officer Bell")
    disclose(by=actor_of(officer), people=[person.pk], purpose="casework", page="person")
    client.force_login(reader)
    address = reverse("person-looks", args=[person.pk])
    page = words(client.get(address))
    assert "Officer Bell" in page
    assert "Outreach officer" in page
    assert Disclosure.objects.filter(page="person-looks", people__person_id=person.pk).exists()
    assert address in client.get(reverse("person", args=[person.pk])).content.decode()


def test_long_list_is_read_page_by_page(
    client: Client, own: Any, django_assert_max_num_queries: Any
) -> None:
    staff = actor_of(make_user(RoleKey.COORDINATOR))
    for _ in range(60):
        disclose(by=staff, people=[own.pk], purpose="casework", page="person")
    client.get(reverse("my-looks"))
    with django_assert_max_num_queries(25):
        page = client.get(reverse("my-looks"))
    assert page.content.decode().count('scope="row"') == 25
    seen, address = 0, reverse("my-looks")
    while address:
        html = client.get(address).content.decode()
        seen += html.count('scope="row"')
        after = html.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = reverse("my-looks") + after if 'rel="next"' in html else ""
    assert seen >= 62


@pytest.mark.parametrize("role", [RoleKey.REFERRER, RoleKey.ADMINISTRATOR])
def test_others_do_not_open_it(client: Client, role: RoleKey) -> None:
    person = make_person()
    client.force_login(make_user(role))
    assert client.get(reverse("person-looks", args=[person.pk])).status_code == 403


def test_volunteer_opens_nobody_else_s(client: Client, own: Any) -> None:
    assert client.get(reverse("person-looks", args=[make_person().pk])).status_code in {403, 404}
