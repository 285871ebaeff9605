"""The sealed ledger in bulk, for checking: the bytes that digests are over, put together by the
database from the columns themselves, so that nothing but the columns is believed.

The statements are the same on every database.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from stepdown.hub.models import LedgerEntry
from stepdown.hub.queries.sealed import digest_of
from stepdown.kernel.sealed import ENTRY, LOOK


class Row(NamedTuple):
    """One sealed line. ``stated`` is what its digest is over; None where that cannot be read.

    ``body`` are words with their ``salt``, both None once disposed of; ``lines`` the subjects of an
    entry, or the people of a look; ``lines_hash`` what they should come to.
    """

    seq: int
    batch: int | None
    id: str
    stated: bytes | None
    digest: bytes
    look: bool
    salt: bytes | None
    body: str | None
    payload_hash: bytes
    lines_hash: bytes
    lines: list[str]


def _text(column: str) -> str:
    return f"LENGTH({column}) || ':' || {column} || ','"


def _id(column: str) -> str:
    found = f"COALESCE(REPLACE(CAST({column} AS text), '-', ''), '')"
    return _text(found)


_ENTRY_TEXT = " || ".join(
    [
        _id("e.id"), _text("e.actor_label"), _id("e.actor_user"), _id("e.actor_person"),
        _text("e.verb"), _text("e.object_kind"), _id("e.object_id"),
    ]
)  # fmt: skip
_LOOK_TEXT = " || ".join(
    [
        _id("e.id"), _text("e.actor_label"), _id("e.actor_user"), _id("e.actor_person"),
        _text("e.actor_as"), _text("e.purpose"), _text("e.page"),
    ]
)  # fmt: skip
# An expression, not a column: the embedded database gives it as the text that it keeps.
_AT = "COALESCE(e.at, NULL)"
_BETWEEN = "e.seq > %s AND e.seq <= %s ORDER BY e.seq"
# No word of these comes from outside the program.
_ENTRIES = (
    f"SELECT e.seq, e.batch_id, {_ENTRY_TEXT}, {_AT}, e.digest, p.salt, p.body, e.payload_hash, "  # noqa: S608
    "e.subjects_hash FROM hub_ledgerentry e LEFT JOIN hub_ledgerpayload p ON p.entry_id = e.id "
    f"WHERE {_BETWEEN}"
)
_SUBJECTS = (
    f"SELECT e.seq, {_text('s.kind')} || {_id('s.subject_id')} "  # noqa: S608
    "FROM hub_ledgerentry e JOIN hub_ledgersubject s ON s.entry_id = e.id "
    f"WHERE {_BETWEEN}"
)
_LOOKS = (
    f"SELECT e.seq, e.batch_id, {_LOOK_TEXT}, {_AT}, e.digest, e.salt, e.people_hash "  # noqa: S608
    f"FROM hub_disclosure e WHERE {_BETWEEN}"
)
_PEOPLE = (
    f"SELECT e.seq, {_id('s.person_id')} || {_text('s.categories')} "  # noqa: S608
    "FROM hub_disclosure e JOIN hub_disclosedperson s ON s.disclosure_id = e.id "
    f"WHERE {_BETWEEN}"
)


def rows(after: int, until: int) -> list[Row]:
    """The lines with sequence numbers after one and up to another, in order. Four queries."""
    with connection.cursor() as cursor:
        found = list(_entries(cursor, after, until))
        looks = list(_looks(cursor, after, until))
    if looks:
        found = sorted(found + looks, key=itemgetter(0))
    return found


def _lines(cursor: Any, statement: str, after: int, until: int) -> dict[int, list[str]]:
    cursor.execute(statement, [after, until])
    found: dict[int, list[str]] = defaultdict(list)
    for seq, line in cursor.fetchall():
        found[seq].append(line)
    return found


def _entries(cursor: Any, after: int, until: int) -> Iterator[Row]:
    subjects = _lines(cursor, _SUBJECTS, after, until)
    cursor.execute(_ENTRIES, [after, until])
    kept = cursor.fetchall()
    old = _first_form([row[0] for row in kept if row[8] is None])
    nothing: list[str] = []
    for seq, batch, text, at, digest, salt, body, payload_hash, subjects_hash in kept:
        if subjects_hash is None:
            # Subjects of the first form are not in the seal: there is nothing to hold them to.
            stated, lines, lines_hash = old.get(seq), nothing, b""
        else:
            lines, lines_hash = subjects.get(seq, nothing), subjects_hash
            stated = _stated(ENTRY, text, at, payload_hash, subjects_hash)
        identity = text[3:35] if isinstance(text, str) else ""
        yield Row(
            seq, batch, identity, stated, digest, False, salt, body, payload_hash, lines_hash, lines
        )  # fmt: skip


def _looks(cursor: Any, after: int, until: int) -> Iterator[Row]:
    cursor.execute(_LOOKS, [after, until])
    kept = cursor.fetchall()
    people = _lines(cursor, _PEOPLE, after, until) if kept else {}
    nothing: list[str] = []
    for seq, batch, text, at, digest, salt, people_hash in kept:
        stated = _stated(LOOK, text, at, people_hash, b"")
        identity = text[3:35] if isinstance(text, str) else ""
        lines = people.get(seq, nothing)
        yield Row(
            seq, batch, identity, stated, digest or b"", True, salt, None, b"",
            people_hash or b"", lines,
        )  # fmt: skip


def _stated(tag: bytes, text: Any, at: Any, one: Any, other: Any) -> bytes | None:
    """The bytes of a line; None where a column holds what the hub never writes."""
    try:
        if isinstance(at, datetime):
            moment = at.astimezone(UTC).isoformat()
        else:  # how the embedded database keeps it
            moment = at.replace(" ", "T") + "+00:00"
        if len(one) != 32 or len(other) not in (0, 32):
            return None
        whole: bytes = tag + f"{text}{len(moment)}:{moment},".encode() + one + other
    except (TypeError, AttributeError):
        return None
    return whole


class _Digested(bytes):
    """The digest of an entry of the first form, which is not hashed again."""


def _first_form(numbers: list[int]) -> dict[int, bytes]:
    entries = LedgerEntry.objects.filter(seq__in=numbers) if numbers else ()
    return {entry.seq: _Digested(digest_of(entry)) for entry in entries if entry.seq}


def digested(row: Row) -> bool:
    """Whether ``stated`` is a digest already: entries of the first form."""
    return isinstance(row.stated, _Digested)
