"""Agreements as the policy sees them, and the records that stand behind them.

One agency's record is shown to another's staff only by a clause of an agreement in force. Which
kinds of record stand behind that wall, and for what they are then used, is written here once:
``decide`` and the queries both read it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from stepdown.policy.categories import Category
from stepdown.policy.permissions import Kind, Permission


class Purpose(StrEnum):
    """What a record is shared for. A clause for one purpose opens nothing for another."""

    SUPPORT = "support"
    SAFEGUARDING = "safeguarding"
    PREVENTION = "prevention"


class People(StrEnum):
    """Whom a clause is about."""

    SUPPORTED = "supported"
    VOLUNTEERS = "volunteers"


class Pathway(StrEnum):
    """The courses of work that a clause may cover, besides the pathways that are files."""

    VOLUNTEER_SUPPORT = "volunteer-support"
    VOLUNTEERING = "volunteering"


@dataclass(frozen=True)
class Clause:
    """One clause of an agreement in force, from one agency to another.

    One whose lawful basis is consent (``needs_consent``) opens the records of those who gave it.
    ``citation`` names it wherever it lets something be seen: ``ISA-7K3M-9QXT/1/2``.
    """

    citation: str
    source: UUID
    target: UUID
    purpose: Purpose
    categories: frozenset[Category]
    people: frozenset[People]
    pathways: frozenset[str]
    needs_consent: bool = False


@dataclass(frozen=True)
class Wall:
    """What a clause must cover to open a kind of record, and which permissions stop at it.

    It must cover every category that is ``needed``; where none is named, any that the role reads.
    ``by_keeping``: the purpose, people and pathway are those for which each agency keeps its record
    of the person, whatever is said here. ``keepers`` is the fact that holds the agencies that stand
    inside. Where it is ``shut`` no clause opens it.
    """

    purpose: Purpose
    people: People
    pathway: str
    permissions: frozenset[Permission]
    needed: frozenset[Category] = frozenset()
    by_keeping: bool = False
    keepers: str = "agency"
    shut: bool = False


def _support(*permissions: Permission, needed: Iterable[Category] = ()) -> Wall:
    """The wall of referrals for volunteer support, and of all that follows from one."""
    return Wall(
        Purpose.SUPPORT,
        People.SUPPORTED,
        Pathway.VOLUNTEER_SUPPORT,
        frozenset(permissions),
        frozenset(needed),
    )


# A need is what is asked, and where: whoever finds somebody for it goes by both.
_NEED = (Category.SUPPORT, Category.LOCATION)


def _of_people(*permissions: Permission) -> Wall:
    """The wall of somebody's record: who they are is shown before anything else of them is."""
    return replace(_support(*permissions, needed=(Category.IDENTITY,)), by_keeping=True)


# What somebody's own record holds, and those who keep one read.
OF_PERSON = frozenset({Category.IDENTITY, Category.CONTACT, Category.LOCATION})

# What a volunteer does with their own offers, placements and hours stops at no wall.
WALLS: Mapping[Kind, Wall] = MappingProxyType(
    {
        Kind.PERSON: _of_people(Permission.PERSON_VIEW, Permission.PERSON_CHANGE),
        # That somebody volunteers makes them known; what they said as somebody supported, and whom
        # they are kept from, is for those who keep a record of them.
        Kind.CONSENT: replace(
            _of_people(Permission.CONSENT_VIEW, Permission.CONSENT_RECORD), keepers="keeper"
        ),
        Kind.EXCLUSION: replace(
            _of_people(Permission.EXCLUSION_VIEW, Permission.EXCLUSION_RECORD), keepers="keeper"
        ),
        # To be shown a record is not to say how long it is kept.
        Kind.RETENTION: replace(
            _support(
                Permission.RETENTION_VIEW,
                Permission.RETENTION_REVIEW,
                Permission.RETENTION_AGREE,
                Permission.RETENTION_HOLD,
            ),
            keepers="keeper",
            shut=True,
        ),
        Kind.REFERRAL: _support(
            Permission.REFERRAL_VIEW,
            Permission.REFERRAL_TRIAGE,
            Permission.REFERRAL_WITHDRAW,
        ),
        Kind.NEED: _support(
            Permission.NEED_VIEW,
            Permission.NEED_ADD,
            Permission.NEED_CHANGE,
            Permission.NEED_CLOSE,
            needed=_NEED,
        ),
        # Hazards are what somebody may suffer or do: nothing less than safeguarding opens them.
        Kind.RISK: _support(
            Permission.RISK_VIEW,
            Permission.RISK_WRITE,
            Permission.RISK_APPROVE,
            needed={*_NEED, Category.SAFEGUARDING},
        ),
        Kind.OFFER: _support(Permission.OFFER_VIEW, Permission.OFFER_SEND, needed=_NEED),
        Kind.PLACEMENT: _support(
            Permission.PLACEMENT_VIEW, Permission.PLACEMENT_CHANGE, needed=_NEED
        ),
        Kind.HOURS: _support(
            Permission.HOURS_VIEW, Permission.HOURS_LOG, Permission.HOURS_CONFIRM, needed=_NEED
        ),
    }
)


def wall_of(permission: Permission) -> Wall | None:
    """The wall that a permission stops at, if any."""
    wall = WALLS.get(permission.kind)
    return wall if wall is not None and permission in wall.permissions else None
