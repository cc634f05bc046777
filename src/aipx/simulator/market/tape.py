"""The day's prints of one symbol: each with the figures that the day has reached by it."""

import msgspec

from aipx.engine.book import Top
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import Aggressor, TradingPhase
from aipx.model.time import Nanos
from aipx.simulator.market.bar import Listing
from aipx.simulator.market.events import TradePrinted


class DayStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """What a symbol's day has reached; zeros before its first print."""

    symbol: Symbol
    open: Won
    high: Won
    low: Won
    last: Won
    volume: Shares
    value: Won
    trade_count: int


class Tape:
    """Counts prints and writes each down."""

    __slots__ = (
        "_listing",
        "buy_count",
        "buy_volume",
        "high",
        "high_at",
        "last",
        "last_print",
        "low",
        "low_at",
        "open",
        "open_at",
        "reference",
        "sell_count",
        "sell_volume",
        "trade_count",
        "value",
        "volume",
    )

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self.open = self.high = self.low = self.last = 0
        self.reference = 0
        """The static reference of volatility interruptions: the last single price."""
        self.open_at = self.high_at = self.low_at = 0
        self.volume = self.value = self.trade_count = 0
        self.buy_count = self.sell_count = self.buy_volume = self.sell_volume = 0
        self.last_print: TradePrinted | None = None

    def print(
        self,
        at: Nanos,
        price: int,
        size: int,
        *,
        aggressor: Aggressor,
        phase: TradingPhase,
        top: Top,
        planned_share: tuple[int, int],
    ) -> TradePrinted:
        """Count a print and return it; `top` is the book after it.

        `planned_share` is the part of the day's volume that was due by now, as a ratio.
        """
        self._count(at, price, size, aggressor)
        bar = self._listing.bar
        due, total = planned_share
        printed = TradePrinted(
            at=at,
            symbol=bar.symbol,
            price=Won(price),
            size=Shares(size),
            aggressor=aggressor,
            phase=phase,
            ask_price=Won(top.ask_prices[0]),
            bid_price=Won(top.bid_prices[0]),
            ask_size=Shares(top.ask_sizes[0]),
            bid_size=Shares(top.bid_sizes[0]),
            total_ask_size=Shares(top.total_ask_size),
            total_bid_size=Shares(top.total_bid_size),
            day_volume=Shares(self.volume),
            day_value=Won(self.value),
            buy_count=self.buy_count,
            sell_count=self.sell_count,
            buy_volume=Shares(self.buy_volume),
            sell_volume=Shares(self.sell_volume),
            open=Won(self.open),
            open_at=Nanos(self.open_at),
            high=Won(self.high),
            high_at=Nanos(self.high_at),
            low=Won(self.low),
            low_at=Nanos(self.low_at),
            previous_close=self._listing.limits.base,
            previous_volume=bar.previous_volume,
            previous_volume_by_now=Shares(bar.previous_volume * due // total),
            reference_price=Won(self.reference),
            listed_shares=self._listing.listed_shares,
        )
        self.last_print = printed
        return printed

    def statistics(self) -> DayStatistics:
        """Return the day so far."""
        return DayStatistics(
            symbol=self._listing.bar.symbol,
            open=Won(self.open),
            high=Won(self.high),
            low=Won(self.low),
            last=Won(self.last),
            volume=Shares(self.volume),
            value=Won(self.value),
            trade_count=self.trade_count,
        )

    def _count(self, at: Nanos, price: int, size: int, aggressor: Aggressor) -> None:
        self.last = price
        self.volume += size
        self.value += price * size
        self.trade_count += 1
        if self.trade_count == 1:
            self.open = self.reference = price
            self.open_at = at
        if price > self.high:
            self.high = price
            self.high_at = at
        if price < self.low or self.trade_count == 1:
            self.low = price
            self.low_at = at
        if aggressor is Aggressor.BUYER:
            self.buy_count += 1
            self.buy_volume += size
        elif aggressor is Aggressor.SELLER:
            self.sell_count += 1
            self.sell_volume += size
