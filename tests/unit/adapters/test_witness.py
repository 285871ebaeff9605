"""The witness's file: only appended to, and readable however a crash left it."""

from pathlib import Path

import pytest

from stepdown.adapters import witness
from stepdown.kernel.heads import Head


def head(number: int) -> Head:
    root = bytes([number % 256]) * 32
    return Head(number, number, number, root, b"", "2026-11-05T09:00:00+00:00", "key", b"s")


def test_heads_are_read_as_they_were_written(tmp_path: Path) -> None:
    kept = witness.at(tmp_path / "apart" / "witness.jsonl")
    assert kept.last() is None
    assert list(kept.lines()) == []
    kept.write([head(1), head(2)])
    kept.write([])
    kept.write([head(2)], restored=True)
    assert [line.head for line in kept.lines()] == [head(1), head(2), head(2)]
    assert [line.restored for line in kept.lines()] == [False, False, True]
    last = kept.last()
    assert last is not None
    assert last.restored


def test_line_that_a_crash_has_torn_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "witness.jsonl"
    kept = witness.FileWitness(path)
    kept.write([head(1), head(2)])
    path.write_bytes(path.read_bytes()[:-20])
    last = kept.last()
    assert last is not None
    assert last.head == head(1)
    before = path.read_bytes()
    kept.write([head(2)])
    assert path.read_bytes().startswith(before)
    assert [line.head for line in kept.lines()] == [head(1), head(2)]


def test_last_line_is_found_in_a_long_file(tmp_path: Path) -> None:
    kept = witness.FileWitness(tmp_path / "witness.jsonl")
    kept.write([head(number) for number in range(1, 2_001)])
    last = kept.last()
    assert last is not None
    assert last.head == head(2_000)
    with kept.path.open("a") as file:
        file.write("nothing\n" * 20_000)
    assert kept.last() == last


def test_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    kept = witness.FileWitness(tmp_path / "witness.jsonl")
    kept.write([head(1)])
    assert kept.path.stat().st_mode & 0o777 == 0o600


def test_witness_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"exists|directory"):
        witness.FileWitness(tmp_path / "file" / "witness.jsonl").write([head(1)])


def test_no_witness_keeps_nothing() -> None:
    none = witness.at(None)
    none.write([head(1)])
    assert none.last() is None
    assert list(none.lines()) == []
