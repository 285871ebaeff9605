"""How the volunteers joined: who they are, when they can, what checks they hold."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from stepdown.cli.demonstration import catalogue, names
from stepdown.cli.demonstration.ground import HUB, Ground
from stepdown.kernel import clock
from stepdown.kernel.slots import SLOTS
from stepdown.people.actions import accounts, addresses, contacts, equality, people
from stepdown.volunteering.actions import credentials, volunteers

if TYPE_CHECKING:
    from stepdown.people.models import Person

FIRST_DAY = -140


def join_all(ground: Ground, count: int) -> Iterator[Person]:
    """Each volunteer as they joined, in the order of their days; the persona among the first."""
    chance = ground.chance
    days = sorted(chance.randint(FIRST_DAY, -5) for _ in range(count))
    for number, day in enumerate(days):
        with clock.at(ground.day(day, hour=chance.randint(8, 18), minute=chance.randrange(60))):
            yield _persona(ground) if number == 0 else _join(ground, number)


def _scheme(chance: random.Random) -> str:
    keys = list(catalogue.SCHEMES)
    return chance.choices(keys, [catalogue.SCHEMES[k].share for k in keys])[0]


def _slots(chance: random.Random) -> int:
    """When somebody can: workers have evenings and weekends, the retired have mornings."""
    manner = chance.choice(("evenings", "mornings", "mornings", "anything", "weekend", "one"))
    mask = 0
    for index, slot in enumerate(SLOTS):
        day, half = slot.split("-")
        weekend = day in {"sat", "sun"}
        likely = {
            "evenings": 0.6 if half == "eve" and not weekend else 0.15 if weekend else 0.02,
            "mornings": 0.7 if half != "eve" and not weekend else 0.05,
            "anything": 0.6,
            "weekend": 0.7 if weekend else 0.05,
            "one": 0.1,
        }[manner]
        if chance.random() < likely:
            mask |= 1 << index
    return mask or 1 << chance.randrange(len(SLOTS))


def _skills(chance: random.Random, scheme: str) -> list[str]:
    common = [s for s in catalogue.SKILLS if s not in catalogue.SCARCE_SKILLS]
    chosen = set(chance.sample(common, chance.choice((2, 3, 3, 4, 5, 7))))
    if chance.random() < 0.7:
        chosen.add("listening")
    if scheme == "driver":
        chosen.add("driving")
    if scheme == "good-neighbour":
        chosen |= {"shopping"}
    for scarce in sorted(catalogue.SCARCE_SKILLS):
        if chance.random() < 0.035:
            chosen.add(scarce)
    return sorted(chosen)


def _languages(chance: random.Random) -> list[str]:
    spoken = ["en"]
    if chance.random() < 0.16:
        others = [code for code in catalogue.LANGUAGES if code != "en"]
        weights = [9, 6, 6, 3, 5, 3, 3, 2, 2][: len(others)]
        spoken.append(chance.choices(others, weights)[0])
    return spoken


def _born(ground: Ground) -> date | None:
    chance = ground.chance
    if chance.random() < 0.02:
        return None  # never given: an age requirement then fails
    age = round(chance.triangular(17, 86, 58))
    return ground.today - timedelta(days=age * 365 + chance.randrange(365))


def _join(ground: Ground, number: int) -> Person:
    chance, by = ground.chance, ground.actors["coordinator"]
    gender = names.gender(chance)
    given, family = names.name(chance, gender)
    district, postcode = ground.home()
    person = people.add(
        by=by,
        given_name=given,
        family_name=family,
        date_of_birth=_born(ground),
        district=district,
    )
    contacts.add(
        by=by,
        person=person,
        kind="email",
        value=f"volunteer{number}@demo.example",
        preferred=True,
    )
    if chance.random() < 0.6:
        contacts.add(by=by, person=person, kind="mobile", value=names.mobile(chance))
    addresses.set_address(by=by, person=person, postcode=postcode, shielded=chance.random() < 0.008)
    if gender:
        equality.set_gender(by=by, person=person, gender=gender)
    _profile(ground, person, _scheme(chance))
    return person


def join_for(
    ground: Ground, scheme: str, district: str, *, name: str = "", agency: str = "charity"
) -> Person:
    """Somebody who lives there and may do all that a scheme asks, where nobody near could."""
    chance, by = ground.chance, ground.actors["coordinator"]
    given, family = name.split() if name else names.name(chance, "female")
    person = people.add(
        by=by,
        given_name=given,
        family_name=family,
        date_of_birth=date(ground.today.year - 52, 3, 9),
        district=district,
    )
    address = f"{person.pk.hex[-8:]}@demo.example"
    contacts.add(by=by, person=person, kind="email", value=address, preferred=True)
    postcode = chance.choice(ground.postcodes[district])
    addresses.set_address(by=by, person=person, postcode=postcode)
    volunteers.add(
        by=by,
        person=person,
        agency=ground.agencies[agency],
        slots=(1 << len(SLOTS)) - 1,
        travel_limit_m=60_000,
        capacity=2,
        skills=["listening"],
        languages=["en"],
        schemes=[scheme],
        joined_on=clock.today(),
    )
    for check in catalogue.SCHEMES[scheme].checks:
        _credential(ground, person, check, ground.today + timedelta(days=500))
    return person


def _profile(ground: Ground, person: Person, scheme: str) -> None:
    chance, by = ground.chance, ground.actors["coordinator"]
    serves = [scheme]
    if scheme in {"community-support", "good-neighbour"} and chance.random() < 0.25:
        serves.append("good-neighbour" if scheme == "community-support" else "community-support")
    volunteers.add(
        by=by,
        person=person,
        agency=ground.agencies[chance.choice(("charity", "charity", "council", "police", "fire"))],
        slots=_slots(chance),
        travel_limit_m=chance.choice((2, 3, 5, 5, 8, 8, 10, 12, 15, 20, 25)) * 1000,
        capacity=chance.choices((1, 2, 3), (62, 28, 10))[0],
        weekly_cap_minutes=chance.choice((None, None, 120, 180, 240)),
        skills=_skills(chance, scheme),
        languages=_languages(chance),
        schemes=serves,
        preferred_schemes=[scheme] if chance.random() < 0.5 else [],
        joined_on=clock.today(),
    )
    asked = {check for key in serves for check in catalogue.SCHEMES[key].checks}
    # Many hold a check that another agency paid for: the passport makes it good here too.
    if chance.random() < 0.3:
        asked.add("dbs-enhanced")
    if chance.random() < 0.2:
        asked.add("first-aid")
    for check in sorted(asked):
        if chance.random() < 0.94:
            _credential(ground, person, check)


def _credential(ground: Ground, person: Person, check: str, ends: date | None = None) -> None:
    chance = ground.chance
    months = catalogue.CHECKS[check].months or 36
    began = clock.today() - timedelta(days=chance.randrange(0, max(30, months * 30 - 130)))
    credentials.record(
        by=ground.actors["coordinator"],
        person=person,
        type=check,
        valid_from=began,
        valid_to=ends or began + timedelta(days=round(months * 30.4)),
        verified_by=ground.agencies[chance.choice(("police", "council", "charity", "nhs"))],
    )


def _persona(ground: Ground) -> Person:
    """The volunteer who can sign in: able, near Preston, one check lapsing in three weeks."""
    by = ground.actors["coordinator"]
    person = people.add(
        by=by,
        given_name="Victor",
        family_name="Sorrel",
        pronouns="he/him",
        date_of_birth=date(ground.today.year - 47, 5, 5),
        district="E07000123",
    )
    contacts.add(by=by, person=person, kind="email", value="volunteer@demo.example", preferred=True)
    contacts.add(by=by, person=person, kind="mobile", value="07700 900982")
    addresses.set_address(by=by, person=person, postcode=ground.postcodes["E07000123"][700])
    equality.set_gender(by=by, person=person, gender="male")
    volunteers.add(
        by=by,
        person=person,
        agency=ground.agencies["charity"],
        slots=(1 << len(SLOTS)) - 1,
        travel_limit_m=12_000,
        capacity=4,
        skills=["listening", "forms", "digital", "driving", "shopping", "budgeting"],
        languages=["en", "pl"],
        schemes=["community-support", "good-neighbour"],
        preferred_schemes=["community-support"],
        joined_on=clock.today(),
    )
    far = ground.today + timedelta(days=600)
    for check in ("dbs-enhanced", "dbs-basic", "safeguarding-adults"):
        _credential(ground, person, check, far)
    _credential(ground, person, "first-aid", ground.today + timedelta(days=21))
    accounts.link_user(by=HUB, person=person, user=ground.users["volunteer"])
    return person
