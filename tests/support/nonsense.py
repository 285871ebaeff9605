"""Requests that no browser of ours would make, for every address of the hub."""

import re
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.core.cache import cache
from django.test import Client

from tests.support.strangers import Route, routes

FIRST = {  # what the records of an address are, by its first word
    "needs": "volunteering.Need", "offers": "volunteering.Offer", "people": "people.Person",
    "placements": "volunteering.Placement", "referrals": "casework.Referral",
    "hours": "volunteering.HoursEntry", "agreements": "sharing.Agreement", "hub": "hub.User",
    "refer": "casework.Referral", "my": "volunteering.Offer",
}  # fmt: skip
WORDS = (
    "", " ", "0", "-1", "1", "99999999999999999999", "1e309", "nan", "2026-02-30", "31", "13",
    "\0", "a\0b", "\ud83d", "é" * 300, "x" * 20_000, "<script>alert(1)</script>", "' OR 1=1 --",
    "{{ 7*7 }}", "%s%n", "../../etc/passwd", "=1+1", "on", "true", "null", "[]", "{}", "\r\nSet: x",
    "R-7K3M-9QXT", "FY1 1AA", "ada@example.org", "Ada", "10:00", "2026-11-05", "5 November 2026",
    "\u202eabc", "٣", "𝟙", "İ", "ß", "\u0000\uffff", "%00", "%ff", "+", "&a=b", "//evil.example",
)  # fmt: skip
PARAMETERS = ("page", "after", "before", "q", "name", "state", "from", "next", "sort", "band",
              "district", "reference", "kind", "show", "scheme", "day", "then")  # fmt: skip
NAMED = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"')


@dataclass
class Nonsense:
    """Browsers of some people and nonsense to send from them."""

    clients: dict[str, Client]
    routes: list[Route] = field(default_factory=lambda: list(routes()))
    fields: dict[str, list[str]] = field(default_factory=dict)
    ids: dict[str, list[UUID]] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        for client in self.clients.values():
            client.raise_request_exception = False
        for label in set(FIRST.values()):
            model = apps.get_model(label)
            self.ids[label] = list(model._default_manager.values_list("pk", flat=True)[:200])

    def wrong(self, seed: int) -> tuple[str, int, str | None]:
        """One request: what it was, its status, and what is wrong with the answer."""
        pick = Random(seed)
        self.asked += 1
        if self.asked % 20 == 0:
            cache.clear()
        who, route = pick.choice(sorted(self.clients)), pick.choice(self.routes)
        path = route.path({part: self._part(pick, route, part) for part in route.parts})
        verb = pick.choice(("get", "get", "post", "post", "head", "put", "delete"))
        if route.name == "account_logout":
            verb = "get"
        query = {self._name(pick): pick.choice(WORDS) for _ in range(pick.choice((0, 1, 3)))}
        client, question = self.clients[who], f"{who} {verb} /{route.template}"
        try:
            if verb == "post":
                answer = client.post(path, self._body(pick, route, client, path),
                                     query_params=_sendable(query))  # fmt: skip
            else:
                answer = getattr(client, verb)(path, query_params=_sendable(query))
        except Exception as error:  # what breaks outside the page breaks a worker
            return question, 0, f"{type(error).__name__}: {str(error)[:100]}"
        if answer.status_code < 500:
            return question, answer.status_code, None
        return question, answer.status_code, f"{path[:120]!r} {str(query)[:200]}"

    def _part(self, pick: Random, route: Route, part: str) -> str:
        known = self.ids.get(FIRST.get(route.template.split("/")[0], ""), [])
        if known and pick.random() < 0.7:
            return str(pick.choice(known))
        if pick.random() < 0.5:
            return str(uuid4())
        return pick.choice([w for w in WORDS if w and "/" not in w and "\ud83d" not in w])[:2000]

    def _name(self, pick: Random) -> str:
        return pick.choice(PARAMETERS)

    def _body(self, pick: Random, route: Route, client: Client, path: str) -> Any:
        """A form's own fields, filled with words and nonsense; now and then no form at all."""
        if route.template not in self.fields:
            html = client.get(path).content.decode(errors="replace")
            if names := sorted(set(NAMED.findall(html)) - {"csrfmiddlewaretoken"}):
                self.fields[route.template] = names
        names = self.fields.get(route.template, ["a"])
        body: dict[str, Any] = {}
        for name in names:
            if pick.random() < 0.85:
                many = [pick.choice(WORDS) for _ in range(pick.choice((1, 1, 1, 2)))]
                body[name] = many
        if known := [i for found in self.ids.values() for i in found[:3]]:
            for name in names:
                if pick.random() < 0.1:
                    body[name] = str(pick.choice(known))
        return _sendable(body)


def _sendable(body: dict[str, Any]) -> dict[str, Any]:
    """The same without lone surrogates, which no encoding can carry."""

    def clean(value: Any) -> Any:
        if isinstance(value, list):
            return [clean(one) for one in value]
        return str(value).encode("utf-8", "replace").decode()

    return {key: clean(value) for key, value in body.items()}
