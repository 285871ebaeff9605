"""The machine's Chromium, found or installed, and the switches it is started with."""

import os
import shutil
from pathlib import Path

from tests.support.privileges import apt_install

# The same engine without the windows around its pages: the journeys take three quarters as long.
SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "Chromium was not found. Install it, for example: apt-get install chromium "
    "(or name one in STEPDOWN_CHROMIUM)"
)

# It may run as root in a container, and must not call home from a closed network.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


class ChromiumMissing(RuntimeError):
    """No browser; the message is one line that says what to install."""


def on_machine() -> Path | None:
    """The browser named in STEPDOWN_CHROMIUM, else the shell, else the first of the usual names."""
    named = os.environ.get("STEPDOWN_CHROMIUM")
    candidates = [named] if named else map(shutil.which, (SHELL, *NAMES))
    return next((Path(c) for c in candidates if c and os.access(c, os.X_OK)), None)


def program() -> Path:
    """The browser named, or the shell, installed where allowed; else whichever there is."""
    if os.environ.get("STEPDOWN_CHROMIUM") is None and shutil.which(SHELL) is None:
        apt_install(SHELL, "fonts-liberation")
    found = on_machine()
    if found is None and apt_install("chromium", "fonts-liberation"):
        found = on_machine()
    if found is None:
        raise ChromiumMissing(ADVICE)
    return found
