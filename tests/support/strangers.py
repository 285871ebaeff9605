"""Everybody who may not see a partnership's records, and every address at which they could ask.

What a stranger gets for a record that is there must be what they get for one that is not.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from stepdown.casework.models import Referral
from stepdown.hub.actions import agencies, links, memberships, places, users
from stepdown.hub.actions.places import PlaceRow
from stepdown.hub.models import AccessLink, Place
from stepdown.hub.web.page import permission_of
from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories.people import make_person
from tests.factories.volunteers import make_volunteer

HUB = Actor.hub()
STAFF = (
    RoleKey.COORDINATOR, RoleKey.OUTREACH_OFFICER, RoleKey.REFERRER, RoleKey.ADMINISTRATOR,
    RoleKey.DATA_PROTECTION_OFFICER, RoleKey.SIGNATORY,
)  # fmt: skip
KINDS = ("people.Person", "casework.Referral", "volunteering.Need", "volunteering.Offer",
         "volunteering.Placement", "volunteering.Volunteer", "volunteering.HoursEntry",
         "volunteering.Credential", "volunteering.Exclusion", "people.Consent",
         "volunteering.RiskAssessment", "casework.Case")  # fmt: skip
# What differs from one answer to the next without anybody's doing.
CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|<time [^>]*>[^<]*</time>'
)


@dataclass(frozen=True)
class Route:
    """An address of the hub with its named parts: ``needs/{id}/close/``."""

    template: str
    parts: tuple[str, ...]
    name: str
    ours: bool

    def path(self, values: dict[str, str]) -> str:
        return "/" + self.template.format(**values)


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[Route]:
    """Every address with simple parts."""
    for pattern in (resolver or get_resolver()).url_patterns:
        text = str(pattern.pattern)
        if "(?P" in text:
            continue
        template = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", text)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, template)
        elif isinstance(pattern, URLPattern):
            parts = tuple(re.findall(r"{(\w+)}", template))
            ours = permission_of(pattern.callback) is not None
            yield Route(template, parts, pattern.name or "", ours)


@dataclass
class Strangers:
    """Browsers of those who may see none of the records, and the records' ids."""

    clients: dict[str, Client]
    records: dict[str, list[UUID]]
    walled: list[UUID]  # referrals of agencies: shut to another agency's staff in every district
    routes: list[Route] = field(default_factory=lambda: [r for r in routes() if r.ours and r.parts])
    asked: int = 0
    known: dict[tuple[str, ...], tuple[Any, ...]] = field(default_factory=dict)

    def ids_for(self, who: str, pick: Random) -> UUID:
        """A record that this stranger may not see."""
        if who.endswith("everywhere"):
            return pick.choice(self.walled)
        kind = pick.choice([kind for kind in self.records if self.records[kind]])
        return pick.choice(self.records[kind])

    def differs(self, seed: int) -> tuple[str, int, str | None]:
        """One question about a foreign record: how it was put, its status, what gave it away."""
        pick = Random(seed)
        # Most often those whose role has the pages, so that the record is what shuts them.
        likely = [
            who
            for who in sorted(self.clients)
            if who.startswith(("coordinator", "outreach", "volunteer", "link"))
        ]
        who = pick.choice(likely if pick.random() < 0.75 else sorted(self.clients))
        route = pick.choice(self.routes)
        verb = pick.choice(("get", "get", "get", "post", "head"))
        ids = {part: str(self.ids_for(who, pick)) for part in route.parts}
        others = {part: str(uuid4()) for part in route.parts}
        query = pick.choice(("", "", "?page=2", "?from=check", "?after=x&q=a"))
        question = f"{who} {verb} /{route.template}{query}"
        key = (who, verb, route.template, query)
        for again in range(3):  # what an earlier answer left to be said is said by then
            there = self._answer(who, verb, route.path(ids) + query, ids)
            if again or key not in self.known:
                self.known[key] = self._answer(who, verb, route.path(others) + query, others)
            nothing = self.known[key]
            if there == nothing:
                return question, int(there[0]), None
        return question, int(there[0]), f"{there[0]}, not {nothing[0]}; {_first(there, nothing)}"

    def _answer(self, who: str, verb: str, path: str, ids: dict[str, str]) -> tuple[Any, ...]:
        self.asked += 1
        if self.asked % 20 == 0:
            cache.clear()
        answer = getattr(self.clients[who], verb)(path)
        body = CHANGING.sub(b"", answer.content)
        where = str(answer.headers.get("Location", ""))
        for one in ids.values():
            body, where = body.replace(one.encode(), b"ID"), where.replace(one, "ID")
        kept = {k: v for k, v in answer.headers.items() if k not in {"Content-Length", "Location"}}
        return answer.status_code, where, body, sorted(kept.items())


def _first(one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    for a, b in zip(one[2].splitlines(), other[2].splitlines(), strict=False):
        if a != b:
            return f"{a[:80]!r} or {b[:80]!r}"
    return f"{one[1]} or {other[1]}; {len(one[2])} or {len(other[2])} bytes"


def strangers() -> Strangers:
    """One of every role at an agency that shares nothing, in a district where nobody is."""
    records = {}
    for label in KINDS:
        try:
            model = apps.get_model(label)
        except LookupError:
            continue
        records[label] = list(model._default_manager.values_list("pk", flat=True))
    walled = list(Referral.objects.exclude(agency=None).values_list("pk", flat=True))
    mark = secrets.token_hex(3)
    agency = agencies.add(by=HUB, name=f"Strangers {mark}", kind="council")
    code = "E07999999"
    if not Place.objects.filter(pk=code).exists():
        places.load(by=HUB, places=[PlaceRow(code=code, name="Nowhere", kind="district")])
    clients = {"public": Client()}
    for role in (*STAFF, RoleKey.VOLUNTEER):
        name = role.value
        for who, districts in ((name, [code]), (f"{name} everywhere", [])):
            mail = f"{who.replace(' ', '-')}-{mark}@example.org"
            user = users.add(by=HUB, email=mail, display_name=who)
            memberships.grant(by=HUB, user=user, agency=agency, role=role, districts=districts)
            person = make_volunteer().person if role is RoleKey.VOLUNTEER else make_person()
            accounts.link_user(by=HUB, person=person, user=user)
            clients[who] = Client()
            clients[who].force_login(user)
    person = make_volunteer().person
    links.make(by=HUB, person_id=person.pk, purpose="volunteer")
    clients["link"] = Client()
    session = clients["link"].session
    session["link"] = str(AccessLink.objects.get(person_id=person.pk).pk)
    session.save()
    return Strangers(clients, records, walled)
