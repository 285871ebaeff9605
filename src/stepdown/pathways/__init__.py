"""Pathways: what moves through stages, as data. Definition, checks, interpreter, diagram. Pure."""
