"""The ground the story stands on: places, agencies, accounts, schemes and what they ask."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from stepdown.cli.demonstration import catalogue
from stepdown.cli.demonstration.agreeing import agree
from stepdown.cli.demonstration.personas import PASSWORD, PERSONAS
from stepdown.cli.places import builtin
from stepdown.hub.actions import agencies, memberships, places, users
from stepdown.hub.actions.places import PlaceRow, PostcodeRow
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import catalogue as lists
from stepdown.volunteering.actions import schemes

if TYPE_CHECKING:
    from stepdown.hub.models import Agency, User

HUB = Actor.hub()


@dataclass
class Ground:
    """What later parts of the story need at hand. Postcodes are by district code."""

    today: date
    chance: random.Random
    postcodes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    agencies: dict[str, Agency] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def day(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment of the story, ``offset`` days from its last day, which is yesterday: whenever
        the hub is opened today, nothing in it has yet to happen."""
        day = self.today + timedelta(days=offset - 1)
        return datetime.combine(day, time(hour, minute), tzinfo=UTC)

    def district(self) -> str:
        """A district by chance, in proportion to who lives there, with three that ask for more."""
        weights = [
            population * (1.6 if name in {"Blackpool", "Burnley", "Preston"} else 1.0)
            for _, name, population in catalogue.DISTRICTS
        ]
        return self.chance.choices([code for code, _, _ in catalogue.DISTRICTS], weights)[0]

    def home(self) -> tuple[str, str]:
        """A district in proportion to its population, and a real postcode in it."""
        codes = [code for code, _, _ in catalogue.DISTRICTS]
        weights = [population for _, _, population in catalogue.DISTRICTS]
        district = self.chance.choices(codes, weights)[0]
        return district, self.chance.choice(self.postcodes[district])


def lay(today: date, chance: random.Random) -> Ground:
    """Everything that is there before the first volunteer."""
    ground = Ground(today, chance)
    _places(ground)
    for key, (name, kind) in catalogue.AGENCIES.items():
        ground.agencies[key] = agencies.add(by=HUB, name=name, kind=kind)
    for persona in PERSONAS:
        user = users.add(
            by=HUB,
            email=persona.email,
            display_name=persona.name,
            password=PASSWORD,
            demonstration=True,
        )
        memberships.grant(
            by=HUB,
            user=user,
            agency=ground.agencies[persona.agency],
            role=persona.role,
            districts=persona.districts,
        )
        ground.users[persona.key] = user
        ground.actors[persona.key] = actor_for_user(user)
    agree(ground)
    _schemes(ground)
    return ground


def _places(ground: Ground) -> None:
    county, name = catalogue.COUNTY
    rows = [PlaceRow(code=county, kind="county", name=name)] + [
        PlaceRow(
            code=code,
            kind="district",
            name=district,
            parent=county,
            population=population,
            population_source=catalogue.POPULATION_SOURCE,
        )
        for code, district, population in catalogue.DISTRICTS
    ]
    known = frozenset(code for code, _, _ in catalogue.DISTRICTS)
    kept: list[PostcodeRow] = []
    for row in builtin(known, catalogue.AREAS):
        kept.append(row)
        ground.postcodes[row.district].append(row.postcode)
    places.load(by=HUB, places=rows, postcodes=kept, source="built-in postcodes")


def _schemes(ground: Ground) -> None:
    for key, name in catalogue.SKILLS.items():
        lists.set_skill(by=HUB, key=key, name=name)
    for code, name in catalogue.LANGUAGES.items():
        lists.set_language(by=HUB, code=code, name=name)
    for key, check in catalogue.CHECKS.items():
        lists.set_credential_type(
            by=HUB,
            key=key,
            name=check.name,
            kind=check.kind,
            good_for_months=check.months,
            source=check.source,
        )
    there: set[str] = set()
    for key, scheme in catalogue.SCHEMES.items():
        # A conflict holds both ways: the second of two names the first.
        made = schemes.add(
            by=HUB,
            key=key,
            name=scheme.name,
            description=scheme.description,
            conflicts_with=[c for c in scheme.conflicts if c in there],
            additional_not_substitute=scheme.additional,
        )
        schemes.require_from(
            by=HUB,
            scheme=made,
            valid_from=date(2015, 1, 1),
            minimum_age=scheme.minimum_age,
            credential_types=scheme.checks,
            source="Partnership default, to be confirmed",
        )
        there.add(key)
