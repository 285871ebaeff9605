"""The closing summary tells the truth about every stage."""

from pathlib import Path

from scripts.suite import count

REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


def report(folder: Path, *counts: int) -> Path:
    path = folder / "report.xml"
    path.write_text(REPORT.format(*counts))
    return path


def test_counts_are_pytests_own_and_errors_are_failures(tmp_path: Path) -> None:
    outcome = count("SQLite", report(tmp_path, 10, 2, 1, 3), 1, 4.2)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (4, 3, 3)
    assert "4 passed, 3 failed, 3 skipped  (4 s)" in outcome.line()


def test_run_without_a_test_is_a_failure(tmp_path: Path) -> None:
    assert count("journeys", report(tmp_path, 0, 0, 0, 0), 5, 1.0).trouble == "FAILED: no test ran"


def test_run_that_broke_off_is_a_failure(tmp_path: Path) -> None:
    assert "pytest stopped (3)" in count("SQLite", tmp_path / "none.xml", 3, 1.0).line()


def test_bad_exit_with_no_failing_test_is_a_failure(tmp_path: Path) -> None:
    assert count("SQLite", report(tmp_path, 5, 0, 0, 0), 2, 1.0).trouble
    assert not count("SQLite", report(tmp_path, 5, 0, 0, 0), 0, 1.0).trouble
