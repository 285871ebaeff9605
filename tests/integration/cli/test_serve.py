"""The hub as it is started by hand: it serves, it stops, and trouble takes one line."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

SECONDS = 60

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("STEPDOWN_DATABASE_URL")),
    reason="Starts hubs of its own on SQLite: once is enough",
)
needs_proc = pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="Needs /proc to see which processes there are"
)


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "stepdown", *words]


def starting_in(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STEPDOWN_", "DJANGO_"))}
    return kept | {"STEPDOWN_HOME": str(folder / "hub")}


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine on which no hub was ever started."""
    return starting_in(tmp_path)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a machine that the tests share: starting once more is quick."""
    return starting_in(tmp_path_factory.mktemp("used"))


@contextmanager
def serving(machine: dict[str, str]) -> Iterator[tuple["subprocess.Popen[str]", int, Path]]:
    """A hub that answers, its port and what it says; stopped at the end if the test has not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = Path(machine["STEPDOWN_HOME"]).with_name("log")
    with log.open("w") as out:
        server = subprocess.Popen(
            command("serve", "--port", str(port), "--workers", "1"),
            env=machine,
            stdout=out,
            stderr=out,
            text=True,
        )
    try:
        until = time.monotonic() + SECONDS
        while not answers(port):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        yield server, port, log
    finally:
        server.kill()
        server.wait()


def answers(port: int) -> bool:
    page = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        page.request("GET", "/")
        return page.getresponse().status == 200
    except ConnectionRefusedError:
        return False
    finally:
        page.close()


def jobs_of(server: int) -> list[int]:
    """The processes that do the jobs beside a server."""
    wanted = f"stepdown\0work\0--beside\0{server}\0".encode()
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended while we looked
            if line.read_bytes().endswith(wanted):
                found.append(int(line.parent.name))
    return found


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_web_and_jobs_stop_together_and_quietly(
    number: signal.Signals, used: dict[str, str]
) -> None:
    with serving(used) as (server, port, log):
        assert jobs_of(server.pid)
        server.send_signal(number)
        assert server.wait(timeout=SECONDS) == 0
        assert not jobs_of(server.pid)
        assert not answers(port)
    said = log.read_text()
    assert f"http://localhost:{port}/" in said
    assert "nobody can sign in" in said
    assert "Traceback" not in said


@needs_proc
def test_jobs_end_by_themselves_when_their_server_was_killed(used: dict[str, str]) -> None:
    with serving(used) as (server, _, _):
        assert jobs_of(server.pid)
        server.kill()
        server.wait()
        until = time.monotonic() + SECONDS
        while jobs_of(server.pid):
            assert time.monotonic() < until
            time.sleep(0.5)


@pytest.mark.parametrize(
    ("words", "setting", "said"),
    [
        (["demo"], {"STEPDOWN_HOME": "/dev/null/hub"}, "Not a directory"),
        (["demo"], {"STEPDOWN_TLS": "maybe"}, "must be yes or no"),
        (["serve"], {"STEPDOWN_DATABASE_URL": "sqlite:////dev/null/hub"}, "unable to open"),
        (["demo"], {"STEPDOWN_DATABASE_URL": "postgresql://u:hush@127.0.0.1:1/x"}, "refused"),
        (
            ["manage", "check", "--database", "default"],
            {"STEPDOWN_DATABASE_URL": "x"},
            "start with",
        ),
        (["work"], {}, "stepdown serve"),
    ],
)
def test_trouble_takes_one_line(
    words: list[str], setting: dict[str, str], said: str, machine: dict[str, str]
) -> None:
    if words == ["serve"]:
        words = ["serve", "--port", "59999"]
    done = subprocess.run(
        command(*words), env=machine | setting, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "hush" not in done.stderr


def test_demonstration_that_was_broken_off_leaves_nothing(machine: dict[str, str]) -> None:
    making = subprocess.Popen(
        command("demo", "--volunteers", "2000"),
        env=machine,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert making.stdout is not None
    assert making.stdout.readline().startswith("Making the demonstration")
    time.sleep(1)
    making.send_signal(signal.SIGINT)
    _, said = making.communicate(timeout=SECONDS)
    assert making.returncode == 130
    assert "Stopped." in said
    assert "Traceback" not in said
    count = "from stepdown.people.models import Person; print(Person.objects.count())"
    left = subprocess.run(
        command("manage", "shell", "--verbosity=0", "--command", count),
        env=machine,
        capture_output=True,
        text=True,
        check=True,
    )
    assert left.stdout.split() == ["0"]
