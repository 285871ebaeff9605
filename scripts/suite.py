"""The whole suite: checks, then tests on SQLite, on PostgreSQL and in a browser, and one summary.

Every stage runs whatever became of the others, so that one run tells everything that is wrong.
With ``--coverage`` (``make coverage``) it also traces which lines are run by the tests on SQLite,
which takes half as long again.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from xml.etree import ElementTree

from scripts.check import check
from tests.support import chromium, postgres

ROOT = Path(__file__).resolve().parent.parent
STAGE_SECONDS = 1800
COVERAGE = ["--cov", "--cov-branch", "--cov-report=", "--cov-fail-under=0"]


@dataclass(frozen=True)
class Outcome:
    """What became of one stage. ``trouble`` is why it counts as failed though no test says so."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    trouble: str = ""

    def line(self) -> str:
        """One line of the summary."""
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"  {self.name:<11}{self.trouble or counts}  ({self.seconds:.0f} s)"


def count(name: str, report: Path, exit_code: int, seconds: float) -> Outcome:
    """Read a stage's outcome from pytest's own report; a run without a test is a failure."""
    if not report.exists():
        return Outcome(name, seconds=seconds, trouble=f"FAILED: pytest stopped ({exit_code})")
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314  pytest wrote it
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    trouble = "FAILED: no test ran" if not total else ""
    if exit_code and not failed and not trouble:
        trouble = f"FAILED: pytest ended with {exit_code}"
    return Outcome(name, total - failed - skipped, failed, skipped, seconds, trouble)


def stage(
    name: str, folders: list[str], home: Path, database: str | None, *, covered: bool = False
) -> Outcome:
    """Run one pytest over some folders, on two cores, on the database given."""
    print(f"\n=== {name}: {', '.join(folders)}", flush=True)
    missing = [folder for folder in folders if not (ROOT / "tests" / folder).is_dir()]
    if missing:
        return Outcome(name, trouble=f"FAILED: no folder tests/{missing[0]}")
    report = home / f"{name}.xml"
    environment = {**os.environ, "COVERAGE_FILE": str(home / f".coverage.{name}")}
    environment.pop("STEPDOWN_DATABASE_URL", None)
    if database:
        environment["STEPDOWN_DATABASE_URL"] = database
    there = [f"tests/{folder}" for folder in folders]
    command = [sys.executable, "-m", "pytest", *there, "-q", "-n", "2", "--dist=worksteal"]
    command += ["--durations=10", "--durations-min=5"]
    started = time.monotonic()
    try:
        code = subprocess.run(
            [*command, f"--junit-xml={report}", *(COVERAGE if covered else ())],
            cwd=ROOT,
            env=environment,
            timeout=STAGE_SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return Outcome(name, seconds=STAGE_SECONDS, trouble="FAILED: did not finish in time")
    return count(name, report, code, time.monotonic() - started)


def on_postgres(home: Path) -> Outcome:
    """Integration tests once more, on a cluster of their own; unit tests use no database."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.throwaway())
        except postgres.PostgresMissing as missing:
            return Outcome("PostgreSQL", trouble=f"FAILED: {missing}")
        return stage("PostgreSQL", ["integration"], home, url)


def in_browser(home: Path) -> Outcome:
    """The journeys, once, on SQLite."""
    try:
        chromium.program()
    except chromium.ChromiumMissing as missing:
        return Outcome("journeys", trouble=f"FAILED: {missing}")
    return stage("journeys", ["journeys"], home, None)


def coverage(home: Path) -> tuple[str, bool]:
    """The coverage of the stage that is traced, and whether it reaches pyproject.toml's floor."""
    tool = [sys.executable, "-m", "coverage"]
    files = sorted(str(path) for path in home.glob(".coverage.*"))
    if not files:
        return "not measured", False
    target = f"--data-file={ROOT / '.coverage'}"
    subprocess.run([*tool, "combine", "-q", target, *files], cwd=ROOT, check=False)
    report = [*tool, "report", target, "--format=total", "--precision=1"]
    done = subprocess.run(report, cwd=ROOT, capture_output=True, text=True, check=False)
    total = done.stdout.strip()
    try:
        float(total)
    except ValueError:  # it says there what it could not measure
        return f"not measured: {total or done.stderr.strip()}", False
    return f"{total} % of lines and branches", done.returncode == 0


def _stop(number: int, frame: FrameType | None) -> None:
    """End as by an exception, so that servers and folders are put away."""
    raise SystemExit(128 + number)


def main() -> int:
    """Run everything; 0 only if every check, every test and the coverage floor hold."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    started, tracing = time.monotonic(), "--coverage" in sys.argv[1:]
    failed_checks = check()
    home = TemporaryDirectory(prefix="stepdown-suite-")
    with home as folder:
        where = Path(folder)
        outcomes = [
            stage("SQLite", ["unit", "properties", "integration"], where, None, covered=tracing),
            on_postgres(where),
            in_browser(where),
        ]
        covered, reached = coverage(where) if tracing else ("", True)
    good = not failed_checks and reached and not any(o.failed or o.trouble for o in outcomes)
    print(f"\n{'=' * min(72, shutil.get_terminal_size().columns)}")
    print(f"  checks     {'FAILED: ' + ', '.join(failed_checks) if failed_checks else 'all hold'}")
    for outcome in outcomes:
        print(outcome.line())
    if tracing:
        print(f"  coverage   {covered}{'' if reached else '  FAILED'}")
    print(
        f"  in all     {'all is well' if good else 'SOMETHING FAILED'}"
        f"  ({time.monotonic() - started:.0f} s)"
    )
    failed = sum(o.failed + bool(o.trouble) for o in outcomes) + len(failed_checks) + (not reached)
    passed, skipped = sum(o.passed for o in outcomes), sum(o.skipped for o in outcomes)
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
