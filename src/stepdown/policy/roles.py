"""Roles as described data: what each may do, and how far."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from stepdown.policy.categories import Category as C  # noqa: N817  read in every line of the table
from stepdown.policy.permissions import Permission as P  # noqa: N817


class Reach(StrEnum):
    """How far a permission goes: which records it is about."""

    HUB = "hub"  # every record
    DISTRICTS = "districts"  # records in the districts of the membership; all, if it names none
    AGENCY = "agency"  # records of the membership's agency
    CASELOAD = "caseload"  # records whose officer is the actor
    STANDS_IN = "stands-in"  # records of the agency that no data-protection officer answers for
    MADE = "made"  # records the actor made
    OWN = "own"  # records about the actor's own person


class RoleKey(StrEnum):
    """The roles that a membership may give, and the three that need none."""

    COORDINATOR = "coordinator"
    OUTREACH_OFFICER = "outreach-officer"
    REFERRER = "referrer"
    ADMINISTRATOR = "administrator"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    SIGNATORY = "signatory"
    VOLUNTEER = "volunteer"
    VOLUNTEER_BY_LINK = "volunteer-by-link"
    PUBLIC = "public"
    HUB = "hub"


@dataclass(frozen=True)
class Role:
    """A role: its name, what it is for, its permissions with their reach, the data it may read."""

    key: RoleKey
    name: str
    description: str
    powers: Mapping[P, frozenset[Reach]]
    categories: frozenset[C]


def _role(
    key: RoleKey,
    name: str,
    description: str,
    powers: Mapping[Reach, tuple[P, ...]],
    categories: frozenset[C],
) -> Role:
    found: dict[P, set[Reach]] = {}
    for reach, permissions in powers.items():
        for permission in permissions:
            found.setdefault(permission, set()).add(reach)
    frozen = {p: frozenset(r) for p, r in found.items()}
    return Role(key, name, description, MappingProxyType(frozen), categories)


_EVERYBODY = (P.PAGE_PUBLIC, P.REFERRAL_MAKE)
_SIGNED_IN = (*_EVERYBODY, P.PAGE_SIGNED_IN)
_ORDINARY = frozenset({C.IDENTITY, C.CONTACT, C.LOCATION, C.SUPPORT})
_CASEWORK = _ORDINARY | {C.HEALTH, C.SAFEGUARDING}

_OWN_TOKENS = (P.TOKEN_VIEW, P.TOKEN_MAKE, P.TOKEN_REVOKE)

_OWN_VOLUNTEERING = (
    P.OFFER_VIEW,
    P.OFFER_ANSWER,
    P.PLACEMENT_VIEW,
    P.PLACEMENT_STEP_BACK,
    P.HOURS_VIEW,
    P.HOURS_LOG,
)
_SEES_MATCHING = (
    P.PERSON_VIEW,
    P.VOLUNTEER_VIEW,
    P.CREDENTIAL_VIEW,
    P.EXCLUSION_VIEW,
    P.REFERRAL_VIEW,
    P.NEED_VIEW,
    P.RISK_VIEW,
    P.OFFER_VIEW,
    P.PLACEMENT_VIEW,
    P.HOURS_VIEW,
    P.LEDGER_VIEW,
    P.CONSENT_VIEW,
    P.CONSENT_RECORD,
)
_DOES_MATCHING = (
    P.PERSON_ADD,
    P.PERSON_CHANGE,
    P.VOLUNTEER_ADD,
    P.VOLUNTEER_CHANGE,
    P.EXCLUSION_RECORD,
    P.REFERRAL_TRIAGE,
    P.REFERRAL_WITHDRAW,
    P.NEED_ADD,
    P.NEED_CHANGE,
    P.NEED_CLOSE,
    P.RISK_WRITE,
    P.OFFER_SEND,
    P.PLACEMENT_CHANGE,
    P.HOURS_LOG,
    P.HOURS_CONFIRM,
)

ROLES: Mapping[RoleKey, Role] = MappingProxyType(
    {
        role.key: role
        for role in (
            _role(
                RoleKey.COORDINATOR,
                "Coordinator",
                "Takes in referrals, plans, sends offers and keeps records for their districts.",
                {
                    Reach.HUB: (
                        *_SIGNED_IN,
                        P.PAGE_TODAY,
                        P.PLACE_VIEW,
                        P.PLAN_VIEW,
                        P.PLAN_RUN,
                        P.OVERRIDE_OPEN,
                        P.RATE_VIEW,
                        P.RATE_ENTER,
                        P.EVIDENCE_VIEW,
                        P.EVIDENCE_CHECK,
                    ),
                    Reach.DISTRICTS: (
                        *_SEES_MATCHING,
                        *_DOES_MATCHING,
                        P.CREDENTIAL_RECORD,
                        P.RISK_APPROVE,
                        P.MESSAGE_VIEW,
                        P.RETENTION_VIEW,
                        P.RETENTION_REVIEW,
                    ),
                    Reach.AGENCY: (
                        P.EVIDENCE_KEEP,
                        P.CALLER_VIEW,
                        P.CALLER_DECIDE,
                        P.MEETING_VIEW,
                        P.MEETING_PLAN,
                        P.MEETING_HOLD,
                    ),
                    Reach.STANDS_IN: (P.OVERRIDE_VIEW, P.OVERRIDE_REVIEW),
                    Reach.MADE: (
                        *_OWN_TOKENS,
                        P.OVERRIDE_VIEW,
                        P.MEETING_VIEW,
                        P.MEETING_HOLD,
                    ),
                    Reach.CASELOAD: (P.MEETING_VIEW,),
                },
                _CASEWORK,
            ),
            _role(
                RoleKey.OUTREACH_OFFICER,
                "Outreach officer",
                "Holds a caseload: sees their districts, and looks after the needs given to them.",
                {
                    Reach.HUB: (
                        *_SIGNED_IN,
                        P.PAGE_TODAY,
                        P.PLACE_VIEW,
                        P.PLAN_VIEW,
                        P.OVERRIDE_OPEN,
                        P.RATE_VIEW,
                        P.EVIDENCE_VIEW,
                    ),
                    Reach.DISTRICTS: _SEES_MATCHING,
                    Reach.MADE: (
                        *_OWN_TOKENS,
                        P.OVERRIDE_VIEW,
                        P.MEETING_VIEW,
                        P.MEETING_HOLD,
                    ),
                    Reach.CASELOAD: (
                        P.MEETING_VIEW,
                        P.NEED_VIEW,
                        P.NEED_CHANGE,
                        P.NEED_CLOSE,
                        P.RISK_VIEW,
                        P.RISK_WRITE,
                        P.OFFER_VIEW,
                        P.OFFER_SEND,
                        P.PLACEMENT_VIEW,
                        P.PLACEMENT_CHANGE,
                        P.HOURS_VIEW,
                        P.HOURS_LOG,
                        P.HOURS_CONFIRM,
                        P.EXCLUSION_RECORD,
                    ),
                },
                _CASEWORK,
            ),
            _role(
                RoleKey.REFERRER,
                "Referrer",
                "Makes referrals for their agency and follows those they made.",
                {
                    Reach.HUB: _SIGNED_IN,
                    Reach.MADE: (*_OWN_TOKENS, P.REFERRAL_VIEW, P.REFERRAL_WITHDRAW),
                },
                _CASEWORK,
            ),
            _role(
                RoleKey.VOLUNTEER,
                "Volunteer",
                "Answers offers, keeps their own availability and hours, carries their passport.",
                {
                    Reach.HUB: _SIGNED_IN,
                    Reach.OWN: (
                        *_OWN_VOLUNTEERING,
                        P.PERSON_VIEW,
                        P.VOLUNTEER_VIEW,
                        P.VOLUNTEER_CHANGE,
                        P.CREDENTIAL_VIEW,
                        P.RIGHTS_VIEW,
                        P.RIGHTS_ASK,
                    ),
                },
                frozenset({C.IDENTITY, C.CONTACT, C.LOCATION, C.SUPPORT, C.EQUALITY}),
            ),
            _role(
                RoleKey.VOLUNTEER_BY_LINK,
                "Volunteer by link",
                "A volunteer who came by the link in a message: own offers, placements, hours.",
                {Reach.HUB: _EVERYBODY, Reach.OWN: _OWN_VOLUNTEERING},
                frozenset({C.IDENTITY, C.SUPPORT}),
            ),
            _role(
                RoleKey.ADMINISTRATOR,
                "Administrator",
                "Keeps the hub running: accounts, places, schemes, messages. Sees no casework.",
                {
                    Reach.HUB: (
                        *_SIGNED_IN,
                        P.PLACE_VIEW,
                        P.PLACE_LOAD,
                        P.SCHEME_CHANGE,
                        P.USER_VIEW,
                        P.USER_CHANGE,
                        P.MESSAGE_VIEW,
                        P.TOKEN_VIEW,
                        P.TOKEN_REVOKE,
                    ),
                    Reach.MADE: (P.TOKEN_MAKE,),
                },
                frozenset(),
            ),
            _role(
                RoleKey.DATA_PROTECTION_OFFICER,
                "Data-protection officer",
                "Sees all sharing agreements and gaps, drafts their agency’s, words consent.",
                {
                    Reach.HUB: (
                        *_SIGNED_IN,
                        P.PAGE_TODAY,
                        P.AGREEMENT_VIEW,
                        P.CONSENT_VIEW,
                        P.CONSENT_WORD,
                        P.RETENTION_VIEW,
                        P.RETENTION_REVIEW,
                        P.RETENTION_AGREE,
                        P.RETENTION_HOLD,
                        P.RETENTION_RULE,
                    ),
                    Reach.AGENCY: (
                        P.AGREEMENT_DRAFT,
                        P.OVERRIDE_VIEW,
                        P.OVERRIDE_REVIEW,
                        P.RIGHTS_VIEW,
                        P.RIGHTS_HANDLE,
                        P.RIGHTS_APPROVE,
                    ),
                    Reach.MADE: _OWN_TOKENS,
                },
                frozenset(),
            ),
            _role(
                RoleKey.SIGNATORY,
                "Signatory",
                "Signs sharing agreements for their agency, and withdraws it from them.",
                {
                    Reach.HUB: _SIGNED_IN,
                    Reach.AGENCY: (P.AGREEMENT_VIEW, P.AGREEMENT_SIGN, P.AGREEMENT_WITHDRAW),
                    Reach.MADE: _OWN_TOKENS,
                },
                frozenset(),
            ),
            _role(
                RoleKey.PUBLIC,
                "Public",
                "Anybody, without an account: may make a referral.",
                {Reach.HUB: _EVERYBODY},
                frozenset(),
            ),
            _role(
                RoleKey.HUB,
                "The hub itself",
                "Jobs on the clock: plans, lapses, sealing, messages.",
                {
                    Reach.HUB: (
                        P.PLAN_VIEW,
                        P.PLAN_RUN,
                        P.PERSON_VIEW,
                        P.VOLUNTEER_VIEW,
                        P.NEED_VIEW,
                        P.OFFER_VIEW,
                        P.OFFER_LAPSE,
                        P.PLACEMENT_VIEW,
                        P.PLACEMENT_CHANGE,
                        P.REFERRAL_WITHDRAW,
                        P.MESSAGE_SEND,
                        P.LEDGER_SEAL,
                        P.RIGHTS_COPY,
                        P.RETENTION_AGREE,
                        P.CALLER_KEEP,
                        P.MEETING_VIEW,
                        P.MEETING_FORGET,
                        P.PLACE_VIEW,
                        P.PLACE_LOAD,
                        P.SCHEME_CHANGE,
                        P.USER_CHANGE,
                    ),
                },
                frozenset(C),
            ),
        )
    }
)
