"""Accepting in writing that records of several agencies stand behind the hub's policy alone."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import Acceptance
from stepdown.hub.queries.walls import accepted
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

ACCEPTED = Verb("one-wall.accepted", _("One wall accepted"))
WITHDRAWN = Verb("one-wall.withdrawn", _("Acceptance of one wall withdrawn"))


@transaction.atomic
def accept(*, by: Actor, name: str, words: str) -> Acceptance:
    """Somebody accepts it, by name and in their own words. They stand in the ledger too."""
    require(by, Permission.USER_CHANGE)
    check = Check()
    given = check.words("name", name, missing=gettext("Say who accepts it."), most=120)
    said = check.words(
        "words", words, most=1000, missing=gettext("Say in words what is accepted, and why.")
    )
    check.done()
    if accepted() is not None:
        raise Refused(gettext("One wall has been accepted already. Withdraw that first."))
    made = Acceptance.objects.create(
        subject=Acceptance.Subject.ONE_WALL, name=given, words=said, made_at=clock.now()
    )
    record(
        by=by,
        verb=ACCEPTED,
        about=("acceptance", made.pk),
        payload={"name": given, "words": said, "on": clock.today().isoformat()},
    )
    return made


@transaction.atomic
def withdraw(*, by: Actor) -> Acceptance:
    """It no longer holds: no further agreement about such data is sent for signature."""
    require(by, Permission.USER_CHANGE)
    held = accepted()
    if held is None:
        raise Refused(gettext("Nobody has accepted one wall."))
    held.withdrawn_at = clock.now()
    held.save()
    record(by=by, verb=WITHDRAWN, about=("acceptance", held.pk), payload={"name": held.name})
    return held
