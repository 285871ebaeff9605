"""What a seal is over: the digests of entries and of looks, from their own columns.

``queries/ledger_rows`` reads the same bytes in bulk.
"""

import hashlib
from datetime import UTC, tzinfo
from uuid import UUID

from stepdown.hub.models import Disclosure, LedgerEntry
from stepdown.kernel.canonical import canonical, salted_hash
from stepdown.kernel.sealed import entry_bytes, look_bytes


def digest_of(entry: LedgerEntry) -> bytes:
    """The entry's digest, 32 bytes, over all it states."""
    if entry.subjects_hash is None:
        return first_form(entry, UTC)
    stated = entry_bytes(
        entry_texts(entry),
        entry.at.isoformat(),
        bytes(entry.payload_hash),
        bytes(entry.subjects_hash),
    )
    return hashlib.sha256(stated).digest()


def entry_texts(entry: LedgerEntry) -> list[str]:
    """The texts of an entry, in the order of its form."""
    return [
        entry.pk.hex,
        entry.actor_label,
        _hex(entry.actor_user),
        _hex(entry.actor_person),
        entry.verb,
        entry.object_kind,
        entry.object_id.hex,
    ]


def first_form(entry: LedgerEntry, zone: tzinfo) -> bytes:
    """Entries written before subjects were sealed too. Demonstrations stated the time as it is in
    London, which is the same moment."""
    stated = {
        "id": str(entry.pk),
        "at": entry.at.astimezone(zone).isoformat(),
        "actor": [
            entry.actor_label,
            str(entry.actor_user or ""),
            str(entry.actor_person or ""),
        ],
        "verb": entry.verb,
        "object": [entry.object_kind, str(entry.object_id)],
        "payload": bytes(entry.payload_hash).hex(),
    }
    return salted_hash(b"stepdown-ledger-1", canonical(stated))


def digest_of_look(look: Disclosure) -> bytes:
    """The digest of a line of the read log, 32 bytes. It has a hash of its people already."""
    stated = look_bytes(look_texts(look), look.at.isoformat(), bytes(look.people_hash or b""))
    return hashlib.sha256(stated).digest()


def look_texts(look: Disclosure) -> list[str]:
    """The texts of a line of the read log, in the order of its form."""
    return [
        look.pk.hex,
        look.actor_label,
        _hex(look.actor_user),
        _hex(look.actor_person),
        look.actor_as,
        look.purpose,
        look.page,
    ]


def _hex(found: UUID | None) -> str:
    return found.hex if found else ""
