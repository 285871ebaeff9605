"""What is taken away is gone at the next request of every session, link and feed that is open."""

from datetime import timedelta

import pytest
from django.test import Client

from stepdown.hub.actions import links, memberships
from stepdown.hub.models import AccessLink, Membership, User
from stepdown.kernel import clock
from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements
from tests.factories import actor_of, make_agency, make_agreement, make_referral, make_user
from tests.factories.volunteers import make_volunteer
from tests.support.accounts import PASSWORD, account

pytestmark = pytest.mark.django_db
HUB = Actor.hub()


def opened(user: User, page: str = "/needs/") -> Client:
    """A session of the account in which the page has just been open."""
    client = Client()
    client.force_login(user)
    assert client.get(page).status_code == 200
    return client


def test_a_new_password_ends_every_other_session() -> None:
    user = account(RoleKey.COORDINATOR)
    others, own = [opened(user), opened(user)], opened(user)
    own.post("/account/reauthenticate/", {"password": PASSWORD})
    new = "another long phrase 18"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert own.post("/account/password/change/", form).status_code == 302
    assert [one.get("/needs/").status_code for one in others] == [302, 302]
    assert own.get("/needs/").status_code == 200


def test_a_role_that_ended_opens_nothing_more() -> None:
    user = account(RoleKey.COORDINATOR)
    client = opened(user)
    memberships.end(by=HUB, membership=Membership.objects.get(user=user))
    assert client.get("/needs/").status_code == 403


def test_a_role_ends_with_its_last_day() -> None:
    user = account(RoleKey.COORDINATOR)
    Membership.objects.filter(user=user).update(ends=clock.today())
    with clock.at(clock.now() + timedelta(days=1)):
        client = Client()
        client.force_login(user)
        assert client.get("/needs/").status_code == 403


def test_a_closed_account_loses_its_session() -> None:
    user = account(RoleKey.COORDINATOR)
    client = opened(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/needs/").status_code == 302


def test_a_revoked_link_closes_the_sessions_that_came_by_it() -> None:
    person = make_volunteer().person
    secret = links.make(by=HUB, person_id=person.pk, purpose="volunteer")
    client = Client()
    client.post(f"/v/{secret}/")
    assert client.get("/my/offers/").status_code == 200
    links.revoke(by=HUB, person_id=person.pk, purpose="volunteer")
    assert client.get("/my/offers/").status_code == 302
    assert client.post(f"/v/{secret}/").status_code == 404


def test_a_revoked_feed_is_empty_handed() -> None:
    person = make_volunteer().person
    secret = links.make(by=HUB, person_id=person.pk, purpose=AccessLink.Purpose.CALENDAR)
    assert Client().get(f"/calendar/{secret}.ics").status_code == 200
    links.revoke(by=HUB, person_id=person.pk, purpose=AccessLink.Purpose.CALENDAR)
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


def test_an_account_no_longer_tied_to_a_person_is_not_them() -> None:
    user = account(RoleKey.VOLUNTEER)
    person = make_volunteer().person
    accounts.link_user(by=HUB, person=person, user=user)
    client = opened(user, "/my/passport/")
    type(person).objects.filter(pk=person.pk).update(user=None)
    assert client.get("/my/passport/").status_code in {403, 404}


def test_a_withdrawn_agreement_shuts_the_record_in_an_open_session() -> None:
    council, trust = make_agency("B council"), make_agency("A trust", "nhs")
    shared = [Category.IDENTITY, Category.SUPPORT]
    agreement = make_agreement(trust, council, categories=shared)
    referral = make_referral(actor_of(make_user(RoleKey.REFERRER, agency=trust)))
    client = opened(make_user(RoleKey.COORDINATOR, agency=council), "/referrals/")
    page = f"/referrals/{referral.pk}/"
    assert client.get(page).status_code == 200
    signatory = actor_of(make_user(RoleKey.SIGNATORY, agency=council))
    agreements.withdraw(by=signatory, agreement=agreement, agency=council, reason="It is over.")
    assert client.get(page).status_code == 404
    assert referral.reference.encode() not in client.get("/referrals/").content
