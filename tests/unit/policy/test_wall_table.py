"""What a clause must cover to open each kind of record, as `docs/reference/sharing.md` tells it."""

import pytest

from stepdown.policy.categories import Category
from stepdown.policy.overrides import KINDS, OPENED
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.sharing import OF_PERSON, WALLS, Pathway, People, Purpose, wall_of

# Whoever finds a volunteer for a need goes by what is asked and where; hazards are what somebody
# may suffer or do. A referral is opened by any category that its reader reads.
NEED = {Category.SUPPORT, Category.LOCATION}
NEEDED = {
    Kind.PERSON: {Category.IDENTITY},
    Kind.CONSENT: {Category.IDENTITY},
    Kind.EXCLUSION: {Category.IDENTITY},
    Kind.RETENTION: set(),
    Kind.REFERRAL: set(),
    Kind.NEED: NEED,
    Kind.RISK: NEED | {Category.SAFEGUARDING},
    Kind.OFFER: NEED,
    Kind.PLACEMENT: NEED,
    Kind.HOURS: NEED,
}
# What is about no record that is there already, and what a volunteer does with what is their own.
FREE = {
    Permission.PERSON_ADD,
    Permission.REFERRAL_MAKE,
    Permission.CONSENT_WORD,
    Permission.RETENTION_RULE,
    Permission.OFFER_ANSWER,
    Permission.OFFER_LAPSE,
    Permission.PLACEMENT_STEP_BACK,
}
OF_PEOPLE = {Kind.PERSON, Kind.CONSENT, Kind.EXCLUSION}


def test_every_wall_is_in_the_table() -> None:
    assert WALLS.keys() == NEEDED.keys()


@pytest.mark.parametrize("kind", NEEDED)
def test_a_wall_asks_what_the_table_says(kind: Kind) -> None:
    wall = WALLS[kind]
    assert wall.needed == NEEDED[kind]
    assert wall.by_keeping is (kind in OF_PEOPLE)
    assert wall.shut is (kind is Kind.RETENTION)
    inside = "keeper" if kind in {Kind.CONSENT, Kind.EXCLUSION, Kind.RETENTION} else "agency"
    assert wall.keepers == inside
    about = (wall.purpose, wall.people, wall.pathway)
    assert about == (Purpose.SUPPORT, People.SUPPORTED, Pathway.VOLUNTEER_SUPPORT)


def test_what_is_done_with_records_behind_a_wall_stops_at_it() -> None:
    assert {p for p in Permission if p.kind in WALLS and wall_of(p) is None} == FREE
    assert {Category.IDENTITY, Category.CONTACT, Category.LOCATION} == OF_PERSON


def test_an_emergency_opens_what_saves_somebody_and_no_secret_address() -> None:
    shut = {Category.OFFENCE, Category.EQUALITY, Category.SHIELDED_LOCATION}
    assert set(Category) - shut == OPENED
    assert KINDS == {Kind.REFERRAL: Permission.REFERRAL_VIEW, Kind.NEED: Permission.NEED_VIEW}
