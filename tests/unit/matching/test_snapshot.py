"""Columns in files: what was written comes back, and what is torn or foreign is refused."""

import json
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from stepdown.matching.arrays import NONE
from stepdown.matching.national import snapshot as store
from stepdown.matching.national.crowd import Crowd
from stepdown.matching.national.people import (
    ID,
    NEVER,
    More,
    Rows,
    Tables,
    finished,
    ids_of,
    merged,
    starts_of,
    uuids_of,
)
from stepdown.matching.national.snapshot import Mark, SnapshotRefused, add, open_snapshot, write

MARK = Mark("hub", 7, "head", "2026-06-01T12:00:00+01:00")
LATER = Mark("hub", 9, "other", "2026-06-01T12:01:00+01:00")
TABLES = Tables(skills=tuple(f"s{n:02}" for n in range(70)), credentials=("dbs", "vetting"))


def rows(*numbers: int, shift: int = 0) -> Rows:
    """One row a number, which says everything of it."""
    who = np.array(sorted(numbers), np.int64)
    skills = np.zeros((who.size, 2), np.uint64)
    skills[np.arange(who.size), who % 2] = np.uint64(1) << (who % 6).astype(np.uint64)
    words = np.zeros((who.size, 1), np.uint64)
    lengths = who % 3
    more = More(*(np.full(who.size, NONE) for _ in More._fields))._replace(
        busy=np.zeros_like(who), shares=who % 4, taken=np.zeros_like(who), asks=who % 5,
        expires=np.full(who.size, NEVER), load=np.zeros_like(who), hidden=np.zeros_like(who),
    )  # fmt: skip
    count = int(lengths.sum())
    people = finished(
        offered=who % 1_000 + shift,
        masks={"skills": skills, "credentials": words, "languages": words, "roles": words,
               "preferred": words},
        position=(who, who + 1),
        gender=np.zeros_like(who),
        born=who + 700_000,
        held=(starts_of(lengths), np.zeros(count, np.int64), np.zeros(count, np.int64),
              np.full(count, 739_000)),
        more=more,
    )  # fmt: skip
    ids = ids_of([UUID(int=int(one) << 64) for one in who])
    return Rows(ids, ids, people, more)


def same(one: Rows, other: Rows) -> bool:
    """Whether two are equal in every column."""
    left, right = one.flat(), other.flat()
    return all(np.array_equal(left[name], right[name]) for name in left)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    whole = rows(*range(1, 500, 3))
    write(tmp_path, whole, TABLES, MARK)
    found = open_snapshot(tmp_path, verify=True)
    assert same(found.whole(), whole)
    assert (found.mark, found.tables, found.size) == (MARK, TABLES, whole.size)
    assert found.whole() is found.base


def test_index_of_nobody_can_be_kept(tmp_path: Path) -> None:
    write(tmp_path, rows(), TABLES, MARK)
    assert open_snapshot(tmp_path, verify=True).size == 0


def test_changes_replace_add_and_remove_rows(tmp_path: Path) -> None:
    write(tmp_path, rows(1, 2, 3, 5, 8), TABLES, MARK)
    add(tmp_path, open_snapshot(tmp_path), rows(2, 4, shift=7), rows(5).ids, LATER)
    known = open_snapshot(tmp_path)
    assert same(known.whole(), merged([rows(1, 3, 8), rows(2, 4, shift=7)]))
    add(tmp_path, known, rows(2, 9, shift=9), rows(4, 8).ids, LATER)
    found = open_snapshot(tmp_path, known)
    assert same(found.whole(), merged([rows(1, 3), rows(2, 9, shift=9)]))
    assert found.mark == LATER
    assert found.base is known.base
    assert same(found.whole(), open_snapshot(tmp_path).whole())
    assert sorted(uuids_of(found.ids())) == uuids_of(found.whole().ids)


def test_who_was_removed_may_come_back(tmp_path: Path) -> None:
    write(tmp_path, rows(1, 2), TABLES, MARK)
    add(tmp_path, open_snapshot(tmp_path), rows(), rows(2).ids, LATER)
    assert open_snapshot(tmp_path).size == 1
    add(tmp_path, open_snapshot(tmp_path), rows(2), rows().ids, LATER)
    assert same(open_snapshot(tmp_path).whole(), rows(1, 2))


@pytest.mark.parametrize("cut", [1, 8, 4096])
def test_torn_column_is_refused(tmp_path: Path, cut: int) -> None:
    write(tmp_path, rows(*range(2_000)), TABLES, MARK)
    column = tmp_path / "g000001" / "easting.npy"
    column.write_bytes(column.read_bytes()[:-cut])
    with pytest.raises(SnapshotRefused, match="torn"):
        open_snapshot(tmp_path)


