from aipx.engine.matching import Arrival
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.simulator.market.events import (
    BookChanged,
    OrderCanceled,
    OrderExecuted,
    OrderRested,
    TradePrinted,
)
from aipx.simulator.market.symbol import SymbolMarket
from tests.support.markets import bar, listed, session


def market() -> SymbolMarket:
    return SymbolMarket(listed(bar()), session(), seed=1, events_max=200)


def test_phases_follow_the_steps_of_the_day() -> None:
    its = market()
    seen = [its.phase]
    while its.next_at is not None:
        its.step()
        if its.phase is not seen[-1]:
            seen.append(its.phase)

    assert seen == [
        TradingPhase.CLOSED,
        TradingPhase.OPENING_AUCTION,
        TradingPhase.CONTINUOUS,
        TradingPhase.CLOSING_AUCTION,
        TradingPhase.CLOSED,
    ]


def test_every_step_ends_with_a_book() -> None:
    its = market()
    while its.next_at is not None:
        last = its.step()[-1]

        assert isinstance(last, BookChanged)
        assert its.book() == last


def test_a_market_order_left_over_by_an_auction_rests_at_its_price() -> None:
    its = market()
    its.step()
    huge = Shares(10_000_000)
    buy = Arrival(key=1, side=Side.BUY, kind=OrderKind.MARKET, quantity=huge, price=Won(0))
    at = its.next_at
    assert at is not None

    rested = its.submit(buy, at)[0]
    while its.phase is TradingPhase.OPENING_AUCTION:
        events = its.step()

    assert isinstance(rested, OrderRested)
    filled = next(event for event in events if isinstance(event, OrderExecuted))
    assert 0 < filled.quantity < huge
    canceled = its.cancel(1, None, at)[0]
    assert its.tape.open == filled.price
    assert isinstance(canceled, OrderCanceled)
    assert canceled.quantity == filled.remaining


def test_an_order_filled_in_parts_tells_what_each_part_left() -> None:
    its = market()
    while its.phase is not TradingPhase.CONTINUOUS:
        its.step()
    at = its.next_at
    assert at is not None
    price = Won(its.book().bid_prices[0] + 1_000)
    large = Arrival(
        key=1, side=Side.BUY, kind=OrderKind.LIMIT, quantity=Shares(200_000), price=price
    )

    events = its.submit(large, at)
    while its.next_at is not None:
        events += its.step()

    told = [event for event in events if isinstance(event, OrderExecuted)]
    left = 200_000
    for each in told:
        left -= each.quantity
        assert each.remaining == left
    assert len(told) > 10


def test_one_order_against_another_account_s_prints_once_and_tells_both() -> None:
    its = market()
    while its.phase is not TradingPhase.CONTINUOUS:
        its.step()
    at = its.next_at
    assert at is not None
    top = its.book()
    price = Won(top.bid_prices[0])
    ahead = Shares(top.bid_sizes[0])
    limit = OrderKind.LIMIT
    its.submit(Arrival(key=1, side=Side.BUY, kind=limit, quantity=Shares(5), price=price), at)

    sell = Arrival(key=2, side=Side.SELL, kind=limit, quantity=Shares(ahead + 5), price=price)
    events = its.submit(sell, at)

    told = [(event.key, event.remaining) for event in events if isinstance(event, OrderExecuted)]
    assert told == [(2, 5), (1, 0), (2, 0)]
    assert sum(isinstance(event, TradePrinted) for event in events) == 2
