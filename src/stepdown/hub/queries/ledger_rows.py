"""The sealed ledger in bulk: every line judged by its own hashes, a few thousand at a time.

The bytes that a digest is over are put together again from the records' own columns, so that
nothing but the columns is believed. This is the loop that a check of the whole ledger spends its
time in: it reads plain rows, makes no objects, and says in one place what ``kernel.sealed`` says in
parts. The statements are the same on every database; some give moments and ids as texts, some not.
"""

import hashlib
from collections import defaultdict
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from stepdown.hub.models import LedgerEntry
from stepdown.hub.queries.sealed import first_form
from stepdown.kernel.clock import LONDON
from stepdown.kernel.sealed import ENTRY, LOOK, people_hash, person_hash


class Line(NamedTuple):
    """One sealed line. ``disposed``: its words, or its people, are gone. ``wrong`` is what its own
    hashes say against it, empty if nothing."""

    seq: int
    batch: int | None
    id: str
    digest: bytes
    disposed: bool
    wrong: str


# An expression, not a column: the embedded database then gives it as the text that it keeps.
_AT = "COALESCE(e.at, NULL)"
_BETWEEN = "e.seq > %s AND e.seq <= %s ORDER BY e.seq"
_WHO = "CAST(e.id AS text), e.actor_label, CAST(e.actor_user AS text), CAST(e.actor_person AS text)"
# No word of these comes from outside the program.
_ENTRIES = (
    f"SELECT e.seq, e.batch_id, {_WHO}, e.verb, e.object_kind, CAST(e.object_id AS text), {_AT}, "  # noqa: S608
    "e.digest, e.payload_hash, e.subjects_hash, p.salt, p.body "
    "FROM hub_ledgerentry e LEFT JOIN hub_ledgerpayload p ON p.entry_id = e.id "
    f"WHERE {_BETWEEN}"
)
_SUBJECTS = (
    "SELECT e.seq, s.kind, CAST(s.subject_id AS text) "  # noqa: S608
    f"FROM hub_ledgerentry e JOIN hub_ledgersubject s ON s.entry_id = e.id WHERE {_BETWEEN}"
)
_LOOKS = (
    f"SELECT e.seq, e.batch_id, {_WHO}, e.actor_as, e.purpose, e.page, {_AT}, "  # noqa: S608
    f"e.digest, e.people_hash, e.salt FROM hub_disclosure e WHERE {_BETWEEN}"
)
_PEOPLE = (
    "SELECT e.seq, CAST(s.person_id AS text), s.categories "  # noqa: S608
    f"FROM hub_disclosure e JOIN hub_disclosedperson s ON s.disclosure_id = e.id WHERE {_BETWEEN}"
)


class _Unreadable(Exception):
    """A column holds what the hub never writes."""


def lines(after: int, until: int) -> list[Line]:
    """The lines with sequence numbers after one and up to another, in order. Four queries."""
    with connection.cursor() as cursor:
        found = _entries(cursor, after, until)
        looks = _looks(cursor, after, until)
    return sorted(found + looks, key=itemgetter(0)) if looks else found


def _pairs(cursor: Any, statement: str, after: int, until: int) -> dict[int, list[str]]:
    """What hangs on lines, each as ``canonical.fields``. Ids lose their dashes, where they have."""
    cursor.execute(statement, [after, until])
    found: dict[int, list[str]] = defaultdict(list)
    for seq, one, other in cursor.fetchall():
        if "-" in other and len(other) == 36:
            other = other.replace("-", "")
        elif "-" in one and len(one) == 36:
            one = one.replace("-", "")
        found[seq].append(f"{len(one)}:{one},{len(other)}:{other},")
    return found


