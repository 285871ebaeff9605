"""Partners joining."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import Agency
from stepdown.hub.verbs import Verb
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

AGENCY_ADDED = Verb("agency.added", _("Partner added"))


@transaction.atomic
def add(*, by: Actor, name: str, kind: str) -> Agency:
    """A partner of the partnership. Names are unique."""
    require(by, Permission.USER_CHANGE)
    check = Check()
    name = check.words("name", name, most=160, missing=gettext("Enter the partner's name."))
    kind = check.choice("kind", kind, Agency.Kind.values, gettext("Select the kind of partner."))
    taken = Agency.objects.filter(name__iexact=name).exists()
    check.that(not taken, "name", gettext("There is a partner of this name already."))
    check.done()
    agency = Agency.objects.create(name=name, kind=kind)
    record(by=by, verb=AGENCY_ADDED, about=("agency", agency.pk), payload={"name": name})
    return agency
