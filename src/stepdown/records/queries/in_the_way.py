"""What about somebody is still in use, so that none of their records may go: said without names."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from stepdown.casework.models import CasePerson, Referral
from stepdown.casework.models.referral import ReferralState
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.records.models import RightsPack, RightsRequest
from stepdown.records.queries.held_map import Words
from stepdown.records.queries.retention import RIGHTS_OPEN, due_one, holds
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.models.volunteer import VolunteerState


@dataclass(frozen=True)
class InTheWay:
    """What must end first; until when their schedule keeps the records, where nothing is open."""

    held: bool
    open: tuple[Words, ...]
    schedule: str = ""
    kept_until: date | None = None


def in_the_way(by: Actor, request: RightsRequest) -> InTheWay:
    """What stands between a request for erasure and the erasure, the request itself aside."""
    if request.person_id is None:
        return InTheWay(held=False, open=())
    person = request.person_id
    found, line = due_one(by, person, Permission.RETENTION_AGREE, besides=request.pk)
    with as_hub("what about one person is still in use"):
        held = holds().filter(person=person).exists()
        still = tuple(_open(found, request.pk))
    if line is None or line.on <= clock.today():
        return InTheWay(held, still)
    return InTheWay(held, still, line.schedule, line.on)


def _open(person: Person, request: UUID) -> list[Words]:
    """Each kind of thing that ``retention`` takes for open, in words."""
    of = {"person": person}
    volunteers = Volunteer.objects.filter(**of)
    packs = RightsPack.objects.filter(request__person=person).exclude(state=RightsPack.State.GONE)
    others = RightsRequest.objects.filter(**of, state__in=RIGHTS_OPEN).exclude(pk=request)
    account = person.user is not None and person.user.is_active and not volunteers.exists()
    checks: tuple[tuple[bool, Words], ...] = (
        (Need.objects.filter(**of, state=NeedState.OPEN).exists(), _("a need is open")),
        (volunteers.exclude(state=VolunteerState.LEFT).exists(), _("they are a volunteer")),
        (
            Referral.objects.filter(**of, state=ReferralState.RECEIVED).exists(),
            _("a referral waits to be triaged"),
        ),
        (
            CasePerson.objects.filter(**of, case__closed_on__isnull=True).exists(),
            _("a case is open"),
        ),
        (others.exists(), _("another request about their data is open")),
        (packs.exists(), _("a copy of their records is still kept")),
        (account, _("their account can sign in")),
    )
    return [words for stands, words in checks if stands]
