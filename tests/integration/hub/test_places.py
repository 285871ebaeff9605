"""Loading places and postcodes, and finding where a postcode lies."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from stepdown.hub.actions import places
from stepdown.hub.actions.places import Loaded, PlaceRow
from stepdown.hub.models import LedgerEntry, Place, Postcode
from stepdown.hub.queries import place as queries
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.actors import Actor
from tests.factories import coordinator

HUB = Actor.hub()


@dataclass(frozen=True)
class _Row:
    postcode: str
    easting: int
    northing: int
    district: str = "E07000123"
    ward: str | None = None


def test_places_are_loaded_whatever_their_order_with_one_ledger_entry() -> None:
    rows = [
        PlaceRow("E05000001", "ward", "Ashton", parent="E07000123"),
        PlaceRow("E07000123", "district", "Preston", parent="E10000017"),
        PlaceRow("E10000017", "county", "Lancashire"),
    ]
    assert places.load(by=HUB, places=rows, source="test") == Loaded(places=3, postcodes=0)
    county = queries.by_code("E10000017")
    assert county is not None
    assert [child.name for child in queries.children_of(county)] == ["Preston"]
    assert [place.name for place in queries.districts()] == ["Preston"]
    assert queries.district_choices() == [("E07000123", "Preston")]
    assert LedgerEntry.objects.filter(verb="place.loaded").count() == 1


def test_loading_again_keeps_what_the_new_rows_do_not_say() -> None:
    shape = [[[350_000, 420_000], [351_000, 420_000], [351_000, 421_000]]]
    places.load(
        by=HUB,
        places=[
            PlaceRow("E10000017", "county", "Lancashire"),
            PlaceRow("E07000123", "district", "Preston", "E10000017", 147_000, "Census"),
        ],
    )
    places.load(by=HUB, places=[PlaceRow("E07000123", "district", "City of Preston", rings=shape)])
    kept = Place.objects.get(pk="E07000123")
    assert (kept.name, kept.parent_id, kept.population, kept.population_source, kept.rings) == (
        "City of Preston",
        "E10000017",
        147_000,
        "Census",
        shape,
    )


def test_postcodes_are_loaded_in_batches_and_the_last_row_of_one_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "BATCH", 2)
    told: list[int] = []
    rows = [_Row("PR1 1AA", 1, 1), _Row("PR1 1AA", 2, 2), _Row("PR1 1AB", 3, 3, ward="E05")]
    loaded = places.load(by=HUB, postcodes=iter(rows), progress=told.append)
    assert (loaded.postcodes, told) == (2, [1, 2])
    places.load(by=HUB, postcodes=[_Row("PR1 1AB", 9, 9)])
    found = queries.positions(["pr11aa", "PR1 1AB", "PR9 9ZZ"])
    assert {text: one.easting for text, one in found.items()} == {"pr11aa": 2, "PR1 1AB": 9}
    assert Postcode.objects.get(pk="PR1 1AB").ward_code == ""


def test_all_is_loaded_or_nothing() -> None:
    def broken() -> Iterator[_Row]:
        yield _Row("PR1 1AA", 1, 1)
        raise ValueError("row 2")

    with pytest.raises(ValueError, match="row 2"):
        places.load(
            by=HUB, places=[PlaceRow("E07000123", "district", "Preston")], postcodes=broken()
        )
    assert not Place.objects.exists()
    assert not Postcode.objects.exists()


def test_a_place_that_lies_in_an_unknown_one_is_not_loaded() -> None:
    with pytest.raises(InvalidInput, match="E07000999"):
        places.load(by=HUB, places=[PlaceRow("E05000001", "ward", "Ashton", parent="E07000999")])
    assert not Place.objects.exists()


def test_a_coordinator_loads_no_places() -> None:
    with pytest.raises(Refused):
        places.load(by=coordinator())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("pr18rj", "PR1 8RJ"),
        (" PR1  8rj ", "PR1 8RJ"),
        ("m11ae", "M1 1AE"),
        ("EC1A1BB", "EC1A 1BB"),
        ("x", "X"),
        ("far too long to be one", "FARTOOLO"),
        ("", ""),
    ],
)
def test_what_somebody_typed_is_put_as_it_is_stored(typed: str, stored: str) -> None:
    assert queries.tidy_postcode(typed) == stored


def test_a_position_does_not_show_itself_by_accident() -> None:
    places.load(by=HUB, postcodes=[_Row("PR1 1AA", 351_237, 429_111)])
    found = queries.position("PR1 1AA")
    assert found is not None
    assert repr(found) == "Position()"
