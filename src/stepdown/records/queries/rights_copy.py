"""What of all that is held goes out: as a handler chose, and until then as the hub proposes."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q
from django.utils.crypto import salted_hmac

from stepdown.hub.models import User
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel.canonical import canonical
from stepdown.kernel.redaction import Span, merged, names_in, without, words
from stepdown.people.models import Person
from stepdown.policy.categories import Category
from stepdown.records.models import RightsChoice, RightsRequest
from stepdown.records.queries.held import Item, everything

Treatment = RightsChoice.Treatment
Exemption = RightsChoice.Exemption
AT_ONCE = 400


@dataclass(frozen=True, repr=False)
class Reviewed:
    """One thing that is held, and what is done with it. ``chosen`` says that somebody has looked
    and chosen; ``stale`` that its words have changed since, so that somebody must look again."""

    item: Item
    digest: bytes
    treatment: str
    spans: tuple[Span, ...]
    exemption: str = ""
    reason: str = ""
    chosen: bool = False
    stale: bool = False

    @property
    def open(self) -> bool:
        """Whether somebody must look at it before it may go out."""
        return self.stale or (not self.chosen and self.item.wants_a_look)

    @property
    def outgoing(self) -> str | None:
        """The words as they go out; None where they do not."""
        if self.treatment == Treatment.WITHHOLD:
            return None
        return without(self.item.text, self.spans)


def reviewed(request: RightsRequest) -> list[Reviewed]:
    """Everything held, with what is done with it."""
    items = everything(request)
    with as_hub("what is taken out of a copy, and whose names stand in it"):
        choices = {one.item: one for one in RightsChoice.objects.filter(request=request.pk)}
        person = Person.objects.get(pk=request.person_id) if request.person_id else None
        others = _others(items, person) if person else []
    own = (person.given_name, person.family_name, person.known_as) if person else ()
    return [_one(item, choices.get(item.key), others, own) for item in items]


def _one(
    item: Item, choice: RightsChoice | None, others: Sequence[tuple[str, str]], own: Iterable[str]
) -> Reviewed:
    digest = digest_of(item)
    if choice is not None and bytes(choice.digest) == digest:
        spans = tuple(merged(((a, b) for a, b in choice.spans), len(item.text)))
        return Reviewed(
            item, digest, choice.treatment, spans, choice.exemption, choice.reason, chosen=True
        )
    spans = tuple(_proposed(item, others, own))
    treatment = Treatment.REDACT if spans else Treatment.KEEP
    return Reviewed(item, digest, treatment, spans, stale=choice is not None)


def _proposed(item: Item, others: Sequence[tuple[str, str]], own: Iterable[str]) -> list[Span]:
    if item.third:
        return [(0, len(item.text))]
    return names_in(item.text, others, own) if item.free else []


def digest_of(item: Item) -> bytes:
    """A keyed hash of the words: a choice is about these words and no others."""
    keyed = salted_hmac("stepdown.rights.item", f"{item.key}\n{item.text}", algorithm="sha256")
    return keyed.digest()


def digest_of_all(held: Iterable[Reviewed]) -> bytes:
    """Over all that goes out and how: what a second person has approved. What the hub itself keeps
    of its own accord (when somebody last signed in, what it sent) moves on meanwhile."""
    whole = hashlib.sha256()
    approved = (one for one in held if one.chosen or not one.item.moving)
    for one in sorted(approved, key=lambda one: one.item.key):
        said = {
            "item": one.item.key,
            "words": one.digest.hex(),
            "treatment": one.treatment,
            "spans": [list(span) for span in one.spans],
            "exemption": one.exemption,
        }
        whole.update(canonical(said) + b"\n")
    return whole.digest()


def categories_in(held: Iterable[Reviewed]) -> frozenset[Category]:
    """The categories of data in it, for the read log."""
    return frozenset(one.item.category for one in held)


def find(held: Iterable[Reviewed], key: str) -> Reviewed | None:
    """One of them by its key."""
    return next((one for one in held if one.item.key == key), None)


def _others(items: Iterable[Item], person: Person) -> list[tuple[str, str]]:
    """Names of other people of the hub that stand in free text: first and last."""
    texts = [item.text for item in items if item.free]
    found = {text[a:b] for text in texts for a, b in words(text)}
    found |= {part for word in found for part in word.replace("’", "'").split("'")}
    found = {way for word in found if word for way in (word, word.title(), word.upper())}
    named: set[tuple[str, str]] = set()
    for some in _chunks(sorted(found)):
        asked = Q(given_name__in=some) | Q(family_name__in=some) | Q(known_as__in=some)
        rows = Person.objects.filter(asked).exclude(pk=person.pk)
        for first, last, known in rows.values_list("given_name", "family_name", "known_as"):
            named |= {(first, last)} | ({(known, last)} if known else set())
    for some in _chunks(sorted(_pairs(texts))):
        for name in User.objects.filter(display_name__in=some).values_list(
            "display_name", flat=True
        ):
            first, _blank, last = name.partition(" ")
            named.add((first, last))
    return sorted(named)


def _pairs(texts: Iterable[str]) -> set[str]:
    found = set()
    for text in texts:
        said = [text[a:b] for a, b in words(text)]
        found |= {f"{a} {b}".title() for a, b in pairwise(said)}
    return found


def _chunks(some: Sequence[str]) -> Iterable[Sequence[str]]:
    return (some[n : n + AT_ONCE] for n in range(0, len(some), AT_ONCE))
