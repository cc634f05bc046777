"""The day's tape of each symbol, as the quote inquiries need it: latest prints, minute bars."""

from collections import deque
from collections.abc import Sequence

import msgspec

from aipx.model.ids import Symbol
from aipx.model.market import BOOK_LEVELS
from aipx.model.time import NANOS_PER_MINUTE
from aipx.simulator.exchange import BookChanged, TradePrinted

PRINTS_KEPT_MAX = 30
_NO_CHANGE = (0,) * BOOK_LEVELS


class MinuteBar(msgspec.Struct, kw_only=True):
    """One minute's trades; `start` is its first moment, `day_value` the day's at its end."""

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    day_value: int


class _SymbolTape:
    __slots__ = ("minutes", "prints")

    def __init__(self) -> None:
        self.prints: deque[TradePrinted] = deque(maxlen=PRINTS_KEPT_MAX)
        self.minutes: list[MinuteBar] = []


class Tape:
    """Bounded by the day: at most one bar a minute and `PRINTS_KEPT_MAX` prints a symbol."""

    def __init__(self) -> None:
        self._by_symbol: dict[Symbol, _SymbolTape] = {}
        self._books: dict[Symbol, tuple[BookChanged | None, BookChanged]] = {}

    def note_book(self, book: BookChanged) -> None:
        """Take the next snapshot in."""
        known = self._books.get(book.symbol)
        self._books[book.symbol] = (None if known is None else known[1], book)

    def size_changes(self, symbol: Symbol) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return by how much each ask and bid level grew with the last snapshot."""
        before, last = self._books.get(symbol, (None, None))
        if before is None or last is None:
            return _NO_CHANGE, _NO_CHANGE
        return (
            _grown(before.ask_prices, before.ask_sizes, last.ask_prices, last.ask_sizes),
            _grown(before.bid_prices, before.bid_sizes, last.bid_prices, last.bid_sizes),
        )

    def add(self, trade: TradePrinted) -> None:
        """Take the next print in."""
        tape = self._by_symbol.get(trade.symbol)
        if tape is None:
            tape = self._by_symbol[trade.symbol] = _SymbolTape()
        tape.prints.append(trade)
        price, minutes = trade.price, tape.minutes
        if not minutes or trade.at - minutes[-1].start >= NANOS_PER_MINUTE:
            minutes.append(_bar_of(trade))
            return
        bar = minutes[-1]
        bar.high = max(bar.high, price)
        bar.low = min(bar.low, price)
        bar.close = price
        bar.volume += trade.size
        bar.day_value = trade.day_value

    def prints(self, symbol: Symbol) -> Sequence[TradePrinted]:
        """Return the latest prints, newest first."""
        tape = self._by_symbol.get(symbol)
        return () if tape is None else tuple(reversed(tape.prints))

    def minutes(self, symbol: Symbol) -> Sequence[MinuteBar]:
        """Return the day's minute bars, oldest first."""
        tape = self._by_symbol.get(symbol)
        return () if tape is None else tape.minutes


def _grown(
    prices_before: Sequence[int],
    sizes_before: Sequence[int],
    prices: Sequence[int],
    sizes: Sequence[int],
) -> tuple[int, ...]:
    """Compare level with level by price: what stood elsewhere before is new here."""
    before = dict(zip(prices_before, sizes_before, strict=True))
    return tuple(size - before.get(price, 0) for price, size in zip(prices, sizes, strict=True))


def _bar_of(trade: TradePrinted) -> MinuteBar:
    return MinuteBar(
        start=trade.at - trade.at % NANOS_PER_MINUTE,
        open=trade.price,
        high=trade.price,
        low=trade.price,
        close=trade.price,
        volume=trade.size,
        day_value=trade.day_value,
    )
