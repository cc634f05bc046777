"""Continuous matching by price and time, and the call auction.

Continuous: an arriving order trades at the resting orders' prices, best price first, oldest first.
A market order is a limit order at the day's limit; its remainder rests at its last fill price
(assumed: the rulebook's text is not at hand). Nothing special is done about an account that meets
itself.

Mid-price orders meet at half the way between the best bid and ask, cut to whole won: an arriving
one meets those that wait on the other side, and any other order that reaches that price meets
them first, for it is better than the best. They stand aside in auctions (assumed).

Call auction: one price for all. Chosen is the price with the largest volume, then the smallest
imbalance, then the nearest to the reference price, then the higher one, among the prices of the
standing orders and the reference price.
"""

from bisect import bisect_right
from enum import Enum
from itertools import accumulate

import msgspec

from aipx.engine.book import (
    MARKET_BUY_PRICE,
    MARKET_SELL_PRICE,
    MID_PLACE,
    BookSide,
    Fill,
    OrderBook,
)
from aipx.model.instrument import PriceLimits, Shares, Won
from aipx.model.order import OrderKind, Side

MATCHED_KINDS = frozenset(
    {
        OrderKind.LIMIT,
        OrderKind.MARKET,
        OrderKind.BEST,
        OrderKind.PRIORITY,
        OrderKind.LIMIT_IOC,
        OrderKind.LIMIT_FOK,
        OrderKind.MARKET_IOC,
        OrderKind.MARKET_FOK,
        OrderKind.BEST_IOC,
        OrderKind.BEST_FOK,
        OrderKind.CONDITIONAL,
        OrderKind.MID,
        OrderKind.MID_IOC,
        OrderKind.MID_FOK,
    }
)
"""The kinds that `arrive` knows; whoever calls it refuses all others."""

_MARKETS = frozenset({OrderKind.MARKET, OrderKind.MARKET_IOC, OrderKind.MARKET_FOK})
BEST_KINDS = frozenset({OrderKind.BEST, OrderKind.BEST_IOC, OrderKind.BEST_FOK})
MID_KINDS = frozenset({OrderKind.MID, OrderKind.MID_IOC, OrderKind.MID_FOK})
_IOC = frozenset(kind for kind in MATCHED_KINDS if kind.is_ioc)
_FOK = frozenset(kind for kind in MATCHED_KINDS if kind.is_fok)


class Remainder(Enum):
    """What became of the part of an arriving order that did not trade at once."""

    NONE = "NONE"
    RESTED = "RESTED"
    LAPSED_IOC = "LAPSED_IOC"
    LAPSED_FOK = "LAPSED_FOK"
    INTERRUPTED = "INTERRUPTED"
    """It would have traded on, beyond the band: not resting, but the caller's to keep."""
    NO_PRICE = "NO_PRICE"
    """A side was empty from which the kind takes its price: not taken at all."""


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """An order before it meets the book; prices are 0 for kinds that carry none."""

    key: int
    side: Side
    kind: OrderKind
    quantity: Shares
    price: Won
    trigger_price: Won = Won(0)


class Matched(msgspec.Struct, frozen=True, kw_only=True):
    """What an arriving order did: its fills in order, and the part left, resting or lapsed."""

    fills: tuple[Fill, ...]
    remainder: Remainder
    quantity_left: Shares
    resting_price: Won
    """Where it rests, or how far an interrupted order would go; 0 for all others and mid-prices."""


class Indication(msgspec.Struct, frozen=True, gc=False):
    """What an auction would trade; size 0 and price 0 when nothing."""

    price: Won
    size: Shares


class Execution(msgspec.Struct, frozen=True, gc=False):
    """One order's, or the background's, part in an auction, and what it had left after it."""

    key: int
    side: Side
    quantity: Shares
    left: Shares


class Uncrossed(msgspec.Struct, frozen=True, kw_only=True):
    """An auction's outcome. Executions in priority, buys first; each side's sum is `size`."""

    price: Won
    size: Shares
    executions: tuple[Execution, ...]


