"""Requests about people's data, at different points of the law's clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from stepdown.cli.demonstration.personas import DEPUTY, PASSWORD
from stepdown.hub.actions import memberships, users
from stepdown.kernel import clock
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.records.actions import rights_requests, rights_statements
from stepdown.volunteering.queries.need import visible_to

if TYPE_CHECKING:
    from stepdown.cli.demonstration.ground import Ground
    from stepdown.people.models import Person


def ask(ground: Ground) -> None:
    """One overdue, one that waits for an answer, one new from somebody signed in; two people who
    are helped now, of whom one objects and one was refused a correction; and somebody who approves
    what the first officer takes out."""
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
    helped = visible_to(ground.actors["coordinator"]).filter(
        agency=council, person__isnull=False, person__agency=council, state="open"
    )
    people = list({one.person_id: one.person for one in helped.order_by("-pk")[:20]}.values())
    if len(people) > 1:  # a small hub may have nobody
        _objects(ground, people[0])
        _says(ground, people[1])
    with clock.at(ground.day(-1, hour=9)):
        _deputy(ground)


def _objects(ground: Ground, person: Person | None) -> None:
    """Use of their record is restricted while it is looked at."""
    by, council = ground.actors["protection"], ground.agencies["council"]
    with clock.at(ground.day(-4, hour=14)):
        made = rights_requests.receive(
            by=by,
            agency=council,
            kind="objection",
            channel="phone",
            received_on=clock.today(),
            person=person,
            asked_for="I do not want volunteers to be looked for until I have talked to my sister.",
        )
        rights_requests.take(by=by, request=made)


def _says(ground: Ground, person: Person | None) -> None:
    """A correction that was refused; what they say of it stands beside their record."""
    by, council = ground.actors["protection"], ground.agencies["council"]
    with clock.at(ground.day(-20, hour=14)):
        made = rights_requests.receive(
            by=by,
            agency=council,
            kind="rectification",
            channel="letter",
            received_on=clock.today(),
            person=person,
            asked_for="It says that I asked for a weekday. I never did.",
        )
        rights_requests.take(by=by, request=made)
    with clock.at(ground.day(-16, hour=14)):
        why = "The note says what was agreed on the telephone that day."
        made = rights_requests.refuse(by=by, request=made, refusal="not-applicable", outcome=why)
        rights_statements.keep(
            by=by,
            request=made,
            category="support",
            about="Which days suit me",
            words="Nobody asked me which days suit me. Weekends are better.",
        )


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
