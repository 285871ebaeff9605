"""What goes wrong around the hub and not in it, in one line: its files, its database."""

import sys

from stepdown.kernel.errors import Unusable


class Unavailable(Exception):
    """Something that the command needs is not there; the text says what."""


def in_words(wrong: Exception) -> str | None:
    """One line for trouble that whoever started the command can mend; None for a fault of ours."""
    if isinstance(wrong, Unavailable | Unusable):
        return str(wrong)
    if isinstance(wrong, OSError) and wrong.strerror:
        return f"{wrong.filename}: {wrong.strerror}" if wrong.filename else wrong.strerror
    database = sys.modules.get("django.db.utils")
    if database is not None and isinstance(wrong, database.OperationalError):
        return f"The database failed: {first_line(wrong)}"
    return None


def first_line(wrong: Exception) -> str:
    """The first line of what a database says: the rest is advice to its own users."""
    return (str(wrong).strip() or type(wrong).__name__).splitlines()[0].rstrip(".") + "."
