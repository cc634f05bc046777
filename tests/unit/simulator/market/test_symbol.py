"""A symbol's day: its phases, and every kind of order that its market takes."""

from aipx.engine.matching import MID_KINDS, Arrival
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos
from aipx.rules.sessions import krx_session
from aipx.simulator.exchange import Exchange
from aipx.simulator.market.events import (
    BookChanged,
    ExchangeEvent,
    ExchangeRefusal,
    LapseReason,
    OrderCanceled,
    OrderExecuted,
    OrderLapsed,
    OrderRefusedByExchange,
    OrderReplaced,
    OrderRested,
    OrderTriggered,
    TradePrinted,
)
from aipx.simulator.market.symbol import SymbolMarket
from tests.support.markets import NEW_DAY, SYMBOL, bar, exchange, listed, order, prints, session

SESSION = krx_session(NEW_DAY)
NOON = Nanos(SESSION.open + 180 * NANOS_PER_MINUTE)
TICK = 100


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


def at_noon() -> Exchange:
    market = exchange(bar(day=NEW_DAY), events_max=3_000)
    market.advance(NOON)
    return market


def quotes(market: Exchange) -> tuple[int, int]:
    book = market.book(SYMBOL)
    return book.bid_prices[0], book.ask_prices[0]


def of_key(events: list[ExchangeEvent], key: int, kind: type) -> list:
    return [event for event in events if isinstance(event, kind) and event.key == key]


def test_best_ioc_takes_what_stands_at_the_best_price_and_no_more() -> None:
    market = at_noon()
    _, ask = quotes(market)
    size = market.book(SYMBOL).ask_sizes[0]

    events = market.submit(order(1, Side.BUY, size + 5, kind=OrderKind.BEST_IOC), NOON)

    assert [(each.price, each.size) for each in prints(events)] == [(ask, size)]
    lapsed = of_key(events, 1, OrderLapsed)[0]
    assert (lapsed.quantity, lapsed.reason) == (5, LapseReason.IOC_REMAINDER)


def test_best_fok_trades_in_full_at_the_best_price_or_lapses() -> None:
    market = at_noon()
    size = market.book(SYMBOL).ask_sizes[0]

    too_much = market.submit(order(1, Side.BUY, size + 1, kind=OrderKind.BEST_FOK), NOON)
    enough = market.submit(order(2, Side.BUY, size, kind=OrderKind.BEST_FOK), NOON)

    assert of_key(too_much, 1, OrderLapsed)[0].reason is LapseReason.FOK
    assert not prints(too_much)
    assert of_key(enough, 2, OrderExecuted)[-1].remaining == 0


def test_a_conditional_order_is_a_limit_order_until_the_closing_auction_fills_it() -> None:
    market = at_noon()
    low = market.listing(SYMBOL).limits.lower

    events = market.submit(order(1, Side.BUY, 10, low, OrderKind.CONDITIONAL), NOON)
    events += market.advance(SESSION.closing_auction_start)
    assert [each.price for each in of_key(events, 1, OrderRested)] == [low, 0]
    events = market.advance(SESSION.close)

    filled = of_key(events, 1, OrderExecuted)
    assert [(each.price, each.quantity) for each in filled] == [(70_500, 10)]


def test_a_canceled_conditional_order_does_not_come_back() -> None:
    market = at_noon()
    low = market.listing(SYMBOL).limits.lower
    market.submit(order(1, Side.BUY, 10, low, OrderKind.CONDITIONAL), NOON)
    market.cancel(1, None, NOON)

    events = market.advance(SESSION.close)

    assert not [event for event in events if getattr(event, "key", 0) == 1]


