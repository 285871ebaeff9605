"""The judge: default no, reasons in plain words, invisible apart from forbidden."""

from itertools import product
from uuid import uuid4

import pytest

from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.actors import Actor, Grant
from stepdown.policy.categories import Category
from stepdown.policy.decide import categories_for, decide, may_ever, require, scope_for, visible
from stepdown.policy.facts import FACTS
from stepdown.policy.pathways import reaches_of
from stepdown.policy.permissions import Kind, Permission, view_of
from stepdown.policy.predicates import Never
from stepdown.policy.roles import ROLES, Reach, RoleKey

HERE, THERE = "E07000121", "E07000128"


def actor(role: RoleKey, *districts: str, agency: bool = True) -> Actor:
    """Somebody with an account who holds one role."""
    grant = Grant(role, uuid4() if agency else None, frozenset(districts))
    return Actor(grants=(grant,), user=uuid4(), person=uuid4())


@pytest.mark.parametrize("permission", list(Permission))
def test_nobody_without_a_role_may_do_anything(permission: Permission) -> None:
    nobody = Actor(grants=(), user=uuid4(), person=uuid4())
    facts = {"district": HERE, "person": nobody.person, "officer": nobody.user}
    assert not may_ever(nobody, permission)
    assert not decide(nobody, permission, facts).allowed
    assert not decide(nobody, permission).allowed


@pytest.mark.parametrize(("key", "permission"), list(product(RoleKey, Permission)))
def test_role_may_do_what_its_table_says_and_nothing_else(
    key: RoleKey, permission: Permission
) -> None:
    someone = actor(key, HERE)
    listed = bool(reaches_of(key, permission))
    assert may_ever(someone, permission) == listed
    if not listed:
        assert scope_for(someone, permission) == Never()
        assert not decide(someone, permission, {"district": HERE}).allowed


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_is_held_by_some_role(permission: Permission) -> None:
    assert any(reaches_of(key, permission) for key in ROLES)


def test_every_role_is_described() -> None:
    assert set(ROLES) == set(RoleKey)
    for key, role in ROLES.items():
        assert role.key is key
        assert role.name
        assert role.description.endswith(".")


@pytest.mark.parametrize("key", list(RoleKey))
def test_reach_of_a_role_is_a_fact_that_the_kind_brings(key: RoleKey) -> None:
    needs = {
        Reach.DISTRICTS: "district",
        Reach.AGENCY: "agency",
        Reach.STANDS_IN: "no_officer",
        Reach.CASELOAD: "officer",
        Reach.MADE: "made_by",
        Reach.OWN: "person",
    }
    for permission, reaches in ROLES[key].powers.items():
        for reach in reaches - {Reach.HUB}:
            if permission.kind in FACTS:
                assert needs[reach] in FACTS[permission.kind], (permission, reach)


@pytest.mark.parametrize("kind", list(FACTS))
def test_kind_that_brings_facts_can_be_seen_by_somebody(kind: Kind) -> None:
    assert view_of(kind) is not None


def test_whoever_may_change_a_record_may_see_it() -> None:
    """Else a verb would answer "forbidden" about a record that does not exist for its actor."""
    blind = {Permission.REFERRAL_MAKE, Permission.CREDENTIAL_RECORD}
    for role in ROLES.values():
        for permission in role.powers:
            view = view_of(permission.kind)
            if view and permission not in blind and role.key is not RoleKey.HUB:
                assert view in role.powers, (role.key, permission)


def test_membership_without_districts_reaches_all_of_them() -> None:
    everywhere = actor(RoleKey.COORDINATOR)
    assert decide(everywhere, Permission.PERSON_VIEW, {"district": HERE}).allowed
    assert decide(everywhere, Permission.PERSON_VIEW, {"district": None}).allowed


