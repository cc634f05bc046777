"""Tick sizes: the grid on which limit prices must lie, by market, kind, price and day.

Prints may lie off the grid (mid-price orders); these rules are for order prices.
"""

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket, Won
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, row_of

_TABLES_MAX = 256
"""Cached (market, kind, day) tables; a year's backtest of three markets fits."""

_ONE_TABLE = date(2023, 1, 25)
_ONE_WON_ETF = date(2023, 12, 11)
_STOCKS = frozenset({InstrumentKind.STOCK})
_FUNDS = frozenset({InstrumentKind.ETF, InstrumentKind.ETN})
_KOSPI = frozenset({ListingMarket.KOSPI})
_NOT_KOSPI = frozenset({ListingMarket.KOSDAQ, ListingMarket.KONEX})
_DAY = timedelta(days=1)


class TickRow(msgspec.Struct, frozen=True, kw_only=True):
    """One dated table: `ticks[n]` holds from `starts[n]` up to, not including, the next start."""

    since: date
    to: date
    markets: frozenset[ListingMarket]
    kinds: frozenset[InstrumentKind]
    starts: tuple[int, ...]
    ticks: tuple[int, ...]
    source: str
    confidence: Confidence


TICK_ROWS = (
    TickRow(
        since=_ONE_TABLE,
        to=COVERED_TO,
        markets=_KOSPI | _NOT_KOSPI,
        kinds=_STOCKS,
        starts=(0, 2_000, 5_000, 20_000, 50_000, 200_000, 500_000),
        ticks=(1, 5, 10, 50, 100, 500, 1_000),
        source="press of 2023-01-17 on the tick reform, three papers consistent",
        confidence=Confidence.CONFIRMED,
    ),
    TickRow(
        since=COVERED_FROM,
        to=_ONE_TABLE - _DAY,
        markets=_KOSPI,
        kinds=_STOCKS,
        starts=(0, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000),
        ticks=(1, 5, 10, 50, 100, 500, 1_000),
        source="reference table of KRX tick bands; market cross-section of 2021-01-22 lies on it",
        confidence=Confidence.CONFIRMED,
    ),
    TickRow(
        since=COVERED_FROM,
        to=_ONE_TABLE - _DAY,
        markets=_NOT_KOSPI,
        kinds=_STOCKS,
        starts=(0, 1_000, 5_000, 10_000, 50_000),
        ticks=(1, 5, 10, 50, 100),
        source="reference table of KRX tick bands; market cross-section of 2021-01-22 lies on it",
        confidence=Confidence.CONFIRMED,
    ),
    TickRow(
        since=_ONE_WON_ETF,
        to=COVERED_TO,
        markets=_KOSPI,
        kinds=_FUNDS,
        starts=(0, 2_000),
        ticks=(1, 5),
        source="open-source rulebooks: 1 won below 2,000 since December 2023; the day is assumed",
        confidence=Confidence.ASSUMED,
    ),
    TickRow(
        since=COVERED_FROM,
        to=_ONE_WON_ETF - _DAY,
        markets=_KOSPI,
        kinds=_FUNDS,
        starts=(0,),
        ticks=(5,),
        source="open-source rulebooks: 5 won at any price",
        confidence=Confidence.REPORTED,
    ),
)


class TickTable:
    """The grid of one market, kind and day; hold it where many prices are asked for."""

    __slots__ = ("_starts", "_ticks")

    def __init__(self, row: TickRow) -> None:
        self._starts = row.starts
        self._ticks = row.ticks

    def size(self, price: Won) -> Won:
        """Return the tick of the band in which `price` lies.

        Raises:
            InputError: `price` is not positive.
        """
        if price <= 0:
            raise InputError(f"price is {price} won; it must be at least 1")
        return Won(self._ticks[bisect_right(self._starts, price) - 1])

    def floor(self, price: Won) -> Won:
        """Return the highest valid price that is not above `price`."""
        valid = price - price % self.size(price)
        if valid == 0:
            raise InputError(f"price is {price} won; the lowest valid price is {self._ticks[0]}")
        return Won(valid)

    def ceil(self, price: Won) -> Won:
        """Return the lowest valid price that is not below `price`."""
        return Won(price + -price % self.size(price))

    def next_up(self, price: Won) -> Won:
        """Return the lowest valid price above `price`."""
        # Band starts are multiples of the ticks on both sides, so that a step never jumps over one.
        size = self.size(price)
        return Won(price - price % size + size)

    def next_down(self, price: Won) -> Won:
        """Return the highest valid price below `price`.

        Raises:
            InputError: there is none.
        """
        if price <= self._ticks[0]:
            raise InputError(f"price is {price} won; the lowest valid price is {self._ticks[0]}")
        return self.floor(Won(price - 1))

    def is_valid(self, price: Won) -> bool:
        """Return whether an order may carry `price`."""
        return price > 0 and price % self._ticks[bisect_right(self._starts, price) - 1] == 0


def tick_table(*, market: ListingMarket, kind: InstrumentKind, day: date) -> TickTable:
    """Return the grid that holds for a market and kind on a day.

    Raises:
        InputError: the rulebook has no table for them.
    """
    return _table(market, kind, day)


def tick_size(price: Won, *, market: ListingMarket, kind: InstrumentKind, day: date) -> Won:
    """Return the tick of the band in which `price` lies, in won.

    Raises:
        InputError: the price is not positive, or the rulebook has no table.
    """
    return _table(market, kind, day).size(price)


def tick_floor(price: Won, *, market: ListingMarket, kind: InstrumentKind, day: date) -> Won:
    """Return the highest valid price that is not above `price`; raises as `tick_size`."""
    return _table(market, kind, day).floor(price)


def tick_ceil(price: Won, *, market: ListingMarket, kind: InstrumentKind, day: date) -> Won:
    """Return the lowest valid price that is not below `price`; raises as `tick_size`."""
    return _table(market, kind, day).ceil(price)


def next_up(price: Won, *, market: ListingMarket, kind: InstrumentKind, day: date) -> Won:
    """Return the lowest valid price above `price`; raises as `tick_size`."""
    return _table(market, kind, day).next_up(price)


def next_down(price: Won, *, market: ListingMarket, kind: InstrumentKind, day: date) -> Won:
    """Return the highest valid price below `price`; raises as `tick_size`."""
    return _table(market, kind, day).next_down(price)


def is_on_tick(price: Won, *, market: ListingMarket, kind: InstrumentKind, day: date) -> bool:
    """Return whether an order may carry `price` (false for zero and below)."""
    return _table(market, kind, day).is_valid(price)


@lru_cache(maxsize=_TABLES_MAX)
def _table(market: ListingMarket, kind: InstrumentKind, day: date) -> TickTable:
    rows = [row for row in TICK_ROWS if market in row.markets and kind in row.kinds]
    return TickTable(row_of(rows, day, subject=f"tick table of {market.value} {kind.value}"))
