"""Laws of matching: nothing is lost, nothing crosses, price and time rule, auctions are optimal."""

from hypothesis import given
from hypothesis import strategies as st

from aipx.engine.book import MARKET_BUY_PRICE, MARKET_SELL_PRICE, OrderBook
from aipx.engine.matching import (
    MATCHED_KINDS,
    Arrival,
    Remainder,
    arrive,
    queue_for_auction,
    uncross,
)
from aipx.model.instrument import PriceLimits, Shares, Won
from aipx.model.order import OrderKind, Side

LIMITS = PriceLimits(base=Won(20), lower=Won(10), upper=Won(30))
SIDES = st.sampled_from(Side)
# Even prices, so that the mid-price is exact and lies strictly between two others.
PRICES = st.integers(LIMITS.lower // 2, LIMITS.upper // 2).map(lambda half: 2 * half)
SIZES = st.integers(1, 30)
KINDS = st.sampled_from([kind for kind in OrderKind if kind in MATCHED_KINDS])
ARRIVALS = st.lists(st.tuples(SIDES, KINDS, PRICES, SIZES), max_size=40)
WAITING = st.lists(
    st.tuples(SIDES, st.sampled_from([OrderKind.LIMIT, OrderKind.MARKET]), PRICES, SIZES),
    max_size=25,
)


def arrival(key: int, side: Side, kind: OrderKind, price: int, size: int) -> Arrival:
    carried = Won(price if kind.is_priced else 0)
    return Arrival(key=key, side=side, kind=kind, quantity=Shares(size), price=carried)


def standing(book: OrderBook) -> int:
    sides = (book.bids, book.asks, book.mids(Side.BUY), book.mids(Side.SELL))
    return sum(level.size for side in sides for level in side.levels.values())


@given(ARRIVALS)
def test_shares_are_conserved_and_the_book_never_crosses(
    arrivals: list[tuple[Side, OrderKind, int, int]],
) -> None:
    book = OrderBook()
    for key, terms in enumerate(arrivals, start=1):
        before, order = standing(book), arrival(key, *terms)

        matched = arrive(book, order, limits=LIMITS, last_price=Won(20))

        filled = sum(fill.quantity for fill in matched.fills)
        rested = matched.quantity_left if matched.remainder is Remainder.RESTED else 0
        assert filled + matched.quantity_left == order.quantity
        assert standing(book) == before - filled + rested
        best_bid, best_ask = book.bids.best(), book.asks.best()
        assert best_bid is None or best_ask is None or best_bid < best_ask


@given(ARRIVALS)
def test_fills_follow_price_then_time_and_respect_the_limit(
    arrivals: list[tuple[Side, OrderKind, int, int]],
) -> None:
    book = OrderBook()
    for key, terms in enumerate(arrivals, start=1):
        order = arrival(key, *terms)
        sign = 1 if order.side is Side.BUY else -1

        matched = arrive(book, order, limits=LIMITS, last_price=Won(20))

        # Keys grow with time: an earlier key at one price trades before a later one.
        ranks = [(sign * fill.price, fill.key) for fill in matched.fills]
        assert ranks == sorted(ranks)
        if order.kind.is_priced:
            assert all(sign * fill.price <= sign * order.price for fill in matched.fills)


def demand(orders: list[Arrival], price: int, side: Side) -> int:
    sign = 1 if side is Side.BUY else -1
    return sum(
        order.quantity
        for order in orders
        if order.side is side
        and (order.kind is OrderKind.MARKET or sign * order.price >= sign * price)
    )


def rank(orders: list[Arrival], price: int, reference: int) -> tuple[int, int, int, int]:
    buys, sells = demand(orders, price, Side.BUY), demand(orders, price, Side.SELL)
    return (min(buys, sells), -abs(buys - sells), -abs(price - reference), price)


@given(WAITING, PRICES)
def test_auction_price_is_the_best_by_brute_force(
    waiting: list[tuple[Side, OrderKind, int, int]], reference: int
) -> None:
    book, orders = OrderBook(), [arrival(n, *terms) for n, terms in enumerate(waiting, start=1)]
    for order in orders:
        queue_for_auction(book, order)

    outcome = uncross(book, reference=Won(reference))

    priced = {order.price for order in orders if order.kind is OrderKind.LIMIT}
    ranked = max(rank(orders, price, reference) for price in {*priced, Won(reference)})
    assert outcome.size == ranked[0]
    assert outcome.price == (ranked[3] if outcome.size else 0)
    anywhere = range(LIMITS.lower, LIMITS.upper + 1)
    assert outcome.size == max(rank(orders, price, reference)[0] for price in anywhere)


@given(WAITING, PRICES)
def test_auction_fills_by_price_then_time_and_leaves_no_cross(
    waiting: list[tuple[Side, OrderKind, int, int]], reference: int
) -> None:
    book, orders = OrderBook(), [arrival(n, *terms) for n, terms in enumerate(waiting, start=1)]
    for order in orders:
        queue_for_auction(book, order)

    outcome = uncross(book, reference=Won(reference))

    for side, sign in ((Side.BUY, -1), (Side.SELL, 1)):
        parts = [part for part in outcome.executions if part.side is side]
        best = MARKET_BUY_PRICE if side is Side.BUY else MARKET_SELL_PRICE
        ranks = [(sign * (orders[part.key - 1].price or best), part.key) for part in parts]
        assert ranks == sorted(ranks)
        assert sum(part.quantity for part in parts) == outcome.size
    assert standing(book) == sum(order.quantity for order in orders) - 2 * outcome.size
    assert not book.bids.prices or not book.asks.prices or book.bids.prices[0] < book.asks.prices[0]