def test_membership_with_districts_reaches_no_other_and_no_record_without_one() -> None:
    here = actor(RoleKey.COORDINATOR, HERE)
    assert decide(here, Permission.PERSON_VIEW, {"district": HERE}).allowed
    assert not decide(here, Permission.PERSON_VIEW, {"district": THERE}).allowed
    assert not decide(here, Permission.PERSON_VIEW, {"district": None}).allowed
    assert not decide(here, Permission.PERSON_VIEW, {}).allowed


def test_two_memberships_reach_what_either_does() -> None:
    both = Actor(
        grants=(
            Grant(RoleKey.COORDINATOR, uuid4(), frozenset({HERE})),
            Grant(RoleKey.OUTREACH_OFFICER, uuid4(), frozenset({THERE})),
        ),
        user=uuid4(),
    )
    assert decide(both, Permission.PERSON_VIEW, {"district": THERE}).allowed
    assert decide(both, Permission.PERSON_CHANGE, {"district": HERE}).allowed
    # One role's permission does not travel to the other role's districts.
    assert not decide(both, Permission.PERSON_CHANGE, {"district": THERE}).allowed


def test_volunteer_reaches_their_own_record_only() -> None:
    volunteer = actor(RoleKey.VOLUNTEER)
    assert decide(volunteer, Permission.PERSON_VIEW, {"person": volunteer.person}).allowed
    assert not decide(volunteer, Permission.PERSON_VIEW, {"person": uuid4()}).allowed
    own_and_other = frozenset({uuid4(), volunteer.person})
    assert decide(volunteer, Permission.OFFER_VIEW, {"person": own_and_other}).allowed


def test_volunteer_without_a_person_record_reaches_nobody() -> None:
    account = Actor(grants=(Grant(RoleKey.VOLUNTEER),), user=uuid4())
    assert not may_ever(account, Permission.OFFER_VIEW)
    assert not decide(account, Permission.PERSON_VIEW, {"person": None}).allowed


def test_link_opens_offers_and_hours_and_not_the_passport() -> None:
    linked = Actor.by_link(uuid4())
    own = {"person": linked.person}
    assert decide(linked, Permission.OFFER_ANSWER, own).allowed
    assert decide(linked, Permission.HOURS_LOG, own).allowed
    assert not decide(linked, Permission.CREDENTIAL_VIEW, own).allowed
    assert not decide(linked, Permission.PERSON_VIEW, own).allowed


def test_referrer_follows_the_referrals_they_made() -> None:
    referrer = actor(RoleKey.REFERRER)
    mine, other = {"made_by": referrer.user}, {"made_by": uuid4()}
    assert decide(referrer, Permission.REFERRAL_VIEW, mine).allowed
    assert not decide(referrer, Permission.REFERRAL_VIEW, other).allowed
    assert not decide(referrer, Permission.REFERRAL_TRIAGE, mine).allowed


def test_administrator_sees_no_casework() -> None:
    administrator = actor(RoleKey.ADMINISTRATOR)
    for permission in Permission:
        # Access tokens are about accounts, which are the administrator's.
        if (
            permission.kind in FACTS
            and permission.kind is not Kind.TOKEN
            and (permission is not Permission.REFERRAL_MAKE)
        ):
            assert not may_ever(administrator, permission), permission
    assert not ROLES[RoleKey.ADMINISTRATOR].categories


def test_public_may_make_a_referral_and_open_public_pages() -> None:
    allowed = {p for p in Permission if may_ever(Actor.public(), p)}
    assert allowed == {Permission.PAGE_PUBLIC, Permission.REFERRAL_MAKE}


def test_officer_changes_the_needs_of_their_caseload_and_sees_those_of_their_districts() -> None:
    officer = actor(RoleKey.OUTREACH_OFFICER, HERE)
    own = officer.grants[0].agency
    mine = {"district": THERE, "agency": own, "officer": officer.user}
    near = {"district": HERE, "agency": own, "officer": uuid4()}
    assert decide(officer, Permission.NEED_CHANGE, mine).allowed
    assert decide(officer, Permission.NEED_VIEW, mine).allowed
    assert decide(officer, Permission.NEED_VIEW, near).allowed
    assert not decide(officer, Permission.NEED_CHANGE, near).allowed


