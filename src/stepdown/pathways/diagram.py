"""A definition as a picture: Mermaid for documents, and an SVG made here without other tools.

Stages stand one under another in the order of the file. A move to the next stage is a straight
arrow, one further down bends out on the right, one back up on the left.
"""

from collections.abc import Iterator
from textwrap import wrap
from xml.sax.saxutils import escape

from stepdown.pathways.schema import Definition, Stage

_BOX, _HIGH, _GAP, _TOP = 250, 58, 46, 12
_LANE, _LETTER = 26, 6.6
INK, PAPER, LINE, BLUE, PALE = "#0b0c0c", "#ffffff", "#505a5f", "#1d70b8", "#f3f2f1"


def mermaid(definition: Definition, language: str = "en") -> str:
    """The stages and moves as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {_id(definition.first.key)}"]
    for stage in definition.stages:
        lines.append(f"    {_id(stage.key)} : {stage.name.in_language(language)}")
    for stage in definition.stages:
        for move in stage.moves:
            words = move.name.in_language(language).replace(":", " ")
            lines.append(f"    {_id(stage.key)} --> {_id(move.to)} : {words}")
        if stage.ends:
            lines.append(f"    {_id(stage.key)} --> [*]")
    for meeting in definition.meetings:
        words = meeting.name.in_language(language).replace(":", " ")
        lines += [f"    note right of {_id(key)} : {words}" for key in meeting.stages]
    return "\n".join(lines)


def _id(key: str) -> str:
    return key.replace("-", "_")


def svg(definition: Definition, language: str = "en", here: str = "") -> str:
    """The stages and moves as an SVG for a page. ``here`` is the stage to mark.

    Presentation attributes only: a page's policy allows no style and no script.
    """
    stages = definition.stages
    row = {stage.key: number for number, stage in enumerate(stages)}
    arcs = [
        (row[stage.key], row[move.to])
        for stage in stages
        for move in stage.moves
        if row[move.to] != row[stage.key] + 1
    ]
    right = _lanes([arc for arc in arcs if arc[1] > arc[0]])
    left = _lanes([arc for arc in arcs if arc[1] < arc[0]])
    start = 16 + _LANE * (max(left.values(), default=-1) + 1)
    width = start + _BOX + 16 + _LANE * (max(right.values(), default=-1) + 1)
    height = _TOP * 2 + len(stages) * _HIGH + (len(stages) - 1) * _GAP
    name = escape(definition.name.in_language(language))
    key = f"{definition.key}-{definition.version}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t-{key} d-{key}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="arial, sans-serif" font-size="14">',
        f'<title id="t-{key}">{name}</title>',
        f'<desc id="d-{key}">{escape(" ".join(_sentences(definition, language)))}</desc>',
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
    ]
    for stage in stages:
        for move in stage.moves:
            one, other = row[stage.key], row[move.to]
            parts += _arrow(one, other, start, right, left, escape(move.name.in_language(language)))
    for stage in stages:
        parts += _box(stage, row[stage.key], start, language, marked=stage.key == here)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _sentences(definition: Definition, language: str) -> Iterator[str]:
    for stage in definition.stages:
        ways = [definition.stage(move.to).name.in_language(language) for move in stage.moves]
        if ways:
            yield f"{stage.name.in_language(language)}: {', '.join(ways)}."


def _lanes(arcs: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """A lane for each bend, the short ones inside, so that none lies on another."""
    lanes: dict[tuple[int, int], int] = {}
    for arc in sorted(set(arcs), key=lambda a: (abs(a[1] - a[0]), a)):
        low, high = min(arc), max(arc)
        taken = {lane for other, lane in lanes.items() if min(other) <= high and max(other) >= low}
        lanes[arc] = next(n for n in range(len(arcs) + 1) if n not in taken)
    return lanes


def _y(row: int) -> int:
    return _TOP + row * (_HIGH + _GAP)


def _box(stage: Stage, row: int, start: int, language: str, *, marked: bool) -> list[str]:
    y, fill = _y(row), (BLUE if marked else PALE)
    words, ink = stage.name.in_language(language), (PAPER if marked else INK)
    lines = wrap(words, int(_BOX / _LETTER) - 4)[:2]
    corner = 28 if stage.ends else 4
    found = [
        f'<rect x="{start}" y="{y}" width="{_BOX}" height="{_HIGH}" rx="{corner}" '
        f'fill="{fill}" stroke="{INK}" stroke-width="{3 if stage.ends else 1.5}"/>'
    ]
    first = y + _HIGH / 2 + 5 - (len(lines) - 1) * 9
    for number, line in enumerate(lines):
        found.append(
            f'<text x="{start + _BOX / 2:g}" y="{first + number * 18:g}" text-anchor="middle" '
            f'font-weight="bold" fill="{ink}">{escape(line)}</text>'
        )
    return found


def _arrow(
    one: int,
    other: int,
    start: int,
    right: dict[tuple[int, int], int],
    left: dict[tuple[int, int], int],
    words: str,
) -> list[str]:
    if other == one + 1:
        x, top, low = start + _BOX / 2, _y(one) + _HIGH, _y(other)
        label = (
            f'<text x="{x + 10:g}" y="{(top + low) / 2 + 4:g}" font-size="12" fill="{LINE}">'
            f"{words}</text>"
        )
        return [_line(f"M{x:g} {top} V{low - 2}"), _head(x, low, "down"), label]
    if other > one:
        edge, lane = start + _BOX, start + _BOX + _LANE * (right[one, other] + 1) - 6
    else:
        edge, lane = start, start - _LANE * (left[one, other] + 1) + 6
    out, into = _y(one) + _HIGH * 0.7, _y(other) + _HIGH * 0.3
    path = f"M{edge} {out:g} H{lane} V{into:g} H{edge}"
    return [
        f"<g><title>{words}</title>{_line(path)}</g>",
        _head(edge, into, "left" if other > one else "right"),
    ]


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.5"/>'


def _head(x: float, y: float, way: str) -> str:
    size = 6
    points = {
        "down": ((x, y), (x - size, y - 9), (x + size, y - 9)),
        "left": ((x, y), (x + 9, y - size), (x + 9, y + size)),
        "right": ((x, y), (x - 9, y - size), (x - 9, y + size)),
    }[way]
    text = " ".join(f"{a:g},{b:g}" for a, b in points)
    return f'<polygon points="{text}" fill="{LINE}"/>'
