"""Costs and savings over years: the papers' own diversion case, and the Green Book's factors."""

from decimal import Decimal

import pytest

from stepdown.evidence.appraisal import Appraisal, discount_factor, payback_years, present_value


def pounds(*thousands: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(one * 1_000) for one in thousands)


# Five years from 2016/17: what the diversion hub was to cost, and to save from the second year on.
DIVERSION = Appraisal(pounds(933, 977, 823, 823, 823), pounds(0, 1800, 1800, 1800, 1800))


def test_the_diversion_hub_costs_and_saves_what_its_bid_says() -> None:
    assert sum(DIVERSION.costs) == 4_379_000
    assert sum(DIVERSION.savings) == 7_200_000
    assert DIVERSION.net == 2_821_000
    assert DIVERSION.ratio is not None
    assert round(DIVERSION.ratio, 3) == Decimal("1.644")


def test_it_breaks_even_in_its_third_year() -> None:
    assert DIVERSION.cumulative == pounds(-933, -110, 867, 1844, 2821)
    assert DIVERSION.breaks_even == 2


def test_its_worth_today_at_the_green_book_rate() -> None:
    assert round(DIVERSION.present_cost / 1000, 1) == Decimal("4104.7")
    assert round(DIVERSION.present_saving / 1000, 1) == Decimal("6611.5")
    assert round(DIVERSION.present_net / 1000, 1) == Decimal("2506.8")
    assert DIVERSION.present_ratio is not None
    assert round(DIVERSION.present_ratio, 3) == Decimal("1.611")


def test_a_thousand_pounds_of_year_ten() -> None:
    value = present_value([Decimal(0)] * 10 + [Decimal(1000)])
    assert round(value, 2) == Decimal("708.92")


def test_rates_fall_with_time_and_are_compounded() -> None:
    thirty = discount_factor(30)
    assert discount_factor(31) == thirty / Decimal("1.03")
    assert discount_factor(0) == 1
    with pytest.raises(ValueError, match="before the first"):
        discount_factor(-1)


@pytest.mark.parametrize(
    ("cost", "years"), [(2_000_000, "4.75"), (700_000, "1.66")], ids=["two-million", "grant"]
)
def test_payback_of_the_partnership_at_its_yearly_saving(cost: int, years: str) -> None:
    saving = Decimal(300) * 52 * Decimal("27.00")
    assert saving == Decimal("421200.00")
    found = payback_years(Decimal(cost), saving)
    assert found is not None
    assert round(found, 2) == Decimal(years)


def test_what_never_pays_back_has_no_year() -> None:
    assert Appraisal(pounds(10, 10), pounds(15, 0)).breaks_even is None
    assert Appraisal(pounds(0), pounds(0)).ratio is None
    assert Appraisal(pounds(0), pounds(0)).present_ratio is None
    assert payback_years(Decimal(1), Decimal(0)) is None


def test_years_must_match() -> None:
    with pytest.raises(ValueError, match="same years"):
        Appraisal(pounds(1), pounds(1, 2))
