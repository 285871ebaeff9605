"""The administrator's page of keys: which there are and what lies under them, never a key."""

from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepdown.adapters import signing
from stepdown.adapters.backup_keys import BackupKeys
from stepdown.hub.queries import shielded
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import Unusable
from stepdown.pages.parts import Cell, Table
from stepdown.pages.words import gov_date
from stepdown.policy.permissions import Permission


@page(Permission.USER_VIEW)
@require_safe
def keys(request: HubRequest) -> HttpResponse:
    """Keys of shielded addresses, of backups, and those that signed the ledger."""
    tables: dict[str, Table] = {}
    troubles = []
    for name, read in (("shielded", _shielded), ("backups", _backups), ("ledger", _ledger)):
        try:
            tables[name] = read()
        except (OSError, Unusable) as wrong:
            troubles.append(str(wrong))
    context = {**tables, "troubles": troubles, "section": "keys"}
    return render(request, "hub/keys.html", context)


def _shielded() -> Table:
    rows = [
        [Cell(one.name), Cell(_since(one.since)), Cell(one.rows), Cell(_stands(one))]
        for one in shielded.standing()
    ]
    headings = [_("Key"), _("Made"), _("Rows under it"), _("What it is for")]
    return Table(_("Shielded addresses"), headings, rows, frozenset({2}), hide_caption=False)


def _stands(one: shielded.KeyStanding) -> str:
    if one.missing:
        return _("Missing: add its line to the file of keys")
    if one.is_newest:
        return _("Closes what is recorded now")
    return _("Opens what is older") if one.rows else _("Nothing lies under it: it can be retired")


def _backups() -> Table:
    known = BackupKeys(settings.STEPDOWN_BACKUP_KEYS)
    last = known.names[-1] if known.names else ""
    rows = [
        [
            Cell(name),
            Cell(_since(known.since.get(name))),
            Cell(_("Closes new backups") if name == last else _("Opens backups of its time")),
        ]
        for name in known.names
    ]
    headings = [_("Key"), _("Made"), _("What it is for")]
    return Table(_("Backups"), headings, rows, hide_caption=False)


def _ledger() -> Table:
    names = signing.public_keys(settings.STEPDOWN_KEYS).names
    last = names[-1] if names else ""
    rows = [
        [Cell(name), Cell(_("Signs now") if name == last else _("Checks what it signed"))]
        for name in names
    ]
    return Table(_("Ledger"), [_("Key"), _("What it is for")], rows, hide_caption=False)


def _since(day: date | None) -> str:
    return gov_date(day) or _("Not known")
