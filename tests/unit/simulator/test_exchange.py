"""The exchange: real days reproduced, and account orders among the background's."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import Aggressor, TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos
from aipx.rules.sessions import krx_session
from aipx.simulator.exchange import (
    BookChanged,
    DailyBar,
    Exchange,
    ExchangeEvent,
    ExchangeRefusal,
    LapseReason,
    OrderCanceled,
    OrderExecuted,
    OrderLapsed,
    OrderRefusedByExchange,
    OrderReplaced,
    OrderRested,
)
from aipx.simulator.instruments import instrument
from aipx.simulator.market.grid import nearest_price
from aipx.simulator.market.history import load, recent
from aipx.simulator.market.listing import listing
from tests.support.markets import (
    SYMBOL,
    bar,
    exchange,
    listed,
    order,
    prints,
    session,
    whole_day,
)
from tests.support.shared_data import shared

OPEN = session().open
CLOSE = session().close
NOON = Nanos(OPEN + 180 * NANOS_PER_MINUTE)


def at_noon(*bars: DailyBar, seed: int = 1) -> Exchange:
    market = exchange(*bars, seed=seed)
    market.advance(NOON)
    return market


def executions(events: list[ExchangeEvent], key: int) -> list[OrderExecuted]:
    return [event for event in events if isinstance(event, OrderExecuted) and event.key == key]


def reason(events: list[ExchangeEvent]) -> ExchangeRefusal:
    assert len(events) == 1
    refused = events[0]
    assert isinstance(refused, OrderRefusedByExchange)
    return refused.reason


def assert_day_is_the_bar_s(market: Exchange, of: DailyBar) -> None:
    its = market.listing(of.symbol).instrument
    wanted = [nearest_price(price, its, of) for price in (of.open, of.high, of.low, of.close)]
    day = market.statistics(of.symbol)
    assert [day.open, day.high, day.low, day.last] == wanted
    assert day.volume == of.volume


def real_bars(symbol: str) -> Iterator[DailyBar]:
    folder = shared("data/krx_daily")
    rows = recent(folder, Symbol(symbol), date(2021, 12, 30), rows_max=1_000)
    for row, before in pairwise(rows):
        if row.source.rpartition(":")[0] == before.source.rpartition(":")[0]:
            yield msgspec.structs.replace(
                row, previous_close=before.close, previous_volume=before.volume
            )


@pytest.mark.parametrize(("symbol", "start"), [("005930", 0), ("005380", 7), ("035720", 14)])
def test_real_days_are_reproduced(symbol: str, start: int) -> None:
    for each in list(real_bars(symbol))[start::21]:
        its = listing(instrument(Symbol(symbol)), each)
        market = Exchange(session=krx_session(each.day), listings=[its], seed=5, events_max=400)

        whole_day(market)

        if each.volume:
            assert_day_is_the_bar_s(market, each)
        assert not its.is_base_assumed


def test_a_full_liquid_day_is_large_exact_and_never_leaves_its_range() -> None:
    of = bar(volume=5_000_000)
    market = exchange(of, events_max=None)

    events = whole_day(market)

    books = [event for event in events if isinstance(event, BookChanged)]
    continuous = [book for book in books if book.phase is TradingPhase.CONTINUOUS]
    assert len(prints(events)) >= 20_000
    assert len(books) >= 40_000
    assert_day_is_the_bar_s(market, of)
    assert max(book.ask_prices[0] for book in continuous) <= of.high
    assert min(book.bid_prices[0] for book in continuous) >= of.low
    assert all(book.bid_prices[0] < book.ask_prices[0] for book in books)
    # Ten levels a side, but after a trade that emptied one.
    assert all(0 not in (*book.ask_sizes[:9], *book.bid_sizes[:9]) for book in continuous)


def test_a_real_halted_day_is_listed_as_halted() -> None:
    day = date(2021, 4, 13)
    of = load(shared("data/krx_daily"), [Symbol("035720")], day)[0]
    its = listing(instrument(of.symbol), of)

    market = Exchange(session=krx_session(day), listings=[its], seed=1)

    assert its.is_halted
    assert whole_day(market) == []


def test_a_halted_day_has_no_events_and_takes_no_orders() -> None:
    market = exchange(bar((70_000,) * 4, volume=0))

    assert market.next_time() is None
    assert whole_day(market) == []
    assert market.phase(SYMBOL) is TradingPhase.CLOSED
    assert market.book(SYMBOL).ask_prices == (0,) * 10
    assert market.last(SYMBOL) is None
    assert reason(market.submit(order(1, Side.BUY, 1, 70_000), CLOSE)) is ExchangeRefusal.HALTED


@pytest.mark.parametrize(
    ("prices", "volume"),
    [
        ((70_000,) * 4, 1),
        ((70_000,) * 4, 2),
        ((70_000, 71_000, 69_000, 70_500), 4),
        ((91_100,) * 4, 50_000),
        ((49_100,) * 4, 50_000),
        ((70_000, 70_100, 70_000, 70_100), 900),
        ((70_013, 70_571, 69_990, 70_333), 12_345),
        ((40_000, 90_000, 30_000, 80_000), 10_000),
    ],
    ids=["one", "two", "four", "limit-up", "limit-down", "one tick", "off tick", "wild"],
)
@pytest.mark.parametrize("events_max", [300, None])
def test_odd_days_are_reproduced(
    prices: tuple[int, int, int, int], volume: int, events_max: int | None
) -> None:
    of = bar(prices, volume=volume)
    market = exchange(of, events_max=events_max)

    events = whole_day(market)

    assert_day_is_the_bar_s(market, of)
    assert sum(event.size for event in prints(events)) == volume


def test_the_opening_auction_prints_once_and_the_closing_auction_at_the_close() -> None:
    trades = prints(whole_day(exchange()))

    assert trades[0].phase is TradingPhase.OPENING_AUCTION
    assert OPEN < trades[0].at < OPEN + 10 * NANOS_PER_SECOND
    assert trades[0].aggressor is Aggressor.NONE
    assert trades[1].phase is TradingPhase.CONTINUOUS
    assert (trades[-1].at, trades[-1].phase) == (CLOSE, TradingPhase.CLOSING_AUCTION)
    assert trades[-2].phase is TradingPhase.CONTINUOUS


def test_auction_books_indicate_and_the_closing_one_shows_three_levels() -> None:
    books = [event for event in whole_day(exchange()) if isinstance(event, BookChanged)]
    opening = [book for book in books if book.phase is TradingPhase.OPENING_AUCTION]
    closing = [book for book in books if book.phase is TradingPhase.CLOSING_AUCTION]

    assert all(book.indicative_price > 0 for book in opening[1:] + closing)
    assert opening[-1].indicative_size > opening[0].indicative_size
    assert all(book.ask_prices[3:] == book.bid_prices[3:] == (0,) * 7 for book in closing)
    assert all(book.ask_prices[2] and book.bid_prices[2] for book in closing)


def test_figures_of_a_print_agree_with_each_other() -> None:
    previous_volume = 0
    for trade in prints(whole_day(exchange())):
        assert trade.day_volume == previous_volume + trade.size
        previous_volume = trade.day_volume
        assert trade.low <= trade.price <= trade.high
        assert trade.buy_volume + trade.sell_volume <= trade.day_volume
        assert trade.reference_price == trade.open == 70_000
        assert trade.previous_close == 70_100
        assert 0 <= trade.previous_volume_by_now <= trade.previous_volume


def test_totals_are_the_sums_of_the_levels_and_their_changes_add_up() -> None:
    total = 0
    for event in whole_day(exchange()):
        if isinstance(event, BookChanged):
            total += event.total_ask_change
            assert event.total_ask_size == sum(event.ask_sizes) == total
            assert event.total_bid_size == sum(event.bid_sizes)


def test_the_seed_makes_the_day_and_other_symbols_do_not_change_it() -> None:
    other = bar((5_000, 5_100, 4_900, 5_000), previous_close=5_000, symbol="000270")
    alone = whole_day(exchange())

    assert whole_day(exchange()) == alone
    assert whole_day(exchange(seed=2)) != alone
    both = whole_day(exchange(other, bar()))
    assert [event for event in both if event.symbol == SYMBOL] == alone
    assert [event.at for event in both] == sorted(event.at for event in both)


def test_advancing_in_small_steps_gives_the_same_events() -> None:
    stepped, market = [], exchange()
    while (at := market.next_time()) is not None:
        stepped += market.advance(at)

    assert stepped == whole_day(exchange())


HASH_PROGRAM = """
import hashlib
from tests.support.markets import bar, exchange, order, whole_day
from aipx.model.order import Side
other = bar((5_000, 5_100, 4_900, 5_000), previous_close=5_000, symbol="000270")
market = exchange(other, bar())
events = market.advance(market.session.open + 3_600 * 10**9)
events += market.submit(order(1, Side.BUY, 50_000), market.session.open + 3_600 * 10**9)
events += whole_day(market)
print(hashlib.sha256(repr(events).encode()).hexdigest())
"""


def test_the_day_does_not_depend_on_the_hash_seed() -> None:
    root = Path(__file__).resolve().parents[3]
    hashes = {
        subprocess.run(
            [sys.executable, "-c", HASH_PROGRAM],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}:{root / 'src'}"},
            cwd=root,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(hashes) == 1
    assert len(hashes.pop().strip()) == 2 * hashlib.sha256().digest_size


def test_a_market_buy_trades_at_the_best_ask_and_prints() -> None:
    market = at_noon()
    before = market.book(SYMBOL)

    events = market.submit(order(1, Side.BUY, 3), NOON)

    trade = prints(events)[0]
    assert (trade.price, trade.size, trade.aggressor) == (before.ask_prices[0], 3, Aggressor.BUYER)
    filled = executions(events, 1)[0]
    assert (filled.quantity, filled.remaining) == (3, 0)
    assert isinstance(events[-1], BookChanged)
    assert events[-1].ask_sizes[0] == before.ask_sizes[0] - 3


def test_a_large_market_order_walks_the_book_up() -> None:
    market = at_noon()
    book = market.book(SYMBOL)

    events = market.submit(order(1, Side.BUY, book.ask_sizes[0] + 1), NOON)

    assert [trade.price for trade in prints(events)] == list(book.ask_prices[:2])
    assert executions(events, 1)[0].remaining == 1


def test_the_day_keeps_its_volume_and_range_when_an_account_takes_part() -> None:
    of = bar()
    market = at_noon(of)

    for key in range(1, 6):
        market.submit(order(key, Side.BUY, 40), NOON)
        market.submit(order(10 + key, Side.SELL, 25), NOON)
    whole_day(market)

    assert_day_is_the_bar_s(market, of)


def test_a_resting_order_waits_for_what_stood_before_it() -> None:
    market = at_noon()
    best_bid, ahead = market.book(SYMBOL).bid_prices[0], market.book(SYMBOL).bid_sizes[0]

    rested = market.submit(order(1, Side.BUY, 5, best_bid), NOON)
    events = market.submit(order(2, Side.SELL, ahead + 3, best_bid), NOON)

    assert isinstance(rested[0], OrderRested)
    assert [trade.size for trade in prints(events)] == [ahead, 3]
    assert [(fill.quantity, fill.remaining) for fill in executions(events, 1)] == [(3, 2)]


def test_a_resting_order_inside_the_range_is_filled_by_the_background() -> None:
    of = bar()
    market = exchange(of)
    opened = Nanos(OPEN + 10 * NANOS_PER_SECOND)
    market.advance(opened)

    market.submit(order(1, Side.SELL, 30, of.high), opened)
    market.submit(order(2, Side.BUY, 30, of.low), opened)
    events = whole_day(market)

    assert {fill.price for fill in executions(events, 1)} <= {of.high}
    assert {fill.price for fill in executions(events, 2)} <= {of.low}
    assert_day_is_the_bar_s(market, of)


@pytest.mark.parametrize("seed", range(4))
def test_a_better_price_is_traded_before_the_background_s(seed: int) -> None:
    market = at_noon(seed=seed)
    inside = Won(market.book(SYMBOL).bid_prices[0] + 100)
    if inside == market.book(SYMBOL).ask_prices[0]:
        inside = Won(inside - 100)

    market.submit(order(1, Side.BUY, 10, inside), NOON)
    events = whole_day(market)

    assert sum(fill.quantity for fill in executions(events, 1)) == 10
    assert market.statistics(SYMBOL).volume == bar().volume


def test_books_never_cross_with_account_orders_everywhere() -> None:
    market = at_noon()
    for key, price in enumerate(range(69_600, 71_000, 200), start=1):
        market.submit(order(key, Side.BUY, 7, price), NOON)
        market.submit(order(100 + key, Side.SELL, 7, price), NOON)

    for event in whole_day(market):
        if isinstance(event, BookChanged) and event.bid_prices[0] and event.ask_prices[0]:
            assert event.bid_prices[0] < event.ask_prices[0]


def test_ioc_lapses_with_its_remainder_and_fok_with_all() -> None:
    market = at_noon()
    book = market.book(SYMBOL)
    over = book.ask_sizes[0] + 10

    fok = market.submit(order(1, Side.BUY, over, book.ask_prices[0], OrderKind.LIMIT_FOK), NOON)
    ioc = market.submit(order(2, Side.BUY, over, book.ask_prices[0], OrderKind.LIMIT_IOC), NOON)

    assert [(type(event), event.reason) for event in fok if isinstance(event, OrderLapsed)] == [
        (OrderLapsed, LapseReason.FOK)
    ]
    assert len(fok) == 1
    lapse = next(event for event in ioc if isinstance(event, OrderLapsed))
    assert (lapse.quantity, lapse.reason) == (10, LapseReason.IOC_REMAINDER)


def test_a_cancel_of_a_part_leaves_the_rest_and_of_all_leaves_nothing() -> None:
    market = at_noon()
    market.submit(order(1, Side.BUY, 10, 60_000), NOON)

    part = market.cancel(1, Shares(4), NOON)[0]
    rest = market.cancel(1, None, NOON)[0]

    assert isinstance(part, OrderCanceled)
    assert (part.quantity, part.remaining) == (4, 6)
    assert isinstance(rest, OrderCanceled)
    assert (rest.quantity, rest.remaining) == (6, 0)
    assert reason(market.cancel(1, None, NOON)) is ExchangeRefusal.UNKNOWN_ORDER


def test_a_cancel_of_more_than_is_open_is_refused() -> None:
    market = at_noon()
    market.submit(order(1, Side.BUY, 10, 60_000), NOON)

    assert reason(market.cancel(1, Shares(11), NOON)) is ExchangeRefusal.QUANTITY
    assert reason(market.cancel(77, None, NOON)) is ExchangeRefusal.UNKNOWN_ORDER


def test_a_replace_at_another_price_moves_a_part() -> None:
    market = at_noon()
    market.submit(order(1, Side.BUY, 10, 60_000), NOON)

    events = market.replace(
        1, new_key=2, kind=OrderKind.LIMIT, price=Won(60_100), quantity=Shares(4), at=NOON
    )

    replaced, rested = events[:2]
    assert isinstance(replaced, OrderReplaced)
    assert (replaced.quantity, replaced.remaining, replaced.new_key) == (4, 6, 2)
    assert isinstance(rested, OrderRested)
    assert (rested.side, rested.price) == (Side.BUY, 60_100)
    canceled = market.cancel(1, None, NOON)[0]
    assert isinstance(canceled, OrderCanceled)
    assert canceled.quantity == 6


def test_a_replace_at_the_same_price_keeps_the_place() -> None:
    market = at_noon()
    price = market.book(SYMBOL).bid_prices[0]
    ahead = market.book(SYMBOL).bid_sizes[0]
    market.submit(order(1, Side.BUY, 10, price), NOON)
    market.submit(order(2, Side.BUY, 10, price), NOON)

    market.replace(1, new_key=3, kind=OrderKind.LIMIT, price=Won(price), quantity=None, at=NOON)
    events = market.submit(order(9, Side.SELL, ahead + 10, price), NOON)

    assert [fill.quantity for fill in executions(events, 3)] == [10]
    assert executions(events, 2) == []


def test_a_replace_may_trade_at_once() -> None:
    market = at_noon()
    market.submit(order(1, Side.BUY, 10, 60_000), NOON)

    events = market.replace(
        1, new_key=2, kind=OrderKind.MARKET, price=Won(0), quantity=None, at=NOON
    )

    assert executions(events, 2)[-1].remaining == 0


def test_a_refused_replace_leaves_the_order_alone() -> None:
    market = at_noon()
    market.submit(order(1, Side.BUY, 10, 60_000), NOON)

    events = market.replace(
        1, new_key=2, kind=OrderKind.LIMIT, price=Won(60_050), quantity=None, at=NOON
    )

    assert reason(events) is ExchangeRefusal.TICK
    assert isinstance(market.cancel(1, None, NOON)[0], OrderCanceled)


@pytest.mark.parametrize("kind", [OrderKind.BEST, OrderKind.PRIORITY])
def test_a_replace_that_would_find_no_price_leaves_the_order_alone(kind: OrderKind) -> None:
    limit_up = bar((91_100,) * 4, volume=50_000)
    market = at_noon(limit_up)
    side = Side.BUY if kind is OrderKind.BEST else Side.SELL
    bids = sum(market.book(SYMBOL).bid_sizes)
    price = 91_000 if side is Side.BUY else 91_100
    if side is Side.SELL:
        market.submit(order(8, Side.SELL, bids, 70_000), NOON)
    market.submit(order(1, side, 10, price), NOON)

    events = market.replace(1, new_key=2, kind=kind, price=Won(0), quantity=None, at=NOON)

    assert reason(events) is ExchangeRefusal.EMPTY_SIDE
    assert isinstance(market.cancel(1, None, NOON)[0], OrderCanceled)


@pytest.mark.parametrize(
    ("quantity", "price", "expected"),
    [
        (0, 70_000, ExchangeRefusal.QUANTITY),
        (1, 70_050, ExchangeRefusal.TICK),
        (1, 99_000, ExchangeRefusal.LIMITS),
    ],
)
def test_orders_against_the_rules_are_refused(
    quantity: int, price: int, expected: ExchangeRefusal
) -> None:
    assert reason(at_noon().submit(order(1, Side.BUY, quantity, price), NOON)) is expected


def test_orders_outside_the_session_and_of_unknown_symbols_are_refused() -> None:
    market = exchange()
    early = Nanos(session().opening_auction_start - 1)

    assert reason(market.submit(order(1, Side.BUY, 1, 70_000), early)) is ExchangeRefusal.CLOSED
    unknown = order(2, Side.BUY, 1, 70_000, symbol="999999")
    assert reason(market.submit(unknown, early)) is ExchangeRefusal.UNKNOWN_SYMBOL
    whole_day(market)
    late = Nanos(CLOSE + 1)
    assert reason(market.submit(order(3, Side.BUY, 1, 70_000), late)) is ExchangeRefusal.CLOSED


def test_auctions_refuse_kinds_that_need_continuous_trading() -> None:
    market = exchange()
    at = Nanos(session().opening_auction_start + NANOS_PER_MINUTE)
    market.advance(at)

    for key, kind in enumerate((OrderKind.BEST, OrderKind.MARKET_IOC), start=1):
        assert reason(market.submit(order(key, Side.BUY, 1, 0, kind), at)) is ExchangeRefusal.KIND


@pytest.mark.parametrize("price", [0, 70_000, 72_000])
def test_an_order_in_the_opening_auction_is_filled_at_its_price(price: int) -> None:
    of = bar()
    market = exchange(of)
    at = Nanos(session().opening_auction_start + NANOS_PER_MINUTE)
    market.advance(at)

    market.submit(order(1, Side.BUY, 20, price), at)
    events = market.advance(Nanos(OPEN + 10 * NANOS_PER_SECOND))
    whole_day(market)

    assert [(fill.price, fill.quantity) for fill in executions(events, 1)] == [(of.open, 20)]
    assert_day_is_the_bar_s(market, of)


def test_an_order_in_the_closing_auction_is_filled_at_the_close() -> None:
    of = bar()
    market = exchange(of)
    at = Nanos(session().closing_auction_start + NANOS_PER_MINUTE)
    market.advance(at)

    market.submit(order(1, Side.SELL, 20), at)
    events = whole_day(market)

    assert [(fill.price, fill.quantity) for fill in executions(events, 1)] == [(of.close, 20)]
    assert_day_is_the_bar_s(market, of)


def test_open_orders_lapse_at_the_close() -> None:
    market = at_noon()
    market.submit(order(1, Side.BUY, 20, 60_000), NOON)
    market.submit(order(2, Side.SELL, 20, 80_000), NOON)

    lapses = [event for event in whole_day(market) if isinstance(event, OrderLapsed)]

    assert [(lapse.key, lapse.quantity, lapse.reason, lapse.at) for lapse in lapses] == [
        (1, 20, LapseReason.SESSION_END, CLOSE),
        (2, 20, LapseReason.SESSION_END, CLOSE),
    ]


def test_best_without_an_opposite_side_is_refused() -> None:
    limit_up = bar((91_100,) * 4, volume=50_000)
    market = at_noon(limit_up)

    events = market.submit(order(1, Side.BUY, 1, 0, OrderKind.BEST), NOON)

    assert reason(events) is ExchangeRefusal.EMPTY_SIDE


def test_a_symbol_that_is_not_listed_is_named() -> None:
    with pytest.raises(InputError, match="symbol is '999999'; listed are 005930"):
        exchange().book(Symbol("999999"))


def test_real_symbols_run_together() -> None:
    day = date(2021, 12, 29)
    symbols = [Symbol(symbol) for symbol in ("005930", "005380", "035720")]
    bars = load(shared("data/krx_daily"), symbols, day)
    listings = [listing(instrument(each.symbol), each) for each in bars]
    market = Exchange(session=krx_session(day), listings=listings, seed=1, events_max=300)

    whole_day(market)

    assert market.symbols == tuple(symbols)
    for each in bars:
        assert_day_is_the_bar_s(market, each)


def test_listings_are_told_as_given() -> None:
    its = listed(bar())

    assert exchange().listing(SYMBOL) == its
