"""Tells which kind of file of places somebody has given."""

from pathlib import Path
from typing import Literal

from stepdown.adapters.boundaries import looks_like_boundaries
from stepdown.adapters.sources import PlacesFileError, Source

from .codepoint import looks_like_codepoint
from .onspd import looks_like_onspd

Kind = Literal["code-point", "onspd", "boundaries"]


def detect(path: Path) -> Kind:
    """``"code-point"``, ``"onspd"`` or ``"boundaries"``, from what is inside, not from its name.

    Raises `PlacesFileError` where it is none of them.
    """
    source = Source(path)
    if looks_like_codepoint(source):
        return "code-point"
    if looks_like_onspd(source):
        return "onspd"
    if looks_like_boundaries(source):
        return "boundaries"
    raise PlacesFileError(
        [
            f"{path.name}: is not a file of places. It can be Code-Point Open (the zip or its "
            "folder), the ONS Postcode Directory (the zip, its folder or its CSV) or GeoJSON "
            "boundaries"
        ]
    )
