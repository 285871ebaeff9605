"""What lies sealed in a row. Tests may look; no page may."""

from typing import Any

from stepdown.hub.models.shielded import Sealed
from stepdown.hub.queries.shielded import opened
from stepdown.kernel.shielded import reveal


def inside(row: Sealed) -> dict[str, Any]:
    """What was sealed; empty where nothing was."""
    kept = opened(row)
    return {} if kept is None else reveal(kept)
