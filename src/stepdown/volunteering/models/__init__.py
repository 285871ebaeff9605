from stepdown.volunteering.models.catalogue import Language, Skill
from stepdown.volunteering.models.credential import Credential, CredentialType
from stepdown.volunteering.models.exclusion import Exclusion
from stepdown.volunteering.models.hold import Hold
from stepdown.volunteering.models.hours import HoursEntry
from stepdown.volunteering.models.need import Need, NeedLocation, NeedShieldedLocation
from stepdown.volunteering.models.offer import Offer
from stepdown.volunteering.models.placement import Placement
from stepdown.volunteering.models.plan import Plan, PlanGap, PlanPair
from stepdown.volunteering.models.plan_run import PlanRun
from stepdown.volunteering.models.risk import RiskAssessment
from stepdown.volunteering.models.scheme import RequirementSet, Scheme
from stepdown.volunteering.models.volunteer import Volunteer

__all__ = [
    "Credential",
    "CredentialType",
    "Exclusion",
    "Hold",
    "HoursEntry",
    "Language",
    "Need",
    "NeedLocation",
    "NeedShieldedLocation",
    "Offer",
    "Placement",
    "Plan",
    "PlanGap",
    "PlanPair",
    "PlanRun",
    "RequirementSet",
    "RiskAssessment",
    "Scheme",
    "Skill",
    "Volunteer",
]
