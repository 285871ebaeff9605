"""Kill -9 under load: a hub that serves is killed outright, with its database where that is another
process, started again, and looked at. `python -m tests.soak.killing sqlite|postgresql --rounds 20`.

Browsers (threads of this process) start referrals and answer their first question through the real
web server, while the ledger is being sealed; whatever the server acknowledged is kept here, outside
the hub. After the kill every acknowledged write must be there, nothing half-written, and nothing
without its line in the ledger.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from pathlib import Path
from random import Random
from urllib.parse import urlencode

KINDS = ("friend", "professional", "self")
THREADS = 4
SECONDS = 60


class Browser(threading.Thread):
    """Starts referrals and answers their first question, again and again, until it is cut off."""

    def __init__(self, port: int, seed: int, kinds: tuple[str, ...]) -> None:
        super().__init__(daemon=True)
        self.port, self.pick, self.kinds = port, Random(seed), kinds
        self.started: list[str] = []
        self.answered: dict[str, list[str]] = {}  # acknowledged answers in their order
        self.asked: dict[str, list[str]] = {}  # all that were sent
        self.refused: Counter[int] = Counter()

    def run(self) -> None:
        with suppress(OSError, HTTPException):
            while True:
                self._one()

    def _send(self, way: HTTPConnection, verb: str, path: str, given: dict[str, str]) -> str:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.jar.items()),
                   "X-Forwarded-For": self.address}  # fmt: skip
        body = None
        if verb == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(given | {"csrfmiddlewaretoken": self.jar.get("csrftoken", "")})
        way.request(verb, path, body, headers)
        answer = way.getresponse()
        text = answer.read().decode()
        for line in answer.msg.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.jar[name.strip()] = value
        if answer.status >= 400:
            self.refused[answer.status] += 1
        self.status = answer.status
        return text

    def _one(self) -> None:
        self.jar: dict[str, str] = {}
        self.address = f"10.{'.'.join(str(self.pick.randrange(256)) for _ in range(3))}"
        way = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        self._send(way, "GET", "/refer/", {})
        found = re.search(r"R-\w{4}-\w{4}", self._send(way, "POST", "/refer/", {}))
        if self.status != 200 or found is None:
            return
        reference = found[0]
        self.started.append(reference)
        for _ in range(self.pick.randrange(1, 6)):
            kind = self.pick.choice(self.kinds)
            self.asked.setdefault(reference, []).append(kind)
            self._send(way, "POST", "/refer/who/", {"referrer_kind": kind})
            if self.status == 302:
                self.answered.setdefault(reference, []).append(kind)
        way.close()


class Cluster:
    """A PostgreSQL server that flushes to disk, to be killed with all its processes."""

    def __init__(self, home: Path) -> None:
        from tests.support import postgres as pg
        from tests.support.privileges import unprivileged

        home.chmod(0o711)
        self.run_as, self.home = unprivileged(), home
        self.folder = pg._reachable(pg.programs(), home, self.run_as)
        self.data, self.socket = home / "data", home / "socket"
        for path in (self.data, self.socket):
            path.mkdir(mode=0o700)
            if self.run_as:
                os.chown(path, self.run_as["user"], self.run_as["group"])
        self.environment = {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.data)}
        words = [str(self.folder / "initdb"), "-D", str(self.data), "-U", pg.ROLE, *pg.INITDB]
        subprocess.run(words, **self.run_as, cwd=self.data, env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        self.url = f"postgresql://{pg.ROLE}@/postgres?host={self.socket}"
        self.start()

    def start(self) -> None:
        from tests.support import postgres as pg

        words = [str(self.folder / "postgres"), "-D", str(self.data), "-k", str(self.socket),
                 "-clisten_addresses=", "-cmax_connections=60", "-cfsync=on",
                 "-csynchronous_commit=on"]  # fmt: skip
        with (self.home / "log").open("ab") as out:
            self.server = subprocess.Popen(words, **self.run_as, cwd=self.data, stdout=out,
                                           stderr=out, env=self.environment,
                                           start_new_session=True)  # fmt: skip
        pg._wait(self.socket, self.home / "log", self.server)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()
        # Its processes have sessions of their own: they end when they see that it is gone.
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and _running(str(self.data)):
            time.sleep(0.02)


def _running(data: str) -> bool:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "cwd").resolve() == Path(data):
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                if state != "Z":
                    os.kill(int(folder.name), signal.SIGKILL)
                    return True
    return False


def serve(port: int) -> None:
    """The web server with two processes, and sealing beside it, in a group to be killed."""
    if os.fork() == 0:
        from stepdown.volunteering import jobs

        while True:
            with suppress(Exception):
                jobs.seal()
            time.sleep(0.02)
    from gunicorn.app.base import BaseApplication

    from stepdown.config.wsgi import application

    class Web(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in {"bind": [f"127.0.0.1:{port}"], "workers": 2, "threads": 4,
                                "worker_class": "gthread", "loglevel": "critical",
                                "control_socket_disable": True}.items():  # fmt: skip
                self.cfg.set(name, value)

        def load(self) -> object:
            return application

    sys.argv = sys.argv[:1]
    Web().run()


def forked(work: object, *given: object) -> int:
    """Do something in a child with a session of its own; its process id."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    try:
        work(*given)  # type: ignore[operator]
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(0)


