from aipx.engine.book import MARKET_BUY_PRICE, OrderBook
from aipx.engine.matching import Indication, indicate
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import Side
from aipx.model.time import Nanos
from aipx.simulator.market.view import BookView, remaining_top
from tests.support.markets import SYMBOL


def auction() -> OrderBook:
    book = OrderBook()
    for key, (side, price, size) in enumerate(
        [
            (Side.BUY, MARKET_BUY_PRICE, 4),
            (Side.BUY, 100, 10),
            (Side.BUY, 99, 5),
            (Side.SELL, 100, 8),
            (Side.SELL, 101, 6),
        ],
        start=1,
    ):
        book.add(key, side, Won(price), Shares(size))
    return book


def test_an_auction_shows_what_it_would_leave() -> None:
    book = auction()

    top = remaining_top(book, indicate(book, reference=Won(100)), levels_max=10)

    assert top.bid_prices[:3] == (100, 99, 0)
    assert top.bid_sizes[:3] == (6, 5, 0)
    assert top.ask_prices[:2] == (101, 0)
    assert (top.total_bid_size, top.total_ask_size) == (11, 6)


def test_market_orders_are_not_shown_and_levels_are_bounded() -> None:
    top = remaining_top(auction(), Indication(Won(0), Shares(0)), levels_max=1)

    assert top.bid_prices == (100, *(0,) * 9)
    assert top.ask_prices == (100, *(0,) * 9)


def test_a_view_remembers_totals_for_their_changes() -> None:
    book, view = auction(), BookView(SYMBOL)
    book.cancel(1)
    none = Indication(Won(0), Shares(0))
    first = view.changed(Nanos(1), TradingPhase.CONTINUOUS, book.top(), 0, none)
    book.cancel(5)

    second = view.changed(Nanos(2), TradingPhase.CONTINUOUS, book.top(), 0, none)

    assert (first.total_ask_change, first.total_bid_change) == (14, 15)
    assert (second.total_ask_change, second.total_bid_change) == (-6, 0)
    assert view.last == second
