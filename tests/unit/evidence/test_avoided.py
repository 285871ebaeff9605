"""Savings of the triage team as its own table has them, the two police rates included."""

from decimal import Decimal

import pytest

from stepdown.evidence.avoided import Line, add_up, priced

POLICE = Line("police", "section 136 avoided", Decimal(32_431), Decimal(1_204))
AMBULANCE = Line("ambulance", "section 136 avoided", Decimal(14_718))
HOSPITAL = Line("hospital", "section 136 avoided", Decimal(7_254))
SHORTER = Line("police", "section 136 shortened", Decimal(4_779), Decimal(121))


def test_avoided_detentions_add_up_to_what_the_paper_says() -> None:
    found = add_up([POLICE, AMBULANCE, HOSPITAL])
    assert (int(found.pounds), int(found.hours)) == (54_403, 1_204)
    assert not found.differing


def test_with_the_shorter_ones_too() -> None:
    found = add_up([POLICE, AMBULANCE, HOSPITAL, SHORTER])
    assert (int(found.pounds), int(found.hours)) == (59_182, 1_325)
    assert found.by_agency == {"police": 37_210, "ambulance": 14_718, "hospital": 7_254}


def test_two_rates_for_one_agency_are_named() -> None:
    assert add_up([POLICE, SHORTER]).differing == {"police": (Decimal("26.94"), Decimal("39.50"))}


def test_each_detention_avoided() -> None:
    each = [round(line.pounds / 113, 2) for line in (POLICE, AMBULANCE, HOSPITAL)]
    assert each == [Decimal("287.00"), Decimal("130.25"), Decimal("64.19")]
    assert round(POLICE.hours / 113, 2) == Decimal("10.65")
    whole = add_up([POLICE, AMBULANCE, HOSPITAL]).pounds
    assert round(whole / 113, 2) == Decimal("481.44")


def test_hours_at_a_rate_are_to_the_penny() -> None:
    assert priced("police", "waiting", Decimal("1.5"), Decimal("26.95")).pounds == Decimal("40.42")


def test_hours_less_than_none_are_refused() -> None:
    with pytest.raises(ValueError, match="less than none"):
        Line("police", "waiting", Decimal(1), Decimal(-1))
