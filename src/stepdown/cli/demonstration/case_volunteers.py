"""Volunteers for the cases of the story: asked for, found, asked, and placed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from stepdown.casework.actions import case_people
from stepdown.casework.queries.case import definition_of
from stepdown.casework.queries.case_page import named_people
from stepdown.cli.demonstration import joining
from stepdown.cli.demonstration.ground import HUB
from stepdown.cli.demonstration.helps import HAZARDS
from stepdown.cli.demonstration.personas import FACILITATOR, PASSWORD
from stepdown.hub.actions import memberships, users
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import offers, risk_assessments
from stepdown.volunteering.queries import volunteer as profiles
from stepdown.volunteering.queries.shortlist import shortlist

if TYPE_CHECKING:
    from stepdown.casework.models import Case
    from stepdown.cli.demonstration.ground import Ground
    from stepdown.volunteering.models import Need


def find_volunteers(ground: Ground, case: Case, title: str, *, goes_on: bool = False) -> bool:
    """By a need like any other. Whether as many were found as the team must have. In a small
    partnership nobody near may be able to do it: then somebody joins who is. Of those who do their
    steps themselves, one can sign in where the case goes on."""
    by = ground.actors["coordinator"]
    role = next(one for one in definition_of(case).team if one.pool != "staff")
    row = case.people.get(pk=named_people(by, case)[0].id)
    need = case_people.raise_need(
        by=by,
        case=case,
        role=role.key,
        person=row.person,
        title=title,
        band=3,
        postcode=ground.chance.choice(ground.postcodes[str(case.district_id)]),
    )
    first = _who_signs_in(ground, role.scheme, case) if goes_on and role.sees else None
    placed = place_volunteers(by, ground.actors["approver"], need, role.count, first)
    for _ in range(role.count - placed):
        joining.join_for(ground, role.scheme, str(case.district_id))
        placed += _best(by, need, role.count - placed)
    return placed == role.count


def _who_signs_in(ground: Ground, scheme: str, case: Case) -> UUID | None:
    """The volunteer whose account is printed, once: she joins when she is first needed."""
    if FACILITATOR.key in ground.users:
        return None
    user = users.add(
        by=HUB,
        email=FACILITATOR.email,
        display_name=FACILITATOR.name,
        password=PASSWORD,
        demonstration=True,
    )
    agency = ground.agencies[FACILITATOR.agency]
    memberships.grant(by=HUB, user=user, agency=agency, role=FACILITATOR.role)
    ground.users[FACILITATOR.key] = user
    person = joining.join_for(
        ground, scheme, str(case.district_id), name=FACILITATOR.name, agency=FACILITATOR.agency
    )
    accounts.link_user(by=HUB, person=person, user=user)
    return profiles.visible_to(ground.actors["coordinator"]).get(person=person).pk


def place_volunteers(
    by: Actor, approver: Actor, need: Need, count: int, first: UUID | None = None
) -> int:
    """The risk is assessed, the best are asked and say yes, somebody named before them. How many
    were placed."""
    draft = risk_assessments.write(
        by=by,
        need=need,
        hazards=HAZARDS[:2],
        lone_working=count == 1,
        review_on=clock.today() + timedelta(days=180),
    )
    sent = risk_assessments.submit(by=by, assessment=draft)
    risk_assessments.approve(by=approver, assessment=sent)
    placed = _asked(by, need, first) if first else 0
    return placed + _best(by, need, count - placed)


def _best(by: Actor, need: Need, count: int) -> int:
    placed = 0
    for found in shortlist(by, need, size=count + 3):
        if placed < count and not found.failures:
            placed += _asked(by, need, found.volunteer_id)
    return placed


def _asked(by: Actor, need: Need, volunteer_id: UUID) -> int:
    volunteer = profiles.visible_to(by).get(pk=volunteer_id)
    try:
        offer = offers.send(by=by, need=need, volunteer=volunteer)
        offers.accept(by=Actor.by_link(volunteer.person_id), offer=offer)
    except (InvalidInput, Refused):
        return 0
    return 1
