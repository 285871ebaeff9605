"""Records for tests, reached only by legal actions: the hub could have made every one of them."""

from tests.factories.agencies import make_agency
from tests.factories.agreements import make_agreement
from tests.factories.catalogue import make_credential_type, make_language, make_skill
from tests.factories.credentials import make_credential
from tests.factories.needs import make_need, make_ready_need
from tests.factories.people import make_person
from tests.factories.places import DISTRICT, OTHER_DISTRICT, make_place, make_postcode
from tests.factories.referrals import make_answered, make_draft, make_referral
from tests.factories.risk import approve_risk, write_risk
from tests.factories.schemes import make_scheme
from tests.factories.users import actor_of, coordinator, make_user
from tests.factories.volunteers import make_volunteer

__all__ = [
    "DISTRICT",
    "OTHER_DISTRICT",
    "actor_of",
    "approve_risk",
    "coordinator",
    "make_agency",
    "make_agreement",
    "make_answered",
    "make_credential",
    "make_credential_type",
    "make_draft",
    "make_language",
    "make_need",
    "make_person",
    "make_place",
    "make_postcode",
    "make_ready_need",
    "make_referral",
    "make_scheme",
    "make_skill",
    "make_user",
    "make_volunteer",
    "write_risk",
]
