"""What a column holds, as text that can be read by the person it is about."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Manager, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.models import Referral
from stepdown.casework.queries.answers import NAME_KEY, SELF
from stepdown.kernel.slots import names_of
from stepdown.policy.categories import Category
from stepdown.records.queries.held_map import Words

# Answers in somebody's own words: names of others may stand in them.
FREE = frozenset(
    {"help", "health", "risk_note", "consent_note", "safe_note", "communication", "area"}
)
# Said of themself by whoever made the referral.
OF_REFERRER = frozenset({"referrer_name", "organisation", "referrer_email", "referrer_phone"})
# Said of the person in the referrer's own words or judgement.
BY_REFERRER = frozenset(
    {"help", "health", "risk", "risk_note", "consent_note", "safe", "safe_note", "communication"}
)
ANSWERS: Mapping[str, Words] = {
    "referrer_kind": gettext_lazy("Who made it"),
    "referrer_name": gettext_lazy("Name of whoever made it"),
    "organisation": gettext_lazy("Their organisation"),
    "referrer_email": gettext_lazy("Their email"),
    "referrer_phone": gettext_lazy("Their telephone"),
    "given_name": gettext_lazy("First name"),
    "family_name": gettext_lazy("Last name"),
    "known_as": gettext_lazy("Known as"),
    "date_of_birth": gettext_lazy("Date of birth"),
    "age_band": gettext_lazy("Age"),
    "safe": gettext_lazy("Safe to contact you"),
    "safe_note": gettext_lazy("When and how it is safe"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Telephone"),
    "secret": gettext_lazy("Address is to be kept secret"),
    "lines": gettext_lazy("Address"),
    "postcode": gettext_lazy("Postcode"),
    "area": gettext_lazy("Area"),
    "consent": gettext_lazy("You agreed to it"),
    "consent_note": gettext_lazy("Note about that"),
    "skills": gettext_lazy("Kinds of help"),
    "help": gettext_lazy("What help"),
    "languages": gettext_lazy("Languages"),
    "communication": gettext_lazy("How to talk with you"),
    "soon": gettext_lazy("How soon"),
    "slots": gettext_lazy("Times"),
    "health": gettext_lazy("Health"),
    "risk": gettext_lazy("Risk"),
    "risk_note": gettext_lazy("Note about the risk"),
}


def answer_words(answers: Mapping[str, Any]) -> Iterator[tuple[str, Words, str, bool]]:
    """Each answer: its key, its words, what was said, whether in somebody's own words."""
    for key in sorted(answers):
        text = "" if key == NAME_KEY else _plain(answers[key], slots=key == "slots")
        if text:
            yield key, ANSWERS.get(key, key.replace("_", " ").capitalize()), text, key in FREE


def is_referrers(key: str, referral: Referral) -> bool:
    """Whether an answer is about whoever made the referral, or their own words about the person."""
    return key in OF_REFERRER or (key in BY_REFERRER and not _for_self(referral))


def _for_self(referral: Referral) -> bool:
    said = [one.answers for one in referral.answers.all() if one.category == Category.IDENTITY]
    return any(one.get("referrer_kind") == SELF for one in said)


def text_of(row: Model, name: str) -> str:
    """What a column, or one that it leads to, holds; empty where it holds nothing."""
    value: Any = row
    for part in name.split("__"):
        if value is None:
            return ""
        label = getattr(value, f"get_{part}_display", None)
        value = label() if callable(label) else getattr(value, part)
    return _plain(value, slots=name == "slots")


def _plain(value: Any, *, slots: bool = False) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if slots and isinstance(value, int):
        return ", ".join(names_of(value))
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, Manager):
        return ", ".join(str(one) for one in value.all())
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {_plain(value[k])}" for k in sorted(value))
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | memoryview):
        return "\n".join(text for one in value if (text := _plain(one)))
    if isinstance(value, bytes | memoryview):
        return ""
    if isinstance(value, Model) and not type(value).__dict__.get("__str__"):
        return str(value.pk)
    return str(value)