def _text(
    identity: str, label: str, user: str | None, person: str | None,
    one: str, two: str, three: str, at: Any,
) -> str:  # fmt: skip
    """The texts of a line, as ``canonical.fields``."""
    user = "" if user is None else _id(user)
    person = "" if person is None else _id(person)
    if isinstance(at, datetime):
        at = at.astimezone(UTC).isoformat()
    else:
        at = at.replace(" ", "T") + "+00:00"
    return (
        f"{len(identity)}:{identity},{len(label)}:{label},{len(user)}:{user},"
        f"{len(person)}:{person},{len(one)}:{one},{len(two)}:{two},{len(three)}:{three},"
        f"{len(at)}:{at},"
    )


def _id(text: str) -> str:
    if not text:  # absent is NULL, never an empty text
        raise _Unreadable
    return text.replace("-", "")


def _entries(cursor: Any, after: int, until: int) -> list[Line]:
    subjects = _pairs(cursor, _SUBJECTS, after, until)
    cursor.execute(_ENTRIES, [after, until])
    kept = cursor.fetchall()
    old = _first_forms([row[0] for row in kept if row[12] is None])
    sha, found, nothing = hashlib.sha256, [], list[str]()
    for (
        seq, batch, identity, label, user, person, verb, kind, about, at,
        digest, payload_hash, subjects_hash, salt, body,
    ) in kept:  # fmt: skip
        wrong = ""
        try:
            identity = _id(identity)
            if subjects_hash is None:
                # Subjects of the first form are not in the seal: nothing holds them to it.
                stated = old[seq]
            else:
                if len(payload_hash) != 32 or len(subjects_hash) != 32:
                    raise _Unreadable
                text = _text(identity, label, user, person, verb, kind, _id(about), at)
                stated = sha(ENTRY + text.encode() + payload_hash + subjects_hash).digest()
            if stated != digest:
                wrong = _("it is not what was sealed.")
            elif body is not None and sha(salt + body.encode()).digest() != payload_hash:
                wrong = _("its words are not what was sealed.")
            elif subjects_hash is not None:
                about_whom = subjects.get(seq, nothing)
                hashed = sha("".join(sorted(about_whom)).encode()).digest()
                # Both words and subjects gone: disposed of whole.
                if hashed != subjects_hash and (about_whom or body is not None):
                    wrong = _("what it concerns is not what was sealed.")
        except (TypeError, AttributeError, KeyError, _Unreadable):
            wrong = _("it cannot be read.")
        found.append(Line(seq, batch, identity, digest, body is None, wrong))
    return found


def _looks(cursor: Any, after: int, until: int) -> list[Line]:
    cursor.execute(_LOOKS, [after, until])
    kept = cursor.fetchall()
    people = _pairs(cursor, _PEOPLE, after, until) if kept else {}
    sha, found = hashlib.sha256, []
    for (
        seq, batch, identity, label, user, person, roles, purpose, page, at,
        digest, hashed, salt,
    ) in kept:  # fmt: skip
        wrong, shown = "", people.get(seq, [])
        try:
            identity = _id(identity)
            if len(hashed) != 32:
                raise _Unreadable
            text = _text(identity, label, user, person, roles, purpose, page, at)
            if sha(LOOK + text.encode() + hashed).digest() != digest:
                wrong = _("it is not what was sealed.")
            elif salt is None:
                wrong = _("it names people after their disposal.") if shown else ""
            elif people_hash([person_hash(salt, one) for one in shown]) != hashed:
                wrong = _("whom it showed is not what was sealed.")
        except (TypeError, AttributeError, _Unreadable):
            wrong = _("it cannot be read.")
        found.append(Line(seq, batch, identity, digest or b"", salt is None, wrong))
    return found


def _first_forms(numbers: list[int]) -> dict[int, bytes]:
    """The digests of entries of the first form, by sequence number."""
    found: dict[int, bytes] = {}
    for entry in LedgerEntry.objects.filter(seq__in=numbers) if numbers else ():
        if entry.seq:
            forms = [first_form(entry, zone) for zone in (UTC, LONDON)]
            found[entry.seq] = forms[1] if forms[1] == bytes(entry.digest) else forms[0]
    return found
