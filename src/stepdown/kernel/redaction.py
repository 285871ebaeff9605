"""Taking passages out of a text for good. A passage is a span: from a place in it up to another.

What is taken out is absent from what comes back; only a mark says that something was there, the
same for a word and for a page, so that nothing can be read off its length.
"""

import re
from collections.abc import Iterable

Span = tuple[int, int]

MARK = "[removed]"
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+(?=\s|$)|\n|$|[.!?])+[ \t]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def merged(spans: Iterable[Span], length: int) -> list[Span]:
    """The spans in order, inside the text; those that overlap or touch as one."""
    found: list[Span] = []
    for start, end in sorted((max(a, 0), min(b, length)) for a, b in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(text: str, spans: Iterable[Span], mark: str = MARK) -> str:
    """The text with a mark in place of each span."""
    parts, place = [], 0
    for start, end in _joined(text, merged(spans, len(text))):
        parts += [text[place:start], mark]
        place = end
    return "".join([*parts, text[place:]])


def pieces(text: str, spans: Iterable[Span]) -> list[tuple[str, bool]]:
    """The whole text in pieces, each with whether it is taken out: for those who choose."""
    found: list[tuple[str, bool]] = []
    place = 0
    for start, end in merged(spans, len(text)):
        found += [(text[place:start], False), (text[start:end], True)]
        place = end
    return [piece for piece in [*found, (text[place:], False)] if piece[0]]


def sentences(text: str) -> list[Span]:
    """Where the sentences of a text lie; together they are all of it."""
    found: list[Span] = []
    place = 0
    while place < len(text):
        match = _SENTENCE.match(text, place)
        end = match.end() if match and match.end() > place else len(text)
        if text[place:end].strip() or not found:
            found.append((place, end))
        else:
            found[-1] = (found[-1][0], end)
        place = end
    return found


def words(text: str) -> list[Span]:
    """Where words made of letters lie, hyphens and apostrophes inside them included."""
    return [match.span() for match in _WORD.finditer(text)]


def everywhere(text: str, phrase: str) -> list[Span]:
    """Wherever a phrase stands as whole words, in whatever case and however it is spaced."""
    parts = phrase.split()
    if not parts:
        return []
    pattern = r"\s+".join(re.escape(part) for part in parts)
    found = re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE)
    return [match.span() for match in found.finditer(text)]


def names_in(text: str, names: Iterable[tuple[str, str]], own: Iterable[str] = ()) -> list[Span]:
    """Where people are named: first and last name together in any case, either alone where it is
    written with a capital letter. ``own`` are the subject's names, which stay."""
    kept = {word.casefold() for name in own for word in _split(name)}
    alone: set[str] = set()
    found: list[Span] = []
    for first, last in names:
        whole = f"{first} {last}".strip()
        if {word.casefold() for word in _split(whole)} - kept:
            found += everywhere(text, whole)
            found += everywhere(text, f"{last} {first}")
        alone |= {word.casefold() for word in _split(whole) if len(word) > 1} - kept
    for start, end in words(text):
        word = text[start:end]
        bare = re.sub(r"['’]s$", "", word)
        parts = {bare.casefold(), *(part.casefold() for part in re.split(r"[-'’]", bare))}
        if word[0].isupper() and parts & alone:
            found.append((start, end))
    return merged(found, len(text))


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Spans with nothing but blanks between them as one: how many there were is not told."""
    found: list[Span] = []
    for start, end in spans:
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _split(name: str) -> list[str]:
    return [name[a:b] for a, b in words(name)]
