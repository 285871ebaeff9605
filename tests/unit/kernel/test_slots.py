import pytest

from stepdown.kernel.slots import ALL_SLOTS, SLOTS, mask_of, names_of


def test_a_week_has_21_half_days_in_order() -> None:
    assert len(SLOTS) == 21
    assert SLOTS[0] == "mon-am"
    assert SLOTS[4] == "tue-pm"
    assert SLOTS[-1] == "sun-eve"


def test_names_and_masks_are_two_spellings_of_one_set() -> None:
    assert mask_of([]) == 0
    assert mask_of(SLOTS) == ALL_SLOTS
    assert names_of(mask_of(["sun-eve", "mon-am", "MON-AM "])) == ["mon-am", "sun-eve"]


def test_a_bad_slot_name_is_refused_in_plain_words() -> None:
    with pytest.raises(ValueError, match="'monday' is not a weekly slot"):
        mask_of(["mon-am", "monday"])


@pytest.mark.parametrize("mask", [-1, ALL_SLOTS + 1])
def test_a_mask_out_of_range_is_refused(mask: int) -> None:
    with pytest.raises(ValueError, match="A set of weekly slots"):
        names_of(mask)
