"""The demonstration partnership: made up, the same every time, and true to the hub's own rules."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction

from stepdown.adapters.postcodes import Gazetteer
from stepdown.casework.models import Referral
from stepdown.cli.demonstration.catalogue import DISTRICTS
from stepdown.cli.demonstration.personas import PASSWORD, PERSONAS
from stepdown.cli.demonstration.story import Size, tell
from stepdown.hub.models import LedgerEntry, OutboxMessage, Postcode, User
from stepdown.hub.queries.ledger_check import faults
from stepdown.people.models import Address, Contact, Person
from stepdown.volunteering.models import Hold, Need, Offer, Placement, Volunteer

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 22)
SMALL = Size(volunteers=60, referrals=30, cases=1)
# Told twice: what is drawn of more people is drawn in the same way.
TINY = Size(volunteers=20, referrals=10, cases=0)


def nothing(chapter: str, total: int, done: int) -> None:
    """No bar in tests."""


class UndoneError(Exception):
    """Ends a story's transaction, so that another can be told in the same test."""


def drawn() -> list[object]:
    """What two hubs are compared by: who, what, where and how it stands."""
    return [
        list(Person.objects.order_by("id").values_list("id", "given_name", "family_name")),
        list(Address.objects.order_by("id").values_list("person", "postcode")),
        list(Volunteer.objects.order_by("id").values_list("id", "slots", "travel_limit_m")),
        list(Referral.objects.order_by("id").values_list("reference", "state", "received_at")),
        list(Need.objects.order_by("id").values_list("reference", "title", "state", "band")),
        list(Offer.objects.order_by("id").values_list("need", "volunteer", "state", "slot")),
        list(Placement.objects.order_by("id").values_list("need", "volunteer", "state")),
    ]


def test_the_same_seed_and_day_make_the_same_hub() -> None:
    first: list[object] = []
    with suppress(UndoneError), transaction.atomic():
        tell(today=DAY, size=TINY, seed=7, progress=nothing)
        first = drawn()
        raise UndoneError
    assert not User.objects.exists()
    tell(today=DAY, size=TINY, seed=7, progress=nothing)
    assert drawn() == first


def test_the_story_holds_to_the_rules_and_to_the_made_up() -> None:
    told = tell(today=DAY, size=SMALL, seed=3, progress=nothing)

    assert Volunteer.objects.count() == told.volunteers == SMALL.volunteers
    assert Referral.objects.count() == told.referrals == SMALL.referrals
    assert Need.objects.count() == told.needs
    every_hold_belongs_to_an_open_offer_or_a_standing_placement()
    all_that_happened_is_in_a_sound_ledger()
    no_message_waits_to_be_sent()
    nothing_has_yet_to_happen()
    nobody_can_be_reached_and_every_postcode_is_real()
    every_persona_can_sign_in()


def every_hold_belongs_to_an_open_offer_or_a_standing_placement() -> None:
    standing = Offer.objects.filter(state="sent").count()
    standing += Placement.objects.filter(state__in=["live", "suspended"]).count()
    assert Hold.objects.count() == standing


def all_that_happened_is_in_a_sound_ledger() -> None:
    assert LedgerEntry.objects.exists()
    assert not LedgerEntry.objects.filter(seq=None).exists()
    assert list(faults()) == []


def no_message_waits_to_be_sent() -> None:
    assert OutboxMessage.objects.exists()
    assert not OutboxMessage.objects.filter(state="waiting").exists()


def nothing_has_yet_to_happen() -> None:
    this_morning = datetime.combine(DAY, time(0), UTC)
    assert not LedgerEntry.objects.filter(at__gte=this_morning).exists()
    # Some offers are still to be answered when the hub is opened in the afternoon.
    assert Offer.objects.filter(state="sent", lapses_at__gt=this_morning + timedelta(hours=15))


def nobody_can_be_reached_and_every_postcode_is_real() -> None:
    known = {code for code, _, _ in DISTRICTS}
    assert set(Postcode.objects.values_list("district_code", flat=True)) == known
    postcodes = list(Address.objects.values_list("postcode", flat=True))
    assert all(Gazetteer.builtin().find_many(postcodes).values())
    for kind, value in Contact.objects.values_list("kind", "value"):
        # Addresses that cannot exist (RFC 2606) and numbers set aside for drama (Ofcom).
        assert value.endswith("@demo.example") if kind == "email" else value.startswith("07700 900")


def every_persona_can_sign_in() -> None:
    for persona in PERSONAS:
        user = User.objects.get(email=persona.email)
        assert user.demonstration
        assert user.check_password(PASSWORD)
        assert [m.role for m in user.memberships.all()] == [persona.role.value]
    person = Person.objects.get(user__email="volunteer@demo.example")
    assert Offer.objects.filter(volunteer__person=person, state="sent").exists()
