"""A correction was refused, or made in part: what the person says is kept beside the record.

The Information Commissioner's practice under UK GDPR Articles 16 and 18, and section 46 of the Data
Protection Act 2018 for law enforcement.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.people.models import PersonStatement
from stepdown.people.queries.kept import held_of
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission
from stepdown.records.actions.rights_answers import tell_recipients
from stepdown.records.actions.rights_requests import note
from stepdown.records.actions.rights_row import row_for
from stepdown.records.models import RightsRequest
from stepdown.records.models.rights_request import RightsState

KEPT = Verb("rights.statement-kept", _("The person’s statement kept beside the record"))
REMOVED = Verb("rights.statement-removed", _("The person’s statement taken away"))
DECIDED = (RightsState.ANSWERED, RightsState.REFUSED)
# Of where somebody hides nothing is shown, so nothing can stand beside it.
ABOUT = [one.value for one in Category if one is not Category.SHIELDED_LOCATION]


@transaction.atomic
def keep(
    *, by: Actor, request: RightsRequest, category: str, about: str, words: str
) -> PersonStatement:
    """Keep what they say, in place of what they said before, beside the agency's record of them; or
    beside the partnership's, where the agency keeps none and all partners know them. Who was shown
    the record hears that there is something new, and nothing of it."""
    held = _locked(by, request)
    check = Check()
    check.choice("category", category, ABOUT, gettext("Select what kind of data it is about."))
    thing = check.words("about", about, most=120, missing=gettext("Enter what it is about."))
    said = check.words("words", words, most=2000, missing=gettext("Enter what they say."))
    check.done()
    person = held.person
    assert person is not None  # noqa: S101 - for the type checker
    known = held_of(person)
    everybodys = None in known.known_to and held.agency_id not in known.agencies
    made, _new = PersonStatement.objects.update_or_create(
        asked_in=held.pk,
        defaults={
            "person": person,
            "agency_id": None if everybodys else held.agency_id,
            "category": category,
            "about": thing,
            "words": said,
            "kept_on": clock.today(),
        },
    )
    told = tell_recipients(held)
    note(by, KEPT, held, {"category": category} | ({"told": told} if told else {}))
    return made


@transaction.atomic
def remove(*, by: Actor, request: RightsRequest) -> None:
    """They do not want it kept any more, or the record was put right."""
    held = _locked(by, request)
    gone, _by_model = PersonStatement.objects.filter(asked_in=held.pk).delete()
    if not gone:
        raise Refused(gettext("No statement is kept because of this request."))
    note(by, REMOVED, held)


def _locked(by: Actor, request: RightsRequest) -> RightsRequest:
    held = row_for(by, request, Permission.RIGHTS_HANDLE)
    if held.kind != RightsRequest.Kind.RECTIFICATION or held.state not in DECIDED:
        raise Refused(gettext("A statement is kept once a correction was decided on."))
    if held.person_id is None:
        raise Refused(gettext("Say first whose record this request is about."))
    return held
