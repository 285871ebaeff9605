"""Closing what goes into a row. Part of other verbs, which have checked the right to write it."""

import json
from typing import TypeVar

from stepdown.hub.models.shielded import Sealed
from stepdown.hub.queries.shielded import Box, Kept, about, box, opened, require_keys
from stepdown.kernel.shielded import Shielded, reveal

S = TypeVar("S", bound=Sealed)


def box_to_seal() -> Box:
    """The hub's, with a key: its first one is made where nothing has ever been sealed.

    Unusable where there is none, and rows that need one: a new key would only hide that theirs is
    lost.
    """
    with_keys = box()
    if not with_keys.names:
        require_keys()
        with_keys.add()
    return with_keys


def seal(row: S, kept: Shielded[Kept] | Kept) -> S:
    """Close it into the row, in place of what was there; empty leaves nothing. Not saved yet.

    The row must have its id already.
    """
    plain = reveal(kept) if isinstance(kept, Shielded) else kept
    if not plain:
        row.sealed, row.sealed_key = b"", ""
        return row
    bound = about(type(row), getattr(row, row.SEALED_BY))
    row.sealed_key, row.sealed = box_to_seal().seal(as_bytes(plain), bound)
    return row


def as_bytes(plain: Kept) -> bytes:
    """What is closed: JSON."""
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def seal_old(table: str, id: object, plain: Kept) -> tuple[str, bytes]:
    """Key and content of a row from before there were keys. For migrations, one table after the
    other: what other tables say of keys is not known yet."""
    with_keys = box()
    if not with_keys.names:
        with_keys.add()
    return with_keys.seal(as_bytes(plain), f"{table}/{id}")


def add(row: S, given: Kept) -> S:
    """Seal the row with some more in it. Not saved yet."""
    before = opened(row)
    known: Kept = {} if before is None else reveal(before)
    return seal(row, {**known, **given})
