"""Copies of people's records: made from what was approved, kept encrypted, removed in time."""

import logging

from django.conf import settings

from stepdown.adapters import packs
from stepdown.adapters.pack_pdf import pack_pdf
from stepdown.policy.actors import Actor
from stepdown.records.actions import rights_copies
from stepdown.records.jobs.document import as_document, as_json
from stepdown.records.queries import rights_pack

log = logging.getLogger(__name__)


def make_copies() -> int:
    """Make the copies that have been approved. How many."""
    made = 0
    for pack in rights_pack.to_make():
        try:
            whole = rights_pack.contents(pack)
            if whole.same:
                files = {"pdf": pack_pdf(as_document(whole)), "json": as_json(whole)}
                packs.keep(settings.STEPDOWN_HOME, settings.STEPDOWN_KEYS, pack.pk, files)
            state = "ready" if whole.same else "changed"
        except Exception as wrong:  # whatever it is, the next copy must still be made
            # The error's name only: its words may hold what the records say.
            log.error("A copy of records could not be made: %s", type(wrong).__name__)
            state = "failed"
        rights_copies.finish(by=Actor.hub(), pack=pack, state=state)
        made += state == "ready"
    return made


def remove_copies() -> int:
    """Remove copies whose time is up, and files that no copy stands for any more. How many."""
    for pack in rights_pack.outlived():
        packs.remove(settings.STEPDOWN_HOME, pack.pk)
        rights_copies.remove(by=Actor.hub(), pack=pack)
    return packs.sweep(settings.STEPDOWN_HOME, rights_pack.kept())
