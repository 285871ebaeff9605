"""Reads a page's markup and lists what is wrong with it, without a browser."""

from collections import Counter
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta"}
SVG_VOID = {"path", "circle", "rect", "line"}


class Markup(HTMLParser):
    """What a page holds: ids, labels, headings, references, and every fault met on the way."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.headings: list[int] = []
        self.labelled: set[str] = set()
        self.inputs: list[str] = []
        self.references: set[str] = set()
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self._judge()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.faults.append(f"<{tag}> says something twice: {attrs}")
        if tag not in VOID and tag not in SVG_VOID:
            self._open.append(tag)
        if given.get("id"):
            self.ids[given["id"]] += 1
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag == "label":
            self.labelled.add(given.get("for", ""))
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            self.inputs.append(given.get("id", ""))
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            self.references.update(given.get(name, "").split())
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.faults.append("an inline script")
        if "style" in given or tag == "style" or any(name.startswith("on") for name in given):
            self.faults.append(f"an inline style or handler on <{tag}>")
        if given.get("href", "").startswith("#") and given["href"].startswith("#id_"):
            self.references.add(given["href"][1:])

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or tag in SVG_VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def _judge(self) -> None:
        self.faults += [f"left open: <{tag}>" for tag in self._open]
        self.faults += [f"id twice: {name}" for name, times in self.ids.items() if times > 1]
        self.faults += [
            f"no label for {name!r}" for name in self.inputs if name not in self.labelled
        ]
        self.faults += [f"nothing has the id {name}" for name in self.references - set(self.ids)]
        if self.headings.count(1) != 1:
            self.faults.append(f"{self.headings.count(1)} first headings")


def faults(html: str) -> list[str]:
    """What is wrong with a page; nothing when it is well made."""
    return Markup(html).faults
