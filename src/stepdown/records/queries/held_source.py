"""Where what is held came from: who wrote it down, when, for which agency; from the ledger."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stepdown.hub.models import LedgerEntry, LedgerSubject, Membership
from stepdown.hub.verbs import words_for
from stepdown.people.models import Person
from stepdown.records.queries.held_map import Table

# What the verbs about a table of the person's own record begin with.
VERBS = {
    "people.Person": "person.",
    "people.Contact": "contact.",
    "people.Address": "address.",
    "people.EqualityRecord": "equality.",
    "people.Consent": "consent.",
    "hub.Membership": "membership.",
}


class _Role(NamedTuple):
    """One role of an account: for which agency, by id and name, from when to when."""

    agency: UUID
    name: str
    starts: date | None
    ends: date | None

    def on(self, day: date) -> bool:
        """Whether it was in force on a day."""
        return (self.starts or day) <= day <= (self.ends or day)


class Sources:
    """The ledger about one person's records: one query for the rows of each table."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._entries: dict[str, dict[UUID, list[LedgerEntry]]] = {}
        self._roles: dict[UUID, list[_Role]] = {}
        self._once: dict[object, Any] = {}

    def once(self, key: object, ask: Callable[[], Any]) -> Any:
        """What is asked, asked once for each key."""
        if key not in self._once:
            self._once[key] = ask()
        return self._once[key]

    def load(self, table: Table, rows: Iterable[Model]) -> None:
        """Read what the ledger says of some rows."""
        if not table.ledger:
            return
        known = self._entries.setdefault(table.ledger, {})
        wanted = {getattr(row, table.key) for row in rows} - known.keys()
        known |= {one: [] for one in wanted}
        for line in self._lines(table.ledger, wanted):
            known[line.subject_id].append(line.entry)
        self.agencies_of(one for found in known.values() for one in found)

    def agencies_of(self, entries: Iterable[LedgerEntry]) -> None:
        """Read for which agencies those who wrote some entries work. One query at most."""
        users = {one.actor_user for one in entries if one.actor_user} - self._roles.keys()
        if users:
            self._roles |= {user: [] for user in users}
            held = Membership.objects.filter(user__in=users).order_by("agency__name", "id")
            columns = ("user", "agency", "agency__name", "starts", "ends")
            for user, *role in held.values_list(*columns):
                self._roles[user].append(_Role(*role))

    def _lines(self, kind: str, ids: set[Any]) -> Iterable[LedgerSubject]:
        if not ids:
            return ()
        found = LedgerSubject.objects.filter(kind=kind, subject_id__in=ids)
        return found.select_related("entry__payload").order_by("entry_id")

    def of(self, table: Table, row: Model) -> Callable[[str], str]:
        """A function from a field's name to words about where it came from; empty where nobody
        wrote that down."""
        if not table.ledger:
            return lambda _name: ""
        verbs = VERBS.get(table.model, "")
        found = self._entries[table.ledger].get(getattr(row, table.key), [])
        entries = [one for one in found if one.verb.startswith(verbs)]
        return lambda name: self._words(entries, name)

    def _words(self, entries: list[LedgerEntry], name: str) -> str:
        if not entries:
            return ""
        changed = [one for one in entries if name in _changed(one)]
        last = changed[-1] if changed else entries[0]
        day = date_format(timezone.localtime(last.at), "j F Y")
        return _("%(what)s on %(day)s by %(who)s") % {
            "what": words_for(last.verb),
            "day": day,
            "who": self.who(last),
        }

    def worked_for(self, entry: LedgerEntry) -> dict[UUID, str]:
        """For which agencies whoever did it worked on that day, by id, in the order of their names;
        where no role of theirs was in force then, for which they have."""
        roles = self._roles.get(entry.actor_user, []) if entry.actor_user else []
        day = timezone.localtime(entry.at).date()
        then = [one for one in roles if one.on(day)]
        return {one.agency: one.name for one in then or roles}

    def who(self, entry: LedgerEntry) -> str:
        """Who did it, without a name of anybody on the staff."""
        own = self._person.user_id
        if entry.actor_person == self._person.pk or (own and entry.actor_user == own):
            return _("you")
        if entry.actor_user is not None:
            # Which of them it was done for, where there are several, nobody wrote down.
            agencies = _(" or ").join(self.worked_for(entry).values())
            return _("staff of %(agency)s") % {"agency": agencies} if agencies else _("staff")
        named = {"hub": _("the hub itself"), "public": _("somebody without an account")}
        return named.get(entry.actor_label, _("somebody with a link"))


def _changed(entry: LedgerEntry) -> list[str]:
    if not hasattr(entry, "payload"):
        return []
    found = json.loads(entry.payload.body).get("changed")
    return found if isinstance(found, list) else []
