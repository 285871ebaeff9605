"""What people say of their records, wherever a record that it is about is answered."""

from collections.abc import Iterable
from datetime import date

from ninja import Schema

from stepdown.people.queries.statement import Says


class Statement(Schema):
    """What somebody says of what is recorded, where a correction was refused. Whoever passes the
    record on passes this on with it."""

    about: str
    words: str
    category: str
    kept_on: date


def statements(says: Iterable[Says]) -> list[Statement]:
    """As they are answered, the oldest first."""
    return [
        Statement(about=one.about, words=one.words, category=one.category, kept_on=one.kept_on)
        for one in says
    ]
