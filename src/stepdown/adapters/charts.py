"""Bar charts drawn on the server: coverage by band, by district and the like."""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .svg import BLUE, FONT, INK, LINE, draw

_ROW = 54  # pixels for one bar, its label above it and the room around them
_BAR = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: ``value``, and what it is out of where there is such a thing (12 ``of`` 20 places).

    ``text`` stands beside the bar; without it the value does. A ``value`` of ``None`` draws no bar:
    for a number that is withheld because few people are behind it, which ``text`` should then say.
    """

    label: str
    value: float | None
    of: float | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        for number in (self.value, self.of):
            if number is not None and not (math.isfinite(number) and number >= 0):
                raise ValueError("a bar's length is a finite number, nought or more")
        if self.value is None and self.of is not None:
            raise ValueError("a withheld value cannot show what it is out of")


def bar_chart(
    rows: Sequence[Bar],
    *,
    title: str,
    description: str,
    width: int = 360,
) -> str:
    """An SVG of horizontal bars from nought, in the order given, to stand inside a page.

    ``width`` is in pixels: labels stand above their bars, so that it stays narrow enough to be read
    on a phone. A page that shows this shows its numbers in a table too: ``description`` says in a
    sentence what there is to see. Raises ``ValueError`` where there are no rows.
    """
    if not rows:
        raise ValueError("a chart needs a row")
    ends = [max(row.value or 0, row.of or 0) for row in rows]
    words = [row.text if row.text is not None else _number(row.value) for row in rows]
    # Each bar leaves room for its own text: Arial's letters are at most some 9 pixels wide.
    scale = min(
        (
            max(width - 12 - 9 * len(text), width / 3) / end
            for end, text in zip(ends, words, strict=True)
            if end
        ),
        default=0,
    )
    data = [
        {
            "row": number,
            "label": row.label,
            "value": round((row.value or 0) * scale, 1),
            "of": round((row.of or 0) * scale, 1),
            "end": round(end * scale, 1),
            "text": text,
        }
        for number, (row, end, text) in enumerate(zip(rows, ends, words, strict=True))
    ]
    return draw(
        _specification(width, len(rows)), {"rows": data}, title=title, description=description
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


@functools.lru_cache(maxsize=64)
def _specification(width: int, count: int) -> dict[str, Any]:
    """The picture without its data: lengths come in pixels."""
    import altair as alt

    down = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    across = alt.Scale(domain=[0, width], nice=False)
    base = alt.Chart(alt.NamedData(name="rows")).encode(y=down)

    def length(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=across, axis=None)

    # A row's middle is at 27 pixels: the label lies above it, the bar below.
    track = base.mark_bar(size=_BAR, yOffset=12, color=LINE).encode(x=length("of"))
    bars = base.mark_bar(size=_BAR, yOffset=12, color=BLUE).encode(x=length("value"))
    ends = base.mark_text(
        align="left", baseline="middle", dx=8, dy=12, font=FONT, fontSize=16, color=INK
    ).encode(x=length("end"), text="text:N")
    labels = base.mark_text(
        align="left", baseline="middle", dy=-11, font=FONT, fontSize=16, color=INK, limit=0
    ).encode(x=alt.datum(0, type="quantitative", scale=across, axis=None), text="label:N")
    chart = alt.layer(track, bars, ends, labels).properties(width=width, height=_ROW * count)
    specification: dict[str, Any] = chart.to_dict()
    return specification
