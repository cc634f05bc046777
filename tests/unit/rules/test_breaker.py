"""The circuit breaker's stages."""

from datetime import date

import pytest

from aipx.errors import InputError
from aipx.model.time import NANOS_PER_MINUTE, kst_time
from aipx.rules.breaker import breaker_stages, has_fallen, last_halt

DAY = date(2026, 3, 4)


def test_three_stages_came_with_the_wider_price_limits():
    assert [stage.fall_percent for stage in breaker_stages(DAY)] == [8, 15, 20]
    assert [stage.fall_percent for stage in breaker_stages(date(2015, 6, 12))] == [10]


def test_two_stages_halt_for_twenty_minutes_and_the_last_ends_the_day():
    *halting, last = breaker_stages(DAY)

    for stage in halting:
        assert (stage.halt_ns, stage.auction_ns) == (20 * NANOS_PER_MINUTE, 10 * NANOS_PER_MINUTE)
        assert not stage.ends_day
    assert last.ends_day


@pytest.mark.parametrize(
    ("day", "latest"),
    [
        (DAY, ["14:50", "14:50", "15:20"]),
        (date(2026, 11, 19), ["15:50", "15:50", "16:20"]),
        (date(2016, 7, 29), ["14:20", "14:20", "14:50"]),
    ],
)
def test_no_stage_begins_shortly_before_the_close(day: date, latest: list[str]):
    assert [f"{kst_time(last_halt(stage, day)):%H:%M}" for stage in breaker_stages(day)] == latest


def test_a_later_stage_needs_a_further_fall_as_well():
    first, second, _ = breaker_stages(DAY)

    assert has_fallen(first, index=92_00, previous_close=100_00, begun_at=0)
    assert not has_fallen(first, index=92_01, previous_close=100_00, begun_at=0)
    assert has_fallen(second, index=85_00, previous_close=100_00, begun_at=92_00)
    assert not has_fallen(second, index=85_00, previous_close=100_00, begun_at=85_50)


def test_an_index_that_is_not_positive_is_refused():
    with pytest.raises(InputError, match="index is 0 after 10000"):
        has_fallen(breaker_stages(DAY)[0], index=0, previous_close=100_00, begun_at=0)
