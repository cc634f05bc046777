"""Bars of fixed length from the trades of one symbol, in integers, timed by the trades."""

import msgspec

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.time import NANOS_PER_DAY, Nanos


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """What traded from `start` up to, not including, `end`."""

    symbol: Symbol
    start: Nanos
    end: Nanos
    open: Won
    high: Won
    low: Won
    close: Won
    volume: Shares
    value: Won
    trades_count: int


def extended(
    bar: Bar | None, *, symbol: Symbol, at: Nanos, price: Won, size: Shares, length_ns: int
) -> tuple[Bar, Bar | None]:
    """Return the running bar with a trade in it, and the bar that the trade closed, if any.

    Bars start at multiples of their length, which divides a Korean day. A trade that is older
    than the running bar is late by at most the feed's disorder, and counts in the running bar: a
    closed bar never changes.
    """
    if bar is not None and at < bar.end:
        return _with_trade(bar, price=price, size=size), None
    start = Nanos(at - at % length_ns)
    fresh = Bar(
        symbol=symbol,
        start=start,
        end=Nanos(start + length_ns),
        open=price,
        high=price,
        low=price,
        close=price,
        volume=size,
        value=Won(price * size),
        trades_count=1,
    )
    return fresh, bar


def _with_trade(bar: Bar, *, price: Won, size: Shares) -> Bar:
    return Bar(
        symbol=bar.symbol,
        start=bar.start,
        end=bar.end,
        open=bar.open,
        high=max(bar.high, price),
        low=min(bar.low, price),
        close=price,
        volume=Shares(bar.volume + size),
        value=Won(bar.value + price * size),
        trades_count=bar.trades_count + 1,
    )


class BarBuilder:
    """Turn the trades of one symbol, in time order, into bars of equal length.

    A stretch without trades has no bar.
    """

    def __init__(self, symbol: Symbol, *, length_ns: int) -> None:
        if length_ns <= 0 or NANOS_PER_DAY % length_ns:
            raise InputError(f"bar length is {length_ns} ns; it must be positive and divide a day")
        self._symbol = symbol
        self._length_ns = length_ns
        self._bar: Bar | None = None

    def add(self, *, at: Nanos, price: Won, size: Shares) -> Bar | None:
        """Take a trade in, and return the bar that it closes, if any."""
        self._bar, closed = extended(
            self._bar,
            symbol=self._symbol,
            at=at,
            price=price,
            size=size,
            length_ns=self._length_ns,
        )
        return closed

    def close_until(self, now: Nanos) -> Bar | None:
        """Return the running bar if it is over at `now`, once; for minutes without a trade."""
        bar = self._bar
        if bar is None or now < bar.end:
            return None
        self._bar = None
        return bar