def _answers(port: int) -> bool:
    way = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        way.request("GET", "/refer/")
        return way.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        way.close()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def look(acknowledged: Path, out: Path, *, whole: bool) -> None:
    """What is wrong with the hub's records, as a list of texts in ``out``."""
    from tests.soak.killed_records import faults

    out.write_text(json.dumps(faults(json.loads(acknowledged.read_text()), whole=whole)))


def _look(home: Path, kept: dict[str, object], *, whole: bool) -> list[str]:
    (home / "kept.json").write_text(json.dumps(kept))
    (home / "out.json").unlink(missing_ok=True)
    child = forked(lambda: look(home / "kept.json", home / "out.json", whole=whole))
    os.waitpid(child, 0)
    if not (home / "out.json").exists():
        return ["the records could not be looked at"]
    found: list[str] = json.loads((home / "out.json").read_text())
    return found


def rounds(database: str, count: int, seed: int) -> tuple[Counter[str], list[tuple[int, str]]]:
    """So many kills of one hub: what was counted, and what was wrong after which."""
    total: Counter[str] = Counter()
    wrong: list[tuple[int, str]] = []
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="stepdown-kill-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        cluster = None
        os.environ["STEPDOWN_HOME"] = str(home / "hub")
        os.environ["STEPDOWN_PROXIES"] = "1"
        os.environ.pop("STEPDOWN_DATABASE_URL", None)
        if database == "postgresql":
            cluster = Cluster(home)
            stack.callback(cluster.kill)
            os.environ["STEPDOWN_DATABASE_URL"] = cluster.url
        words = [sys.executable, "-m", "stepdown", "manage"]
        for verb in (["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "-v", "0"]):
            subprocess.run([*words, *verb], check=True)
        os.environ["DJANGO_SETTINGS_MODULE"] = "stepdown.config.settings.hub"
        # Loaded once, for every fork; in this order.
        for module in ("config.wsgi", "config.urls", "volunteering.jobs"):
            import_module(f"stepdown.{module}")

        kept: dict[str, object] = {"started": [], "answered": {}, "asked": {}}
        for number in range(seed, seed + count):
            pick = Random(number)
            found = _round(home, kept, cluster, pick, total, whole=number == seed + count - 1)
            wrong += [(number, f"{database}: {what}") for what in found]
    return total, wrong


def _round(
    home: Path, kept: dict[str, object], cluster: Cluster | None, pick: Random,
    total: Counter[str], *, whole: bool,
) -> list[str]:  # fmt: skip
    port = _free()
    server = forked(serve, port)
    until = time.monotonic() + SECONDS
    while not _answers(port) and time.monotonic() < until:
        time.sleep(0.02)
    browsers = [Browser(port, pick.randrange(1 << 30), KINDS) for _ in range(THREADS)]
    for browser in browsers:
        browser.start()
    time.sleep(pick.uniform(0.25, 1.2))
    if cluster is not None and pick.random() < 0.5:
        cluster.kill()
        total["database killed first"] += 1
        time.sleep(pick.uniform(0, 0.1))
    os.killpg(server, signal.SIGKILL)
    os.waitpid(server, 0)
    if cluster is not None and cluster.server.poll() is not None:
        cluster.start()
    for browser in browsers:
        browser.join(SECONDS)
        kept["started"] += browser.started  # type: ignore[operator]
        kept["answered"] |= browser.answered  # type: ignore[operator]
        kept["asked"] |= browser.asked  # type: ignore[operator]
        total["referrals acknowledged"] += len(browser.started)
        total["answers acknowledged"] += sum(map(len, browser.answered.values()))
        total["errors that the browsers saw"] += browser.refused.total()
    total["kills"] += 1
    return _look(home, kept, whole=whole)


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.soak.killing")
    parser.add_argument("database", choices=("sqlite", "postgresql"))
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    total, wrong = rounds(given.database, given.rounds, given.seed)
    print(json.dumps([total, wrong]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
