"""Partners, accounts, and the roles accounts hold."""

from datetime import timedelta

import pytest

from stepdown.hub.actions import agencies, memberships, users
from stepdown.hub.models import LedgerPayload, Membership, User
from stepdown.hub.queries import user as queries
from stepdown.hub.queries.actor import grants_of
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from tests.factories import (
    DISTRICT,
    actor_of,
    coordinator,
    make_agency,
    make_place,
    make_user,
)

HUB = Actor.hub()


def test_an_account_is_made_with_its_email_in_small_letters_and_out_of_the_ledger() -> None:
    user = users.add(by=HUB, email="Ann@Example.ORG", display_name="Ann")
    assert user.email == "ann@example.org"
    assert not user.has_usable_password()
    assert not LedgerPayload.objects.filter(body__icontains="example").exists()


def test_an_email_address_has_one_account_whatever_its_case() -> None:
    users.add(by=HUB, email="ann@example.org", display_name="Ann")
    with pytest.raises(InvalidInput) as caught:
        users.add(by=HUB, email="ANN@example.org", display_name="Ann")
    assert set(caught.value.errors) == {"email"}


def test_a_weak_password_is_refused_but_for_a_demonstration() -> None:
    with pytest.raises(InvalidInput) as caught:
        users.add(by=HUB, email="a@example.org", display_name="A", password="password")
    assert set(caught.value.errors) == {"password"}
    made = users.add(
        by=HUB, email="a@example.org", display_name="A", password="demo", demonstration=True
    )
    assert made.check_password("demo")


def test_nobody_but_those_who_keep_accounts_adds_accounts_partners_or_roles() -> None:
    by, user = coordinator(), make_user(None)
    with pytest.raises(Refused):
        users.add(by=by, email="b@example.org", display_name="B")
    with pytest.raises(Refused):
        agencies.add(by=by, name="B", kind="council")
    with pytest.raises(Refused):
        memberships.grant(by=by, user=user, agency=make_agency(), role=RoleKey.ADMINISTRATOR)
    assert grants_of(user) == ()


def test_a_role_holds_to_the_end_of_its_last_day() -> None:
    user, today = make_user(None), clock.today()
    memberships.grant(
        by=HUB, user=user, agency=make_agency(), role=RoleKey.COORDINATOR, starts=today, ends=today
    )
    assert may_ever(actor_of(user), Permission.NEED_VIEW)
    for days in (-1, 1):
        with clock.at(clock.now() + timedelta(days=days)):
            assert not may_ever(actor_of(user), Permission.NEED_VIEW)


def test_a_role_that_ends_is_gone_at_once_and_can_be_given_again() -> None:
    user, agency = make_user(None), make_agency()
    held = memberships.grant(
        by=HUB, user=user, agency=agency, role="coordinator", districts=[make_place()]
    )
    [grant] = grants_of(user)
    assert (grant.role, grant.districts) == (RoleKey.COORDINATOR, frozenset({DISTRICT}))
    memberships.end(by=HUB, membership=held)
    assert grants_of(user) == ()
    with pytest.raises(Refused, match="already ended"):
        memberships.end(by=HUB, membership=held)
    memberships.grant(by=HUB, user=user, agency=agency, role="coordinator")
    [grant] = grants_of(user)
    assert grant.districts == frozenset()
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("role", ["hub", "public", "volunteer-by-link", "emperor", ""])
def test_roles_that_come_by_themselves_are_not_given(role: str) -> None:
    with pytest.raises(InvalidInput):
        memberships.grant(by=HUB, user=make_user(None), agency=make_agency(), role=role)


def test_administrators_do_not_end_their_own_role() -> None:
    account = make_user(RoleKey.ADMINISTRATOR)
    own = Membership.objects.get(user=account)
    with pytest.raises(Refused, match="Another administrator"):
        memberships.end(by=actor_of(account), membership=own)


def test_a_partner_is_there_once() -> None:
    agencies.add(by=HUB, name="Fire service", kind="fire")
    with pytest.raises(InvalidInput):
        agencies.add(by=HUB, name="FIRE SERVICE", kind="fire")
    with pytest.raises(InvalidInput):
        agencies.add(by=HUB, name="Ghosts", kind="spectral")


def test_needs_are_looked_after_by_active_coordinators_and_officers() -> None:
    make_user(RoleKey.COORDINATOR, display_name="Cora")
    make_user(RoleKey.OUTREACH_OFFICER, display_name="Olu")
    make_user(RoleKey.REFERRER, display_name="Rae")
    gone = make_user(RoleKey.COORDINATOR, display_name="Gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert [officer.name for officer in queries.officers()] == ["Cora", "Olu"]
    assert not queries.may_hold_needs(User.objects.get(pk=gone.pk))
