"""What a program is told when something cannot be done: problem documents (RFC 9457), plain words.

A record that the reader may not see and one that is not there are the same problem, byte for byte:
no document names what was asked for.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import ConfigDict, Field

from stepdown.hub.actions.disclosure import CannotRecord
from stepdown.kernel.errors import Conflict, InvalidInput, NotVisible, Refused

MEDIA_TYPE = "application/problem+json"
WORDS = {
    400: gettext_lazy("The request could not be read."),
    401: gettext_lazy("Send a token that is in force in the Authorization header."),
    403: gettext_lazy("You may not do this."),
    404: gettext_lazy("There is no such record, or you may not see it."),
    405: gettext_lazy("Nothing answers to this method here."),
    409: gettext_lazy("This cannot be done as the record stands now."),
    413: gettext_lazy("The request is too long."),
    422: gettext_lazy("Something that was sent cannot be taken."),
    429: gettext_lazy("There were too many requests. Wait, and ask again."),
    500: gettext_lazy("Something went wrong in the hub."),
    503: gettext_lazy("The hub cannot answer now."),
}


class Problem(Schema):
    """What went wrong, in plain words."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Always about:blank: the status says which problem it is.")
    title: str = Field(description="The name of the status.")
    status: int
    detail: str = Field(description="Plain words, in the language that was asked for.")
    errors: dict[str, str] | None = Field(
        default=None, description="What was sent and cannot be taken, field by field, and why."
    )


# Every operation may be answered so; each says so in the description of the interface.
DECLARED: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 422, 429, 503}): Problem}


def fill(answer: HttpResponse, detail: str = "", errors: Mapping[str, str] | None = None) -> None:
    """Make a problem of an answer, by its status. What it said before is gone."""
    status = answer.status_code
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or str(WORDS.get(status, WORDS[400])),
    }
    if errors:
        found["errors"] = dict(errors)
    answer.content = json.dumps(found, ensure_ascii=False).encode()
    answer["Content-Type"] = MEDIA_TYPE


def problem(status: int, detail: str = "", errors: Mapping[str, str] | None = None) -> HttpResponse:
    """An answer that says what went wrong."""
    answer = HttpResponse(status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="stepdown"'
    fill(answer, detail, errors)
    return answer


def _invalid(_request: HttpRequest, wrong: Any) -> HttpResponse:
    """By the names of the fields; what was sent is never repeated."""
    errors: dict[str, str] = {}
    for one in wrong.errors:
        parts = [str(part) for part in one["loc"][1:] if part not in {"body", "query"}]
        errors.setdefault(".".join(parts)[:120] or "body", str(one["msg"])[:200])
    return problem(422, errors=errors)


def told_by(api: NinjaAPI) -> None:
    """Have the interface answer with problems, whatever is raised in it on purpose."""
    handlers: dict[type[Exception], Any] = {
        NotVisible: lambda _request, _hidden: problem(404),
        Refused: lambda _request, refused: problem(403, refused.reason),
        Conflict: lambda _request, refused: problem(409, refused.reason),
        InvalidInput: lambda _request, wrong: problem(422, errors=wrong.errors),
        CannotRecord: lambda _request, unwritten: problem(503, str(unwritten)),
        ValidationError: _invalid,
        HttpError: lambda _request, error: problem(error.status_code),
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def no_role() -> HttpResponse:
    """The reader's roles do not go that far, whatever the record."""
    return problem(403, _("Your role does not include this."))
