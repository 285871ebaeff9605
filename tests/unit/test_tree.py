"""The files themselves: short, pinned, and at home on any machine."""

from pathlib import Path

import pytest

from scripts import tree


def test_project_files_are_in_order() -> None:
    if not tree.tracked():
        pytest.skip("This copy is not under version control, so its own files are not known.")
    assert tree.faults() == []


def test_file_beyond_the_limit_is_found(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("pass\n" * (tree.DEFECT + 1))
    assert list(tree.long_files([long], tree.DEFECT)) == [(long, tree.DEFECT + 1)]
    assert list(tree.long_files([long], tree.DEFECT + 1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "see /srv/checkouts/stepdown/var/hub.sqlite3",
        "see /srv/checkouts/other",
        'open("/ho' + 'me/jo/data.csv")',
        "--index" + "-url https://packages.example",
        "https://py" + "pi.org/simple/",
        "https://registry.npm" + "js.org/sass",
    ],
)
def test_path_of_one_machine_or_package_address_is_found(text: str) -> None:
    assert tree.leaks(text, Path("/srv/checkouts/stepdown"))


def test_relative_paths_and_ordinary_addresses_are_no_leak() -> None:
    text = "src/stepdown/hub, ../shared/data, https://design-system.service.gov.uk/"
    assert tree.leaks(text, Path("/srv/checkouts/stepdown")) == []


def test_requirement_without_a_hash_is_found() -> None:
    assert tree.unhashed("a==1 \\\n    --hash=sha256:00\nb==2\n") == ["b==2"]


def test_dependency_missing_or_outside_its_range_is_found() -> None:
    lock = "Django==5.2.1 \\\n    --hash=sha256:00\n"
    assert tree.unpinned(["django>=5.2,<5.3"], lock) == []
    assert tree.unpinned(["django>=6"], lock) == ["django>=6"]
    assert tree.unpinned(["numpy>=2"], lock) == ["numpy>=2"]


def test_download_address_in_npm_lock_is_found() -> None:
    assert tree.resolved('{"packages": {"a": {"resolved": "https://x"}, "b": {}}}') == ["a"]
