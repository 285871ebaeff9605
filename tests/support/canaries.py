"""A shielded address like no other, and where it is looked for."""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from stepdown.config.logs import Structured

LINES, POSTCODE, EASTING, NORTHING = "Canary Concealed Cottage", "LA9 9ZQ", 351_237, 428_349
_WORDS = re.compile(
    rf"Canary Concealed|LA9\s?9ZQ|\b{EASTING}\b|\b{NORTHING}\b|Concealed Cottage", re.IGNORECASE
)
# Where every postcode lies that there is: known to everybody, and of nobody.
GAZETTEER = "hub_postcode"


def found_in(text: str) -> list[str]:
    """What of it stands in a text."""
    return _WORDS.findall(text)


def _as_text(cell: object) -> str:
    if isinstance(cell, memoryview):
        cell = bytes(cell)
    return cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)


def tables_with_it() -> dict[str, list[str]]:
    """Every table that holds any of it: a dump or a backup would hold that too."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == GAZETTEER:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            text = "\n".join(_as_text(cell) for row in cursor.fetchall() for cell in row)
            if said := found_in(text):
                found[table] = said
    return found


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All that is logged in the block, from the finest level, as the hub writes it; SQL too."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(Structured())
    loggers = [logging.getLogger(name) for name in ("", "stepdown", "django", "django.db.backends")]
    levels = [logger.level for logger in loggers]
    before, connection.force_debug_cursor = connection.force_debug_cursor, True
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.addHandler(handler)
    try:
        yield heard
    finally:
        connection.force_debug_cursor = before
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
            logger.removeHandler(handler)
