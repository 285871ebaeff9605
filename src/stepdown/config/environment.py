"""What the machine says: the database, the secret key, the folder for the hub's own files."""

import os
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class ConfigurationError(Exception):
    """The environment asks for something that cannot be; the text says what to change."""


def home() -> Path:
    """The folder of the hub's own files: ``STEPDOWN_HOME``, else ``var`` where it is started."""
    return Path(os.environ.get("STEPDOWN_HOME", "var")).resolve()


def make_home() -> None:
    """Make that folder. It holds people's records and secrets: for its owner alone."""
    home().mkdir(mode=0o700, parents=True, exist_ok=True)


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


def number(name: str, default: int) -> int:
    """A whole number from the environment, not negative."""
    text = os.environ.get(name) or str(default)
    if not text.isdecimal():
        raise ConfigurationError(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def choice(name: str, known: Collection[str], default: str) -> str:
    """One of some words."""
    stated = os.environ.get(name) or default
    if stated not in known:
        raise ConfigurationError(f"{name} must be one of {', '.join(known)}, not {stated!r}.")
    return stated


def stated_secret(name: str) -> str | None:
    """A secret from the variable, or from the file that the variable with ``_FILE`` names."""
    if value := os.environ.get(name):
        return value
    stated = os.environ.get(f"{name}_FILE")
    if not stated:
        return None
    try:
        kept = Path(stated).read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"{name}_FILE names {stated}, which cannot be read.") from None
    if not kept:
        raise ConfigurationError(f"{stated} is empty: write {name} into it.")
    return kept


def former_secrets(name: str) -> list[str]:
    """The secrets that ``name`` had before, newest first, one a line, as ``stated_secret``."""
    lines = (stated_secret(name) or "").splitlines()
    return [line.strip() for line in lines if line.strip()]


def place(name: str, filename: str) -> Path:
    """A file or folder that the environment names, else one of this name among the hub's own."""
    return Path(os.environ.get(name) or home() / filename).resolve()


def secret(name: str, filename: str) -> str:
    """A secret from the variable, from the file it names with ``_FILE``, or made once and kept.

    A file that is named and is not there is an error: with a new secret in its place the hub would
    no longer read what it has sealed with the old one.
    """
    if stated := stated_secret(name):
        return stated
    path = home() / filename
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # 0600 from the first moment: nobody else may read it, not even briefly.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    kept = path.read_text().strip()
    if not kept:
        raise ConfigurationError(f"{path} is empty: remove it, or write {name} into it.")
    return kept


def database(url: str | None = None) -> dict[str, Any]:
    """Django's database settings from ``sqlite:///path`` or ``postgresql://user:password@host/name``.

    The password may come apart from the rest, by ``STEPDOWN_DATABASE_PASSWORD`` or its ``_FILE``.
    """
    stated = url or stated_secret("STEPDOWN_DATABASE_URL")
    if not stated:
        return _sqlite(str(home() / "hub.sqlite3"))
    parts = urlsplit(stated)
    if parts.scheme == "sqlite":
        name = unquote(parts.path[1:])
        if not (name or url):  # only a test asks for a database in memory
            raise ConfigurationError("STEPDOWN_DATABASE_URL must end in the file's path.")
        return _sqlite(name or ":memory:")
    if parts.scheme in {"postgres", "postgresql"}:
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        try:
            port = parts.port
        except ValueError:
            raise ConfigurationError("STEPDOWN_DATABASE_URL: the port must be a number.") from None
        if not parts.path[1:]:
            raise ConfigurationError("STEPDOWN_DATABASE_URL must end in the database's name.")
        secured = flag("STEPDOWN_ROW_SECURITY")
        told = {"ROW_KEY": secret("STEPDOWN_ROW_KEY", "row-security.key")} if secured else {}
        return {
            "ENGINE": f"{'stepdown.adapters' if secured else 'django.db.backends'}.postgresql",
            **told,
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or "")
            or (stated_secret("STEPDOWN_DATABASE_PASSWORD") or ""),
            "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
            "PORT": str(port or query.pop("port", "")),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": query,
        }
    raise ConfigurationError("STEPDOWN_DATABASE_URL must start with sqlite:/// or postgresql://.")


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
            ),
        },
    }


def mark_demonstration(settings: dict[str, Any]) -> None:
    """Leave word in the hub's folder that the database of these settings is made up."""
    (home() / "demonstration").write_text(
        f"Every person in this database is made up: {_called(settings)}\n"
    )


def is_demonstration(settings: dict[str, Any]) -> bool:
    """Whether ``stepdown demo`` filled the database of these settings, not one used before it."""
    mark = home() / "demonstration"
    return mark.exists() and mark.read_text().rstrip("\n").endswith(f": {_called(settings)}")


def _called(settings: dict[str, Any]) -> str:
    """A database's name without its password; a file's is its last part, as folders move."""
    if settings["ENGINE"].endswith("sqlite3"):
        return Path(str(settings["NAME"])).name
    return "/".join(str(settings.get(part) or "") for part in ("HOST", "PORT", "NAME"))
