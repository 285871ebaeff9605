"""What one agency keeps about somebody goes; what others keep stays, and with it who they are."""

from uuid import UUID

from django.db.models import Q

from stepdown.casework.models import Case, Referral
from stepdown.people.models import Allowance, Person, PersonStatement, Restriction
from stepdown.records.actions.removing import (
    Removed,
    forget_words,
    take_cases,
    take_need,
    take_referrals,
    take_volunteer,
)
from stepdown.records.models import RightsChoice, RightsPack, RightsQuestion, RightsRequest
from stepdown.records.queries.keepers import keepers
from stepdown.volunteering.models import Credential, Exclusion, Need, Volunteer


def remove_part(person: Person, agency: UUID) -> Removed:
    """What the agency keeps about a person, and what came to the partnership itself."""
    gone, mine = Removed(), Q(agency=agency) | Q(agency__isnull=True)
    _requests(gone, person, agency)
    take_cases(gone, person, Case.objects.filter(mine))
    needs = Need.objects.filter(mine, person=person)
    referrals = Referral.objects.filter(mine, person=person)
    take_referrals(gone, referrals | Referral.objects.filter(need__in=needs), mine)
    for need in needs:
        take_need(gone, need)
    volunteer = Volunteer.objects.filter(mine, person=person).first()
    if volunteer is not None:
        gone.rows(Credential.objects.filter(person=person))
        gone.rows(Exclusion.objects.filter(volunteer=volunteer))
        take_volunteer(gone, volunteer)
    forget_words(gone)
    if person.agency_id == agency:
        # Begun in their work, and kept in that of others from now; of none, where an old backup
        # knows of no others yet.
        person.agency_id = min(keepers(person.pk, besides=agency), default=None)
        person.save(update_fields=["agency"])
    return gone


def _requests(gone: Removed, person: Person, agency: UUID) -> None:
    """Requests that were made to the agency, and what came of them."""
    requests = RightsRequest.objects.filter(person=person, agency=agency)
    ids = list(requests.values_list("pk", flat=True))
    gone.rows(PersonStatement.objects.filter(asked_in__in=ids))
    gone.rows(Allowance.objects.filter(restriction__asked_in__in=ids))
    gone.rows(Restriction.objects.filter(asked_in__in=ids))
    for book in (RightsChoice, RightsPack, RightsQuestion):
        gone.rows(book.objects.filter(request__in=ids))
    gone.rows(requests)