def sweep(book: OrderBook, side: Side, limit: int, quantity: int) -> list[Fill]:
    """Trade up to `quantity` for an arriving order of `side` at prices no worse than `limit`."""
    opposite = book.opposite(side)
    resting = Side.SELL if side is Side.BUY else Side.BUY
    fills: list[Fill] = []
    if book.mids(resting).prices:
        fills = _meet_mids(book, resting, limit, quantity)
        quantity -= sum(fill.quantity for fill in fills)
    while quantity and opposite.prices:
        price = opposite.prices[0]
        if not opposite.reaches(price, limit):
            break
        taken = book.take(resting, price, quantity)
        fills += taken
        quantity -= sum(fill.quantity for fill in taken)
    return fills


def _meet_mids(book: OrderBook, resting: Side, limit: int, quantity: int) -> list[Fill]:
    price = book.mid_price()
    if price is None or not book.side(resting).reaches(price, limit):
        return []
    return book.take_mid(resting, price, quantity)


def _other(side: Side) -> Side:
    return Side.SELL if side is Side.BUY else Side.BUY


def arrive(
    book: OrderBook,
    order: Arrival,
    *,
    limits: PriceLimits,
    last_price: Won,
    band: tuple[int, int] | None = None,
) -> Matched:
    """Match an order in continuous trading and rest what is left, as its kind asks.

    `last_price` prices the remainder of a market order that met nobody. It trades at no price
    outside `band`, the lowest and the highest; IOC and FOK orders lapse there.
    """
    if order.kind in MID_KINDS:
        return _arrive_mid(book, order)
    limit = _limit_of(book, order, limits)
    if limit is None:
        return _ended(Remainder.NO_PRICE, order.quantity)
    reach = limit if band is None else _within(band, order.side, limit)
    is_fok = order.kind in _FOK
    if is_fok and _available(book, order.side, reach) < order.quantity:
        return _ended(Remainder.LAPSED_FOK, order.quantity)
    fills = tuple(sweep(book, order.side, reach, order.quantity))
    left = Shares(order.quantity - sum(fill.quantity for fill in fills))
    if not left:
        return _ended(Remainder.NONE, left, fills)
    if order.kind in _IOC:
        return _ended(Remainder.LAPSED_IOC, left, fills)
    return _left_over(book, order, limit, last_price, left, fills)


def _left_over(
    book: OrderBook,
    order: Arrival,
    limit: Won,
    last_price: Won,
    left: Shares,
    fills: tuple[Fill, ...],
) -> Matched:
    best = book.opposite(order.side).best()
    if best is not None and book.opposite(order.side).reaches(best, limit):
        return _ended(Remainder.INTERRUPTED, left, fills, price=limit)
    if order.kind in _MARKETS:
        limit = fills[-1].price if fills else last_price
    book.add(order.key, order.side, limit, left)
    return _ended(Remainder.RESTED, left, fills, price=limit)


def _arrive_mid(book: OrderBook, order: Arrival) -> Matched:
    price = book.mid_price()
    if price is None:
        return _ended(Remainder.NO_PRICE, order.quantity)
    waiting = _other(order.side)
    standing = book.mids(waiting).size_at(MID_PLACE)
    if order.kind in _FOK and standing < order.quantity:
        return _ended(Remainder.LAPSED_FOK, order.quantity)
    fills = tuple(book.take_mid(waiting, price, order.quantity)) if standing else ()
    left = Shares(order.quantity - sum(fill.quantity for fill in fills))
    if not left:
        return _ended(Remainder.NONE, left, fills)
    if order.kind in _IOC:
        return _ended(Remainder.LAPSED_IOC, left, fills)
    book.add_mid(order.key, order.side, left)
    return _ended(Remainder.RESTED, left, fills)


def _available(book: OrderBook, side: Side, limit: int) -> int:
    """Return the shares that an arriving order of `side` could take at prices up to `limit`."""
    opposite, price = book.opposite(side), book.mid_price()
    is_reached = price is not None and opposite.reaches(price, limit)
    mids = book.mids(_other(side)).size_at(MID_PLACE) if is_reached else 0
    return opposite.size_until(limit) + mids


