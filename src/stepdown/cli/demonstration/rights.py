"""Requests about people's data, at different points of the law's clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from stepdown.cli.demonstration.personas import DEPUTY, PASSWORD
from stepdown.hub.actions import memberships, users
from stepdown.kernel import clock
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.records.actions import rights_requests

if TYPE_CHECKING:
    from stepdown.cli.demonstration.ground import Ground


def ask(ground: Ground) -> None:
    """One overdue, one that waits for an answer, one new from somebody signed in; and somebody who
    approves what the first officer takes out."""
    by, council = ground.actors["protection"], ground.agencies["council"]
    with clock.at(ground.day(-40, hour=11)):
        late = rights_requests.receive(
            by=by,
            agency=council,
            kind="rectification",
            channel="letter",
            received_on=clock.today() - timedelta(days=3),
            asked_for="My name is spelt wrong in your letters.",
        )
        rights_requests.take(by=by, request=late)
    with clock.at(ground.day(-12, hour=10)):
        asked = rights_requests.receive(
            by=by,
            agency=council,
            kind="access",
            channel="email",
            received_on=clock.today() - timedelta(days=1),
            asked_for="Please send me my file.",
        )
        rights_requests.take(by=by, request=asked)
    with clock.at(ground.day(-9, hour=10)):
        rights_requests.ask_question(
            by=by,
            request=asked,
            question="Do you want everything, or a part of it?",
        )
    with clock.at(ground.day(-2, hour=19)):
        rights_requests.ask(
            by=actor_for_user(ground.users["volunteer"]),
            agency=council,
            kind="access",
            asked_for="Everything since I joined.",
        )
    with clock.at(ground.day(-1, hour=9)):
        _deputy(ground)


def _deputy(ground: Ground) -> None:
    """Somebody who approves what the first officer takes out."""
    council = ground.agencies["council"]
    deputy = users.add(
        by=Actor.hub(),
        email=DEPUTY.email,
        display_name=DEPUTY.name,
        password=PASSWORD,
        demonstration=True,
    )
    memberships.grant(by=Actor.hub(), user=deputy, agency=council, role=DEPUTY.role)
    ground.actors[DEPUTY.key] = actor_for_user(deputy)
