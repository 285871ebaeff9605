"""What is taken out of a text is gone from it."""

from hypothesis import given
from hypothesis import strategies as st

from stepdown.kernel.redaction import (
    MARK,
    everywhere,
    merged,
    names_in,
    pieces,
    sentences,
    without,
)

TEXT = "Lives alone. Her son Tom Reed shouts at her! He owes money to Kate."
SPANS = st.lists(st.tuples(st.integers(-3, 80), st.integers(-3, 80)), max_size=6)


def cut(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[a:b] for a, b in spans]


def test_passages_are_replaced_by_one_mark_whatever_their_length() -> None:
    second = sentences(TEXT)[1]
    assert without(TEXT, [second]) == f"Lives alone. {MARK}He owes money to Kate."
    assert without("abc", [(0, 3)]) == without("a much longer text", [(0, 99)]) == MARK


def test_passages_beside_each_other_are_one() -> None:
    assert without("one two three", [(0, 3), (4, 7)]) == f"{MARK} three"


def test_sentences_are_found() -> None:
    assert cut(TEXT, sentences(TEXT)) == [
        "Lives alone. ",
        "Her son Tom Reed shouts at her! ",
        "He owes money to Kate.",
    ]


def test_a_phrase_is_found_as_whole_words_only() -> None:
    assert cut("Ann met ann  and Anna", everywhere("Ann met ann  and Anna", "Ann")) == [
        "Ann",
        "ann",
    ]
    assert cut("Tom\nReed", everywhere("Tom\nReed", "tom reed")) == ["Tom\nReed"]


def test_names_of_others_are_found_and_the_subject_s_own_stay() -> None:
    others = [("Tom", "Reed"), ("Kate", "Brown"), ("Mary", "Fell")]
    text = "Mary Fell told Kate that tom reed and the Reeds-Smith house are brown. Kate's aunt."
    found = cut(text, names_in(text, others, own=["Mary", "Fell"]))
    assert found == ["Kate", "tom reed", "Kate's"]


def test_a_relative_of_the_same_family_name_is_found_by_the_first_name() -> None:
    text = "Mary Fell lives with Ann Fell."
    assert cut(text, names_in(text, [("Ann", "Fell")], own=["Mary", "Fell"])) == ["Ann Fell"]


@given(st.text(max_size=80), SPANS)
def test_sentences_and_pieces_lose_nothing(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(cut(text, sentences(text))) == text
    assert "".join(piece for piece, _gone in pieces(text, spans)) == text


@given(st.text(alphabet="ab c.", max_size=60), SPANS)
def test_nothing_inside_a_span_is_left(text: str, spans: list[tuple[int, int]]) -> None:
    gone = {place for a, b in merged(spans, len(text)) for place in range(a, b)}
    kept = "".join(letter for place, letter in enumerate(text) if place not in gone)
    assert "".join(without(text, spans, mark="").split()) == "".join(kept.split())
