"""Whoever asks from many places learns of a shielded place its square, and nothing within it.

One partnership, in which two people hide: one who needs help, one who helps. Around them somebody
keeps volunteers and needs at chosen points, with limits of travel from very short to long, and asks
everything that can be asked. Then both are moved within their squares: every answer is the same, to
the byte. Moved to another square, some answers differ; so the asking reaches them at all.
"""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.actions import shielding
from stepdown.hub.queries.cell import GRID_M
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.shielded import sealed_models
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.queries import coverage, ground, match, proposal, shortlist, world
from stepdown.volunteering.queries.proposal import Keeping, Proposal
from stepdown.volunteering.queries.proposal_large import propose_large
from stepdown.volunteering.queries.resident_rows import read, tables
from tests.factories import (
    DISTRICT,
    actor_of,
    make_need,
    make_person,
    make_place,
    make_postcode,
    make_ready_need,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer
from tests.support.shielded import inside

EAST, NORTH = 350_000, 425_000
"""The corner of the square that both hide in."""

NOW = datetime(2026, 11, 5, 10, tzinfo=UTC)


class Asking:
    """The partnership, and everything that may be asked of it."""

    def __init__(self) -> None:
        user = make_user(RoleKey.COORDINATOR, [DISTRICT])
        self.by, self.client = actor_of(user), Client()
        self.client.force_login(user)
        self.place = make_place(DISTRICT)
        make_postcode("LA9 9ZZ", EAST + 1_234, NORTH + 2_345)
        self.hidden = make_person("Ada", "Hidden", postcode="LA9 9ZZ", shielded=True)
        self.helper = make_volunteer(
            make_person("Bea", "Hidden", postcode="LA9 9ZZ", shielded=True), travel_limit_m=3_000
        )
        self.need = make_need(person=self.hidden, band=1)
        # From very near to the next squares, each with another limit: circles that cross.
        for n, (east, north) in enumerate(_points()):
            code = f"PR{n + 1} 1AA"
            make_postcode(code, east, north)
            make_volunteer(
                make_person("Spy", f"Number{n}", postcode=code),
                travel_limit_m=(500, 1_500, 2_500, 3_500, 5_000)[n % 5],
            )
            make_need(f"Bait {n}", postcode=code, band=2)
        self.spies = list(Volunteer.objects.filter(person__given_name="Spy"))
        offered = make_ready_need("Asked", person=self.hidden)
        make_offer(offered, max(self.spies, key=lambda one: one.travel_limit_m or 0))

    def move(self, east: int, north: int) -> None:
        """Both to another point, wherever that is kept."""
        for model in sealed_models():
            for row in model._default_manager.exclude(sealed_key=""):
                if "easting" in inside(row):
                    shielding.add(row, {"easting": east, "northing": north}).save()

    def answers(self) -> dict[str, str]:
        """What was asked, and what was answered."""
        return dict(self._asked())

    def _asked(self) -> Iterator[tuple[str, str]]:
        need, today = Need.objects.get(pk=self.need.pk), clock.today()
        yield "shortlist", repr(shortlist.shortlist(self.by, need, eligible_only=False))
        yield "weigh", repr(shortlist.weigh(self.by, need, name="Hidden"))
        for bait in Need.objects.order_by("pk"):
            yield f"why not {bait.pk}", repr(shortlist.why_not(self.by, bait, self.helper))
        with as_hub("to ask everything"):
            for spy in self.spies:
                yield f"why not {spy.pk}", repr(shortlist.why_not(self.by, need, spy))
                yield f"failures {spy.pk}", repr(match.failures(spy, need, today))
            built = world.build(on=today)
            yield "plan", _told(proposal.propose(built))
            yield "large plan", _told(propose_large(built, None, None, Keeping()))
            everybody = Volunteer.objects.all()
            yield "index", repr(read(everybody, tables(), today))
        yield "counts", repr(coverage.coverage_of(self.by, self.place))
        yield "districts", repr(coverage.districts(self.by))
        yield "volunteers on map", repr(ground.volunteers_on_map(self.by, self.place))
        yield "needs on map", repr(ground.needs_on_map(self.by, self.place, all_seen=True))
        for address in self._addresses():
            answer = self.client.get(address)
            assert answer.status_code == 200, address
            yield address, _steady(answer.content.decode())

    def _addresses(self) -> Iterator[str]:
        yield from (reverse("needs"), reverse("place", args=[DISTRICT]))
        yield from (reverse("person", args=[pk]) for pk in (self.hidden.pk, self.helper.person_id))
        yield from (reverse(name, args=[self.need.pk]) for name in ("need", "need-match"))
        yield reverse("need-match", args=[self.need.pk]) + "?name=Spy"


def _points() -> list[tuple[int, int]]:
    return [
        (EAST + east, NORTH + north) for east in (-1_500, 600, 4_400) for north in (2_500, 5_900)
    ]


def _told(found: Proposal) -> str:
    """All of a plan but how long it took to make."""
    said = list(found.pairs), list(found.gaps), found.places_by_band, found.fairness
    return repr((*said, found.filled, found.world.problem))


def _steady(page: str) -> str:
    """A page without what is drawn by lot for each answer."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r'nonce="[^"]+"', "", page)


@pytest.mark.django_db
def test_answers_depend_on_the_square_alone() -> None:
    with clock.at(NOW):
        asking = Asking()
        before = asking.answers()
        drawn = random.randrange(GRID_M), random.randrange(GRID_M)
        for inner in ((0, 0), (GRID_M - 1, GRID_M - 1), drawn):
            asking.move(EAST + inner[0], NORTH + inner[1])
            now = asking.answers()
            assert [asked for asked in now if now[asked] != before[asked]] == [], inner
        asking.move(EAST + GRID_M, NORTH)
        elsewhere = asking.answers()
        assert {asked.split()[0] for asked in elsewhere if elsewhere[asked] != before[asked]} >= {
            "plan", "index", "why",
        }  # fmt: skip
