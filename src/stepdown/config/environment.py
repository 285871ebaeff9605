"""What the machine says: the database, the secret key, the folder for the hub's own files."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class ConfigurationError(Exception):
    """The environment asks for something that cannot be; the text says what to change."""


def home() -> Path:
    """The folder of the hub's own files: ``STEPDOWN_HOME``, else ``var`` where it is started."""
    return Path(os.environ.get("STEPDOWN_HOME", "var")).resolve()


def flag(name: str, default: bool = False) -> bool:
    """A yes-or-no environment variable."""
    text = os.environ.get(name)
    if text is None or text == "":
        return default
    if text.lower() in {"1", "yes", "true", "on"}:
        return True
    if text.lower() in {"0", "no", "false", "off"}:
        return False
    raise ConfigurationError(f"{name} must be yes or no, not {text!r}.")


def secret(name: str, filename: str) -> str:
    """A secret from the variable, from the file it names with ``_FILE``, or made once and kept."""
    if value := os.environ.get(name):
        return value
    path = Path(os.environ[f"{name}_FILE"]) if f"{name}_FILE" in os.environ else home() / filename
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # 0600 from the first moment: nobody else may read it, not even briefly.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def database(url: str | None = None) -> dict[str, Any]:
    """Django's database settings from ``sqlite:///path`` or ``postgresql://user:password@host/name``."""
    url = url or os.environ.get("STEPDOWN_DATABASE_URL") or f"sqlite:///{home() / 'hub.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] or ":memory:",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                    "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
                ),
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
            "PORT": str(parts.port or query.pop("port", "")),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": query,
        }
    raise ConfigurationError("STEPDOWN_DATABASE_URL must start with sqlite:/// or postgresql://.")
