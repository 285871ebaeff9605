"""Every requirement of the standard has its disposition, and what it leans on is there."""

import csv
from pathlib import Path

import pytest

from scripts.draw_asvs import PAGE, ROOT, SOURCE, lines, page

STANDARD = ROOT.parent / "shared/standards/asvs/asvs-5.0.0-en.csv"
ABOVE = {"V1.2.10", "V8.3.2", "V14.2.7", "V14.2.8", "V16.3.2"}
FOUND = lines(SOURCE.read_text())
STATED = [f"V{one}" for line in FOUND for one in line.ids]


@pytest.mark.skipif(not STANDARD.exists(), reason="The standard is not beside the tree")
def test_each_requirement_of_the_level_is_there_once() -> None:
    with STANDARD.open(encoding="utf-8-sig", newline="") as file:
        asked = {row["req_id"] for row in csv.DictReader(file) if row["L"] in {"1", "2"}} | ABOVE
    assert asked - set(STATED) == set()
    assert set(STATED) - asked == set()


def test_none_is_there_twice() -> None:
    assert len(STATED) == len(set(STATED))


@pytest.mark.parametrize("link", sorted({link for line in FOUND for link in line.links}))
def test_what_is_linked_is_there(link: str) -> None:
    assert (ROOT / link).exists()


def test_what_is_met_says_by_what() -> None:
    for line in FOUND:
        assert line.links, line.ids


def test_page_is_drawn_from_the_text() -> None:
    assert page(FOUND) == PAGE.read_text(), "run python -m scripts.draw_asvs"


@pytest.mark.parametrize("wrong", ["1.1.1 | fine | x | y", "1.1.1 | met | x", "1.1.1 | met |  | y"])
def test_a_line_of_another_form_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        lines(wrong)


def test_threat_model_leans_on_what_is_there() -> None:
    import re

    for name in ("threat-model", "decisions", "mutation"):
        text = (ROOT / f"docs/security/{name}.md").read_text()
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            if not link.startswith("http"):
                assert (Path(ROOT, "docs/security") / link).resolve().exists(), f"{name}: {link}"
