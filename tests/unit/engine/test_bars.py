"""Bars from trades."""

import pytest

from aipx.engine.bars import Bar, BarBuilder
from aipx.errors import InputError
from aipx.model.instrument import Shares, Won
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from tests.support.market_facts import SAMSUNG, at


def _minute_bars() -> BarBuilder:
    return BarBuilder(SAMSUNG, length_ns=NANOS_PER_MINUTE)


def test_a_bar_closes_when_a_later_trade_comes():
    bars = _minute_bars()

    assert bars.add(at=at("09:00:05"), price=Won(100), size=Shares(2)) is None
    assert bars.add(at=at("09:00:30"), price=Won(110), size=Shares(3)) is None
    assert bars.add(at=at("09:00:59"), price=Won(90), size=Shares(1)) is None
    closed = bars.add(at=at("09:01:00"), price=Won(95), size=Shares(4))

    assert closed == Bar(
        symbol=SAMSUNG,
        start=at("09:00"),
        end=at("09:01"),
        open=Won(100),
        high=Won(110),
        low=Won(90),
        close=Won(90),
        volume=Shares(6),
        value=Won(620),
        trades_count=3,
    )


def test_a_stretch_without_trades_has_no_bar():
    bars = _minute_bars()
    bars.add(at=at("09:00:05"), price=Won(100), size=Shares(1))

    closed = bars.add(at=at("09:30:00"), price=Won(95), size=Shares(1))
    later = bars.close_until(at("09:31:00"))

    assert closed is not None
    assert closed.start == at("09:00")
    assert later is not None
    assert later.start == at("09:30")


def test_a_quiet_minute_is_closed_by_time_once():
    bars = _minute_bars()
    bars.add(at=at("09:00:05"), price=Won(100), size=Shares(1))

    assert bars.close_until(at("09:00:59")) is None
    assert bars.close_until(at("09:01:00")) is not None
    assert bars.close_until(at("09:02:00")) is None


def test_a_late_trade_counts_in_the_running_bar():
    bars = _minute_bars()
    bars.add(at=at("09:01:00"), price=Won(100), size=Shares(1))

    assert bars.add(at=at("09:00:59"), price=Won(105), size=Shares(1)) is None

    closed = bars.close_until(at("09:02:00"))
    assert closed is not None
    assert (closed.high, closed.volume) == (105, 2)


@pytest.mark.parametrize("length_ns", [0, -1, 7 * NANOS_PER_MINUTE])
def test_a_length_that_does_not_divide_a_day_is_refused(length_ns: int):
    with pytest.raises(InputError, match="divide a day"):
        BarBuilder(SAMSUNG, length_ns=length_ns)


def test_a_day_is_cut_at_korean_midnight_for_lengths_up_to_nine_hours():
    bars = BarBuilder(SAMSUNG, length_ns=60 * NANOS_PER_MINUTE)
    bars.add(at=Nanos(at("09:30:00")), price=Won(100), size=Shares(1))

    closed = bars.close_until(at("10:00"))

    assert closed is not None
    assert closed.start == at("09:00")
