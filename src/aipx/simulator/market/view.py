"""What a symbol's book looks like from outside: snapshots, and what would remain of an auction."""

from aipx.engine.book import MARKET_BUY_PRICE, MARKET_SELL_PRICE, BookSide, OrderBook, Top
from aipx.engine.matching import Indication
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares
from aipx.model.market import BOOK_LEVELS, TradingPhase
from aipx.model.time import Nanos
from aipx.simulator.market.events import BookChanged

CLOSING_LEVELS = 3
"""The closing auction shows three levels a side (recorded frames)."""

_ZEROS = (0,) * BOOK_LEVELS
_MARKETS = frozenset({MARKET_BUY_PRICE, MARKET_SELL_PRICE})


def remaining_top(book: OrderBook, indication: Indication, *, levels_max: int) -> Top:
    """Return the best levels that the auction would leave, no more than `levels_max` a side."""
    ask_prices, ask_sizes = _remaining(book.asks, indication.size, levels_max)
    bid_prices, bid_sizes = _remaining(book.bids, indication.size, levels_max)
    return Top(ask_prices, ask_sizes, bid_prices, bid_sizes, sum(ask_sizes), sum(bid_sizes))


def _remaining(
    side: BookSide, matched: int, levels_max: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    prices: list[int] = []
    sizes: list[int] = []
    for price in side.prices:
        size = side.levels[price].size
        taken = min(size, matched)
        matched -= taken
        # Market orders have no price to show; they are part of the indicative size only.
        if size > taken and price not in _MARKETS:
            prices.append(price)
            sizes.append(size - taken)
            if len(prices) == levels_max:
                break
    padding = _ZEROS[: BOOK_LEVELS - len(prices)]
    return tuple(prices) + padding, tuple(sizes) + padding


class BookView:
    """Makes snapshots, and remembers the last one for the changes of its totals."""

    __slots__ = ("_ask_total", "_bid_total", "_symbol", "last")

    def __init__(self, symbol: Symbol) -> None:
        self._symbol = symbol
        self._ask_total = self._bid_total = 0
        self.last: BookChanged | None = None

    def changed(
        self,
        at: Nanos,
        phase: TradingPhase,
        top: Top,
        day_volume: int,
        indication: Indication,
    ) -> BookChanged:
        """Return a snapshot of `top`."""
        ask_total, bid_total = top.total_ask_size, top.total_bid_size
        snapshot = BookChanged(
            at=at,
            symbol=self._symbol,
            phase=phase,
            ask_prices=top.ask_prices,
            ask_sizes=top.ask_sizes,
            bid_prices=top.bid_prices,
            bid_sizes=top.bid_sizes,
            total_ask_size=Shares(ask_total),
            total_bid_size=Shares(bid_total),
            total_ask_change=ask_total - self._ask_total,
            total_bid_change=bid_total - self._bid_total,
            indicative_price=indication.price,
            indicative_size=indication.size,
            day_volume=Shares(day_volume),
        )
        self._ask_total, self._bid_total = ask_total, bid_total
        self.last = snapshot
        return snapshot
