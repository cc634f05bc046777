from random import Random

from aipx.engine.book import MID_PLACE, OrderBook
from aipx.model.order import Side
from aipx.simulator.market.mids import HiddenMids


def lent(mids: HiddenMids, book: OrderBook, step: int) -> int:
    mids.lend(Side.SELL, step=step)
    size = book.mids(Side.SELL).size_at(MID_PLACE)
    mids.take_back(Side.SELL)
    return size


def test_what_is_lent_is_drawn_once_a_step_and_bounded() -> None:
    book = OrderBook()
    mids = HiddenMids(Random("a"), book, depth=400)

    sizes = [lent(mids, book, step) for step in range(50)]

    assert max(sizes) <= 100
    assert len(set(sizes)) > 10
    assert lent(mids, book, 49) == sizes[-1]
    assert not book.mids(Side.SELL).prices


def test_what_was_met_is_not_lent_again_in_the_same_step() -> None:
    book = OrderBook()
    mids = HiddenMids(Random("a"), book, depth=400)
    mids.lend(Side.BUY, step=1)
    before = book.mids(Side.BUY).size_at(MID_PLACE)

    book.mids(Side.BUY).take(MID_PLACE, 3)
    mids.take_back(Side.BUY)
    mids.lend(Side.BUY, step=1)

    assert book.mids(Side.BUY).size_at(MID_PLACE) == before - 3