def test_wrong_byte_in_the_last_page_is_refused_and_any_when_verified(tmp_path: Path) -> None:
    write(tmp_path, rows(*range(2_000)), TABLES, MARK)
    column = tmp_path / "g000001" / "easting.npy"
    whole = column.read_bytes()
    middle = bytearray(whole)
    middle[len(whole) // 2] ^= 1
    column.write_bytes(bytes(middle))
    assert open_snapshot(tmp_path).size == 2_000
    with pytest.raises(SnapshotRefused, match="not what was written"):
        open_snapshot(tmp_path, verify=True)
    last = bytearray(whole)
    last[-1] ^= 1
    column.write_bytes(bytes(last))
    with pytest.raises(SnapshotRefused, match="torn"):
        open_snapshot(tmp_path)


def test_truncated_changes_are_refused(tmp_path: Path) -> None:
    write(tmp_path, rows(1), TABLES, MARK)
    add(tmp_path, open_snapshot(tmp_path), rows(2), rows().ids, LATER)
    delta = tmp_path / "g000001" / "delta"
    delta.write_bytes(delta.read_bytes()[:-1])
    with pytest.raises(SnapshotRefused, match="changes is torn"):
        open_snapshot(tmp_path)


def test_changes_of_which_only_part_was_written_do_not_count(tmp_path: Path) -> None:
    """A writer killed before it moved the pointer leaves what was there before."""
    write(tmp_path, rows(1), TABLES, MARK)
    delta = tmp_path / "g000001" / "delta"
    delta.write_bytes(b"half of somethi")
    assert same(open_snapshot(tmp_path).whole(), rows(1))
    add(tmp_path, open_snapshot(tmp_path), rows(2), rows().ids, LATER)
    assert same(open_snapshot(tmp_path).whole(), rows(1, 2))


@pytest.mark.parametrize("name", ["header.json", "delta", "easting.npy"])
def test_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, rows(1), TABLES, MARK)
    (tmp_path / "g000001" / name).unlink()
    with pytest.raises(SnapshotRefused, match="missing"):
        open_snapshot(tmp_path)


def test_nothing_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotRefused, match="there is none"):
        open_snapshot(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"generation": "g000001"}', "7"])
def test_torn_pointer_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path, rows(1), TABLES, MARK)
    (tmp_path / "current.json").write_text(text)
    with pytest.raises(SnapshotRefused, match="names it is torn"):
        open_snapshot(tmp_path)


@pytest.mark.parametrize(("key", "value"), [("format", 0), ("engine", "another")])
def test_snapshot_of_another_version_is_refused(
    tmp_path: Path, key: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    if key == "format":
        monkeypatch.setattr(store, "FORMAT", value)
    else:
        monkeypatch.setattr(store, "engine_digest", lambda: value)
    write(tmp_path, rows(1), TABLES, MARK)
    monkeypatch.undo()
    with pytest.raises(SnapshotRefused, match="another version"):
        open_snapshot(tmp_path)


def test_header_that_was_touched_is_refused(tmp_path: Path) -> None:
    write(tmp_path, rows(1), TABLES, MARK)
    header = tmp_path / "g000001" / "header.json"
    text = json.loads(header.read_text())
    header.write_text(json.dumps(text | {"rows": 2}))
    with pytest.raises(SnapshotRefused, match="header is torn"):
        open_snapshot(tmp_path)


def test_reader_keeps_what_it_has_open_while_another_is_written(tmp_path: Path) -> None:
    write(tmp_path, rows(*range(3_000)), TABLES, MARK)
    reader = open_snapshot(tmp_path)
    write(tmp_path, rows(1, 2), TABLES, LATER)
    assert [one.name for one in tmp_path.glob("g*")] == ["g000002"]
    assert same(reader.whole(), rows(*range(3_000)))
    assert open_snapshot(tmp_path, reader).size == 2
    with pytest.raises(SnapshotRefused, match="another process"):
        add(tmp_path, reader, rows(4), rows().ids, LATER)


def test_writing_to_an_open_column_reaches_no_file(tmp_path: Path) -> None:
    write(tmp_path, rows(1, 2), TABLES, MARK)
    open_snapshot(tmp_path).base.people.easting[:] = 0
    assert same(open_snapshot(tmp_path, verify=True).whole(), rows(1, 2))


def test_tables_grow_at_their_end_and_masks_with_them() -> None:
    grown = TABLES.extended(Tables(skills=("a-new-one", "s01"), languages=("ur",)))
    assert grown.skills == (*TABLES.skills, "a-new-one")
    assert grown.languages == ("ur",)
    wide = rows(1, 2).widened(Tables(skills=tuple(map(str, range(130)))))
    assert wide.people.skills.shape == (2, 3)
    assert np.array_equal(wide.people.skills[:, :2], rows(1, 2).people.skills)


def test_records_are_made_only_of_those_asked_for() -> None:
    crowd = Crowd(rows(3, 10), TABLES)
    assert len(crowd) == 2
    one = crowd[1]
    assert one.id == str(UUID(int=10 << 64))
    assert (one.easting, one.slots, one.limit_m, one.gender) == (10, 10, None, None)
    assert one.skills == {TABLES.skills[4]}
    assert crowd[-1] == one
    assert [each.id for each in crowd] == [crowd[0].id, one.id]
    with pytest.raises(IndexError):
        crowd[2]


def test_ids_with_zeros_at_their_end_are_found() -> None:
    some = rows(*range(256))
    assert some.ids.dtype == ID
    at, found = some.find(rows(0, 16, 255).ids)
    assert (at.tolist(), found.tolist()) == ([0, 16, 255], [True] * 3)
    _, missing = some.find(rows(256).ids)
    assert not missing.any()
