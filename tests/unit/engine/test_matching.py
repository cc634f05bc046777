import pytest

from aipx.engine.book import BACKGROUND, OrderBook
from aipx.engine.matching import (
    Arrival,
    Indication,
    Matched,
    Remainder,
    arrive,
    indicate,
    queue_for_auction,
    uncross,
)
from aipx.model.instrument import PriceLimits, Shares, Won
from aipx.model.order import OrderKind, Side

LIMITS = PriceLimits(base=Won(100), lower=Won(70), upper=Won(130))


def arrival(
    side: Side, quantity: int, price: int = 0, kind: OrderKind = OrderKind.LIMIT, key: int = 50
) -> Arrival:
    return Arrival(key=key, side=side, kind=kind, quantity=Shares(quantity), price=Won(price))


def book_with(*entries: tuple[int, Side, int, int]) -> OrderBook:
    book = OrderBook()
    for key, side, price, size in entries:
        book.add(key, side, Won(price), Shares(size))
    return book


def asks() -> OrderBook:
    return book_with((1, Side.SELL, 101, 5), (2, Side.SELL, 102, 5), (3, Side.BUY, 99, 4))


def match(book: OrderBook, order: Arrival) -> Matched:
    return arrive(book, order, limits=LIMITS, last_price=Won(100))


def test_limit_order_fills_at_the_resting_prices_and_rests_with_the_remainder() -> None:
    book = asks()

    matched = match(book, arrival(Side.BUY, 7, 101))

    assert [(fill.price, fill.quantity) for fill in matched.fills] == [(101, 5)]
    assert matched.remainder is Remainder.RESTED
    assert (matched.resting_price, matched.quantity_left) == (101, 2)
    assert book.bids.prices[0] == 101


def test_market_order_walks_the_book_and_rests_at_its_last_fill_price() -> None:
    book = asks()

    matched = match(book, arrival(Side.BUY, 12, kind=OrderKind.MARKET))

    assert [(fill.price, fill.quantity) for fill in matched.fills] == [(101, 5), (102, 5)]
    assert (matched.resting_price, matched.quantity_left) == (102, 2)


def test_market_order_that_meets_nobody_rests_at_the_last_price() -> None:
    matched = match(OrderBook(), arrival(Side.BUY, 12, kind=OrderKind.MARKET))

    assert (matched.resting_price, matched.quantity_left) == (100, 12)


def test_best_takes_the_opposite_best_price_as_its_limit() -> None:
    matched = match(asks(), arrival(Side.BUY, 6, kind=OrderKind.BEST))

    assert [fill.price for fill in matched.fills] == [101]
    assert (matched.resting_price, matched.quantity_left) == (101, 1)


def test_priority_rests_at_its_own_side_s_best_price() -> None:
    matched = match(asks(), arrival(Side.BUY, 6, kind=OrderKind.PRIORITY))

    assert matched.fills == ()
    assert matched.resting_price == 99


@pytest.mark.parametrize("kind", [OrderKind.BEST, OrderKind.PRIORITY])
def test_orders_that_borrow_a_price_are_not_taken_from_an_empty_side(kind: OrderKind) -> None:
    matched = match(OrderBook(), arrival(Side.SELL, 6, kind=kind))

    assert matched.remainder is Remainder.NO_PRICE


@pytest.mark.parametrize(
    ("kind", "price", "filled"), [(OrderKind.LIMIT_IOC, 101, 5), (OrderKind.MARKET_IOC, 0, 10)]
)
def test_ioc_takes_what_there_is_and_lapses(kind: OrderKind, price: int, filled: int) -> None:
    book = asks()

    matched = match(book, arrival(Side.BUY, 12, price, kind))

    assert sum(fill.quantity for fill in matched.fills) == filled
    assert matched.remainder is Remainder.LAPSED_IOC
    assert matched.quantity_left == 12 - filled
    assert book.place(50) is None


@pytest.mark.parametrize(("kind", "price"), [(OrderKind.LIMIT_FOK, 101), (OrderKind.MARKET_FOK, 0)])
def test_fok_takes_all_or_nothing(kind: OrderKind, price: int) -> None:
    book = asks()

    refused = match(book, arrival(Side.BUY, 11, price, kind))
    filled = match(book, arrival(Side.BUY, 5, price, kind))

    assert (refused.fills, refused.remainder) == ((), Remainder.LAPSED_FOK)
    assert filled.remainder is Remainder.NONE


def test_auction_trades_at_the_price_of_the_largest_volume() -> None:
    book = book_with(
        (1, Side.BUY, 102, 10), (2, Side.BUY, 100, 5), (3, Side.SELL, 99, 8), (4, Side.SELL, 101, 9)
    )

    indication = indicate(book, reference=Won(100))
    outcome = uncross(book, reference=Won(100))

    # 101: buys 10, sells 17: 10 trade; 100: buys 15, sells 8: 8 trade. 102 has the volume of 101,
    # and the same imbalance, but lies farther from the reference.
    assert indication == Indication(Won(101), Shares(10))
    assert (outcome.price, outcome.size) == (101, 10)
    parts = [(part.key, part.quantity) for part in outcome.executions]
    assert parts == [(1, 10), (3, 8), (4, 2)]
    assert book.open_size(4) == 7


