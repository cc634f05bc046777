"""Interruptions, halts and the circuit breaker, on whole days."""

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import Aggressor, TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos
from aipx.rules.sessions import krx_session
from aipx.rules.volatility import interrupts
from aipx.simulator.exchange import (
    BookChanged,
    Exchange,
    ExchangeEvent,
    ExchangeRefusal,
    LapseReason,
    OrderCanceled,
    OrderExecuted,
    OrderLapsed,
    OrderRefusedByExchange,
    OrderRested,
)
from aipx.simulator.instruments import instrument
from aipx.simulator.market.grid import nearest_price
from aipx.simulator.market.history import load
from aipx.simulator.market.listing import listing
from tests.support.markets import NEW_DAY, SYMBOL, bar, exchange, order, prints, whole_day
from tests.support.shared_data import shared

SESSION = krx_session(NEW_DAY)
NOON = Nanos(SESSION.open + 180 * NANOS_PER_MINUTE)
MINUTE = NANOS_PER_MINUTE
FAR = 76_000
"""So far above the day's prices that a trade there is interrupted."""
VOLATILE = bar((50_000, 62_000, 49_000, 61_000), volume=400_000, previous_close=50_000, day=NEW_DAY)


def at_noon(events_max: int = 3_000) -> Exchange:
    market = exchange(bar(day=NEW_DAY), events_max=events_max)
    market.advance(NOON)
    return market


def refusal(events: list[ExchangeEvent]) -> ExchangeRefusal | None:
    first = events[0]
    return first.reason if isinstance(first, OrderRefusedByExchange) else None


def of_key(events: list[ExchangeEvent], key: int, kind: type) -> list:
    return [event for event in events if isinstance(event, kind) and event.key == key]


def assert_day(market: Exchange, expected: tuple[int, int, int, int], volume: int) -> None:
    day = market.statistics(market.symbols[0])
    assert (day.open, day.high, day.low, day.last) == expected
    assert day.volume == volume


@pytest.mark.parametrize("events_max", [300, 3_000])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_volatile_day_is_interrupted_and_is_still_the_bar_s(events_max: int, seed: int) -> None:
    market = exchange(VOLATILE, seed=seed, events_max=events_max)

    events = whole_day(market)

    assert_day(market, (50_000, 62_000, 49_000, 61_000), 400_000)
    found = market.interruptions(SYMBOL)
    assert found
    assert all(left.until < right.at for left, right in pairwise(found))
    for each in found:
        assert 2 * MINUTE <= each.until - each.at < 2 * MINUTE + 30 * NANOS_PER_SECOND
        during = [event for event in events if each.at < event.at < each.until]
        assert not prints(during)
        books = [event for event in during if isinstance(event, BookChanged)]
        assert {book.phase for book in books} == {TradingPhase.VOLATILITY_AUCTION}
        assert books[-1].indicative_size > 0
        single = prints([event for event in events if event.at == each.until])[0]
        assert single.aggressor is Aggressor.NONE
        assert single.reference_price == single.price == each.price


def test_no_continuous_print_lies_ten_percent_from_the_reference_of_its_time() -> None:
    events = whole_day(exchange(VOLATILE, events_max=3_000))

    for print_ in prints(events):
        if print_.phase is TradingPhase.CONTINUOUS and print_.at < SESSION.close - 20 * MINUTE:
            assert not interrupts(print_.price, reference=print_.reference_price, percent=10)


def test_a_calm_day_is_not_interrupted() -> None:
    market = exchange(events_max=None)
    whole_day(market)

    assert market.interruptions(SYMBOL) == ()


def wide_days(path: Path) -> list[tuple[Symbol, date]]:
    """Return the days since 2016 on which a share moved 11 % from its open, the last five."""
    found = []
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            first, high, low = (float(row[name] or 0) for name in ("open", "high", "low"))
            is_wide = float(row["volume"] or 0) > 5_000 and (
                high > first * 1.11 or low < first * 0.89
            )
            if is_wide and row["date"] >= "2016":
                found.append((Symbol(row["code"]), date.fromisoformat(row["date"])))
    return found[-5:]


