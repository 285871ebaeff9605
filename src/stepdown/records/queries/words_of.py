"""What a table is called in words."""

from stepdown.records.queries.held_map import TABLES

_WORDS = {table.model: table.words for table in TABLES}


def model_words(label: str) -> str:
    """The words of the map of what is held; a table that is not on it by its own name."""
    found = _WORDS.get(label)
    return f"{found} ({label})" if found else label