def test_officer_writes_a_risk_assessment_and_a_coordinator_approves_it() -> None:
    officer = actor(RoleKey.OUTREACH_OFFICER, HERE)
    mine = {"district": HERE, "officer": officer.user}
    assert decide(officer, Permission.RISK_WRITE, mine).allowed
    assert not decide(officer, Permission.RISK_APPROVE, mine).allowed
    assert decide(actor(RoleKey.COORDINATOR, HERE), Permission.RISK_APPROVE, mine).allowed


def test_what_cannot_be_seen_does_not_exist() -> None:
    here = actor(RoleKey.COORDINATOR, HERE)
    with pytest.raises(NotVisible):
        require(here, Permission.NEED_CHANGE, {"district": THERE})
    with pytest.raises(NotVisible):
        require(here, Permission.NEED_VIEW, {"district": THERE})
    with pytest.raises(NotVisible):
        require(Actor.public(), Permission.NEED_VIEW, {"district": HERE})


def test_what_can_be_seen_and_not_done_is_refused_with_a_reason() -> None:
    officer = actor(RoleKey.OUTREACH_OFFICER, HERE)
    near = {"district": HERE, "officer": uuid4()}
    assert visible(officer, Permission.NEED_CHANGE, near)
    with pytest.raises(Refused) as refused:
        require(officer, Permission.NEED_CHANGE, near)
    assert refused.value.reason == "You can do this only for needs that you look after."
    both = Actor((*officer.grants, *actor(RoleKey.COORDINATOR, THERE).grants), officer.user)
    with pytest.raises(Refused) as refused:
        require(both, Permission.NEED_CHANGE, near)
    assert refused.value.reason == "Your role includes this, but not for this record."
    with pytest.raises(Refused) as refused:
        require(officer, Permission.PERSON_CHANGE, {"district": HERE})
    assert refused.value.reason == "Your role does not include this."


def test_permission_without_a_record_is_refused_and_never_hidden() -> None:
    with pytest.raises(Refused):
        require(Actor.public(), Permission.PLAN_RUN)
    require(Actor.hub(), Permission.PLAN_RUN)


def test_what_everybody_may_see_is_refused_and_not_hidden() -> None:
    with pytest.raises(Refused):
        require(actor(RoleKey.COORDINATOR), Permission.SCHEME_CHANGE, {"id": uuid4()})


def test_categories_are_those_of_the_roles_that_show_the_record() -> None:
    person, user = uuid4(), uuid4()
    both = Actor(
        grants=(
            Grant(RoleKey.COORDINATOR, uuid4(), frozenset({HERE})),
            Grant(RoleKey.VOLUNTEER, uuid4()),
        ),
        user=user,
        person=person,
    )
    own_elsewhere = {"district": THERE, "person": person}
    other_here = {"district": HERE, "person": uuid4()}
    assert Category.EQUALITY in categories_for(both, Permission.PERSON_VIEW, own_elsewhere)
    assert Category.HEALTH not in categories_for(both, Permission.PERSON_VIEW, own_elsewhere)
    assert Category.HEALTH in categories_for(both, Permission.PERSON_VIEW, other_here)
    assert Category.EQUALITY not in categories_for(both, Permission.PERSON_VIEW, other_here)
    hidden = {"district": THERE, "person": uuid4()}
    assert categories_for(both, Permission.PERSON_VIEW, hidden) == frozenset()


def test_shielded_locations_are_for_no_role_of_a_person() -> None:
    for role in ROLES.values():
        if role.key is not RoleKey.HUB:
            assert Category.SHIELDED_LOCATION not in role.categories


def test_actor_is_the_same_whatever_it_is_called() -> None:
    grants, user = (Grant(RoleKey.REFERRER),), uuid4()
    assert Actor(grants, user=user, label="a") == Actor(grants, user=user, label="b")
    assert Actor(grants, user=user).signed_in
    assert not Actor.by_link(uuid4()).signed_in
