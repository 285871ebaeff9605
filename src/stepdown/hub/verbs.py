"""The verbs of the ledger and their words. Each is declared once, beside its action."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.utils.functional import Promise

_KNOWN: dict[str, "Verb"] = {}


@dataclass(frozen=True)
class Verb:
    """``key`` is stored for ever; ``words`` are what a timeline shows, translatable."""

    key: str
    words: Promise | str

    def __post_init__(self) -> None:
        if self.key in _KNOWN:
            raise ValueError(f"The verb {self.key} is declared twice.")
        _KNOWN[self.key] = self


def words_for(key: str) -> str:
    """A verb's words; the key itself for one that this version no longer declares."""
    if key not in _KNOWN:
        _declare_all()
    verb = _KNOWN.get(key)
    return str(verb.words) if verb else key


def known_verbs() -> tuple[Verb, ...]:
    """All verbs of the hub, by key."""
    _declare_all()
    return tuple(_KNOWN[k] for k in sorted(_KNOWN))


@cache
def _declare_all() -> None:
    """Import every wing's actions: a process that reads a verb may never have used it."""
    for config in apps.get_app_configs():
        if config.name.startswith("stepdown.") and find_spec(f"{config.name}.actions"):
            for found in iter_modules(import_module(f"{config.name}.actions").__path__):
                import_module(f"{config.name}.actions.{found.name}")
