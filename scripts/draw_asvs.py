"""Draws docs/security/asvs.md from docs/security/asvs.txt. Run after the text has changed."""

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE, PAGE = ROOT / "docs/security/asvs.txt", ROOT / "docs/security/asvs.md"
KNOWN = ("met", "partly", "not met", "operator", "not applicable")
HEAD = """# ASVS 5.0

How the hub stands to the OWASP Application Security Verification Standard 5.0.0 at level 2, and to
1.2.10, 8.3.2, 14.2.7 and 14.2.8 of level 3, and 16.3.2 with its clause for level 3. The numbers are
the standard's; the words here are ours. *Operator* means that whoever runs the hub must see to it.
Drawn from `asvs.txt` by `python -m scripts.draw_asvs`; a test holds the numbers to the standard and
the links to the code.

"""


@dataclass(frozen=True)
class Line:
    """Some requirements with one disposition."""

    ids: tuple[str, ...]
    disposition: str
    why: str
    links: tuple[str, ...]


def lines(text: str) -> list[Line]:
    """The text, line by line. ValueError names one that is not of the form."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) != 4 or parts[1] not in KNOWN or not parts[2]:
            raise ValueError(f"line {number}: {line[:60]}")
        links = tuple(link.strip() for link in parts[3].split(",") if link.strip())
        found.append(Line(tuple(parts[0].split()), parts[1], parts[2], links))
    return found


def page(found: list[Line]) -> str:
    """The page, in Markdown."""
    rows = sorted(
        (tuple(map(int, one.split("."))), one, line) for line in found for one in line.ids
    )
    counts = Counter(line.disposition for _key, _one, line in rows)
    out = [HEAD + f"{len(rows)} requirements: "
           + ", ".join(f"{counts[kind]} {kind}" for kind in KNOWN) + ".\n"]  # fmt: skip
    out.append("\n| | | why | where |\n|---|---|---|---|\n")
    for _key, one, line in rows:
        links = ", ".join(f"[{Path(link).name}](../../{link})" for link in line.links)
        out.append(f"| {one} | {line.disposition} | {line.why} | {links} |\n")
    return "".join(out)


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(lines(SOURCE.read_text())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
