"""An encrypted file: whatever is done to it, it opens as it was written or not at all."""

import io
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.adapters import sealed_file
from stepdown.adapters.sealed_file import SealedReader, SealingWriter, Spoilt, read_header

KEY = b"k" * 32


def sealed(data: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    writer = SealingWriter(file, "name", key)
    for start in range(0, len(data), 7_001):
        writer.write(data[start : start + 7_001])
    writer.finish()
    return file.getvalue()


def opened(text: bytes, key: bytes = KEY, piece: int = -1) -> bytes:
    file = io.BytesIO(text)
    reader = SealedReader(file, read_header(file), key)
    parts = []
    while part := reader.read(piece):
        parts.append(part)
    return b"".join(parts)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_file, "CHUNK", 1_000)


@pytest.mark.parametrize("size", [0, 1, 999, 1_000, 1_001, 2_000, 12_345])
@pytest.mark.parametrize("piece", [-1, 1_000, 333])
def test_opens_as_it_was_written(size: int, piece: int) -> None:
    data = secrets.token_bytes(size)
    assert opened(sealed(data), piece=piece) == data


def test_same_content_never_looks_the_same() -> None:
    one, other = sealed(b"said" * 100), sealed(b"said" * 100)
    assert one[-200:] != other[-200:]
    assert b"said" not in one


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(Spoilt):
        opened(sealed(b"said"), b"x" * 32)


@given(st.integers(0, 10**9), st.integers(1, 255))
def test_any_changed_byte_is_seen(place: int, change: int) -> None:
    text = bytearray(sealed(b"said " * 700))
    text[place % len(text)] ^= change
    with pytest.raises(Spoilt):
        opened(bytes(text))


@given(st.integers(0, 10**9))
def test_any_cut_is_seen(place: int) -> None:
    text = sealed(b"said " * 700)
    with pytest.raises(Spoilt):
        opened(text[: place % len(text)])


def test_chunks_left_out_repeated_or_in_another_order_are_seen() -> None:
    text = sealed(b"a" * 1_000 + b"b" * 1_000 + b"c" * 1_000 + b"d")
    start, size = text.index(b"\n", text.index(b"\n") + 1) + 1, 1_016
    chunks = [text[at : at + size] for at in range(start, len(text), size)]
    assert len(chunks) == 4
    one, two, three, last = chunks
    for other in (
        [one, three, last],
        [one, one, two, three, last],
        [two, one, three, last],
        [one, two, three],
        [one, two, last, three],
        [one, two, three, last, last],
    ):
        with pytest.raises(Spoilt):
            opened(text[:start] + b"".join(other))


def test_chunk_of_another_file_is_seen() -> None:
    one, other = sealed(b"a" * 2_500), sealed(b"a" * 2_500)
    start = one.index(b"\n", one.index(b"\n") + 1) + 1
    with pytest.raises(Spoilt):
        opened(one[: start + 1_016] + other[start + 1_016 :])


@pytest.mark.parametrize("text", [b"", b"nothing", b"stepdown-backup-1\nnothing\n"])
def test_other_files_are_refused(text: bytes) -> None:
    with pytest.raises(Spoilt):
        read_header(io.BytesIO(text))
