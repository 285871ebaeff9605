"""A small picture of a statutory clock: the days gone, those that did not count, the last day."""

from collections.abc import Sequence
from datetime import date, timedelta

from .svg import BLUE, FONT, INK, LINE, ORANGE, PAPER, finish

_WIDTH, _HEIGHT, _SIDE, _BAR = 600, 74, 6, 22


def clock_picture(
    *,
    received: date,
    due: date,
    today: date,
    stops: Sequence[tuple[date, date]],
    words: tuple[str, str, str],
    title: str,
    description: str,
) -> str:
    """A bar from the day a request came to the day its answer is due, or to today where that is
    later. ``stops`` are days that did not count, both ends included. ``words`` stand at its
    beginning, at its end, and over the day that it is."""
    last = max(due, today, received + timedelta(days=1))
    whole = (last - received).days

    def across(day: date) -> float:
        share = min(max((day - received).days / whole, 0), 1)
        return round(_SIDE + share * (_WIDTH - 2 * _SIDE), 1)

    end, now = across(due), across(today)
    parts = [_box(_SIDE, end, LINE), _box(_SIDE, min(now, end), BLUE)]
    if today > due:
        parts.append(_box(end, now, INK))
    for first, until in stops:
        parts.append(_box(across(first), across(min(until, last) + timedelta(days=1)), ORANGE))
    parts.append(f'<path d="M{now} 20V{26 + _BAR}" stroke="{INK}" stroke-width="3"/>')
    place = "start" if now < _WIDTH / 3 else "end" if now > _WIDTH * 2 / 3 else "middle"
    begin, finish_words, at = words
    parts += [
        _text(now, 16, place, at),
        _text(_SIDE, _HEIGHT - 6, "start", begin),
        _text(_WIDTH - _SIDE, _HEIGHT - 6, "end", finish_words),
    ]
    drawn = (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}"><rect width="{_WIDTH}" height="{_HEIGHT}" '
        f'fill="{PAPER}"/>{"".join(parts)}</svg>'
    )
    return finish(drawn, title=title, description=description)


def _box(left: float, right: float, colour: str) -> str:
    width = max(round(right - left, 1), 0)
    return f'<rect x="{left}" y="24" width="{width}" height="{_BAR}" fill="{colour}"/>'


def _text(across: float, down: float, place: str, words: str) -> str:
    safe = words.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<text x="{across}" y="{down}" text-anchor="{place}" font-family="{FONT}" '
        f'font-size="15" fill="{INK}">{safe}</text>'
    )