def _ended(
    remainder: Remainder, left: Shares, fills: tuple[Fill, ...] = (), *, price: int = 0
) -> Matched:
    return Matched(fills=fills, remainder=remainder, quantity_left=left, resting_price=Won(price))


def _within(band: tuple[int, int], side: Side, limit: Won) -> int:
    return min(limit, band[1]) if side is Side.BUY else max(limit, band[0])


def _limit_of(book: OrderBook, order: Arrival, limits: PriceLimits) -> Won | None:
    if order.kind.is_priced:
        return order.price
    if order.kind in _MARKETS:
        return limits.upper if order.side is Side.BUY else limits.lower
    is_best = order.kind in BEST_KINDS
    assert is_best or order.kind is OrderKind.PRIORITY, f"{order.kind.value} is not matched here"
    best = (book.opposite(order.side) if is_best else book.side(order.side)).best()
    return None if best is None else Won(best)


def queue_for_auction(book: OrderBook, order: Arrival) -> None:
    """Let an order wait for the uncross; market orders stand before all limits."""
    price = order.price
    if order.kind is OrderKind.MARKET:
        price = MARKET_BUY_PRICE if order.side is Side.BUY else MARKET_SELL_PRICE
    book.add(order.key, order.side, price, order.quantity)


def indicate(book: OrderBook, *, reference: Won) -> Indication:
    """Return the price and volume at which the book would uncross now."""
    bids, asks = book.bids, book.asks
    if not bids.prices or not asks.prices or bids.prices[0] < asks.prices[0]:
        return Indication(Won(0), Shares(0))
    bid_depth, ask_depth = _Depth(bids, is_bid=True), _Depth(asks, is_bid=False)
    best: tuple[int, int, int, int] | None = None
    for price in _candidates(bids, asks, reference):
        buys, sells = bid_depth.until(price), ask_depth.until(price)
        rank = (min(buys, sells), -abs(buys - sells), -abs(price - reference), price)
        if best is None or rank > best:
            best = rank
    assert best is not None
    return Indication(Won(best[3]), Shares(best[0]))


def uncross(book: OrderBook, *, reference: Won) -> Uncrossed:
    """Trade the auction: take both sides' share of the volume off the book, by price then time."""
    indication = indicate(book, reference=reference)
    executions = [
        Execution(fill.key, side, fill.quantity, fill.left)
        for side in (Side.BUY, Side.SELL)
        for fill in _take_best(book, side, indication.size)
    ]
    return Uncrossed(price=indication.price, size=indication.size, executions=tuple(executions))


class _Depth:
    """Cumulative sizes of one side, to ask many prices of."""

    def __init__(self, side: BookSide, *, is_bid: bool) -> None:
        # Negated bids ascend as asks do, and so one search serves both.
        self._sign = -1 if is_bid else 1
        self._prices = [self._sign * price for price in side.prices]
        self._sums = list(accumulate(side.levels[price].size for price in side.prices))

    def until(self, price: int) -> int:
        """Return the shares that would trade at `price`."""
        count = bisect_right(self._prices, self._sign * price)
        return self._sums[count - 1] if count else 0


def _candidates(bids: BookSide, asks: BookSide, reference: Won) -> list[int]:
    # Volume and imbalance outside the crossed range cannot beat those at its edges.
    highest, lowest = bids.prices[0], asks.prices[0]
    inside = {price for price in asks.prices if price <= highest}
    inside |= {price for price in bids.prices if price >= lowest}
    inside -= {MARKET_BUY_PRICE, MARKET_SELL_PRICE}
    inside.add(reference)
    return sorted(inside)


def _take_best(book: OrderBook, side: Side, quantity: int) -> list[Fill]:
    book_side = book.side(side)
    fills: list[Fill] = []
    while quantity:
        taken = book.take(side, book_side.prices[0], quantity)
        fills += taken
        quantity -= sum(fill.quantity for fill in taken)
    return fills
