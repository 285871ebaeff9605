from xml.etree import ElementTree

import pytest

from stepdown.adapters.charts import Bar, bar_chart

SVG = "{http://www.w3.org/2000/svg}"
BLUE, TRACK = "#1d70b8", "#cecece"


def draw(*rows: Bar) -> ElementTree.Element:
    picture = bar_chart(rows, title="Places filled", description="By band")
    return ElementTree.fromstring(picture)  # noqa: S314 - our own picture


def lengths(root: ElementTree.Element, colour: str) -> list[float]:
    """Pixels across of each bar, from its path ``Mx,yh<length>v...``."""
    paths = [path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("fill") == colour]
    return [float(path.split("h")[1].split("v")[0]) for path in paths]


def words(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_bars_are_in_proportion_and_in_the_order_given() -> None:
    root = draw(Bar("Most urgent", 10, 40), Bar("High", 20, 40), Bar("Low", 5, 20))
    filled, track = lengths(root, BLUE), lengths(root, TRACK)
    assert filled[1] == pytest.approx(2 * filled[0], abs=0.2)
    assert filled[2] == pytest.approx(filled[0] / 2, abs=0.2)
    assert track[0] == track[1] == pytest.approx(2 * track[2], abs=0.2)
    assert [word for word in words(root) if not word.isdigit()] == ["Most urgent", "High", "Low"]


def test_every_row_has_its_label_and_its_number() -> None:
    root = draw(Bar("Burnley", 1200), Bar("Wyre", 3, 4, "3 of 4"), Bar("Fylde", 0.5))
    assert sorted(words(root)) == sorted(["Burnley", "1,200", "Wyre", "3 of 4", "Fylde", "0.5"])


def test_a_withheld_number_draws_no_bar_and_says_so() -> None:
    root = draw(Bar("Burnley", 12), Bar("Wyre", None, text="Too few to show"))
    assert "Too few to show" in words(root)
    shown = [length for length in lengths(root, BLUE) if length]
    assert len(shown) == 1


def test_nothing_filled_at_all_is_still_a_chart() -> None:
    root = draw(Bar("Burnley", 0), Bar("Wyre", 0, 0))
    assert not any(lengths(root, BLUE))
    assert words(root).count("0") == 2


def test_the_picture_stays_as_wide_as_asked_whatever_the_numbers() -> None:
    for row in (Bar("A", 1), Bar("A", 10**9, 10**10), Bar("A", 3, 4, "three out of four places")):
        assert float(draw(row).get("width", "")) <= 370


@pytest.mark.parametrize(
    ("value", "of"), [(-1, None), (float("nan"), None), (1, float("inf")), (None, 4)]
)
def test_a_bar_that_cannot_be_drawn_is_refused(value: float | None, of: float | None) -> None:
    with pytest.raises(ValueError, match=r"length|withheld"):
        Bar("Burnley", value, of)


def test_a_chart_without_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a row"):
        bar_chart([], title="t", description="d")
