"""Turns a Vega-Lite specification into an SVG that can stand inside a page.

The page's content security policy allows no inline style and no script, and pages are read aloud:
so the picture carries presentation attributes only, and a title and description of its own.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

FONT = "arial, sans-serif"
INK, SECONDARY, PAPER, LINE = "#0b0c0c", "#484949", "#ffffff", "#cecece"
BLUE, ORANGE, PALE = "#1d70b8", "#f47738", "#f3f3f3"

Rows = Sequence[Mapping[str, Any]]

# Turned off for each mark, since the picture as a whole is one image with its own description:
# Vega would else spell out every point's coordinates to a screen reader.
CONFIG: dict[str, Any] = {
    "aria": False,
    "background": PAPER,
    "font": FONT,
    "view": {"stroke": None},
    "padding": 2,
    "autosize": {"type": "pad"},
}
_ROOT = re.compile(r"<svg\b[^>]*\bviewBox=\"([\d. -]+)\"[^>]*>")
# What a browser could run, fetch or refuse under the policy.
_FORBIDDEN = re.compile(
    r"<\s*(?:style|script|image|foreignObject|iframe|use|a)\b|\s(?:style|on\w+|(?:xlink:)?href)\s*=",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
# Roles and classes of Vega's own, which mean nothing in a page; a clip's id counts the pictures
# drawn so far, and there is at most one in a picture.
_IDLE = re.compile(r" (?:role|class|pointer-events|aria-[a-z]+)=\"[^\"]*\"")
_CLIP = re.compile(r"(?<=[\"#])clip\d+(?=[\")])")


def draw(
    specification: Mapping[str, Any],
    datasets: Mapping[str, Rows],
    *,
    title: str,
    description: str,
) -> str:
    """The picture as ``<svg role="img">``, with title and description and nothing that can run.

    ``datasets`` are the rows of the specification's named data: put in here rather than when the
    specification is made, because Altair's check of every value takes ten times as long as drawing.
    """
    # Its first use in a process starts a JavaScript engine (some 0.4 s): not before it is needed.
    import vl_convert

    filled = {
        **specification,
        "config": CONFIG,
        "datasets": {name: list(rows) for name, rows in datasets.items()},
    }
    # No address is allowed: a picture is made from what it is handed and fetches nothing.
    picture = vl_convert.vegalite_to_svg(filled, allowed_base_urls=[])
    return finish(picture, title=title, description=description)


def finish(picture: str, *, title: str, description: str) -> str:
    """Names the picture. Raises ``ValueError`` where it holds what a page's policy would refuse."""
    root = _ROOT.match(picture)
    if root is None:
        raise ValueError("this is not a picture with a viewBox")
    picture = _TAG.sub(_cleaned, picture[root.end() :])
    # Several pictures on one page must not share ids; the same picture always has the same.
    key = hashlib.sha256(f"{title}\0{description}\0{root[1]}\0{picture}".encode()).hexdigest()[:12]
    picture = _TAG.sub(lambda tag: tag[0].replace("clip-id", f"c-{key}"), picture)
    width, height = root[1].split()[2:]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="t-{key}" aria-describedby="d-{key}" focusable="false" '
        f'width="{width}" height="{height}" viewBox="{root[1]}" fill-rule="evenodd">'
        f'<title id="t-{key}">{escape(title)}</title>'
        f'<desc id="d-{key}">{escape(description)}</desc>{picture}'
    )


def _cleaned(tag: re.Match[str]) -> str:
    """One tag without what only Vega needs; refused where it is unsafe.

    Text between tags is left alone: it is escaped, and a place may be called whatever it is called.
    """
    if _FORBIDDEN.search(tag[0]):
        raise ValueError(f"the picture holds what a page may not: {tag[0][:60]}")
    return _CLIP.sub("clip-id", _IDLE.sub("", tag[0]))
