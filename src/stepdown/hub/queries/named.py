"""Ids in the ledger for records whose key is a word or a code: schemes, skills, places."""

from uuid import UUID, uuid5

# Any fixed namespace would do; this one is ours and must never change.
_NAMESPACE = UUID("6f0f8a5e-5b2e-5c55-9a43-0d6a1c1f7b11")


def id_for(kind: str, key: str) -> UUID:
    """Always the same id for the same kind and key (RFC 9562 section 5.5, version 5)."""
    return uuid5(_NAMESPACE, f"{kind}:{key}")
