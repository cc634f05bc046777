from aipx.engine.book import MARKET_BUY_PRICE, MARKET_SELL_PRICE, OrderBook
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side
from aipx.simulator.market.auction import price_market_orders, queue_at_market


def test_orders_that_stand_are_queued_at_market_and_others_passed_over() -> None:
    book = OrderBook()
    book.add(1, Side.BUY, Won(100), Shares(5))

    queued = queue_at_market(book, [1, 2])

    assert [(order.key, order.kind, order.quantity) for order in queued] == [
        (1, OrderKind.MARKET, 5)
    ]
    place = book.place(1)
    assert place is not None
    assert place.price == MARKET_BUY_PRICE


def test_market_orders_left_over_become_limits_and_mid_price_orders_do_not() -> None:
    book = OrderBook()
    book.add(1, Side.SELL, MARKET_SELL_PRICE, Shares(5))
    book.add_mid(2, Side.SELL, Shares(5))

    price_market_orders(book, Won(100))

    assert book.asks.prices == [100]
    place = book.place(2)
    assert place is not None
    assert place.is_mid
