"""The founding papers' percentages, and every reading of small ones against trying all counts."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from stepdown.evidence.readings import Reading, as_fall, as_level


def test_1815_calls_fewer_is_one_reading_of_the_callers_figure() -> None:
    assert as_fall("51.5", 1815) == Reading((3521, 3527), (1706, 1712))


def test_1815_calls_left_is_the_other_reading() -> None:
    assert as_level("51.5", 1815) == Reading((3739, 3746), (1815, 1815))


def test_109_fewer_at_38_4_percent_has_one_solution() -> None:
    found = as_fall("38.4", 109)
    assert found == Reading((284, 284), (175, 175))
    assert found.exact


def test_a_percentage_that_no_whole_numbers_give_has_no_reading() -> None:
    assert as_fall("33.4", 1) is None
    assert as_level("33.4", 2) is None


@pytest.mark.parametrize("percent", ["12", "33.3", "38.4", "50", "66.7", "99.5"])
@pytest.mark.parametrize("count", [1, 2, 7, 31])
def test_readings_are_those_counts_that_round_to_what_was_written(percent: str, count: int) -> None:
    places = Decimal(1).scaleb(-len(percent.partition(".")[2]))

    def written(fall: int, before: int) -> bool:
        share = Decimal(100 * fall) / before
        return share.quantize(places, ROUND_HALF_UP) == Decimal(percent)

    fits = [b for b in range(count, 7000) if written(count, b)]
    assert as_fall(percent, count) == (
        Reading((fits[0], fits[-1]), (fits[0] - count, fits[-1] - count)) if fits else None
    )
    fits = [b for b in range(count, 7000) if written(b - count, b)]
    assert as_level(percent, count) == (
        Reading((fits[0], fits[-1]), (count, count)) if fits else None
    )
