"""The catalogue is whole: no page of the hub is in none of its states."""

from collections import Counter
from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

from tests.journeys.catalogue import NO_PAGE, PICTURED, STATES


def _names(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern)
        else:
            assert pattern.name, f"{pattern.pattern} has no name"
            yield pattern.name


def test_every_address_is_in_the_catalogue_or_is_no_page() -> None:
    known = {name for state in STATES for name in (state.page, state.lands)} - {""}
    addresses = set(_names(get_resolver()))
    assert addresses - known - set(NO_PAGE) == set()
    assert (known | set(NO_PAGE)) - addresses == set()
    assert known & set(NO_PAGE) == set()


def test_every_state_has_a_name_of_its_own() -> None:
    assert [name for name, many in Counter(one.name for one in STATES).items() if many > 1] == []


def test_every_picture_is_of_a_state() -> None:
    assert {one.name for one in STATES} >= PICTURED
