"""Published numbers set against others: the founding papers' own, contradictions among them."""

from decimal import Decimal

import pytest

from stepdown.evidence.performance import Against, Fault, Published, each


def one(
    value: str, against: Against = Against.NOTHING, other: str = "", **more: object
) -> Published:
    comparator = Decimal(other) if other else None
    return Published(Decimal(value), against, comparator, **more)  # type: ignore[arg-type]


def test_specials_are_88_7_percent_of_their_target_and_34_short() -> None:
    found = one("266", Against.TARGET, "300", stated="88.7")
    assert round(found.percent or Decimal(0), 1) == Decimal("88.7")
    assert found.short == 34
    assert found.faults == ()
    assert one("310", Against.TARGET, "300").short is None


def test_hours_rose_by_13_7_percent_to_289_8_for_each() -> None:
    found = one("77100", Against.EARLIER, "67829", stated="13.7")
    assert round(found.percent or Decimal(0), 1) == Decimal("13.7")
    assert found.faults == ()
    assert round(each(Decimal(77_100), Decimal(266)) or Decimal(0), 1) == Decimal("289.8")
    assert each(Decimal(1), Decimal(0)) is None


def test_parts_that_come_to_43_are_not_42() -> None:
    parts = [("a", Decimal(20)), ("b", Decimal(15)), ("c", Decimal(5)), ("d", Decimal(3))]
    assert one("42", parts=parts).faults == (Fault.PARTS,)
    assert one("43", parts=parts).faults == ()


@pytest.mark.parametrize("stated", ["49", "48.5", "48.50", "48", "48.6"])
def test_a_percentage_is_compared_to_as_many_places_as_are_printed(stated: str) -> None:
    found = one("485", Against.WHOLE, "1000", stated=stated).faults
    assert found == (() if stated in {"48.5", "48.50", "49"} else (Fault.STATED,))


def test_a_fall_may_be_printed_without_its_sign() -> None:
    assert one("1709", Against.EARLIER, "3524", stated="51.5").faults == ()
    assert one("1709", Against.EARLIER, "3524", stated="-51.5").faults == ()
    assert one("1709", Against.EARLIER, "3524", stated="51.6").faults == (Fault.STATED,)
    assert one("5", Against.EARLIER, "0", stated="51.6").percent is None


def test_a_percentage_of_nothing_named_is_read_both_ways() -> None:
    found = one("1815", stated="51.5").readings
    assert found is not None
    fall, level = found
    assert fall is not None
    assert level is not None
    assert (fall.before, fall.after) == ((3521, 3527), (1706, 1712))
    assert (level.before, level.after) == ((3739, 3746), (1815, 1815))
    only = one("109", stated="38.4").readings
    assert only is not None
    assert only[0] is not None
    assert (only[0].before, only[0].after) == ((284, 284), (175, 175))
    assert one("1815").readings is None
    assert one("1815", Against.TARGET, "2000", stated="51.5").readings is None
