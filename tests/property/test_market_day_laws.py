"""Laws of a generated day: whatever the bar and whatever accounts do, the day is the bar's."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.simulator.exchange import BookChanged, Exchange, OrderCanceled, OrderExecuted, OrderLapsed
from aipx.simulator.market.bar import DailyBar
from aipx.simulator.market.grid import nearest_price
from tests.support.markets import SAMSUNG, SYMBOL, bar, exchange, order, prints, whole_day


@st.composite
def bars(draw: st.DrawFn, volume_least: int = 4) -> DailyBar:
    low = draw(st.integers(1_000, 600_000))
    high = draw(st.integers(low, low * 13 // 10))
    open_price, close = (draw(st.integers(low, high)) for _ in range(2))
    volume = draw(st.integers(volume_least, 5_000_000))
    previous = draw(st.integers(low, high))
    return bar((open_price, high, low, close), volume=volume, previous_close=previous)


def assert_day_is_the_bar_s(market: Exchange, of: DailyBar) -> None:
    wanted = [nearest_price(price, SAMSUNG, of) for price in (of.open, of.high, of.low, of.close)]
    day = market.statistics(SYMBOL)
    assert [day.open, day.high, day.low, day.last] == wanted
    assert day.volume == of.volume


@settings(max_examples=60)
@given(bars(), st.integers(0, 1_000))
def test_any_bar_is_reproduced(of: DailyBar, seed: int) -> None:
    market = exchange(of, seed=seed, events_max=120)

    events = whole_day(market)

    assert_day_is_the_bar_s(market, of)
    assert sum(trade.size for trade in prints(events)) == of.volume
    for event in events:
        if isinstance(event, BookChanged) and event.phase is TradingPhase.CONTINUOUS:
            assert event.ask_prices[0] <= nearest_price(of.high, SAMSUNG, of)
            assert event.bid_prices[0] == 0 or event.bid_prices[0] >= market.statistics(SYMBOL).low


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([30, 3_000_000]))
def test_orders_at_any_moment_are_accounted_for_to_the_share(seed: int, size_most: int) -> None:
    rng = Random(seed)
    of = bar(volume=3_000_000)
    market = exchange(of, seed=seed, events_max=150)
    open_by_key: dict[int, int] = {}
    events = []
    key = 0
    while (at := market.next_time()) is not None:
        events += market.advance(at)
        if rng.random() < 0.3:
            key += 1
            side = rng.choice([Side.BUY, Side.SELL])
            price = rng.choice([0, *range(69_500, 71_100, 100)])
            kind = OrderKind.LIMIT if price else OrderKind.MARKET
            open_by_key[key] = rng.randint(1, size_most)
            events += market.submit(order(key, side, open_by_key[key], price, kind), at)
            if rng.random() < 0.2:
                events += market.cancel(rng.randint(1, key), None, at)

    for event in events:
        match event:
            case OrderExecuted() | OrderCanceled():
                open_by_key[event.key] -= event.quantity
                assert open_by_key[event.key] == event.remaining
            case BookChanged():
                best_bid, best_ask = event.bid_prices[0], event.ask_prices[0]
                assert not best_bid or not best_ask or best_bid < best_ask
            case OrderLapsed():
                open_by_key[event.key] -= event.quantity
            case _:
                pass
    refused = {event.key for event in events if type(event).__name__ == "OrderRefusedByExchange"}
    assert all(left == 0 for key, left in open_by_key.items() if key not in refused)
    day = market.statistics(SYMBOL)
    assert day.volume == sum(trade.size for trade in prints(events))
    if size_most == 30:
        # Small orders leave the day what it is; a large one may hold or move its prices.
        assert (day.low, day.high) == (69_500, 71_000)
        assert day.volume == of.volume
