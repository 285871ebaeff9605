"""Opening what lies sealed in a row. It stays ``Shielded``: see ``kernel.shielded``."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, cast

from django.apps import apps
from django.conf import settings
from django.db.models import Count
from django.utils.module_loading import import_string

from stepdown.hub.models.shielded import Sealed
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel.errors import Unusable
from stepdown.kernel.shielded import Shielded, reveal

Kept = dict[str, Any]


class Box(Protocol):
    """What seals and opens, and its keys: ``adapters.shielded_box``."""

    path: Path
    is_stated: bool
    since: dict[str, date | None]

    @property
    def names(self) -> list[str]: ...
    def refresh(self) -> "Box": ...
    def seal(self, data: bytes, about: str) -> tuple[str, bytes]: ...
    def open(self, name: str, sealed: bytes, about: str) -> bytes: ...
    def add(self) -> str: ...
    def retire(self, name: str) -> None: ...


@lru_cache(maxsize=4)
def _box(kind: str, path: Path, stated: str | None) -> Box:
    return cast(Box, import_string(kind)(path, stated))


def box() -> Box:
    """The hub's, with the keys as they are now."""
    return _box(
        settings.STEPDOWN_SHIELDED_BOX,
        settings.STEPDOWN_SHIELDED_KEYS,
        settings.STEPDOWN_SHIELDED_KEY,
    ).refresh()


def about(model: type[Sealed], id: object) -> str:
    """What binds a row's content to the row."""
    return f"{model._meta.db_table}/{id}"


def opened_columns(
    model: type[Sealed],
    rows: Iterable[tuple[object, str | None, bytes | memoryview | None]],
) -> list[Shielded[Kept] | None]:
    """Of rows of (id, ``sealed_key``, ``sealed``); None where a row has nothing in it.

    Unusable where a key is not here, or a row was changed outside the hub.
    """
    with_keys = box()
    return [
        Shielded(json.loads(with_keys.open(key, bytes(sealed), about(model, id))))
        if key and sealed is not None
        else None
        for id, key, sealed in rows
    ]


def opened(row: Sealed | None) -> Shielded[Kept] | None:
    """What lies in a row; None where there is no row or nothing in it."""
    if row is None:
        return None
    id = getattr(row, row.SEALED_BY)
    return opened_columns(type(row), [(id, row.sealed_key, row.sealed)])[0]


def only(kept: Shielded[Kept], *names: str) -> Shielded[Kept]:
    """Part of it, as shielded as before."""
    whole = reveal(kept)
    return Shielded({name: whole[name] for name in names if name in whole})


def sealed_models() -> list[type[Sealed]]:
    """Every table with something sealed in it."""
    return [model for model in apps.get_models() if issubclass(model, Sealed)]


@as_hub("how many rows lie under a key tells nothing of any of them")
def rows_under() -> dict[str, int]:
    """Key → how many rows lie under it. One query a table."""
    found: Counter[str] = Counter()
    for model in sealed_models():
        under = model._default_manager.exclude(sealed_key="").order_by()
        found.update(dict(under.values_list("sealed_key").annotate(Count("pk"))))
    return dict(found)


@dataclass(frozen=True)
class KeyStanding:
    """A key by its name: never the key."""

    name: str
    since: date | None
    rows: int
    is_newest: bool
    missing: bool


def standing() -> list[KeyStanding]:
    """Every key there is, the newest last, after those that rows need and that are not here."""
    under, known = rows_under(), box()
    names = [*sorted(set(under) - set(known.names)), *known.names]
    return [
        KeyStanding(
            name,
            known.since.get(name),
            under.get(name, 0),
            bool(known.names) and name == known.names[-1],
            name not in known.names,
        )
        for name in names
    ]


def require_keys() -> None:
    """Unusable where some row's key is not here: better not to start than to fail later."""
    under, known = rows_under(), box()
    for name in sorted(set(under) - set(known.names)):
        raise Unusable(
            f"{under[name]} shielded addresses lie under the key {name}, which is not in "
            f"{known.path}: add its line from your copy of that file."
        )
