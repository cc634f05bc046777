"""Highs, lows and pivots of the days before."""

from datetime import date

import msgspec

from aipx.simulator.rest.past import Extreme, Range, past_of
from tests.support import markets

TODAY = markets.bar((70_000, 71_000, 69_000, 70_500), volume=1_000)


def before(day: date, low: int, high: int):
    return msgspec.structs.replace(
        TODAY, day=day, open=low, high=high, low=low, close=high, volume=500
    )


def test_without_history_the_base_price_stands_for_it():
    past = past_of((), TODAY, 70_000)

    assert (past.before.high, past.before.low, past.pivot) == (70_000, 70_000, 70_000)


def test_extremes_name_their_days():
    year = TODAY.day.year
    bars = [
        before(date(year - 1, 12, 28), 50_000, 60_000),
        before(date(year, 1, 5), 65_000, 80_000),
    ]

    past = past_of(bars, TODAY, 70_000)

    assert past.days_250.low.price == 50_000
    assert past.days_250.low.day == f"{year - 1}1228"
    assert (past.year.low.price, past.year.high.day) == (65_000, f"{year}0105")


def test_today_widens_a_range_only_where_it_goes_beyond():
    span = Range(high=Extreme(100, "20260101"), low=Extreme(50, "20260102"))

    wider = span.with_today(date(2026, 3, 3), 120, 60)

    assert wider == Range(high=Extreme(120, "20260303"), low=Extreme(50, "20260102"))
    assert span.with_today(date(2026, 3, 3), 0, 0) == span


def test_demark_leans_to_the_side_on_which_the_day_closed():
    rising = before(date(2020, 1, 2), 100, 200)

    resistance, support = past_of([rising], TODAY, 70_000).demark

    assert (resistance, support) == ((200 + 100 + 200 + 200) // 2 - 100, 350 - 200)
