"""Whatever is added that does not exist for a reader changes no byte of any page without a record
in its address, nor of the pages of what they may see."""

from collections.abc import Callable
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions.case_people import name_person
from stepdown.people.actions.intake import take_in
from stepdown.people.models import Person
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import overrides
from stepdown.volunteering.actions import exclusions
from stepdown.volunteering.models import Need
from tests.factories import (
    actor_of,
    make_agency,
    make_agreement,
    make_need,
    make_referral,
    make_scheme,
    make_user,
    make_volunteer,
)
from tests.factories.cases import make_case
from tests.factories.places import DISTRICT, OTHER_DISTRICT, make_place
from tests.factories.risk import approve_risk, write_risk
from tests.integration.sharing.test_unseen import CHANGING
from tests.integration.test_every_address import ADDRESSES

pytestmark = pytest.mark.django_db
# The reader's own ways in, which ask for a fresh password or make a secret each time.
ELSEWHERE = ("/account/", "/refer/", "/i18n/", "/static/")


class Stranger:
    """An agency that shares nothing with the reader's, and what its staff add in the district that
    the reader looks after. That there are any needs in others is told (docs/reference/sharing.md).
    """

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.agency = make_agency("C police", "police")
        self.by = actor_of(make_user(RoleKey.COORDINATOR, agency=self.agency))
        self.second = actor_of(make_user(RoleKey.COORDINATOR, agency=self.agency))
        self.third = actor_of(make_user(RoleKey.COORDINATOR, agency=make_agency("D fire")))
        self.refers = actor_of(make_user(RoleKey.REFERRER, agency=self.agency))
        self.volunteer = make_volunteer(by=self.by, agency=self.agency)
        self.needs: list[Need] = [self.need()]

    def need(self) -> Need:
        band, places = self.chance.randint(1, 4), self.chance.randint(1, 3)
        person = self.person() if self.chance.random() < 0.5 else None
        return make_need(by=self.by, agency=self.agency, band=band, places=places, person=person)

    def person(self) -> Person:
        name = self.chance.choice(("Ada", "Zed"))
        return take_in(
            by=self.by,
            identity={"given_name": name, "family_name": "Aaron", "district": DISTRICT},
            ways=[{"kind": "email", "value": f"{name}@example.org"}],
            address={"postcode": "PR1 8RJ"},
        )

    def apart(self) -> None:
        exclusions.record(
            by=self.by, volunteer=self.volunteer, person=self.person(), reason="known"
        )

    def case(self) -> None:
        case = make_case("early-help", by=self.by)
        name_person(by=self.by, case=case, role="parent", person=self.person())

    def referral(self) -> None:
        make_referral(self.refers)

    def risk_waits(self) -> None:
        write_risk(self.need(), by=self.by)

    def risk_approved(self) -> None:
        approve_risk(self.need(), writer=self.by, approver=self.second)

    def emergency(self) -> None:
        wanted = self.chance.choice(self.needs).reference
        overrides.open_record(
            by=self.third, reference=wanted, reason="danger", words="She is missing"
        )

    def add(self, count: int) -> list[str]:
        kinds: list[Callable[[], object]] = [
            self.need, self.referral, self.risk_waits, self.risk_approved, self.emergency,
            self.person, self.apart, self.case,
        ]  # fmt: skip
        drawn = [*kinds, *self.chance.choices(kinds, k=count - len(kinds))]
        self.chance.shuffle(drawn)
        for add in drawn:
            add()
        return [add.__name__ for add in drawn]


def read(client: Client, paths: list[str]) -> dict[str, str]:
    found = {}
    for path in paths:
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        text = CHANGING.sub("", body.decode("utf-8", "replace"))
        found[path] = f"{answer.status_code} {answer.headers.get('Location', '')} {text}"
    return found


def test_what_does_not_exist_for_a_reader_changes_no_byte(client: Client) -> None:
    make_scheme()
    council, friend = make_agency("B council"), make_agency("A trust", "nhs")
    make_agreement(friend, council)
    make_place(OTHER_DISTRICT)
    client.force_login(make_user(districts=[DISTRICT], agency=council))
    own = make_need(by=actor_of(make_user(agency=council)), agency=council)
    shown = make_need(by=actor_of(make_user(agency=friend)), agency=friend)
    make_referral(actor_of(make_user(RoleKey.REFERRER, agency=council)))
    stranger = Stranger(Random(20261123))
    paths = sorted({one.path for one in ADDRESSES if not one.named})
    paths = [path for path in paths if not path.startswith(ELSEWHERE)]
    paths += [
        *(reverse(page, args=[one.pk]) for one in (own, shown) for page in ("need", "need-risk")),
        reverse("need-match", args=[own.pk]),
        reverse("place", args=[DISTRICT]),
        f"/needs/?reference={stranger.needs[0].reference}",
        f"/needs/?q={stranger.needs[0].reference}",
        "/needs/?state=open&band=1&band=2",
        "/referrals/?state=received",
        "/people/?name=Specimen",
    ]
    read(client, paths)
    before = read(client, paths)
    assert sum(page.startswith("200") for page in before.values()) > 15
    added = stranger.add(8)
    after = read(client, paths)
    assert [path for path in paths if after[path] != before[path]] == [], added
    # What does exist is seen by the same eyes.
    make_need(by=actor_of(make_user(agency=council)), agency=council)
    assert read(client, ["/needs/", "/today/"]) != {p: after[p] for p in ("/needs/", "/today/")}
