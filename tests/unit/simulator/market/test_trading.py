"""What interruptions mean to standing orders; the kinds are tested in test_symbol.py."""

from aipx.engine.matching import Arrival
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import Nanos
from aipx.rules.sessions import krx_session
from aipx.simulator.market.events import OrderExecuted, OrderRested, OrderTriggered
from aipx.simulator.market.symbol import SymbolMarket
from tests.support.markets import NEW_DAY, bar, listed


def open_market() -> SymbolMarket:
    market = SymbolMarket(listed(bar(day=NEW_DAY)), krx_session(NEW_DAY), seed=1, events_max=3_000)
    while market.phase is not TradingPhase.CONTINUOUS:
        market.step()
    # So far above the day's prices that a trade there is interrupted.
    far = arrival(9, OrderKind.LIMIT, 76_000, side=Side.SELL)
    market.submit(far, Nanos(market.book().at + 1))
    return market


def arrival(
    key: int, kind: OrderKind, price: int = 0, *, trigger: int = 0, side: Side = Side.BUY
) -> Arrival:
    return Arrival(
        key=key,
        side=side,
        kind=kind,
        quantity=Shares(200_000),
        price=Won(price),
        trigger_price=Won(trigger),
    )


def test_a_stop_that_an_interrupting_order_wakes_arrives_after_the_auction() -> None:
    market = open_market()
    now = Nanos(market.book().at + 1)
    upper, ask = market.listing.limits.upper, market.book().ask_prices[0]
    stop = arrival(1, OrderKind.STOP_LIMIT, upper, trigger=ask + 100)
    market.submit(stop, now)

    events = market.submit(arrival(2, OrderKind.MARKET), now)

    assert market.phase is TradingPhase.VOLATILITY_AUCTION
    assert not [event for event in events if isinstance(event, OrderTriggered)]
    while market.phase is TradingPhase.VOLATILITY_AUCTION:
        events = market.step()
        if any(isinstance(event, OrderTriggered) for event in events):
            break
    assert [event.key for event in events if isinstance(event, OrderTriggered)] == [1]


def test_the_rest_of_a_market_order_waits_without_a_price() -> None:
    market = open_market()

    events = market.submit(arrival(1, OrderKind.MARKET), Nanos(market.book().at + 1))

    rested = [event for event in events if isinstance(event, OrderRested)]
    filled = sum(event.quantity for event in events if isinstance(event, OrderExecuted))
    assert [(each.price, each.quantity) for each in rested] == [(0, 200_000 - filled)]
    assert market.book().phase is TradingPhase.VOLATILITY_AUCTION
    assert market.book().indicative_size > 0
