"""What a log may say of a failure: where and of which kind, never in the words that it carried.

A database names the row that broke a rule, and a mail server the address that it refused.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

# The secrets in these addresses stand for a person: see volunteering/web/urls.py.
_SECRETS = re.compile(r"(/v/|/calendar/)[^/\s]+")

FORMATS = ("json", "text")
# What a line of ours says beside its message: kinds, names of pages and verbs, ids. Never words.
FIELDS = (
    "event", "permission", "page", "status", "user", "token", "person", "record", "roles",
)  # fmt: skip
PACKAGE = "stepdown"

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """A failure as the frames it went through and the names of its exceptions, first cause first.

    Secrets in addresses are left out of every line.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record in one text. What another formatter kept on it is not used."""
        record.exc_text = None
        return _SECRETS.sub(r"\1(secret)", super().format(record))

    def formatException(self, ei: Raised) -> str:  # noqa: N802  the name is logging's
        """The whole chain of causes, without a word of theirs."""
        chain: list[BaseException] = []
        error = ei[1]
        while error is not None and error not in chain:
            chain.append(error)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(_quietly(one) for one in reversed(chain))


class Structured(Discreet):
    """The same as one JSON object a line, for machines that gather logs.

    What others log is not known to keep people's data out. Of their lines the template is written,
    without what was to be filled in: a server's path, an address, a name, a value of a query.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line: moment (UTC), level, logger, message, our fields, and a failure's frames."""
        own = record.name.partition(".")[0] == PACKAGE
        message = record.getMessage() if own else str(record.msg)
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _SECRETS.sub(r"\1(secret)", message),
            "process": record.process,
        }
        found = ((name, getattr(record, name, None)) for name in FIELDS)
        said |= {name: value for name, value in found if own and value is not None}
        status = getattr(record, "status_code", None)
        if isinstance(status, int):
            said["status"] = status
        if record.exc_info:
            said["failure"] = self.formatException(record.exc_info).splitlines()
        return json.dumps(said, ensure_ascii=True, default=str)


def usual() -> str:
    """Text for somebody at a terminal, JSON for everything else."""
    return "text" if sys.stderr.isatty() else "json"


def wiring(form: str) -> dict[str, Any]:
    """Django's ``LOGGING``: everything to standard error, in one of the two forms."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        # Records' own words never reach a log: our loggers name ids and verbs, failures their kind.
        "formatters": {
            "text": {
                "()": "stepdown.config.logs.Discreet",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            },
            "json": {"()": "stepdown.config.logs.Structured"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        # Who was let in and who was not: at a terminal it would bury everything else.
        "loggers": {"stepdown.access": {"level": "INFO" if form == "json" else "WARNING"}},
    }


def _quietly(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return "\n".join(filter(None, ["Traceback (most recent call last):", frames, kind]))
