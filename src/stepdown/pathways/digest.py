"""A digest of what a definition says, by which a file that was changed under its cases is caught.

Two forms are known. The first left out every word and every count. The second takes in the English
words of all that cases stand on, what is counted and what is added up. Outside both are the Welsh
words, meetings and rotas, who may do and read what, how cases come from earlier versions, and the
days of law: those may be put right at any time.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from stepdown.pathways.schema import Definition, Option, Text

FIRST, NEWEST = 1, 2
_STOOD_ON = ("key", "version", "purpose", "retention", "retention_from", "sources", "screens",
             "eligibility", "people", "team", "stages", "steps", "measures",
             "outcomes")  # fmt: skip
_WORDS = ("name", "about", "noun", "counts", "sums", "people_kind", "from_referrals")
# Who may read what, in parts that are otherwise stood on.
_OUTSIDE = frozenset({"sees"})


def digest(definition: Definition, form: int = NEWEST) -> str:
    """What records stand on, in 64 characters. Form 1 changes with any key, guard, time or category
    and not with a word; form 2 with a word, a count or a sum as well."""
    names = _STOOD_ON if form == FIRST else (*_STOOD_ON, *_WORDS)
    held = {name: _plain(getattr(definition, name), form) for name in names}
    body = json.dumps(held, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def _plain(value: object, form: int) -> object:
    if isinstance(value, Text):
        return None if form == FIRST else value.en
    if isinstance(value, tuple | list):
        # What another version imposes is that version's to say.
        own = [one for one in value if not (isinstance(one, Option) and one.elsewhere)]
        return [_plain(one, form) for one in own]
    if isinstance(value, Mapping):
        return {str(key): _plain(one, form) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        held = {one.name: (one, getattr(value, one.name)) for one in fields(value)}
        return {
            name: _plain(said, form)
            for name, (one, said) in held.items()
            if not _unsaid(one, said, form)
        }
    return value


def _unsaid(one: Field[Any], said: object, form: int) -> bool:
    """Whether a file that says nothing of it has the same digest as before there was such a name.
    The first form knew the names of its day, said or not."""
    if one.name in _OUTSIDE:
        return True
    if form == FIRST:
        return one.name == "elsewhere"
    return one.default is not MISSING and said == one.default
