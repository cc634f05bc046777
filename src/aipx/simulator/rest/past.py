"""What a symbol's earlier days say of today: highs and lows of a year, averages, pivots."""

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from aipx.model.ids import Symbol
from aipx.model.time import kst_yyyymmdd
from aipx.simulator.exchange import DailyBar, Listing

SESSIONS_A_YEAR = 250
WEEKS_52_DAYS = 364
AVERAGE_SESSIONS = 5


class Extreme(msgspec.Struct, frozen=True):
    """A high or low, and its day as KIS writes it."""

    price: int
    day: str


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """The high and the low of a span of days."""

    high: Extreme
    low: Extreme

    def with_today(self, day: date, high: int, low: int) -> "Range":
        """Return the range with today's prices in it; 0 is none."""
        today = kst_yyyymmdd(day)
        above, below = self.high, self.low
        if high > above.price:
            above = Extreme(high, today)
        if 0 < low < below.price:
            below = Extreme(low, today)
        return Range(high=above, low=below)


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """All that today's answers say of the days before. `before` is the last session's bar."""

    before: DailyBar
    days_250: Range
    year: Range
    weeks_52: Range
    average_volume: int
    average_value: int

    @property
    def pivot(self) -> int:
        return (self.before.high + self.before.low + self.before.close) // 3

    @property
    def demark(self) -> tuple[int, int]:
        """Return the DeMark resistance and support, from the day before."""
        bar = self.before
        total = bar.high + bar.low + bar.close
        if bar.close < bar.open:
            total += bar.low
        elif bar.close > bar.open:
            total += bar.high
        else:
            total += bar.close
        return total // 2 - bar.low, total // 2 - bar.high


def past_of(bars: Sequence[DailyBar], bar: DailyBar, base: int) -> Past:
    """Sum up the bars before `bar`, oldest first; without any, the base price stands for them."""
    known = [each for each in bars if each.day < bar.day] or [_flat(bar, base)]
    day = bar.day
    recent = known[-AVERAGE_SESSIONS:]
    first_52 = date.fromordinal(day.toordinal() - WEEKS_52_DAYS)
    return Past(
        before=known[-1],
        days_250=_range(known[-SESSIONS_A_YEAR:]),
        year=_range([each for each in known if each.day.year == day.year] or known[-1:]),
        weeks_52=_range([each for each in known if each.day >= first_52] or known[-1:]),
        average_volume=sum(each.volume for each in recent) // len(recent),
        average_value=sum(each.volume * each.close for each in recent) // len(recent),
    )


def _range(bars: Sequence[DailyBar]) -> Range:
    highest = max(bars, key=lambda bar: bar.high)
    lowest = min(bars, key=lambda bar: bar.low)
    return Range(
        high=Extreme(highest.high, kst_yyyymmdd(highest.day)),
        low=Extreme(lowest.low, kst_yyyymmdd(lowest.day)),
    )


def _flat(bar: DailyBar, base: int) -> DailyBar:
    price = type(bar.close)(base)
    return msgspec.structs.replace(
        bar, open=price, high=price, low=price, close=price, volume=bar.previous_volume
    )


class Pasts:
    """Past figures of each symbol, made when first asked for, for one day."""

    def __init__(self, history: Callable[[Symbol], Sequence[DailyBar]]) -> None:
        self._history = history
        self._by_symbol: dict[Symbol, Past] = {}

    def of(self, listing: Listing) -> Past:
        """Return a symbol's past figures."""
        symbol = listing.instrument.symbol
        past = self._by_symbol.get(symbol)
        if past is None:
            past = past_of(self._history(symbol), listing.bar, listing.limits.base)
            self._by_symbol[symbol] = past
        return past
