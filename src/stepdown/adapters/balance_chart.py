"""A balance from year to year, drawn on the server: bars up from nought, or down from it."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .svg import BLUE, FONT, INK, ORANGE, draw

_ROW = 34


@dataclass(frozen=True, slots=True)
class Balance:
    """One year: its name, the balance at its end, and the balance in words."""

    label: str
    value: float
    text: str


def balance_chart(
    rows: Sequence[Balance], *, title: str, description: str, width: int = 340
) -> str:
    """An SVG of horizontal bars from a line at nought: to the left where money is owing (orange),
    to the right where it is not (blue). Its numbers stand beside the bars, and in ``description``.

    Narrow enough for a phone. Raises ``ValueError`` where there are no rows.
    """
    if not rows:
        raise ValueError("a chart needs a row")
    low, high = min(0.0, *(one.value for one in rows)), max(0.0, *(one.value for one in rows))
    # Names at the left, words at the right, and the bars between: Arial is some 9 pixels a letter.
    left = 9 * max(len(one.label) for one in rows) + 8
    right = 9 * max(len(one.text) for one in rows) + 8
    scale = max(width - left - right, 60) / ((high - low) or 1)
    nought = left - low * scale
    data = [
        {
            "row": number,
            "label": one.label,
            "from": round(nought + min(0.0, one.value) * scale, 1),
            "to": round(nought + max(0.0, one.value) * scale, 1),
            "colour": ORANGE if one.value < 0 else BLUE,
            "text": one.text,
        }
        for number, one in enumerate(rows)
    ]
    end = round(left + max(width - left - right, 60) + 6, 1)
    specification = _specification(int(end + right), len(rows), round(nought, 1), end)
    return draw(specification, {"rows": data}, title=title, description=description)


@functools.lru_cache(maxsize=64)
def _specification(width: int, count: int, nought: float, end: float) -> dict[str, Any]:
    """The picture without its data: lengths come in pixels."""
    import altair as alt

    down = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    across = alt.Scale(domain=[0, width], nice=False)
    base = alt.Chart(alt.NamedData(name="rows")).encode(y=down)

    def at(x: float) -> Any:
        return alt.datum(x, type="quantitative", scale=across, axis=None)

    bars = base.mark_bar(size=20).encode(
        x=alt.X("from:Q", scale=across, axis=None),
        x2="to:Q",
        color=alt.Color("colour:N", scale=None),
    )
    text: dict[str, Any] = {
        "align": "left", "baseline": "middle", "font": FONT, "fontSize": 16, "color": INK
    }  # fmt: skip
    labels = base.mark_text(**text, limit=0).encode(x=at(0), text="label:N")
    words = base.mark_text(**text, limit=0).encode(x=at(end), text="text:N")
    line = alt.Chart(alt.NamedData(name="rows")).mark_rule(color=INK).encode(x=at(nought))
    layers = alt.layer(bars, line, labels, words)
    found: dict[str, Any] = layers.properties(width=width, height=_ROW * count).to_dict()
    return found
