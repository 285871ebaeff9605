"""Where postcodes lie: built in, or read from Code-Point Open or the ONS Postcode Directory."""

from .builtin import Gazetteer
from .codepoint import read_codepoint
from .detect import detect
from .onspd import read_onspd
from .position import Position, area_of, normalise
from .rows import PostcodeFile, PostcodeRow

__all__ = [
    "Gazetteer",
    "Position",
    "PostcodeFile",
    "PostcodeRow",
    "area_of",
    "detect",
    "normalise",
    "read_codepoint",
    "read_onspd",
]
