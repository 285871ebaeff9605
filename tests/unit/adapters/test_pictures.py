"""What holds for every picture that stands inside a page."""

import re
from xml.etree import ElementTree

import pytest

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.adapters.maps import MapPoint, Shape, place_map
from stepdown.adapters.svg import finish

SVG = "{http://www.w3.org/2000/svg}"
TITLE, DESCRIPTION = 'Bands & "places" <b>', "One <script>alert(1)</script> need"
HOSTILE = 'Wharles" onload="x <img src=x style=y>'

A_MAP = place_map(
    [Shape([[(350_000, 425_000), (358_000, 425_000), (358_000, 433_000), (350_000, 425_000)]])],
    [MapPoint(353_000, 428_000, "need"), MapPoint(354_500, 427_500, "volunteer")],
    title=TITLE,
    description=DESCRIPTION,
    legend={"need": HOSTILE},
)
A_CHART = bar_chart([Bar(HOSTILE, 3, 4)], title=TITLE, description=DESCRIPTION)
pictures = pytest.mark.parametrize("picture", [A_MAP, A_CHART], ids=["map", "chart"])


def tree(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314 - our own picture


def words(picture: str) -> list[str]:
    return [element.text or "" for element in tree(picture).iter(f"{SVG}text")]


@pictures
def test_a_picture_is_one_image_with_a_title_and_a_description(picture: str) -> None:
    root = tree(picture)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title is not None
    assert description is not None
    assert (title.text, description.text) == (TITLE, DESCRIPTION)
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")


@pictures
def test_a_picture_holds_nothing_the_page_s_policy_refuses(picture: str) -> None:
    for element in tree(picture).iter():
        assert element.tag.removeprefix(SVG) not in {
            "style", "script", "image", "foreignObject", "a", "use",
        }  # fmt: skip
        for name in element.attrib:
            assert name not in {"style", "href", "class"}
            assert not name.startswith(("on", "{"))


@pictures
def test_a_picture_shrinks_with_the_page(picture: str) -> None:
    root = tree(picture)
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


@pictures
def test_names_are_shown_as_they_are_written(picture: str) -> None:
    assert HOSTILE in words(picture)


@pictures
def test_letters_are_of_the_page_s_font_and_no_other_is_fetched(picture: str) -> None:
    assert set(re.findall(r'font-family="([^"]*)"', picture)) == {"arial, sans-serif"}
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")


def test_the_same_picture_is_drawn_the_same_each_time() -> None:
    again = bar_chart([Bar(HOSTILE, 3, 4)], title=TITLE, description=DESCRIPTION)
    assert again == A_CHART
    points = [MapPoint(353_000, 428_000, "need"), MapPoint(354_500, 427_500, "volunteer")]
    one, other = (
        place_map([], order, title="t", description="d") for order in (points, points[::-1])
    )
    assert one == other


def test_pictures_on_one_page_share_no_ids() -> None:
    points = [MapPoint(353_000, 428_000, "need"), MapPoint(353_000, 428_000, "volunteer")]
    both = [place_map([], [point], title="t", description="d") for point in points]
    first, second = (set(re.findall(r'\bid="([^"]+)"', picture)) for picture in both)
    assert len(first) == 3
    assert not first & second
    for picture, ids in zip(both, (first, second), strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", picture)) <= ids


@pytest.mark.parametrize(
    "inside",
    [
        '<path style="fill:red"/>',
        "<style>p {}</style>",
        "<script>x</script>",
        '<a href="x"/>',
        '<image xlink:href="x"/>',
        '<g onload="x"/>',
        '<g\nONCLICK = "x"/>',
        "<foreignObject/>",
    ],
)
def test_an_unsafe_picture_is_refused(inside: str) -> None:
    picture = f'<svg width="1" height="1" viewBox="0 0 1 1">{inside}</svg>'
    with pytest.raises(ValueError, match="may not"):
        finish(picture, title="t", description="d")


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="viewBox"):
        finish("<p>no</p>", title="t", description="d")
