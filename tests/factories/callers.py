"""Numbers in call logs, which led to the case of somebody."""

from datetime import timedelta

from stepdown.casework.actions.case_people import name_person
from stepdown.casework.models import Caller, CallerDay, CallerRank, CallLog
from stepdown.hub.models import Agency
from stepdown.kernel import clock
from stepdown.people.models import Person
from tests.factories.agencies import make_agency
from tests.factories.cases import make_case
from tests.factories.users import actor_of, make_user


def make_caller(
    person: Person, *, number: str, agency: Agency | None = None, of_case: Agency | None = None
) -> Caller:
    """A number in an agency's log that ranked first and rang yesterday, and has somebody's case: of
    that agency, or of another (``of_case``)."""
    agency, today = agency or make_agency(), clock.today()
    by = actor_of(make_user(agency=of_case or agency))
    case = make_case("vulnerable-callers", by=by)
    name_person(by=by, case=case, role="caller", person=person)
    caller = Caller.objects.create(
        agency=agency, number=number, state=Caller.State.REFERRED, case=case, found_on=today
    )
    log = CallLog.objects.create(
        agency=agency, since=today - timedelta(days=30), until=today, rows=1, counted=1, numbers=1,
        read_at=clock.now(),
    )  # fmt: skip
    CallerRank.objects.create(log=log, caller=caller, place=1, calls=1)
    CallerDay.objects.create(caller=caller, day=today - timedelta(days=1), calls=1)
    return caller
