"""The Merkle tree of RFC 9162 section 2.1, over which ledger batches are sealed.

Leaves and nodes are hashed with different prefixes, so that no node can pass for an entry.
"""

import hashlib
from collections.abc import Iterable, Sequence


def leaf(data: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The level over one. An odd last node is carried up: the same as the RFC's split at the
    largest power of two below n."""
    sha = hashlib.sha256
    above = [
        sha(b"\x01" + left + right).digest()
        for left, right in zip(level[::2], level[1::2], strict=False)
    ]
    if len(level) % 2:
        above.append(level[-1])
    return above


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, 32 bytes; of no leaves, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level: Sequence[bytes] = leaves
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The inclusion proof of the leaf at ``index`` (RFC 9162 section 2.1.3.1), lowest node first.

    IndexError for a leaf that is not there.
    """
    if not 0 <= index < len(leaves):
        raise IndexError("There is no such leaf.")
    found = []
    level: Sequence[bytes] = leaves
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            found.append(level[beside])
        level, index = _above(level), index >> 1
    return found


def root_by(leaf_hash: bytes, index: int, size: int, proof: Iterable[bytes]) -> bytes | None:
    """The root that a proof leads to (RFC 9162 section 2.1.3.2); None for one of a wrong shape.

    The leaf is in the tree of ``size`` leaves if and only if this is the tree's root.
    """
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf_hash
    for node in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = _node(node, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = _node(found, node)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None
