"""The moving-average strategy, event by event."""

from collections.abc import Sequence

import pytest

from aipx.errors import InputError
from aipx.model.ids import ClientOrderId, Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.market import MarketEvent, MarketGap, TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.signal import CancelWish, OrderWish, Wish
from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos
from aipx.strategies.base import StrategySettings, View, WorkingOrder
from aipx.strategies.sma_cross import SmaCross, SmaCrossState
from tests.support.market_facts import HYNIX, SAMSUNG, at, book, event, trade

RISING = (100_000, 101_000, 102_000, 103_000)
FALLING = tuple(reversed(RISING))


def _strategy(**parameters: int) -> SmaCross:
    return SmaCross(
        StrategySettings(
            symbols=(SAMSUNG,),
            quantity=Shares(10),
            parameters={"fast": 1, "slow": 3, **parameters},
        )
    )


def _view(moment: Nanos, *, held: int = 0, working: tuple[WorkingOrder, ...] = ()) -> View:
    positions = {SAMSUNG: Shares(held)} if held else {}
    return View(at=moment, positions=positions, working=working)


def _order(since: Nanos) -> WorkingOrder:
    return WorkingOrder(
        client_order_id=ClientOrderId("sma_cross-20211229-000001"),
        symbol=SAMSUNG,
        side=Side.BUY,
        quantity=Shares(10),
        price=Won(100),
        since=since,
    )


def _minutes(prices: Sequence[int], *, symbol: Symbol = SAMSUNG) -> list[MarketEvent]:
    start = at("09:00:30")
    return [
        event(trade(price, symbol=symbol), Nanos(start + n * NANOS_PER_MINUTE))
        for n, price in enumerate(prices)
    ]


def _run(
    strategy: SmaCross, events: Sequence[MarketEvent], *, held: int = 0
) -> tuple[SmaCrossState, list[Wish]]:
    state = strategy.initial()
    wishes: list[Wish] = []
    for one in events:
        state, new = strategy.decide(state, _view(one.receive_time, held=held), one)
        wishes.extend(new)
    return state, wishes


def test_it_buys_its_quantity_at_the_best_ask_once_the_short_average_is_above():
    _, wishes = _run(_strategy(), _minutes(RISING))

    assert wishes == [
        OrderWish(
            symbol=SAMSUNG,
            side=Side.BUY,
            kind=OrderKind.LIMIT,
            quantity=Shares(10),
            price=Won(103_100),
            reason="fast above slow",
        )
    ]


def test_it_buys_only_what_is_missing():
    _, wishes = _run(_strategy(), _minutes(RISING), held=4)

    assert [wish.quantity for wish in wishes if isinstance(wish, OrderWish)] == [6]


def test_with_its_target_held_it_wishes_for_nothing():
    assert _run(_strategy(), _minutes(RISING), held=10)[1] == []


def test_it_sells_all_it_holds_at_the_best_bid_once_the_short_average_is_below():
    _, wishes = _run(_strategy(), _minutes(FALLING), held=7)

    assert len(wishes) == 1
    wish = wishes[0]
    assert isinstance(wish, OrderWish)
    assert (wish.side, wish.quantity, wish.price) == (Side.SELL, 7, 100_000)


def test_without_a_position_a_falling_price_is_no_reason_to_sell():
    assert _run(_strategy(), _minutes(FALLING))[1] == []


def test_before_the_long_average_is_full_it_waits():
    assert _run(_strategy(), _minutes(RISING[:3]))[1] == []


def test_it_decides_once_a_bar():
    events = _minutes(RISING)
    again = event(trade(103_000), Nanos(events[-1].receive_time + NANOS_PER_SECOND))

    _, wishes = _run(_strategy(), [*events, again])

    assert len(wishes) == 1


def test_a_quiet_minute_is_closed_by_the_books_time_and_priced_from_it():
    state, wishes = _run(_strategy(), _minutes(RISING[:3]))
    quiet = event(book(ask=102_500, bid=102_400), at("09:03:00"))

    _, later = _strategy().decide(state, _view(quiet.receive_time), quiet)

    assert wishes == []
    assert [wish.price for wish in later if isinstance(wish, OrderWish)] == [102_500]


def test_outside_continuous_trading_it_wishes_for_nothing():
    events = _minutes(RISING)
    auction = event(trade(103_000, phase=TradingPhase.CLOSING_AUCTION), events[-1].receive_time)

    assert _run(_strategy(), [*events[:-1], auction])[1] == []


def test_an_empty_side_is_not_traded_on():
    events = _minutes(RISING)
    no_ask = event(trade(103_000, ask=0), events[-1].receive_time)

    assert _run(_strategy(), [*events[:-1], no_ask])[1] == []


def test_while_an_order_works_there_is_no_second():
    strategy = _strategy()
    state, _ = _run(strategy, _minutes(RISING)[:-1])
    last = _minutes(RISING)[-1]
    view = _view(last.receive_time, working=(_order(last.receive_time),))

    assert strategy.decide(state, view, last)[1] == ()


def test_its_own_order_is_cancelled_once_it_is_too_old_and_again_later():
    strategy = _strategy(order_age_seconds_max=30)
    state = strategy.initial()
    since = at("09:10:00")
    asked: list[tuple[int, Wish]] = []

    for second in range(100):
        moment = Nanos(since + second * NANOS_PER_SECOND)
        view = _view(moment, working=(_order(since),))
        state, wishes = strategy.decide(state, view, event(book(), moment))
        asked.extend((second, wish) for wish in wishes)

    assert [second for second, _ in asked] == [31, 62, 93]
    assert all(isinstance(wish, CancelWish) for _, wish in asked)


def test_symbols_that_are_not_its_own_change_nothing():
    strategy = _strategy()
    state = strategy.initial()
    foreign = event(trade(100, symbol=HYNIX), at("09:00"))

    assert strategy.decide(state, _view(at("09:00")), foreign) == (state, ())


def test_a_gap_changes_nothing():
    strategy = _strategy()
    state = strategy.initial()
    gap = MarketGap(symbol=SAMSUNG, venue=Venue.KRX, missed=Shares(5), reason="test")

    assert strategy.decide(state, _view(at("09:00")), event(gap, at("09:00"))) == (state, ())


def test_deciding_twice_on_the_same_gives_the_same():
    strategy = _strategy()
    state, _ = _run(strategy, _minutes(RISING)[:-1])
    last = _minutes(RISING)[-1]
    view = _view(last.receive_time)

    assert strategy.decide(state, view, last) == strategy.decide(state, view, last)


@pytest.mark.parametrize("parameters", [{"fast": 3}, {"fast": 0}, {"length": 1}])
def test_parameters_that_make_no_sense_are_refused(parameters: dict[str, int]):
    with pytest.raises(InputError, match="sma_cross"):
        _strategy(**parameters)
