"""The PDF of somebody's records: text as text, described, and always the same."""

import io

import pypdf

from stepdown.adapters.pack_pdf import Document, Line, Part, pack_pdf

DOCUMENT = Document(
    title="Copy of records SAR-1",
    author="Test partnership",
    language="en",
    opening=("What we hold about you.", "Complain to the Information Commissioner."),
    parts=(
        Part(
            "Referral",
            "Made to find help.",
            (
                Line(
                    "Help wanted",
                    "#strong[not] markup, <b>nor</b> *this*\nsecond line",
                    ("By a nurse",),
                ),
                Line("Name", "Łucja Ŵyn"),
            ),
        ),
        Part("Nothing in it"),
    ),
    what="What",
    says="What it says",
)


def text_of(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)


def test_words_are_set_as_they_are() -> None:
    text = text_of(pack_pdf(DOCUMENT))
    for words in (
        "#strong[not] markup, <b>nor</b> *this*",
        "second line",
        "Łucja Ŵyn",
        "By a nurse",
    ):
        assert words in text


def test_the_same_contents_give_the_same_bytes() -> None:
    assert pack_pdf(DOCUMENT) == pack_pdf(DOCUMENT)


def test_it_is_tagged_and_its_description_says_nothing_of_a_machine_or_a_day() -> None:
    read = pypdf.PdfReader(io.BytesIO(pack_pdf(DOCUMENT)))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    described = {key: str(value) for key, value in (read.metadata or {}).items()}
    assert set(described) == {"/Title", "/Author", "/Creator"}
    assert described["/Title"] == DOCUMENT.title


def test_hundreds_of_lines_go_over_many_pages() -> None:
    many = tuple(Line(f"Line {n}", "word " * 40) for n in range(300))
    made = pack_pdf(Document("T", "A", "cy", (), (Part("P", "", many),), "W", "S"))
    assert "Line 299" in text_of(made)
