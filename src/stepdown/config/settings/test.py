"""The tests' hub, on either database (STEPDOWN_DATABASE_URL)."""

import atexit
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from stepdown.config import environment
from stepdown.config.settings.base import *  # noqa: F403
from stepdown.config.sign_in import *  # noqa: F403

SECRET_KEY = "for tests only"  # noqa: S105
DATABASES = {
    "default": environment.database(os.environ.get("STEPDOWN_DATABASE_URL") or "sqlite:///")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file in memory has no write-ahead log, and needs none; no test's file has to survive a power
    # cut, and waiting for the disk at every commit was a third of each journey.
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA foreign_keys=ON; PRAGMA synchronous=OFF;"
    )
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests undo what they write to the database: no witness would agree with the next one.
_scratch = TemporaryDirectory(prefix="stepdown-test-")
atexit.register(_scratch.cleanup)
STEPDOWN_KEYS = Path(_scratch.name) / "keys"
STEPDOWN_SHIELDED_KEYS = Path(_scratch.name) / "shielded.keys"
STEPDOWN_WITNESS = None
STEPDOWN_DISPOSALS = None
# Most tests sign in by force; test_hard_edges.py and test_second_step.py turn it on.
STEPDOWN_SECOND_STEP = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STEPDOWN_PARTNERSHIP_NAME = "Test partnership"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
