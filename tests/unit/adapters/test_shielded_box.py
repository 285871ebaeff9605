"""Shielded addresses at rest: they open in their own row, under a key that is there, or not."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.adapters.shielded_box import BLOCK, ShieldedBox
from stepdown.kernel.errors import Unusable

ROW = "people_shieldedaddress/1"


@pytest.fixture
def box(tmp_path: Path) -> ShieldedBox:
    made = ShieldedBox(tmp_path / "shielded.keys")
    made.add()
    return made


def test_its_file_is_its_owners_alone_and_says_nothing(box: ShieldedBox) -> None:
    assert stat.S_IMODE(box.path.stat().st_mode) == 0o600
    value = box.path.read_text().split()[1]
    assert value not in repr(box)
    assert value not in str(box)


def test_what_is_sealed_opens_in_its_row_alone(box: ShieldedBox) -> None:
    name, sealed = box.seal(b"7 Hidden Row", ROW)
    assert b"Hidden" not in sealed
    assert box.open(name, sealed, ROW) == b"7 Hidden Row"
    assert box.seal(b"7 Hidden Row", ROW)[1] != sealed
    for other in ("people_shieldedaddress/2", "volunteering_needshieldedlocation/1", ""):
        with pytest.raises(Unusable):
            box.open(name, sealed, other)
    for at in (0, 15, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(Unusable):
            box.open(name, bytes(changed), ROW)
    for cut in (b"", sealed[:12], sealed[:-1]):
        with pytest.raises(Unusable):
            box.open(name, cut, ROW)


@given(st.binary(max_size=600))
def test_its_length_tells_only_how_many_blocks(data: bytes) -> None:
    box = ShieldedBox(Path("unused"), stated=f"{LINE}\n")
    name, sealed = box.seal(data, ROW)
    assert (len(sealed) - 12 - 16) % BLOCK == 0
    assert box.open(name, sealed, ROW) == data


KEY = b"k" * 32
LINE = f"{ShieldedBox.name_of(KEY)} {'a2tr' * 10}a2s= 2026-01-02"


def test_keys_of_the_environment_are_used_alone_and_changed_only_there(tmp_path: Path) -> None:
    box = ShieldedBox(tmp_path / "other", stated=LINE)
    assert box.names == [ShieldedBox.name_of(KEY)]
    for change in (box.add, lambda: box.retire(box.names[0])):
        with pytest.raises(Unusable) as said:
            change()
        assert "STEPDOWN_SHIELDED_KEY" in str(said.value)
    assert not (tmp_path / "other").exists()


def test_another_process_may_make_or_retire_a_key(box: ShieldedBox) -> None:
    other = ShieldedBox(box.path)
    name, sealed = box.seal(b"x", ROW)
    fresh = other.add()
    assert box.open(*other.seal(b"y", ROW), ROW) == b"y"
    assert box.refresh().names == [name, fresh]
    other.retire(name)
    assert box.refresh().names == [fresh]
    with pytest.raises(Unusable) as said:
        box.open(name, sealed, ROW)
    assert name in str(said.value)
    assert stat.S_IMODE(box.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("line", ["what", "abc def", "0123456789abcdef a2tr", f"x{LINE}"])
def test_a_spoilt_file_is_refused_without_repeating_a_key(tmp_path: Path, line: str) -> None:
    path = tmp_path / "shielded.keys"
    path.write_text(f"{line}\n")
    with pytest.raises(Unusable) as said:
        ShieldedBox(path)
    assert "a2tr" not in str(said.value)
