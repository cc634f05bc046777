from random import Random

from aipx.engine.book import OrderBook
from aipx.engine.matching import indicate
from aipx.model.instrument import Shares, Won
from aipx.model.order import Side
from aipx.model.time import Nanos
from aipx.simulator.market.flow import Flow
from aipx.simulator.market.grid import Grid
from aipx.simulator.market.path import Point
from aipx.simulator.market.plan import QuoteStep, TradeStep
from tests.support.markets import SAMSUNG, bar, listed


class Stage:
    """A flow on a fresh book, and the places around the middle of its grid."""

    def __init__(self) -> None:
        of = listed(bar())
        self.grid = Grid(SAMSUNG, of.limits, of.bar)
        self.book = OrderBook()
        self.flow = Flow(Random(1), self.book, self.grid, of.bar.volume)
        self.middle = self.grid.index(Won(70_000))

    def quote(self, bid: int, ask: int, size: int = 0, *, is_depleting: bool = False) -> Point:
        point = Point(self.middle + bid, self.middle + ask, True)
        self.sweeps = self.flow.quote(QuoteStep(Nanos(1), point, size, is_depleting), 0)
        return point


def test_quotes_stand_where_the_step_wants_them_ten_levels_deep() -> None:
    stage = Stage()

    stage.quote(0, 1)
    stage.quote(3, 5)

    top = stage.book.top()
    assert (top.bid_prices[0], top.ask_prices[0]) == (70_300, 70_500)
    assert 0 not in top.bid_sizes + top.ask_sizes


def test_a_depleting_quote_leaves_exactly_the_trade_s_size() -> None:
    stage = Stage()

    point = stage.quote(0, 1, 33, is_depleting=True)
    sweeps = stage.flow.trade(TradeStep(Nanos(2), point, 33), 0)

    assert sum(fill.quantity for sweep in sweeps for fill in sweep.fills) == 33
    assert stage.book.asks.best() == 70_200


def test_a_trade_passes_through_an_account_s_better_price_and_still_prints_its_own() -> None:
    stage = Stage()
    point = stage.quote(0, 3, 5)
    stage.book.add(1, Side.SELL, Won(70_100), Shares(8))

    sweeps = stage.flow.trade(TradeStep(Nanos(2), point, 5), 0)

    fills = [(fill.price, fill.quantity, fill.key) for fill in sweeps[0].fills]
    assert fills == [(70_100, 8, 1), (70_300, 1, 0)]


def test_quotes_that_move_across_an_account_order_trade_with_it() -> None:
    stage = Stage()
    stage.quote(0, 3)
    stage.book.add(1, Side.BUY, Won(70_200), Shares(8))

    stage.quote(0, 1)

    assert [(sweep.side, len(sweep.fills)) for sweep in stage.sweeps] == [(Side.SELL, 1)]
    assert stage.book.place(1) is None
    assert stage.book.bids.best() == 70_000


def test_volume_that_accounts_printed_is_not_traded_again() -> None:
    stage = Stage()
    point = stage.quote(0, 1, 50)

    sweeps = stage.flow.trade(TradeStep(Nanos(2), point, 50), 20)

    assert sum(fill.quantity for fill in sweeps[0].fills) == 30
    assert stage.flow.planned == 50


def test_a_large_account_order_holds_the_price_and_gets_the_planned_volume_only() -> None:
    stage = Stage()
    stage.quote(0, 3)
    stage.book.add(1, Side.BUY, Won(70_200), Shares(1_000_000))

    stage.quote(0, 1, 40)

    assert stage.book.open_size(1) == 1_000_000 - 40
    assert stage.book.asks.best() == 70_300


def test_an_auction_would_trade_the_gathered_size_at_its_center() -> None:
    stage = Stage()
    for center, size in ((0, 10), (4, 200), (1, 1)):
        stage.flow.gather(stage.middle + center, size)

        indication = indicate(stage.book, reference=Won(60_000))

        assert indication.size == size
        assert indication.price == 70_000 + 100 * center
