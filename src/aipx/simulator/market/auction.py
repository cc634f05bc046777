"""Market orders around an auction: which wait for it, and what becomes of those it leaves over."""

from collections.abc import Iterable

from aipx.engine.book import MARKET_BUY_PRICE, MARKET_SELL_PRICE, OrderBook
from aipx.engine.matching import Arrival, queue_for_auction
from aipx.model.instrument import Won
from aipx.model.order import OrderKind

_MARKET_PLACES = frozenset({MARKET_BUY_PRICE, MARKET_SELL_PRICE})


def queue_at_market(book: OrderBook, keys: Iterable[int]) -> list[Arrival]:
    """Let those of the orders `keys` that stand wait as market orders; return them as such."""
    queued = []
    for key in keys:
        place = book.place(key)
        if place is not None:
            order = Arrival(
                key=key,
                side=place.side,
                kind=OrderKind.MARKET,
                quantity=book.cancel(key),
                price=Won(0),
            )
            queue_for_auction(book, order)
            queued.append(order)
    return queued


def price_market_orders(book: OrderBook, price: Won) -> None:
    """Let market orders that an auction left over go on as limits at its price (assumed)."""
    for key in book.standing():
        place = book.place(key)
        if place is not None and place.price in _MARKET_PLACES and not place.is_mid:
            left = book.cancel(key)
            book.add(key, place.side, price, left)
