"""A copy of somebody's records as a PDF file.

Tagged for screen readers (PDF/UA-1), with text as text: what was taken out before is not in it
anywhere. The same contents give the same bytes: no day, no machine, no path is written into it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import typst


@dataclass(frozen=True)
class Line:
    """One thing that is held: what it is, what it says, and small print about where it is from."""

    label: str
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A section: its heading, a few words under it, and what is held."""

    heading: str
    words: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Document:
    """All of it. ``title`` and ``author`` are written into the file's own description, so they say
    nothing of the person. ``label`` and ``text`` head the two columns."""

    title: str
    author: str
    language: str
    opening: tuple[str, ...]
    parts: Sequence[Part]
    what: str
    says: str


_SOURCE = r"""
#let held = json(bytes(sys.inputs.held))
#set document(title: held.title, author: held.author, date: none)
#set text(lang: held.language, size: 10.5pt, hyphenate: false)
#set page(paper: "a4", margin: (x: 20mm, y: 22mm), numbering: "1 / 1")
#set par(leading: 0.6em)
#set heading(numbering: none)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): set text(size: 14pt)
#show heading.where(level: 2): set block(above: 1.6em, below: 0.8em)
#set table(stroke: (x: none, y: 0.5pt + luma(160)), inset: (x: 4pt, y: 6pt))
= #held.title
#for words in held.opening [
  #words

]
#for part in held.parts [
  == #part.heading
  #part.words
  #if part.lines.len() > 0 {
    table(
      columns: (32%, 68%),
      table.header(strong(held.what), strong(held.says)),
      ..part.lines.map(line => (
        line.label,
        {
          line.text
          for note in line.notes {
            linebreak()
            text(size: 8.5pt, fill: luma(70), note)
          }
        },
      )).flatten()
    )
  }
]
"""


def pack_pdf(document: Document) -> bytes:
    """The file. Words are set as they are: nothing in them is read as markup."""
    made = typst.compile(
        _SOURCE.encode(),
        format="pdf",
        sys_inputs={"held": json.dumps(asdict(document), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    if not isinstance(made, bytes):
        raise TypeError("One file was to be made.")
    return made
