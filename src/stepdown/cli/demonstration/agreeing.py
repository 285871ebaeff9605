"""What the agencies of the story agreed on: who may see whose referrals, and which data of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from stepdown.hub.actions import acceptances, memberships, users
from stepdown.hub.queries.walls import may_share_protected
from stepdown.kernel import clock
from stepdown.people.actions import consents
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements
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
    """One agreement in force, on which the story rests, and one that waits for the council."""
    if not may_share_protected():
        acceptances.accept(by=Actor.hub(), name="Ada Rook", words=ACCEPTED)
    parties = [ground.agencies[key] for key in ("council", "police", "nhs")]
    council, police, nhs = parties
    flows = [(nhs, council), (nhs, police), (council, police), (police, council)]
    held = _drafted(ground, "Referrals for volunteer support", parties, flows)
    for agency in parties:
        agreements.sign(by=_signs(ground, agency), agreement=held, agency=agency)
    consents.word(by=ground.actors["protection"], purpose="support", text=EXPLAINED)
    charity = ground.agencies["charity"]
    more = [charity, council]
    waiting = _drafted(ground, "Referrals from good neighbours", more, [(charity, council)])
    agreements.sign(by=_signs(ground, charity), agreement=waiting, agency=charity)


def _drafted(
    ground: Ground, title: str, parties: list[Agency], flows: list[tuple[Agency, Agency]]
) -> Agreement:
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
    for source, target in flows:
        asked = referral_clause(str(source.pk), str(target.pk))
        asked = replace(asked, pathways=(*asked.pathways, "community-step-down", "early-help"))
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
