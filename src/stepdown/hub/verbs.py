"""The verbs of the ledger and their words. Each is declared once, beside its action."""

from dataclasses import dataclass

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
    verb = _KNOWN.get(key)
    return str(verb.words) if verb else key


def known_verbs() -> tuple[Verb, ...]:
    """All verbs declared so far, by key."""
    return tuple(_KNOWN[k] for k in sorted(_KNOWN))