def test_real_days_with_wide_ranges_keep_their_bars() -> None:
    folder = shared("data/krx_daily")
    days = [day for path in sorted(folder.glob("*.csv")) for day in wide_days(path)]
    interruptions = 0
    for symbol, day in days:
        (each,) = load(folder, [symbol], day)
        of = listing(instrument(symbol), each)
        market = Exchange(session=krx_session(day), listings=[of], seed=1, events_max=2_000)
        events = whole_day(market)
        assert market.statistics(symbol).volume == each.volume
        traded = [print_.price for print_ in prints(events)]
        expected = [nearest_price(price, of.instrument, each) for price in (each.high, each.low)]
        assert [max(traded), min(traded)] == expected
        interruptions += len(market.interruptions(symbol))
    assert len(days) >= 3
    assert interruptions >= len(days)


def test_an_account_s_order_trades_within_the_band_and_waits_for_the_auction() -> None:
    market = at_noon()
    last = market.statistics(SYMBOL).last
    upper = market.listing(SYMBOL).limits.upper

    market.submit(order(9, Side.SELL, 50, FAR), NOON)

    events = market.submit(order(1, Side.BUY, 200_000, upper), NOON)

    highest = max(each.price for each in prints(events))
    assert not interrupts(Won(highest), reference=Won(last), percent=6)
    assert of_key(events, 1, OrderRested)
    assert market.phase(SYMBOL) is TradingPhase.VOLATILITY_AUCTION
    during = market.advance(Nanos(NOON + MINUTE))
    assert not prints(during)
    events = market.advance(Nanos(NOON + 3 * MINUTE))
    assert of_key(events, 1, OrderExecuted)
    assert market.phase(SYMBOL) is TradingPhase.CONTINUOUS


def test_ioc_and_fok_orders_lapse_at_the_band_and_interrupt_nothing() -> None:
    market = at_noon()
    upper = market.listing(SYMBOL).limits.upper

    market.submit(order(9, Side.SELL, 200_000, FAR), NOON)

    fok = market.submit(order(1, Side.BUY, 200_000, upper, OrderKind.LIMIT_FOK), NOON)
    ioc = market.submit(order(2, Side.BUY, 200_000, kind=OrderKind.MARKET_IOC), NOON)

    assert of_key(fok, 1, OrderLapsed)[0].reason is LapseReason.FOK
    assert of_key(ioc, 2, OrderLapsed)[0].reason is LapseReason.IOC_REMAINDER
    assert market.interruptions(SYMBOL) == ()


def test_an_interruption_s_auction_takes_limit_and_market_orders_only() -> None:
    market = at_noon()
    market.submit(order(9, Side.SELL, 50, FAR), NOON)
    market.submit(order(1, Side.BUY, 200_000), NOON)
    now = Nanos(NOON + 1)

    assert refusal(market.submit(order(2, Side.SELL, 5), now)) is None
    assert refusal(market.submit(order(3, Side.SELL, 5, 70_000), now)) is None
    best = market.submit(order(4, Side.SELL, 5, kind=OrderKind.BEST), now)
    assert refusal(best) is ExchangeRefusal.KIND
    events = market.advance(Nanos(NOON + 3 * MINUTE))
    assert of_key(events, 2, OrderExecuted)[-1].remaining == 0


def test_two_days_with_interruptions_are_the_same_for_the_same_seed() -> None:
    first, second = (whole_day(exchange(VOLATILE, seed=5)) for _ in range(2))

    assert first == second


def test_a_halted_symbol_takes_cancels_only_and_comes_back_by_an_auction() -> None:
    market = at_noon()
    low = market.listing(SYMBOL).limits.lower
    market.submit(order(1, Side.BUY, 10, low), NOON)

    market.halt(SYMBOL, NOON)
    assert market.is_halted(SYMBOL)
    later = Nanos(NOON + 30 * MINUTE)
    assert market.advance(later) == []
    assert refusal(market.submit(order(2, Side.BUY, 1), later)) is ExchangeRefusal.HALTED
    assert isinstance(market.cancel(1, Shares(4), later)[0], OrderCanceled)
    market.resume(SYMBOL, later)
    assert market.phase(SYMBOL) is TradingPhase.VOLATILITY_AUCTION
    events = market.advance(SESSION.close)

    assert prints(events)[0].at - later >= 2 * MINUTE
    assert_day(market, (70_000, 71_000, 69_500, 70_500), 300_000)
    assert of_key(events, 1, OrderLapsed)[0].quantity == 6


