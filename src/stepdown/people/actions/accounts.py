"""Whose account is whose."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import User
from stepdown.hub.verbs import Verb
from stepdown.kernel.errors import Refused
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

ACCOUNT_LINKED = Verb("account.linked", _("Account joined to this record"))


@transaction.atomic
def link_user(*, by: Actor, person: Person, user: User) -> Person:
    """Join an account to a person's record. Both are free, or joined to each other already.

    Whoever holds the account sees the record as their own, so only those who keep accounts may.
    """
    require(by, Permission.USER_CHANGE)
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.user_id == user.pk:
        return held
    if held.user_id is not None or Person.objects.filter(user=user).exists():
        raise Refused(gettext("The account or the record is already joined to another."))
    held.user = user
    held.save(update_fields=["user"])
    record(by=by, verb=ACCOUNT_LINKED, about=("person", held.pk), subjects=[("user", user.pk)])
    return held
