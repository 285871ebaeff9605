"""Stepdown: one hub for public-service partnerships."""

__version__ = "0.1.0"
