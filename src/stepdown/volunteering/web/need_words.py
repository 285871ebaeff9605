"""How needs, and what becomes of them, are said on pages."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stepdown.kernel.slots import SLOTS
from stepdown.pages.words import slot_words

BANDS = {
    1: (_("1 Most urgent"), "red"),
    2: (_("2 High"), "orange"),
    3: (_("3 Standard"), "yellow"),
    4: (_("4 When possible"), "blue"),
}
SOMEBODY = _("A volunteer outside your districts")


def band_words(band: int) -> str:
    """What a band is called."""
    return str(BANDS[band][0])


def band_colour(band: int) -> str:
    """The colour of a band's tag; its words carry the meaning."""
    return BANDS[band][1]


def slot_said(index: int | None) -> str:
    """A slot by its index in ``SLOTS``: "Monday morning"; nothing for none."""
    return "" if index is None else slot_words(SLOTS[index])


def label_of(choices: Iterable[tuple[Any, Any]], value: object) -> str:
    """The words of one value among a form's choices; nothing where it is none of them."""
    words = {str(key): str(text) for key, text in choices}
    return gettext(words[str(value)]) if words.get(str(value)) else ""


def week_words(minutes: int) -> str:
    """Minutes a week as hours: 90 → "1.5 hours a week"."""
    if not minutes:
        return gettext("No fixed time")
    hours = minutes / 60
    said = f"{hours:.2f}".rstrip("0").rstrip(".")
    return ngettext("%(hours)s hour a week", "%(hours)s hours a week", 1 if hours == 1 else 2) % {
        "hours": said
    }


def address(name: str, *args: object) -> str:
    """A page's address."""
    return reverse(name, args=args)
