"""Changing the keys of shielded addresses without losing one."""

import time
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.ledger import record
from stepdown.hub.actions.shielding import seal
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.shielded import box, opened, require_keys, rows_under, sealed_models
from stepdown.hub.verbs import Verb
from stepdown.kernel.errors import Refused
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

MADE = Verb("shielded-key.made", _("Key of protected addresses made"))
ROTATED = Verb("shielded-key.rotated", _("Protected addresses closed under the newest key"))
RETIRED = Verb("shielded-key.retired", _("Key of protected addresses removed"))

BATCH = 200
# Who began before a new key was made may still be writing with the old one.
SETTLED = timedelta(minutes=5)


@transaction.atomic
def make(*, by: Actor) -> str:
    """A new key, which all that is closed from now on lies under; its name."""
    require(by, Permission.LEDGER_SEAL)
    require_keys()
    name = box().add()
    record(by=by, verb=MADE, about=("key", new_id()), payload={"key": name})
    return name


@transaction.atomic
@as_hub("what is closed anew is read by nobody")
def rotate_some(*, by: Actor, most: int = BATCH) -> int:
    """Close some rows that lie under an older key under the newest. How many; 0 when none is left.

    Each call is whole in itself: stopped in between, every row opens, under one key or the other.
    """
    require(by, Permission.LEDGER_SEAL)
    newest, done = box().names[-1], 0
    for model in sealed_models():
        under_older = model._default_manager.exclude(sealed_key__in=("", newest)).order_by("pk")
        for row in under_older.select_for_update()[: most - done]:
            kept = opened(row)
            if kept is not None:
                seal(row, kept).save(update_fields=["sealed", "sealed_key"])
                done += 1
        if done >= most:
            break
    return done


@transaction.atomic
def rotated(*, by: Actor, rows: int) -> None:
    """Say in the ledger that a rotation came to its end."""
    require(by, Permission.LEDGER_SEAL)
    told = {"key": box().names[-1], "rows": rows}
    record(by=by, verb=ROTATED, about=("key", new_id()), payload=told)


@transaction.atomic
def retire(*, by: Actor, name: str) -> None:
    """Remove a key for good. Refused where a row lies under it, or could still come to."""
    require(by, Permission.LEDGER_SEAL)
    keys = box()
    if name not in keys.names:
        raise Refused(f"There is no key {name} in {keys.path}.")
    if name == keys.names[-1]:
        raise Refused(f"{name} is the newest key: what is closed next lies under it.")
    if rows := rows_under().get(name):
        raise Refused(
            f"{rows} protected addresses lie under {name}: run `stepdown keys rotate` first."
        )
    if not keys.is_stated and time.time() - keys.path.stat().st_mtime < SETTLED.total_seconds():
        raise Refused(
            f"{keys.path} was changed within the last 5 minutes: somebody may still be writing "
            "with the former key. Wait, then try again."
        )
    record(by=by, verb=RETIRED, about=("key", new_id()), payload={"key": name})
    keys.retire(name)
