from aipx.engine.book import BACKGROUND, Fill, OrderBook
from aipx.model.instrument import Shares, Won
from aipx.model.order import Side


def book_with(*entries: tuple[int, Side, int, int]) -> OrderBook:
    book = OrderBook()
    for key, side, price, size in entries:
        book.add(key, side, Won(price), Shares(size))
    return book


def test_top_lists_levels_best_first_and_pads_with_zeros() -> None:
    book = book_with(
        (1, Side.BUY, 99, 5), (2, Side.BUY, 100, 7), (3, Side.SELL, 103, 1), (4, Side.SELL, 102, 2)
    )

    top = book.top()

    assert top.bid_prices == (100, 99, *(0,) * 8)
    assert top.bid_sizes == (7, 5, *(0,) * 8)
    assert top.ask_prices == (102, 103, *(0,) * 8)
    assert (top.total_ask_size, top.total_bid_size) == (3, 12)


def test_top_shows_ten_levels_of_more() -> None:
    book = book_with(*((key, Side.SELL, 100 + key, 1) for key in range(1, 13)))

    top = book.top()

    assert top.ask_prices == tuple(range(101, 111))
    assert top.total_ask_size == 10


def test_take_fills_the_oldest_first_and_may_leave_a_part() -> None:
    book = book_with((1, Side.SELL, 100, 5), (2, Side.SELL, 100, 5))

    fills = book.take(Side.SELL, 100, 7)

    assert fills == [
        Fill(Won(100), Shares(5), key=1, left=Shares(0)),
        Fill(Won(100), Shares(2), key=2, left=Shares(3)),
    ]
    assert book.place(1) is None
    assert book.open_size(2) == 3


def test_background_merges_with_background_at_the_tail_only() -> None:
    book = book_with(
        (BACKGROUND, Side.BUY, 100, 5), (1, Side.BUY, 100, 2), (BACKGROUND, Side.BUY, 100, 3)
    )
    book.add(BACKGROUND, Side.BUY, Won(100), Shares(4))

    fills = book.take(Side.BUY, 100, 14)

    assert [(fill.key, fill.quantity) for fill in fills] == [(0, 5), (1, 2), (0, 7)]


def test_background_is_withdrawn_behind_an_order_before_it_is_in_front() -> None:
    book = book_with(
        (BACKGROUND, Side.BUY, 100, 5), (1, Side.BUY, 100, 2), (BACKGROUND, Side.BUY, 100, 3)
    )

    book.bids.set_background(100, 4)

    fills = book.take(Side.BUY, 100, 6)
    assert [(fill.key, fill.quantity) for fill in fills] == [(0, 4), (1, 2)]


def test_background_set_to_nothing_leaves_orders_alone() -> None:
    book = book_with((BACKGROUND, Side.SELL, 100, 5), (1, Side.SELL, 100, 2))

    book.asks.set_background(100, 0)
    book.asks.set_background(101, 0)

    assert book.asks.size_at(100) == 2
    assert book.asks.prices == [100]


def test_cancel_of_a_part_keeps_the_place() -> None:
    book = book_with((1, Side.BUY, 100, 5), (2, Side.BUY, 100, 5))

    taken = book.cancel(1, Shares(3))

    assert taken == 3
    assert [fill.key for fill in book.take(Side.BUY, 100, 3)] == [1, 2]


def test_cancel_of_the_last_order_drops_the_level() -> None:
    book = book_with((1, Side.BUY, 100, 5))

    assert book.cancel(1) == 5

    assert book.bids.prices == []
    assert book.bids.best() is None
    assert book.standing() == []


def test_cancel_takes_no_more_than_is_open_and_nothing_of_a_stranger() -> None:
    book = book_with((1, Side.BUY, 100, 5))

    assert book.cancel(1, Shares(9)) == 5
    assert book.cancel(1) == 0


def test_relabel_of_a_part_stands_right_behind_the_rest() -> None:
    book = book_with((1, Side.SELL, 100, 5), (2, Side.SELL, 100, 5))

    book.relabel(1, 9, Shares(2))

    fills = book.take(Side.SELL, 100, 6)
    assert [(fill.key, fill.quantity) for fill in fills] == [(1, 3), (9, 2), (2, 1)]


def test_relabel_of_the_whole_forgets_the_old_key() -> None:
    book = book_with((1, Side.SELL, 100, 5))

    book.relabel(1, 9, Shares(5))

    assert book.place(1) is None
    assert book.open_size(9) == 5


def test_size_until_counts_only_prices_within_the_limit() -> None:
    book = book_with((1, Side.SELL, 100, 5), (2, Side.SELL, 101, 6), (3, Side.BUY, 99, 7))

    assert book.asks.size_until(100) == 5
    assert book.opposite(Side.BUY).size_until(101) == 11
    assert book.opposite(Side.SELL).size_until(100) == 0
    assert book.opposite(Side.SELL).size_until(99) == 7
