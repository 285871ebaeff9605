"""``stepdown places load``: postcodes and boundaries from open data. No download is needed."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from stepdown.adapters.boundaries import Boundary, read_boundaries
from stepdown.adapters.postcodes import Gazetteer, PostcodeRow, detect, read_codepoint, read_onspd
from stepdown.adapters.sources import PlacesFileError
from stepdown.cli import django_setup
from stepdown.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from stepdown.hub.actions.places import PlaceRow

# The first three characters of a code say what it is of (ONS, Register of Geographic Codes).
KINDS = {
    "county": ("E10", "E11", "E12", "E13"),
    "district": ("E06", "E07", "E08", "E09", "W06", "S12"),
    "ward": ("E05", "W05", "S13", "E36"),
}
SHOWN = 200


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown places``."""
    parser = subparsers.add_parser("places", help="load postcodes and boundaries")
    verbs = parser.add_subparsers(dest="verb", required=True)
    load = verbs.add_parser(
        "load",
        help="load postcodes or boundaries into the hub",
        description="Load Code-Point Open or the ONS Postcode Directory (zip, folder or CSV), or "
        "GeoJSON boundaries. Without a file, the postcodes that come with Stepdown. All of a call "
        "is loaded, or nothing.",
    )
    load.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    load.add_argument(
        "--everywhere",
        action="store_true",
        help="load postcodes of all districts, not only of those the hub knows",
    )


def run(args: argparse.Namespace) -> int:
    """Load what was named. 2 with a report, and nothing written, when a file cannot be taken."""
    if not django_setup.start():
        return 1
    django_setup.migrate()
    from stepdown.hub.queries.place import districts

    known = frozenset() if args.everywhere else frozenset(d.code for d in districts())
    try:
        return _load(args.paths, known)
    except PlacesFileError as wrong:
        for problem in wrong.problems[:SHOWN]:
            print(problem, file=sys.stderr)
        if len(wrong.problems) > SHOWN:
            print(f"… and {len(wrong.problems) - SHOWN} more", file=sys.stderr)
        print("Nothing was loaded.", file=sys.stderr)
        return 2
    except InvalidInput as wrong:
        for text in wrong.errors.values():
            print(text, file=sys.stderr)
        print("Nothing was loaded.", file=sys.stderr)
        return 2


def _load(paths: list[Path], known: frozenset[str]) -> int:
    from stepdown.hub.actions import places
    from stepdown.policy.actors import Actor

    shapes: list[PlaceRow] = []
    streams: list[Iterable[PostcodeRow]] = []
    for path in paths:
        match detect(path):
            case "boundaries":
                shapes += [_row(b) for b in read_boundaries(path)]
            case "code-point":
                streams.append(read_codepoint(path))
            case "onspd":
                streams.append(read_onspd(path))
    if not paths:
        streams.append(builtin(known))
    rows = (row for stream in streams for row in stream if not known or row.district in known)
    with tqdm(desc="Postcodes", unit=" postcodes", disable=None) as bar:
        loaded = places.load(
            by=Actor.hub(),
            places=shapes,
            postcodes=rows,
            source=", ".join(path.name for path in paths) or "built-in postcodes",
            progress=lambda written: _reach(bar, written),
        )
    print(f"Loaded {loaded.places:,} places and {loaded.postcodes:,} postcodes.")
    return 0


def _reach(bar: "tqdm[Any]", written: int) -> None:
    bar.update(written - bar.n)


def builtin(known: frozenset[str], areas: Iterable[str] | None = None) -> Iterator[PostcodeRow]:
    """The postcodes that come with Stepdown: of the known districts, or all if none is named."""
    gazetteer = Gazetteer.builtin()
    wanted = areas or chain(
        ascii_uppercase, (a + b for a in ascii_uppercase for b in ascii_uppercase)
    )
    for area in wanted:
        for postcode, at in gazetteer.area(area, known or None):
            yield PostcodeRow(postcode, at.easting, at.northing, at.district, at.ward)


def _row(boundary: Boundary) -> "PlaceRow":
    from stepdown.hub.actions.places import PlaceRow

    for kind, prefixes in KINDS.items():
        if boundary.code.startswith(prefixes):
            return PlaceRow(
                code=boundary.code,
                kind=kind,
                name=boundary.name,
                parent=boundary.parent,
                rings=[[list(point) for point in ring] for ring in boundary.rings],
            )
    raise PlacesFileError([f"{boundary.code}: is not the code of a county, district or ward"])
