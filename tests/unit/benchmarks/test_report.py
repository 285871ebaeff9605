"""What was measured is kept, compared and written down."""

from pathlib import Path

import pytest

from benchmarks import bench_national, parts, report, store
from benchmarks.sets import Shape, make_shape
from benchmarks.store import Figures
from tests.support.bench_worlds import same, valley


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Figures and page of these tests alone."""
    monkeypatch.setattr(store, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(report, "DOCS", tmp_path)
    return tmp_path


def figures(seconds: float, filled: list[int], quality: int) -> Figures:
    return {
        "seconds": seconds,
        "phases": {"candidates": seconds / 2, "solve": seconds / 2},
        "peak_mib": 100.0,
        "filled_by_band": filled,
        "quality": quality,
        "date": "2026-11-05",
        "software": store.software(),
    }


def medium() -> Figures:
    public = figures(6, [3, 2, 2, 1], 6_900)
    public |= {"feasible": 1_234_567, "greedy": figures(0.1, [3, 2, 1, 1], 5_000)}
    made = {"volunteers": 75_000, "needs": 25_000, "places": 100, "capacity": 350}
    return {
        "set": {**made, "says": "well supplied", "positions": "none"},
        "ours": {**figures(0.5, [3, 2, 2, 1], 7_000), "ok": True},
        "public": public,
    }


def test_page_has_times_ratio_and_worth(folder: Path) -> None:
    for part, found in medium().items():
        store.save("medium", part, found)
    report.write()
    page = (folder / "performance.md").read_text(encoding="utf-8")
    assert "| medium | 0.500 | yes | 6.000 | 12.0 | 100 | 100 | 5 November 2026 |" in page
    assert "| medium: well supplied | 75,000 | 25,000 | 100 | 3.50 | 1,234,567 |" in page
    assert "| medium | 3 | 2 | 2 | 1 | 7,000 | 0 | −1.429 % | −1 | −28.571 % |" in page
    assert "Growth" not in page  # that takes the large set too
    assert (folder / "performance.svg").read_text(encoding="utf-8").startswith("<svg")


def test_growth_is_the_exponent_from_medium_to_large(folder: Path) -> None:
    for name, times in (("medium", 1), ("large", 10)):
        for part, found in medium().items():
            scaled = found | {"seconds": 0.5 * times} if part == "ours" else found
            store.save(name, part, scaled | {"volunteers": 75_000 * times})
    report.write()
    assert "| Stepdown | 1.00 |" in (folder / "performance.md").read_text(encoding="utf-8")


def test_measuring_again_replaces_that_part_alone() -> None:
    store.save("small", "ours", {"seconds": 1})
    store.save("small", "public", {"seconds": 2})
    store.save("small", "ours", {"seconds": 3})
    kept = store.of_this_machine(store.load())["sets"]["small"]
    assert kept == {"ours": {"seconds": 3}, "public": {"seconds": 2}}


def test_figures_of_another_machine_stand_apart() -> None:
    other = {"machine": {"cpu": "another", "cores": 1, "memory_gib": 1}, "sets": {"small": {}}}
    everything = [other]
    assert store.of_this_machine(everything)["sets"] == {}
    assert everything[0] is other


def test_no_figure_stands_where_plans_disagree() -> None:
    found = medium()
    bench_national.agree("medium", found)
    better = found["public"] | {"filled_by_band": [4, 0, 0, 0]}
    with pytest.raises(AssertionError, match="a better plan"):
        bench_national.agree("medium", found | {"public": better})
    complete = {"filled_by_band": [3, 2, 2, 1], "quality": 6_999}
    with pytest.raises(AssertionError, match="the optima differ"):
        bench_national.agree("medium", found | {"assignment": complete})
    with pytest.raises(AssertionError, match="not proven"):
        bench_national.agree("medium", found | {"ours": found["ours"] | {"ok": False}})


def test_columns_come_back_as_they_were_written(folder: Path) -> None:
    arrays = make_shape(Shape(50, 40, 1, ""), valley(), seed=1)
    parts.write(arrays, folder)
    assert same(parts.read(folder), arrays)
