"""A program of somebody's own, asking the hub by a token."""

import json
from datetime import date
from typing import Any

from django.test import Client

from stepdown.hub.actions import tokens
from stepdown.hub.models import User
from stepdown.people.queries.actor import actor_for_user

ROOT = "/api/v1"


def token_of(user: User, *, may_write: bool = True, last_day: date | None = None) -> str:
    """The secret of a new token of the account."""
    by = actor_for_user(user)
    _token, secret = tokens.make(by=by, name="Tests", may_write=may_write, last_day=last_day)
    return secret


class Program:
    """Asks under ``/api/v1``, with the token in the header and nothing else."""

    def __init__(self, secret: str = "") -> None:
        headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}
        self.client = Client(**headers)  # type: ignore[arg-type]

    @classmethod
    def of(cls, user: User, *, may_write: bool = True) -> "Program":
        """A program of the account."""
        return cls(token_of(user, may_write=may_write))

    def get(self, path: str, **query: Any) -> Any:
        """The answer to a question."""
        return self.client.get(f"{ROOT}{path}", query)

    def post(self, path: str, sent: Any) -> Any:
        """The answer to what is sent."""
        return self.client.post(f"{ROOT}{path}", json.dumps(sent), content_type="application/json")
