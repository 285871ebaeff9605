"""The hub's one clock."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from stepdown.kernel import clock


def test_clock_stands_still_inside_the_block_and_runs_again_after_it() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with clock.at(moment):
        assert clock.now() == moment
    assert clock.now() > moment - timedelta(days=1)
    assert clock.now() != moment


def test_clock_is_put_back_when_the_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), clock.at(datetime(2026, 3, 1, tzinfo=UTC)):
        raise ZeroDivisionError
    assert clock.now() > datetime(2026, 3, 2, tzinfo=UTC)


def test_blocks_may_lie_in_one_another() -> None:
    outer, inner = datetime(2026, 3, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)
    with clock.at(outer):
        with clock.at(inner):
            assert clock.now() == inner
        assert clock.now() == outer


def test_clock_refuses_a_moment_without_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 3, 1)):  # noqa: DTZ001
        pass


def test_now_is_aware() -> None:
    assert clock.now().tzinfo is not None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # Summer time: the day in London begins an hour before that of UTC.
        (datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2)),
        # Winter: the same.
        (datetime(2026, 1, 1, 23, 59, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 1, 2, 0, 0, tzinfo=UTC), date(2026, 1, 2)),
        # Another zone's midnight is not ours.
        (datetime(2026, 1, 2, 1, 0, tzinfo=timezone(timedelta(hours=5))), date(2026, 1, 1)),
    ],
)
def test_today_is_the_day_in_the_united_kingdom(moment: datetime, day: date) -> None:
    with clock.at(moment):
        assert clock.today() == day
