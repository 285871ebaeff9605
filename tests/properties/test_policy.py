"""In random worlds, the judge of one record and the query of all records say the same.

``decide`` answers "may I?" about a record in hand, ``visible_to`` answers "which rows?", and a
plain judge that knows neither answers both. All three must agree on every record, for every
permission of its kind, for every actor.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdown.casework.queries import referral
from stepdown.kernel.errors import NotVisible
from stepdown.people.queries import person
from stepdown.people.queries.actor import actor_for_user, actor_for_visitor
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, scope_for
from stepdown.policy.pathways import reaches_of
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.predicates import holds
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.queries import (
    credential,
    exclusion,
    hours,
    need,
    offer,
    placement,
    risk,
    volunteer,
)
from tests.properties.policy_world import USERS, Truth, World, allowed

QUERIES: dict[Kind, Any] = {
    Kind.PERSON: person,
    Kind.VOLUNTEER: volunteer,
    Kind.CREDENTIAL: credential,
    Kind.EXCLUSION: exclusion,
    Kind.NEED: need,
    Kind.REFERRAL: referral,
    Kind.OFFER: offer,
    Kind.RISK: risk,
    Kind.PLACEMENT: placement,
    Kind.HOURS: hours,
}
SEEDS = st.integers(0, 2**32 - 1)
PERMISSIONS = [p for p in Permission if p.kind in QUERIES]


class _Undo(Exception):
    """Takes back an example's rows."""


def in_a_world(judge: Callable[[World], None], seed: int) -> None:
    """Judge a random world, and leave nothing of it behind."""
    try:
        with transaction.atomic():
            judge(World(seed))
            raise _Undo
    except _Undo:
        pass


def agree(world: World, actor: Actor, permission: Permission, expected: dict[Any, bool]) -> None:
    """The judge, the query and the truth must be one."""
    queries = QUERIES[permission.kind]
    rows = set(queries.visible_to(actor, permission).values_list("pk", flat=True))
    model = queries.visible_to(Actor.hub()).model
    for record in model.objects.all():
        facts = queries.facts(record)
        one = decide(actor, permission, facts).allowed
        assert one == (record.pk in rows), (permission, record.pk)
        assert one == expected[record.pk], (permission, record.pk)
        assert one == holds(scope_for(actor, permission), facts)


@pytest.mark.django_db
@settings(max_examples=16)
@given(SEEDS)
def test_judge_and_query_and_truth_agree_for_accounts(seed: int) -> None:
    def judge(world: World) -> None:
        for n in range(USERS):
            actor = actor_for_user(world.users[n])
            # Person n has account n; account 0 stands for nobody.
            own = n or None
            for permission in PERMISSIONS:
                expected = {
                    t.pk: allowed(world.held[n], n, own, permission, t, world.opened)
                    for t in world.of(permission.kind)
                }
                agree(world, actor, permission, expected)

    in_a_world(judge, seed)


@pytest.mark.django_db
@settings(max_examples=10)
@given(SEEDS)
def test_judge_and_query_and_truth_agree_for_visitors_and_the_hub(seed: int) -> None:
    def listed(role: RoleKey, permission: Permission) -> bool:
        return bool(reaches_of(role, permission))

    def own(truth: Truth, permission: Permission) -> bool:
        everybody = permission is Permission.REFERRAL_MAKE
        return everybody or (listed(RoleKey.VOLUNTEER_BY_LINK, permission) and truth.person == 1)

    def judge(world: World) -> None:
        for permission in PERMISSIONS:
            truths = world.of(permission.kind)
            public = {t.pk: listed(RoleKey.PUBLIC, permission) for t in truths}
            agree(world, actor_for_visitor(None), permission, public)
            linked = {t.pk: own(t, permission) for t in truths}
            agree(world, Actor.by_link(world.people[1].pk), permission, linked)
            hub = {t.pk: listed(RoleKey.HUB, permission) for t in truths}
            agree(world, Actor.hub(), permission, hub)

    in_a_world(judge, seed)


@pytest.mark.django_db
@settings(max_examples=10)
@given(SEEDS)
def test_record_in_hand_is_got_exactly_when_it_is_visible(seed: int) -> None:
    """``get`` raises for what is not visible, just as it does for an id that nobody has."""

    def judge(world: World) -> None:
        actor = actor_for_user(world.users[1])
        for kind in (Kind.PERSON, Kind.NEED, Kind.REFERRAL):
            view = Permission(f"{kind.value}.view")
            for truth in world.of(kind):
                try:
                    found = QUERIES[kind].get(by=actor, id=truth.pk)
                except NotVisible:
                    found = None
                assert (found is not None) == allowed(
                    world.held[1], 1, 1, view, truth, world.opened
                )

    in_a_world(judge, seed)