def test_a_mid_price_order_rests_unseen_and_trades_between_the_quotes() -> None:
    market = at_noon()
    before = market.book(SYMBOL)
    bid, ask = quotes(market)

    events = market.submit(order(1, Side.SELL, 2_000, kind=OrderKind.MID), NOON)
    rested = of_key(events, 1, OrderRested)[0]
    assert rested.price == 0
    after = market.book(SYMBOL)
    assert (after.bid_prices, after.ask_prices) == (before.bid_prices, before.ask_prices)
    events = market.submit(order(2, Side.BUY, 2, kind=OrderKind.MARKET), NOON)

    assert [(each.price, each.size) for each in prints(events)] == [((bid + ask) // 2, 2)]
    assert of_key(events, 1, OrderExecuted)[0].remaining == rested.quantity - 2


def test_half_a_tick_prints_off_the_grid_and_prices_no_order_after_it() -> None:
    market = at_noon()
    now = NOON
    while quotes(market)[1] - quotes(market)[0] != TICK:
        now = market.next_time() or SESSION.close
        market.advance(now)
    market.submit(order(1, Side.SELL, 5, kind=OrderKind.MID), now)
    market.submit(order(2, Side.BUY, 5, kind=OrderKind.MID), now)

    last = market.last(SYMBOL)
    assert last is not None
    assert last.price % TICK == TICK // 2
    prices = {each.price for each in prints(market.advance(SESSION.close))}
    assert all(price % TICK == 0 for price in prices)


def test_mid_ioc_and_fok_never_rest() -> None:
    market = at_noon()
    book = market.book(SYMBOL)

    ioc = market.submit(order(1, Side.BUY, 100_000, kind=OrderKind.MID_IOC), NOON)
    fok = market.submit(order(2, Side.BUY, 100_000, kind=OrderKind.MID_FOK), NOON)

    assert of_key(ioc, 1, OrderLapsed)[0].reason is LapseReason.IOC_REMAINDER
    assert of_key(fok, 2, OrderLapsed)[0].reason is LapseReason.FOK
    assert market.book(SYMBOL).ask_prices == book.ask_prices


def test_a_day_with_mid_price_orders_trades_the_planned_volume() -> None:
    market = at_noon()
    market.submit(order(1, Side.SELL, 300, kind=OrderKind.MID), NOON)
    market.submit(order(2, Side.BUY, 300, kind=OrderKind.MID_IOC), NOON)

    market.advance(SESSION.close)

    day = market.statistics(SYMBOL)
    assert (day.open, day.high, day.low, day.last) == (70_000, 71_000, 69_500, 70_500)
    assert day.volume == 300_000


def test_every_mid_price_order_needs_quotes_on_both_sides() -> None:
    market = exchange(bar((130, 130, 130, 130), previous_close=100, day=NEW_DAY, volume=5_000))
    market.advance(NOON)

    for key, kind in enumerate(sorted(MID_KINDS, key=str), start=1):
        refused = market.submit(order(key, Side.BUY, 1, kind=kind), NOON)[0]
        assert isinstance(refused, OrderRefusedByExchange)
        assert refused.reason is ExchangeRefusal.EMPTY_SIDE


def test_a_stop_limit_order_sleeps_until_a_trade_touches_its_trigger() -> None:
    market = at_noon()
    last = market.statistics(SYMBOL).last
    trigger = last + 2 * TICK
    stop = order(1, Side.BUY, 10, trigger + TICK, OrderKind.STOP_LIMIT, trigger=trigger)

    events = market.submit(stop, NOON)
    assert not of_key(events, 1, OrderTriggered)
    events = market.advance(SESSION.close)

    woken = next(place for place, event in enumerate(events) if isinstance(event, OrderTriggered))
    assert max(each.price for each in prints(events[:woken])) >= trigger
    earlier = prints([event for event in events if event.at < events[woken].at])
    assert all(each.price < trigger for each in earlier)
    assert of_key(events[woken:], 1, OrderExecuted)[-1].remaining == 0


def test_a_stop_whose_trigger_is_passed_already_is_a_limit_order_at_once() -> None:
    market = at_noon()
    last = market.statistics(SYMBOL).last
    stop = order(1, Side.SELL, 3, last - 5 * TICK, OrderKind.STOP_LIMIT, trigger=last)

    events = market.submit(stop, NOON)

    assert isinstance(events[0], OrderTriggered)
    assert of_key(events, 1, OrderExecuted)[-1].remaining == 0


def test_one_woken_stop_may_wake_the_next() -> None:
    market = at_noon()
    _, ask = quotes(market)
    first = order(1, Side.BUY, 50_000, ask + 3 * TICK, OrderKind.STOP_LIMIT, trigger=ask)
    trigger = ask + TICK
    second = order(2, Side.BUY, 1, trigger + 5 * TICK, OrderKind.STOP_LIMIT, trigger=trigger)
    market.submit(second, NOON)
    market.submit(first, NOON)

    events = market.submit(order(3, Side.BUY, 1), NOON)

    assert [event.key for event in events if isinstance(event, OrderTriggered)] == [1, 2]


def test_a_sleeping_stop_can_be_canceled_and_replaced_and_ends_with_the_session() -> None:
    market = at_noon()
    upper = market.listing(SYMBOL).limits.upper
    stop = order(1, Side.BUY, 10, upper, OrderKind.STOP_LIMIT, trigger=upper)
    market.submit(stop, NOON)

    canceled = market.cancel(1, Shares(3), NOON)[0]
    assert isinstance(canceled, OrderCanceled)
    assert (canceled.quantity, canceled.remaining) == (3, 7)
    replaced = market.replace(
        1,
        new_key=2,
        kind=OrderKind.STOP_LIMIT,
        price=Won(upper - TICK),
        quantity=Shares(4),
        at=NOON,
    )[0]
    assert isinstance(replaced, OrderReplaced)
    assert (replaced.quantity, replaced.remaining) == (4, 3)
    events = market.advance(Nanos(SESSION.close + NANOS_PER_SECOND))

    lapsed = [event for event in events if isinstance(event, OrderLapsed)]
    assert [(each.key, each.quantity) for each in lapsed] == [(1, 3), (2, 4)]


def test_an_unplaced_key_is_refused() -> None:
    refused = at_noon().cancel(9, None, NOON)[0]

    assert isinstance(refused, OrderRefusedByExchange)
    assert refused.reason is ExchangeRefusal.UNKNOWN_ORDER
