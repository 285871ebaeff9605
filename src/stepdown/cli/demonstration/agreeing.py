"""What the agencies of the story agreed on: who may see whose referrals, and which data of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from stepdown.casework.queries.definitions import library
from stepdown.hub.actions import acceptances, memberships, users
from stepdown.hub.queries.walls import may_share_protected
from stepdown.kernel import clock
from stepdown.people.actions import consents
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.policy.sharing import Purpose
from stepdown.sharing.actions import agreements
from stepdown.sharing.actions.clauses import Asked
from stepdown.sharing.web.template import referral_clause

if TYPE_CHECKING:
    from stepdown.cli.demonstration.ground import Ground
    from stepdown.hub.models import Agency
    from stepdown.sharing.models import Agreement

EXPLAINED = (
    "We would like to tell the coordinators of the partnership what you need, so that they can "
    "find a volunteer. Only they see it. You may say no, and change your mind at any time: then "
    "they no longer see it."
)
WORKED_ON = (
    "We would like to tell the agencies that work together on this what happened and how to reach "
    "you. Only they see it. You may say no, and change your mind at any time."
)
ASSESSED = {
    "description": "Referrals for volunteer support are shown to the coordinators and outreach "
    "officers who find volunteers, for that alone.",
    "necessity": "Without name, place and need nobody can be matched. Nothing else is shared.",
    "risks": "Somebody could be found by a person they fear; health details could be misused.",
    "measures": "Shielded addresses are never shown. Every look is written down and reviewed.",
}
ACCEPTED = (
    "Every person in this hub is made up. It may keep them behind one wall, in SQLite, so that it "
    "can be shown on any machine."
)
# Who signs for the parties that have no persona for it: they set a password before they sign in.
SIGNATORIES = {
    "police": ("Cora Crake", "signs.police@demo.example"),
    "nhs": ("Neil Nuthatch", "signs.nhs@demo.example"),
    "charity": ("Cyril Clover", "signs.charity@demo.example"),
}


def agree(ground: Ground) -> None:
    """Two agreements in force, on which the story rests, and one that waits for the council."""
    if not may_share_protected():
        acceptances.accept(by=Actor.hub(), name="Ada Rook", words=ACCEPTED)
    parties = [ground.agencies[key] for key in ("council", "police", "nhs")]
    council, police, nhs = parties
    flows = [(nhs, council), (nhs, police), (council, police), (police, council)]
    asked = [_with_pathways(referral_clause(str(one.pk), str(two.pk))) for one, two in flows]
    cases = [
        _with_pathways(referral_clause(str(one.pk), str(two.pk)), purpose)
        for one, two in ((nhs, council), (nhs, police), (council, police))
        for purpose in (Purpose.SUPPORT, Purpose.PREVENTION, Purpose.SAFEGUARDING)
    ]
    for title, clauses in (
        ("Referrals for volunteer support", asked),
        ("Working together on cases", cases),
    ):
        held = _drafted(ground, title, parties, clauses)
        for agency in parties:
            agreements.sign(by=_signs(ground, agency), agreement=held, agency=agency)
    for purpose, words in (("support", EXPLAINED), ("prevention", WORKED_ON)):
        consents.word(by=ground.actors["protection"], purpose=purpose, text=words)
    charity = ground.agencies["charity"]
    more = [charity, council]
    asked = [_with_pathways(referral_clause(str(charity.pk), str(council.pk)))]
    waiting = _drafted(ground, "Referrals from good neighbours", more, asked)
    agreements.sign(by=_signs(ground, charity), agreement=waiting, agency=charity)


def _with_pathways(clause: Asked, purpose: Purpose | None = None) -> Asked:
    """For volunteer support and two pathways beside it; with a purpose, for every pathway that
    serves it and all that those ask, the offence among it."""
    if purpose is None:
        return replace(clause, pathways=(*clause.pathways, "community-step-down", "early-help"))
    keys = tuple(one.key for one in library().latest() if one.purpose == purpose)
    categories = (*clause.categories, Category.OFFENCE.value)
    return replace(clause, purpose=purpose.value, pathways=keys, categories=categories)


def _drafted(ground: Ground, title: str, parties: list[Agency], clauses: list[Asked]) -> Agreement:
    """Drafted by the council's data-protection officer, and sent for signature."""
    by, today = ground.actors["protection"], clock.today()
    held = agreements.draft(
        by=by,
        title=title,
        agencies=parties,
        starts=today,
        ends=today + timedelta(days=730),
        review_on=today + timedelta(days=365),
    )
    for asked in clauses:
        agreements.add_clause(by=by, agreement=held, asked=asked)
    agreements.assess(by=by, agreement=held, answers=ASSESSED)
    return agreements.issue(by=by, agreement=held)


def _signs(ground: Ground, agency: Agency) -> Actor:
    """Somebody who signs for an agency."""
    key = next(key for key, one in ground.agencies.items() if one.pk == agency.pk)
    if key == "council":
        return ground.actors["signatory"]
    if f"signs.{key}" not in ground.users:
        name, email = SIGNATORIES[key]
        user = users.add(by=Actor.hub(), email=email, display_name=name, demonstration=True)
        memberships.grant(by=Actor.hub(), user=user, agency=agency, role=RoleKey.SIGNATORY)
        ground.users[f"signs.{key}"] = user
    return actor_for_user(ground.users[f"signs.{key}"])
