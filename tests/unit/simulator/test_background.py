"""Days and minutes that are drawn: plausible, on tick, repeatable."""

from datetime import date
from itertools import pairwise

import pytest

from aipx.model.instrument import Shares, Won
from aipx.rules.sessions import krx_session
from aipx.rules.ticks import is_on_tick
from aipx.simulator.background import PAST_SESSIONS, linked, past_bars, past_minutes
from tests.support import markets

DAY = date(2026, 11, 20)
BARS = past_bars(markets.SAMSUNG, Won(70_000), Shares(1_000_000), DAY, seed=1)


def test_past_ends_the_session_before_at_the_base_price():
    assert (BARS[-1].day, BARS[-1].close) == (date(2026, 11, 19), 70_000)
    assert len(BARS) == PAST_SESSIONS


def test_each_day_knows_the_close_before_and_stays_within_its_own_range():
    assert all(later.previous_close == before.close for before, later in pairwise(BARS))
    assert all(bar.low <= min(bar.open, bar.close) for bar in BARS)
    assert all(bar.high >= max(bar.open, bar.close) for bar in BARS)


def test_every_price_lies_on_the_tick_of_its_day():
    instrument = markets.SAMSUNG
    assert all(
        is_on_tick(price, market=instrument.market, kind=instrument.kind, day=bar.day)
        for bar in BARS
        for price in (bar.open, bar.high, bar.low, bar.close)
    )


def test_same_seed_gives_the_same_past_and_another_another():
    again = past_bars(markets.SAMSUNG, Won(70_000), Shares(1_000_000), DAY, seed=1)
    other = past_bars(markets.SAMSUNG, Won(70_000), Shares(1_000_000), DAY, seed=2)

    assert again == BARS
    assert other != BARS


def test_nothing_is_linked_to_nothing():
    assert linked([]) == ()


@pytest.mark.parametrize("place", [-1, -50, -300])
def test_minutes_of_a_day_trade_its_bar(place):
    bar = BARS[place]

    minutes = past_minutes(bar, krx_session(bar.day), seed=1)

    assert minutes[0].open == bar.open
    assert minutes[-1].close == bar.close
    assert (max(row.high for row in minutes), min(row.low for row in minutes)) == (
        bar.high,
        bar.low,
    )
    assert sum(row.volume for row in minutes) == bar.volume