def test_a_symbol_halted_to_the_end_prints_no_more_and_its_orders_lapse() -> None:
    market = at_noon()
    market.submit(order(1, Side.BUY, 10, market.listing(SYMBOL).limits.lower), NOON)
    market.halt(SYMBOL, NOON)

    events = market.advance(SESSION.close)

    assert not prints(events)
    assert of_key(events, 1, OrderLapsed)[0].reason is LapseReason.SESSION_END


@pytest.mark.parametrize("minutes", [-5, 3])
def test_a_late_resumption_goes_into_the_closing_auction(minutes: int) -> None:
    market = at_noon()
    market.halt(SYMBOL, NOON)
    back = Nanos(SESSION.closing_auction_start + minutes * MINUTE)
    market.advance(back)
    if minutes < 0:
        back = Nanos(SESSION.closing_auction_start - MINUTE)
        market.advance(back)

    market.resume(SYMBOL, back)
    events = market.advance(SESSION.close)

    assert [each.at for each in prints(events)] == [SESSION.close]


def test_halts_that_make_no_sense_are_refused_with_a_reason() -> None:
    market = at_noon()
    with pytest.raises(InputError, match="only a halt of today can end"):
        market.resume(SYMBOL, NOON)
    market.halt(SYMBOL, NOON)
    with pytest.raises(InputError, match="only continuous trading"):
        market.halt(SYMBOL, NOON)


def test_the_circuit_breaker_stops_every_symbol_then_gathers_then_goes_on() -> None:
    bars = [
        bar(day=NEW_DAY),
        bar((900, 930, 890, 910), previous_close=905, symbol="000001", day=NEW_DAY),
    ]
    market = exchange(*bars)
    market.advance(NOON)
    market.submit(order(1, Side.BUY, 1, 60_000), NOON)

    market.break_circuit(1, NOON)

    halted = TradingPhase.HALTED_BY_CIRCUIT_BREAKER
    assert {market.phase(symbol) for symbol in market.symbols} == {halted}
    assert refusal(market.submit(order(2, Side.BUY, 1), NOON)) is ExchangeRefusal.KIND
    assert isinstance(market.cancel(1, None, NOON)[0], OrderCanceled)
    gathers = Nanos(NOON + 20 * MINUTE)
    assert market.advance(Nanos(gathers - 1)) == []
    market.advance(gathers)
    assert market.phase(SYMBOL) is TradingPhase.VOLATILITY_AUCTION
    assert refusal(market.submit(order(3, Side.BUY, 1), gathers)) is None
    events = market.advance(SESSION.close)
    assert prints(events)[0].at == NOON + 30 * MINUTE
    assert of_key(events, 3, OrderExecuted)
    assert_day(market, (70_000, 71_000, 69_500, 70_500), 300_000)


def test_a_circuit_breaker_at_the_last_moment_lasts_into_the_closing_auction() -> None:
    market = at_noon()
    latest = Nanos(SESSION.close - 40 * MINUTE)
    market.advance(latest)

    market.break_circuit(1, latest)
    events = market.advance(SESSION.close)

    assert [each.at for each in prints(events)] == [SESSION.close]


def test_stages_follow_each_other_and_the_third_ends_the_day() -> None:
    market = at_noon()
    market.submit(order(1, Side.BUY, 10, market.listing(SYMBOL).limits.lower), NOON)
    with pytest.raises(InputError, match="stage is 2; the day's next is 1"):
        market.break_circuit(2, NOON)
    market.break_circuit(1, NOON)
    with pytest.raises(InputError, match="stage 2 begins at 120000; allowed: 123000 to 145000"):
        market.break_circuit(2, NOON)
    second, third = (Nanos(NOON + minutes * MINUTE) for minutes in (31, 62))
    market.advance(second)
    market.break_circuit(2, second)
    market.advance(third)

    events = market.break_circuit(3, third)

    assert of_key(events, 1, OrderLapsed)
    assert market.next_time() is None
    assert refusal(market.submit(order(2, Side.BUY, 1), third)) is ExchangeRefusal.HALTED


def test_the_circuit_breaker_comes_neither_early_nor_late() -> None:
    market = exchange(bar(day=NEW_DAY))
    market.advance(SESSION.open)
    with pytest.raises(InputError, match="stage 1 begins at 090000; allowed: 090100 to 145000"):
        market.break_circuit(1, SESSION.open)
