import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.adapters.postcodes import area_of, normalise

postcodes = st.from_regex(
    r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True
).filter(str.isascii)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("PR1 8RJ", "PR1 8RJ"),
        ("pr18rj", "PR1 8RJ"),
        ("  Pr1  8rJ\n", "PR1 8RJ"),
        ("b1 1aa", "B1 1AA"),
        ("B1  1AA", "B1 1AA"),
        ("ec1a1bb", "EC1A 1BB"),
        ("PR1\u00a08RJ", "PR1 8RJ"),
    ],
)
def test_spacing_and_case_do_not_matter(text: str, canonical: str) -> None:
    assert normalise(text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PR1",
        "8RJ",
        "PR1 8RJ" + " " * 40,
        "PR1 8R",
        "1PR 8RJ",
        "PR1 8CI",
        "PR1 8RJ, Preston",
        "PR18 8RJJ",
    ],
)
def test_what_is_not_shaped_like_a_postcode_is_none(text: str) -> None:
    assert normalise(text) is None


@given(postcodes, st.data())
def test_every_spelling_of_a_postcode_has_one_canonical_form(
    postcode: str, data: st.DataObject
) -> None:
    letters = [
        data.draw(st.sampled_from([character, character.lower()]))
        + data.draw(st.sampled_from(["", " "]))
        for character in postcode.replace(" ", "")
    ]
    assert normalise("".join(letters)) == postcode


@given(st.text(max_size=60))
def test_any_text_gives_none_or_a_form_that_stays_as_it_is(text: str) -> None:
    canonical = normalise(text)
    if canonical is not None:
        assert normalise(canonical) == canonical
        assert canonical.isascii()


@given(postcodes)
def test_the_area_is_the_leading_letters(postcode: str) -> None:
    area = area_of(postcode)
    assert area.isalpha()
    assert postcode[len(area)].isdigit()
