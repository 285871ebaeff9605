"""What a log may say of a failure: where and of which kind, never in the words that it carried.

A database names the row that broke a rule, and a mail server the address that it refused.
"""

import logging
import re
import traceback
from types import TracebackType

# The secrets in these addresses stand for a person: see volunteering/web/urls.py.
_SECRETS = re.compile(r"(/v/|/calendar/)[^/\s]+")

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


def _quietly(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return "\n".join(filter(None, ["Traceback (most recent call last):", frames, kind]))
