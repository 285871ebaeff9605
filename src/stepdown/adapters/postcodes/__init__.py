"""Where postcodes lie: built in, or read from Code-Point Open or the ONS Postcode Directory."""

from .builtin import Gazetteer
from .position import Position, area_of, normalise

__all__ = ["Gazetteer", "Position", "area_of", "normalise"]
