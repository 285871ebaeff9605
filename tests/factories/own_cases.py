"""Cases in which a volunteer is placed, who has an account."""

from datetime import timedelta

from stepdown.casework.models import Case, CaseNeed, CaseStage
from stepdown.hub.models import Agency, User
from stepdown.kernel import clock
from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Placement
from tests.factories.cases import make_case, name_all, now
from tests.factories.needs import make_ready_need
from tests.factories.offers import make_placement
from tests.factories.places import DISTRICT
from tests.factories.users import make_user
from tests.factories.volunteers import make_volunteer

RJ = "restorative-justice"
CHECKS = ("dbs-enhanced", "facilitator", "safeguarding-adults")


def make_prepared(by: Actor, district: str = DISTRICT) -> Case:
    """A restorative-justice case whose people are being prepared."""
    case = make_case(RJ, by=by, district=district)
    name_all(case, by=by, consent=False)
    Case.objects.filter(pk=case.pk).update(stage="preparation", stage_since=clock.today())
    CaseStage.objects.create(case=case, stage="preparation", entered_on=clock.today())
    return now(case)


def place_facilitator(case: Case, agency: Agency | None = None) -> tuple[User, Placement]:
    """Somebody with an account who is placed in the case as a facilitator."""
    user = make_user(RoleKey.VOLUNTEER, agency=agency)
    need = make_ready_need()
    CaseNeed.objects.create(case=case, need=need, role="facilitator")
    volunteer = make_volunteer(credentials=CHECKS, valid_to=clock.today() + timedelta(days=365))
    placement = make_placement(need, volunteer)
    accounts.link_user(by=Actor.hub(), person=placement.volunteer.person, user=user)
    return user, placement