def test_auction_without_a_cross_trades_nothing() -> None:
    book = book_with((1, Side.BUY, 100, 10), (3, Side.SELL, 101, 8))

    outcome = uncross(book, reference=Won(100))

    assert (outcome.price, outcome.size, outcome.executions) == (0, 0, ())


def test_market_orders_come_first_in_an_auction() -> None:
    book = book_with((1, Side.BUY, 100, 10), (2, Side.SELL, 100, 10))
    queue_for_auction(book, arrival(Side.BUY, 4, kind=OrderKind.MARKET, key=9))

    outcome = uncross(book, reference=Won(100))

    buys = [(part.key, part.quantity) for part in outcome.executions if part.side is Side.BUY]
    assert buys == [(9, 4), (1, 6)]


def test_market_orders_alone_trade_at_the_reference_price() -> None:
    book = OrderBook()
    queue_for_auction(book, arrival(Side.BUY, 4, kind=OrderKind.MARKET, key=8))
    queue_for_auction(book, arrival(Side.SELL, 3, kind=OrderKind.MARKET, key=9))

    assert uncross(book, reference=Won(100)).price == 100


def test_auction_tells_the_background_s_part_too() -> None:
    book = book_with((BACKGROUND, Side.BUY, 100, 4), (2, Side.SELL, 100, 3))

    parts = uncross(book, reference=Won(100)).executions

    assert [(part.key, part.quantity) for part in parts] == [(BACKGROUND, 3), (2, 3)]


def with_mid_sell(size: int = 4) -> OrderBook:
    book = asks()
    book.add_mid(9, Side.SELL, Shares(size))
    return book


def test_an_order_that_reaches_the_mid_price_meets_mid_price_orders_first() -> None:
    book = with_mid_sell()

    matched = match(book, arrival(Side.BUY, 6, 101))

    assert [(fill.price, fill.quantity, fill.key) for fill in matched.fills] == [
        (100, 4, 9),
        (101, 2, 1),
    ]


def test_an_order_below_the_mid_price_does_not_meet_them() -> None:
    matched = match(with_mid_sell(), arrival(Side.BUY, 6, 99))

    assert matched.remainder is Remainder.RESTED
    assert not matched.fills


def test_a_mid_price_order_meets_the_other_side_s_only_and_rests_with_the_remainder() -> None:
    book = with_mid_sell()

    matched = match(book, arrival(Side.BUY, 6, kind=OrderKind.MID, key=7))

    assert [(fill.price, fill.quantity) for fill in matched.fills] == [(100, 4)]
    assert (matched.remainder, matched.quantity_left) == (Remainder.RESTED, 2)
    place = book.place(7)
    assert place is not None
    assert place.is_mid
    assert book.cancel(7) == 2
    assert book.place(9) is None


@pytest.mark.parametrize(
    ("kind", "quantity", "remainder", "filled"),
    [
        (OrderKind.MID_IOC, 6, Remainder.LAPSED_IOC, 4),
        (OrderKind.MID_FOK, 5, Remainder.LAPSED_FOK, 0),
        (OrderKind.MID_FOK, 4, Remainder.NONE, 4),
        (OrderKind.LIMIT_FOK, 9, Remainder.NONE, 9),
        (OrderKind.LIMIT_FOK, 10, Remainder.LAPSED_FOK, 0),
    ],
)
def test_ioc_and_fok_count_what_waits_at_the_mid_price(
    kind: OrderKind, quantity: int, remainder: Remainder, filled: int
) -> None:
    matched = match(with_mid_sell(), arrival(Side.BUY, quantity, 101, kind=kind))

    assert matched.remainder is remainder
    assert sum(fill.quantity for fill in matched.fills) == filled


def test_a_mid_price_order_without_quotes_on_both_sides_is_not_taken() -> None:
    book = book_with((1, Side.SELL, 101, 5))

    matched = match(book, arrival(Side.BUY, 1, kind=OrderKind.MID))

    assert matched.remainder is Remainder.NO_PRICE


@pytest.mark.parametrize(
    ("kind", "remainder"),
    [(OrderKind.BEST_IOC, Remainder.LAPSED_IOC), (OrderKind.BEST_FOK, Remainder.LAPSED_FOK)],
)
def test_best_ioc_and_fok_look_at_the_best_price_only(
    kind: OrderKind, remainder: Remainder
) -> None:
    matched = match(asks(), arrival(Side.BUY, 7, kind=kind))

    assert matched.remainder is remainder
