"""What the pages are drawn with, once it is built."""

import gzip
import re
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage

import stepdown.pages
from scripts import build_assets

ROOT = Path(build_assets.__file__).parents[1]
BUILT = Path(stepdown.pages.__file__).parent / "static" / "build"
pytestmark = pytest.mark.skipif(
    not (BUILT / "stepdown.css").exists(), reason="the assets are not built: run `make setup`"
)


def read(name: str) -> str:
    return (BUILT / name).read_text(encoding="utf-8")


def test_no_crest_no_crown_and_no_font_of_gov_uk() -> None:
    css = read("stepdown.css")
    assert "crest" not in css
    assert "GDS Transport" not in css
    assert "@font-face" not in css
    assert not list(BUILT.rglob("*crest*")) + list(BUILT.rglob("*crown*"))


def test_every_image_in_the_styles_is_there_and_nothing_points_to_a_source_map() -> None:
    names = set(re.findall(r"url\([\"']?([^)\"']+)", read("stepdown.css")))
    assert names
    assert [name for name in names if not (BUILT / name).exists()] == []
    assert all("sourceMappingURL" not in path.read_text() for path in BUILT.glob("*.??*"))


def test_static_files_can_be_given_hashed_names(tmp_path: Path) -> None:
    storage = ManifestStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    source = FileSystemStorage(location=str(BUILT))
    paths = {}
    for path in sorted(BUILT.rglob("*.*")):
        if path.is_file() and path.name != ".stamp":
            name = path.relative_to(BUILT).as_posix()
            with path.open("rb") as file:
                storage.save(name, file)
            paths[name] = (source, name)
    failed = [result for _name, _hashed, result in storage.post_process(paths) if result not in
              (True, False)]  # fmt: skip
    assert failed == []
    assert re.fullmatch(r"/static/stepdown\.[0-9a-f]{12}\.css", storage.url("stepdown.css", True))


def test_the_script_and_the_styles_are_light_enough_for_a_bad_signal() -> None:
    sent = sum(len(gzip.compress(read(name).encode())) for name in ("stepdown.css", "stepdown.js"))
    assert sent < 60_000


def test_building_again_with_nothing_changed_does_nothing() -> None:
    if not (ROOT / "node_modules").exists():
        pytest.skip("node_modules is missing: run `make setup`")
    if build_assets.fingerprint() != read(".stamp"):
        pytest.skip("the assets are older than their sources: run `make setup`")
    before = (BUILT / "stepdown.css").stat().st_mtime_ns
    assert build_assets.main() == 0
    assert (BUILT / "stepdown.css").stat().st_mtime_ns == before


def test_without_a_node_of_the_machine_the_one_from_its_wheel_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert build_assets.find_node().name in {"node", "node.exe"}


def test_a_stylesheet_that_names_a_missing_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(build_assets.BuildError, match="not among the images"):
        build_assets._copy_image("images/no-such-icon.svg", tmp_path)
