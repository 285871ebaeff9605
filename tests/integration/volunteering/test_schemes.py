"""Schemes, and what they and their needs ask on a day."""

from datetime import date, timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import catalogue, schemes
from stepdown.volunteering.models import RequirementSet, Scheme
from stepdown.volunteering.queries import scheme as queries
from stepdown.volunteering.queries.requirement import (
    Requirements,
    requirements_for,
    requirements_of,
    stated,
)
from tests.factories import coordinator, make_credential_type, make_need, make_scheme

HUB = Actor.hub()
SPRING, SUMMER = date(2026, 4, 1), date(2026, 7, 1)


def _require(scheme: Scheme, first: date, *types: str, age: int | None = None) -> RequirementSet:
    return schemes.require_from(
        by=HUB,
        scheme=scheme,
        valid_from=first,
        minimum_age=age,
        credential_types=[make_credential_type(key) for key in types],
        source="Made up for a test",
    )


def test_a_new_set_closes_the_one_before_on_its_eve() -> None:
    scheme = make_scheme()
    old = _require(scheme, SPRING, "dbs", age=16)
    new = _require(scheme, SUMMER, "dbs", "first-aid", age=18)
    old.refresh_from_db()
    assert old.valid_to == SUMMER - timedelta(days=1)
    assert queries.set_in_force(scheme, SPRING - timedelta(days=1)) is None
    assert queries.set_in_force(scheme, SUMMER - timedelta(days=1)) == old
    assert queries.set_in_force(scheme, SUMMER) == new
    assert queries.set_in_force(scheme, date(2036, 1, 1)) == new


def test_what_held_before_cannot_be_rewritten() -> None:
    scheme = make_scheme()
    _require(scheme, SUMMER, "dbs")
    for first in (SUMMER, SPRING):
        with pytest.raises(InvalidInput) as caught:
            _require(scheme, first, "first-aid")
        assert set(caught.value.errors) == {"valid_from"}


def test_a_need_asks_what_its_scheme_asks_when_it_starts_and_what_comes_into_force_later() -> None:
    scheme = make_scheme()
    _require(scheme, SPRING, "dbs")
    _require(scheme, SUMMER, "dbs", "first-aid")
    early = make_need(scheme=scheme, starts=date(2026, 5, 1))
    late = make_need(scheme=scheme, starts=date(2026, 8, 1))
    day = date(2026, 4, 10)
    assert requirements_of(early, day).credential_types == {"dbs"}
    assert requirements_of(late, day).credential_types == {"dbs", "first-aid"}
    assert requirements_of(early, SUMMER - timedelta(days=1)).credential_types == {"dbs"}
    assert requirements_of(early, SUMMER).credential_types == {"dbs", "first-aid"}


@pytest.mark.parametrize(
    ("of_scheme", "of_need", "asked"), [(16, 18, 18), (18, 16, 18), (None, 21, 21), (18, None, 18)]
)
def test_of_two_ages_the_higher_holds(
    of_scheme: int | None, of_need: int | None, asked: int
) -> None:
    scheme = make_scheme()
    _require(scheme, SPRING, "dbs", age=of_scheme)
    need = make_need(
        scheme=scheme, starts=SUMMER, minimum_age=of_need, credential_types=["driving"]
    )
    assert requirements_of(need, SUMMER) == Requirements(frozenset({"dbs", "driving"}), asked)


def test_a_scheme_without_rules_asks_nothing() -> None:
    assert requirements_of(make_need(), SPRING) == Requirements()


def test_asking_for_many_needs_takes_no_more_queries_than_for_one(
    django_assert_num_queries: type[CaptureQueriesContext],
) -> None:
    needs = []
    for number in range(4):
        scheme = make_scheme(f"scheme-{number}")
        _require(scheme, SPRING, "dbs", f"type-{number}")
        needs += [make_need(scheme=scheme, credential_types=["driving"]) for _ in range(3)]
    with django_assert_num_queries(3):  # type: ignore[arg-type]
        found = requirements_for(needs, SUMMER)
    assert {len(one.credential_types) for one in found.values()} == {3}


def test_schemes_that_conflict_do_so_both_ways() -> None:
    special = make_scheme("special-constable")
    custody = make_scheme("custody-visitor", conflicts_with=[special])
    assert list(special.conflicts_with.all()) == [custody]


def test_only_those_who_keep_schemes_change_them() -> None:
    with pytest.raises(Refused):
        schemes.add(by=coordinator(), key="x", name="X", description="X")
    with pytest.raises(Refused):
        catalogue.set_skill(by=coordinator(), key="x", name="X")


def test_a_skill_named_again_keeps_its_key() -> None:
    catalogue.set_skill(by=HUB, key="diy", name="Handiwork")
    assert catalogue.set_skill(by=HUB, key="diy", name="Small repairs").name == "Small repairs"


@pytest.mark.parametrize("key", ["", "Two Words", "ÉTÉ", "UPPER", "a/b", "x" * 41])
def test_keys_are_short_plain_words(key: str) -> None:
    with pytest.raises(InvalidInput):
        catalogue.set_skill(by=HUB, key=key, name="Name")


def test_what_a_page_says_of_a_need_is_of_its_own_scheme_alone() -> None:
    own, other = make_scheme("own"), make_scheme("other")
    _require(own, SPRING, "dbs", age=18)
    _require(other, SPRING, "first-aid", age=25)
    _require(other, SUMMER, "dbs", "first-aid", age=30)
    said = stated(make_need(scheme=own, starts=date(2026, 8, 1)), SUMMER)
    assert said.minimum_age == 18
    assert len(said.scheme_checks) == 1
    assert (said.source, said.verified, said.since) == ("Made up for a test", False, SPRING)
