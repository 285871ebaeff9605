"""SQLite's flush to disk comes before the hub's answer: seen in the calls of a process.

`strace` writes down every write and flush of a process that makes referrals and acknowledges each
by a line on its standard output. Between the last write to the write-ahead log and each of those
lines the log must have been flushed. A kill cannot show this: what is in the system's memory
survives the death of a process, and not that of the machine.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

VERBS = """
import os, sys
from stepdown.casework.actions import referrals
from stepdown.policy.actors import Actor
for number in range(int(sys.argv[1])):
    os.write(1, b"ack %d\\n" % number if referrals.start(by=Actor.public()) else b"")
"""
CALL = re.compile(r"^\d*\s*(\w+)\((\d+)(<[^>]*>)?(.*)$")
FLUSHES = {"fsync", "fdatasync"}
WRITES = {"write", "pwrite64", "pwritev"}


def can_trace() -> bool:
    """Whether there is an strace that may be used here."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", "/dev/null", "true"], check=False,
                          capture_output=True).returncode == 0  # fmt: skip


def unflushed(trace: str) -> tuple[int, list[str]]:
    """How many acknowledgements a trace has, and those before which the log was not flushed."""
    dirty, wrong, acknowledged = False, [], 0
    for line in trace.splitlines():
        found = CALL.match(line)
        if found is None:
            continue
        call, number, path, rest = found.groups()
        if call in WRITES and (path or "").endswith("-wal>"):
            dirty = True
        elif call in FLUSHES and (path or "").endswith("-wal>"):
            dirty = False
        elif call == "write" and number == "1" and '"ack ' in rest:
            acknowledged += 1
            if dirty:
                wrong.append(rest[:20])
    return acknowledged, wrong


def traced(home: Path, count: int, environment: dict[str, str]) -> str:
    """The trace of a process that makes so many referrals in the hub of this environment."""
    out = home / "trace"
    script = home / "verbs.py"
    script.write_text(
        "import django\nfrom stepdown.cli import django_setup\n"
        "assert django_setup.start()\n" + VERBS
    )
    subprocess.run(
        ["strace", "-f", "-y", "-o", str(out), "-e",
         "trace=write,pwrite64,pwritev,fsync,fdatasync", sys.executable, str(script), str(count)],
        check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return out.read_text()
