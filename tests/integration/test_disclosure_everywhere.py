"""Whoever is named on a page stands in the read log; an address that is kept secret is on none.

The pages are those of the journeys' catalogue that open by their address alone, in a partnership of
the demonstration's kind; each is opened by everybody there is.
"""

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.hub.models import DisclosedPerson, Disclosure
from stepdown.people.models import Person, ShieldedAddress
from stepdown.policy.categories import Category
from stepdown.volunteering.models import NeedShieldedLocation
from tests.journeys.catalogue import STATES
from tests.journeys.catalogue.records import catalogue
from tests.support.programs import ROOT, token_of
from tests.support.shielded import inside
from tests.support.world import World

READERS = (
    "coordinator", "approver", "officer", "referrer", "volunteer", "administrator", "protection",
    "signatory", "link",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One page as one reader got it: its words, and whom the read log says that it showed."""

    reader: str
    address: str
    words: str
    disclosed: frozenset[UUID]


def _window(world: World, reader: str) -> Client:
    # Demonstration accounts are good on the machine itself only.
    client = Client(HTTP_HOST="localhost")
    if reader == "link":
        session = client.session
        session["link"] = str(world["link"].pk)
        session.save()
    else:
        client.force_login(world.users[reader])
    return client


def _words(answer: Any) -> str:
    """What the main part says, with what its attributes say; as one line."""
    source = answer.content.decode()
    main = source[source.find("<main") :] if "<main" in source else source
    return " ".join(html.unescape(re.sub(r"</?\w+", " ", main)).replace(">", " ").split())


def _every_page(world: World) -> Iterator[Shown]:
    addresses = sorted({state.address(world) for state in STATES if not state.do})
    for number, reader in enumerate(READERS):
        client = _window(world, reader)
        # The slower database is asked for each page by a third of the readers: each page by three.
        some = addresses if connection.vendor == "sqlite" else addresses[number % 3 :: 3]
        for address in some:
            last = Disclosure.objects.order_by("-id").values_list("id", flat=True).first() or 0
            answer = client.get(address)
            if answer.status_code != 302:
                named = DisclosedPerson.objects.filter(disclosure_id__gt=last)
                ids = frozenset(named.values_list("person_id", flat=True))
                yield Shown(reader, address, _words(answer), ids)


def _every_answer(world: World) -> Iterator[Shown]:
    """The same of what programs are answered: every list, and the first records of each."""
    for reader in READERS:
        if reader in {"volunteer", "link"}:  # have no tokens
            continue
        client = _program(world, reader)
        paths = [f"{ROOT}/{word}" for word in ("needs", "referrals", "cases", "schemes")]
        paths.append(f"{ROOT}/cases?standing=closed&size=100")
        while paths:
            path = paths.pop()
            last = Disclosure.objects.order_by("-id").values_list("id", flat=True).first() or 0
            answer = client.get(path)
            found = answer.json()
            named = DisclosedPerson.objects.filter(disclosure_id__gt=last)
            ids = frozenset(named.values_list("person_id", flat=True))
            yield Shown(reader, path, json.dumps(found, ensure_ascii=False), ids)
            if isinstance(found, dict) and "items" in found:
                base = path.partition("?")[0]
                paths += [f"{base}/{one['id']}" for one in found["items"][:4]]
                if base.endswith("needs"):
                    paths += [f"{base}/{one['id']}/placements" for one in found["items"][:4]]


def _program(world: World, reader: str) -> Client:
    header = {"HTTP_AUTHORIZATION": f"Bearer {token_of(world.users[reader])}"}
    return Client(HTTP_HOST="localhost", **header)  # type: ignore[arg-type]


def _named() -> dict[str, set[UUID]]:
    """Whom each name may stand for: people, and referrals that belong to nobody's record yet."""
    found = defaultdict(set)
    for person in Person.objects.all():
        for given in {person.given_name, person.known_as} - {""}:
            found[f"{given} {person.family_name}"].add(person.pk)
    records = dict(Referral.objects.values_list("pk", "person_id"))
    for one in ReferralAnswers.objects.filter(category=Category.IDENTITY):
        name = f"{one.answers.get('given_name')} {one.answers.get('family_name')}"
        person_id = records[one.referral_id]
        found[name] |= {one.referral_id} if person_id is None else {one.referral_id, person_id}
    return found


def _secrets() -> set[str]:
    """Every word of an address that must not leave."""
    rows = [*ShieldedAddress.objects.all(), *NeedShieldedLocation.objects.all()]
    rows += ReferralAnswers.objects.filter(category=Category.SHIELDED_LOCATION)
    kept = [inside(row) for row in rows]
    whole = {str(one[name]) for one in kept for name in ("postcode", "lines") if one.get(name)}
    return whole | {text.replace(" ", "") for text in whole}


@pytest.mark.django_db
def test_pages_disclose_whom_they_name_and_show_no_secret_address() -> None:
    world = catalogue()
    names, secrets = _named(), _secrets()
    assert len(names) > 60
    assert {world["hidden-postcode"], "99 Concealment Crescent", "7 Hidden Mews"} <= secrets
    # An account is shown to the administrator by the name of who holds it: no record is opened.
    accounts = {user.display_name for user in world.users.values()}
    undisclosed, leaked, seen, answered = [], [], 0, 0
    for shown in (*_every_page(world), *_every_answer(world)):
        said = {name for name in names if name in shown.words}
        seen += len(said)
        answered += len(said) if shown.address.startswith(ROOT) else 0
        seen_as_account = accounts if shown.address.startswith("/hub/accounts/") else set()
        undisclosed += [
            (shown.reader, shown.address, name)
            for name in said - seen_as_account
            if not names[name] & shown.disclosed
        ]
        leaked += [(shown.reader, shown.address, kept) for kept in secrets if kept in shown.words]
    assert seen > (300 if connection.vendor == "sqlite" else 100)
    assert answered > 20
    assert undisclosed == []
    assert leaked == []
