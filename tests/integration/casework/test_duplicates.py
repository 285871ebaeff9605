"""Who a referral may be the same as: as far as the actor sees, and never by a secret address."""

from datetime import date

from stepdown.casework.queries.answers import name_key
from stepdown.casework.queries.duplicates import Likeness, possible_duplicates
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_answered,
    make_person,
    make_referral,
)

BIRTH = date(1947, 3, 31)


def test_names_compare_without_accents_capitals_and_hyphens() -> None:
    assert name_key("Zoë", "O’Brien-Smith") == name_key(" zoe ", "OBRIEN SMITH")
    assert name_key("Ada", "Specimen") != name_key("Ida", "Specimen")


def test_same_name_and_birth_come_first() -> None:
    referral = make_referral()
    by_area = make_referral(date_of_birth="")
    by_birth = make_referral(family_name="SPECIMEN", postcode="LA1 1AA", district=OTHER_DISTRICT)
    make_referral(given_name="Ida")
    found = possible_duplicates(coordinator(), referral).referrals
    assert [one.id for one in found] == [by_birth.pk, by_area.pk]
    assert found[0].likeness == Likeness(birth=True)
    assert found[1].likeness == Likeness(area=True)


def test_another_date_of_birth_is_another_person() -> None:
    referral = make_referral()
    make_referral(date_of_birth="1950-01-01")
    make_person("Ada", "Specimen", date_of_birth=date(1950, 1, 1))
    assert possible_duplicates(coordinator(), referral).shown == {}


def test_people_on_record_are_found_by_either_of_their_names() -> None:
    referral = make_referral()
    known = make_person("Adelaide", "specimen", known_as="Ada", date_of_birth=BIRTH)
    near = make_person("Ada", "Specimen", date_of_birth=None, postcode="PR1 9ZZ")
    found = possible_duplicates(coordinator(), referral).people
    assert [one.id for one in found] == [known.pk, near.pk]


def test_others_whom_the_actor_may_not_see_are_not_found() -> None:
    referral = make_referral()
    make_referral(postcode="LA1 1AA", district=OTHER_DISTRICT)
    make_person("Ada", "Specimen", date_of_birth=BIRTH, district=OTHER_DISTRICT)
    make_answered()
    assert possible_duplicates(coordinator(DISTRICT), referral).shown == {}


def test_a_secret_address_is_compared_with_nothing() -> None:
    referral = make_referral(date_of_birth="")
    make_referral(date_of_birth="", secret=True)
    make_person("Ada", "Specimen", date_of_birth=None, postcode="PR1 8RJ", shielded=True)
    found = possible_duplicates(coordinator(), referral)
    assert [one.likeness for one in found.referrals] == [Likeness()]
    assert [one.likeness for one in found.people] == [Likeness()]


def test_somebody_is_found_whatever_the_case_of_letters_beyond_ascii() -> None:
    referral = make_referral(family_name="Ångström")
    known = make_person("ADA", "ÅNGSTRÖM", date_of_birth=BIRTH)
    assert [one.id for one in possible_duplicates(coordinator(), referral).people] == [known.pk]
