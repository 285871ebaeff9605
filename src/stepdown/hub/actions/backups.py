"""That a backup was made, and that the hub was put back to one."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import outbox, transaction
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import ApiToken
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

MADE = Verb("backup.made", _("Backup made"))
SET_ASIDE = "A backup was put back: it may have been sent before"
RESTORED = Verb("backup.restored", _("Hub put back to a backup"))


@transaction.atomic
def made(*, by: Actor, key: str) -> None:
    """A backup is made now, under the named key. The backup itself holds this entry."""
    require(by, Permission.LEDGER_SEAL)
    record(by=by, verb=MADE, about=("backup", new_id()), payload={"key": key})


@transaction.atomic
def restored(*, by: Actor, of: datetime) -> int:
    """The hub was put back to a backup. Nobody stays signed in by a session of back then, and no
    token of back then opens anything: it may have been revoked since.

    What waited to be sent does not leave: whether it left since, this hub cannot know. How many
    messages that are; they are shown with those that failed.
    """
    require(by, Permission.LEDGER_SEAL)
    Session.objects.all().delete()
    ApiToken.objects.filter(revoked_at=None).update(revoked_at=clock.now())
    held = outbox.give_up_all(by=by, failure=SET_ASIDE)
    about = ("backup", new_id())
    payload = {"made": of.isoformat(), "messages": held}
    record(by=by, verb=RESTORED, about=about, payload=payload)
    return held
