"""A postcode's shape and where it lies."""

import re
from dataclasses import dataclass

# Outward code: one or two letters, a digit, then a digit or letter or nothing; inward code: a
# digit and two letters. The inward letters never use C I K M O V (Royal Mail, Programmers' Guide
# to the Postcode Address File).
_SHAPE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")
_SEPARATORS = str.maketrans("", "", " \t\r\n\u00a0-.")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a postcode lies, in OSGB metres, and the district (and ward, where known) it is in.

    ``district`` and ``ward`` are nine-character codes of the Government Statistical Service.
    The built-in data names no wards.
    """

    easting: int
    northing: int
    district: str
    ward: str | None = None


def normalise(text: str) -> str | None:
    """``" pr18rj "`` → ``"PR1 8RJ"``; ``None`` where the text is not shaped like a postcode.

    Says nothing about whether such a postcode exists.
    """
    # Rejecting by length first keeps hostile input cheap.
    if len(text) > 40:
        return None
    match = _SHAPE.fullmatch(text.translate(_SEPARATORS).upper())
    return f"{match[1]} {match[2]}" if match else None


def area_of(postcode: str) -> str:
    """The leading letters, the postcode area: ``"PR1 8RJ"`` → ``"PR"``."""
    return postcode[:2] if postcode[1:2].isalpha() else postcode[:1]
