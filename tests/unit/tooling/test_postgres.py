"""The throw-away cluster works, keeps to itself, and is gone afterwards, however its owner ends."""

import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tests.support import postgres

ROOT = Path(__file__).resolve().parents[3]
OWNER = """
import time
from tests.support.postgres import throwaway
with throwaway() as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def present() -> None:
    """Skip where the machine has no PostgreSQL and none came with the requirements."""
    if postgres.on_machine() is None and postgres.in_wheel() is None:
        pytest.skip(postgres.ADVICE)


def home_of(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0]).parent


def test_cluster_answers_listens_on_no_port_and_is_removed() -> None:
    with postgres.throwaway() as url:
        home = home_of(url)
        with psycopg.connect(url) as connection:
            row = connection.execute("SHOW listen_addresses").fetchone()
            assert row == ("",)
            assert connection.execute("SELECT 'Z' < 'a'").fetchone() == (True,)
    assert not home.exists()


def test_cluster_is_removed_when_a_test_run_fails() -> None:
    homes: list[Path] = []

    def run() -> None:
        with postgres.throwaway() as url:
            homes.append(home_of(url))
            raise RuntimeError("run failed")

    with pytest.raises(RuntimeError, match="run failed"):
        run()
    assert not homes[0].exists()


def test_cluster_is_gone_when_its_owner_is_killed_outright() -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    with owner.stdout:
        home = home_of(owner.stdout.readline().strip())
    assert home.exists()
    owner.kill()
    owner.wait()
    until = time.monotonic() + 20
    while home.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not home.exists()


def test_version_too_old_or_absent_is_not_used(tmp_path: Path) -> None:
    for name in ("postgres", "initdb"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 9.6.24'\n")
        program.chmod(0o755)
    assert postgres._major(tmp_path) == 9
    assert postgres._major(tmp_path / "nowhere") == 0
