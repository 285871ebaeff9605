"""Who runs a server that refuses to be run by root, and how missing programs are installed."""

import os
import pwd
import shutil
import subprocess
from typing import TypedDict

INSTALL_SECONDS = 900
# Wait for another package manager rather than fail beside it.
INSTALL = ["install", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]


class RunAs(TypedDict, total=False):
    """The arguments of :func:`subprocess.run` that drop root's privileges; none for others."""

    user: int
    group: int
    extra_groups: list[int]


def is_root() -> bool:
    """Whether this process may install software and take on another user's identity."""
    return os.geteuid() == 0


def unprivileged() -> RunAs:
    """Run as ``postgres``, else ``nobody``, where this process is root; otherwise as it is."""
    if not is_root():
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("Running as root, and there is neither a user 'postgres' nor 'nobody'.")


def apt_install(*packages: str) -> bool:
    """Install Debian packages where there is apt-get and we are root; say whether it did."""
    apt = shutil.which("apt-get")
    if apt is None or not is_root():
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], INSTALL):
        tail = list(packages) if arguments[0] == "install" else []
        print(f"apt-get {' '.join([*arguments, *tail])}", flush=True)
        try:
            done = subprocess.run(
                [apt, *arguments, *tail],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=INSTALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            print(f"apt-get did not finish in {INSTALL_SECONDS} seconds.", flush=True)
            return False
        # A list that could not be refreshed may still name the package: only the install decides.
        if done.returncode and arguments[0] == "install":
            print(done.stdout[-2000:], flush=True)
            return False
    return True
