"""Equality data, apart from everything else."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.people.models import EqualityRecord, Person
from stepdown.people.queries.person import facts
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

EQUALITY_SET = Verb("equality.set", _("Equality details recorded"))


@transaction.atomic
def set_gender(*, by: Actor, person: Person, gender: str) -> EqualityRecord:
    """What the person said, or nothing again. The ledger holds that it was set, not to what."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    require(by, Permission.PERSON_CHANGE, facts(held))
    check = Check()
    allowed = ["", *EqualityRecord.Gender.values]
    gender = check.choice("gender", gender, allowed, gettext("Select an answer from the list."))
    check.done()
    kept, _new = EqualityRecord.objects.update_or_create(person=held, defaults={"gender": gender})
    record(by=by, verb=EQUALITY_SET, about=("person", held.pk))
    return kept
