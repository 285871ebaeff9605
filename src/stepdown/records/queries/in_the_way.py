"""What about somebody is still in use, so that none of their records may go: said without names."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepdown.casework.models import Case, Referral
from stepdown.casework.models.referral import ReferralState
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.records.models import RightsPack, RightsRequest
from stepdown.records.queries.held_map import Words
from stepdown.records.queries.keepers import keepers
from stepdown.records.queries.retention import RIGHTS_OPEN, due_as_held, holds
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.models.volunteer import VolunteerState


@dataclass(frozen=True)
class InTheWay:
    """What must end first; until when their schedule keeps the records, where nothing is open and
    no other agency holds anything; whether only a part goes, because others keep records too."""

    held: bool
    open: tuple[Words, ...]
    schedule: str = ""
    kept_until: date | None = None
    elsewhere: bool = False


def in_the_way(request: RightsRequest) -> InTheWay:
    """What stands between a request for erasure and the erasure, the request itself aside. The
    caller may handle the request."""
    if request.person_id is None:
        return InTheWay(held=False, open=())
    person = request.person_id
    mine = Q(agency=request.agency_id) | Q(agency__isnull=True)
    line = due_as_held(person, besides=request.pk)
    with as_hub("what about one person is still in use"):
        found = Person.objects.select_related("user").get(pk=person)
        held = holds().filter(person=person).exists()
        still = list(_open(found, request, mine))
        elsewhere = kept_elsewhere(person, request.agency_id)
    if line is None or line.on <= clock.today() or elsewhere:
        return InTheWay(held, tuple(still), elsewhere=elsewhere)
    return InTheWay(held, tuple(still), line.schedule, line.on, elsewhere)


def kept_elsewhere(person: UUID, agency: UUID) -> bool:
    """Whether an agency other than this keeps something about somebody, open or not."""
    return bool(keepers(person, besides=agency))


def _open(person: Person, request: RightsRequest, mine: Q) -> list[Words]:
    """Each kind of thing that ``retention`` takes for open, in words, as far as it is ``mine``: of
    what others have open it is said only that they keep something."""
    of = {"person": person}
    volunteers = Volunteer.objects.filter(mine, **of)
    packs = RightsPack.objects.filter(request__person=person, request__agency=request.agency_id)
    packs = packs.exclude(state=RightsPack.State.GONE)
    others = RightsRequest.objects.filter(mine, **of, state__in=RIGHTS_OPEN).exclude(pk=request.pk)
    account = (
        person.user is not None
        and person.user.is_active
        and not Volunteer.objects.filter(**of).exists()
    )
    checks: tuple[tuple[bool, Words], ...] = (
        (Need.objects.filter(mine, **of, state=NeedState.OPEN).exists(), _("a need is open")),
        (volunteers.exclude(state=VolunteerState.LEFT).exists(), _("they are a volunteer")),
        (
            Referral.objects.filter(mine, **of, state=ReferralState.RECEIVED).exists(),
            _("a referral waits to be triaged"),
        ),
        (
            Case.objects.filter(mine, people__person=person, closed_on__isnull=True).exists(),
            _("a case is open"),
        ),
        (others.exists(), _("another request about their data is open")),
        (packs.exists(), _("a copy of their records is still kept")),
        (account, _("their account can sign in")),
    )
    return [words for stands, words in checks if stands]
