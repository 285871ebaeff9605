"""Ids sort by age and cannot be guessed; references survive being read aloud."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from stepdown.kernel import clock, ids


def test_id_is_a_version_7_uuid_of_the_right_variant() -> None:
    for _ in range(200):
        made = ids.new_id()
        assert made.version == 7
        assert made.int >> 62 & 0b11 == 0b10


def test_id_holds_the_millisecond_it_was_made_in() -> None:
    # Ahead of every id of this process, which never run backwards.
    moment = clock.now() + timedelta(days=1)
    source = ids._source.set(ids._Source(ids._SYSTEM.chance))
    try:
        with clock.at(moment):
            made = ids.new_id()
    finally:
        ids._source.reset(source)
    assert made.int >> 80 == int(moment.timestamp() * 1000)


def test_later_ids_sort_after_earlier_ones_within_a_millisecond_too() -> None:
    with clock.at(clock.now()):
        made = [ids.new_id() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_stay_in_order_when_the_clock_goes_back() -> None:
    first = ids.new_id()
    with clock.at(datetime(2020, 1, 1, tzinfo=UTC)):
        second = ids.new_id()
    assert second > first


def test_threads_never_get_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [one for batch in pool.map(_hundred, range(16)) for one in batch]
    assert len(set(made)) == len(made)


def _hundred(_number: int) -> list[object]:
    return [ids.new_id() for _ in range(100)]


def test_ids_of_one_moment_differ_by_chance_and_not_by_count_alone() -> None:
    tails = {ids.new_id().int & (1 << 62) - 1 for _ in range(1000)}
    assert len(tails) == 1000
    assert any(tail >> 61 for tail in tails)
    assert any(not tail >> 61 for tail in tails)


def test_reference_is_a_prefix_and_two_groups_of_four() -> None:
    alphabet = f"[{ids.ALPHABET}]"
    for _ in range(200):
        assert re.fullmatch(f"R-{alphabet}{{4}}-{alphabet}{{4}}", ids.new_reference("R"))


def test_alphabet_has_no_letter_that_looks_like_another() -> None:
    assert len(ids.ALPHABET) == 32
    assert not set("ILOU") & set(ids.ALPHABET)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("r-7k3m-9qxt", "R-7K3M-9QXT"),
        ("  R-7K3M-9QXT ", "R-7K3M-9QXT"),
        ("R 7K3M 9QXT", "R-7K3M-9QXT"),
        ("R-OIL0-1111", "R-0110-1111"),
    ],
)
def test_reference_is_found_as_people_type_it(typed: str, stored: str) -> None:
    assert ids.tidy_reference(typed) == stored


def test_same_seed_gives_the_same_ids_and_references() -> None:
    def world() -> list[object]:
        with clock.at(datetime(2026, 1, 1, tzinfo=UTC)), ids.seeded(7):
            return [ids.new_id(), ids.new_reference("N"), ids.new_code(12), ids.new_id()]

    assert world() == world()
    with ids.seeded(8):
        assert ids.new_reference("N") != world()[1]
