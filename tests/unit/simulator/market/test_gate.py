from typing import Any

import pytest

from aipx.engine.matching import Arrival
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.simulator.market.events import ExchangeRefusal
from aipx.simulator.market.gate import change_refusal, order_refusal
from tests.support.markets import NEW_DAY, bar, listed

GRID = frozenset({70_000, 70_100})


def asked(kind: OrderKind, price: int, phase: TradingPhase) -> ExchangeRefusal | None:
    order = Arrival(key=1, side=Side.BUY, kind=kind, quantity=Shares(1), price=Won(price))
    refusal = order_refusal(order, listed(bar()), phase, GRID, is_halted=False)
    return None if refusal is None else refusal[0]


def test_a_valid_order_is_taken_in_every_open_phase() -> None:
    for phase in (TradingPhase.CONTINUOUS, TradingPhase.OPENING_AUCTION):
        assert asked(OrderKind.LIMIT, 70_000, phase) is None
        assert asked(OrderKind.MARKET, 0, phase) is None


@pytest.mark.parametrize(
    ("kind", "price", "phase", "expected"),
    [
        (OrderKind.LIMIT, 70_000, TradingPhase.CLOSED, ExchangeRefusal.CLOSED),
        (OrderKind.BEST, 0, TradingPhase.CLOSING_AUCTION, ExchangeRefusal.KIND),
        (OrderKind.LIMIT, 70_050, TradingPhase.CONTINUOUS, ExchangeRefusal.TICK),
        (OrderKind.LIMIT_IOC, 1, TradingPhase.CONTINUOUS, ExchangeRefusal.LIMITS),
        (OrderKind.MID, 0, TradingPhase.CONTINUOUS, ExchangeRefusal.KIND),
        (OrderKind.STOP_LIMIT, 70_000, TradingPhase.CONTINUOUS, ExchangeRefusal.KIND),
        (OrderKind.OTHER, 0, TradingPhase.CONTINUOUS, ExchangeRefusal.KIND),
    ],
)
def test_an_order_against_the_rules_is_refused(
    kind: OrderKind, price: int, phase: TradingPhase, expected: ExchangeRefusal
) -> None:
    assert asked(kind, price, phase) is expected


def on_a_new_day(**changes: Any) -> ExchangeRefusal | None:
    known = {"key": 1, "side": Side.BUY, "quantity": Shares(1), "price": Won(70_000)}
    order = Arrival(**{**known, **changes})
    of = listed(bar(day=NEW_DAY))
    refusal = order_refusal(order, of, TradingPhase.CONTINUOUS, GRID, is_halted=False)
    return None if refusal is None else refusal[0]


def test_mid_price_and_stop_limit_orders_are_taken_since_the_second_venue_opened() -> None:
    assert on_a_new_day(kind=OrderKind.MID) is None
    assert on_a_new_day(kind=OrderKind.STOP_LIMIT, trigger_price=Won(70_100)) is None


def test_a_trigger_price_keeps_to_limits_and_ticks_as_a_price_does() -> None:
    for trigger, expected in ((0, ExchangeRefusal.LIMITS), (70_050, ExchangeRefusal.TICK)):
        found = on_a_new_day(kind=OrderKind.STOP_LIMIT, trigger_price=Won(trigger))
        assert found is expected


def test_a_conditional_order_is_taken_before_the_open_and_in_the_session_only() -> None:
    assert asked(OrderKind.CONDITIONAL, 70_000, TradingPhase.OPENING_AUCTION) is None
    assert asked(OrderKind.CONDITIONAL, 70_000, TradingPhase.CONTINUOUS) is None
    closing = asked(OrderKind.CONDITIONAL, 70_000, TradingPhase.CLOSING_AUCTION)
    assert closing is ExchangeRefusal.KIND


def test_a_change_needs_an_open_order_and_no_more_than_it_has() -> None:
    assert change_refusal(Shares(5), None) is None
    assert change_refusal(Shares(5), Shares(5)) is None
    too_much = change_refusal(Shares(5), Shares(6))
    assert too_much is not None
    assert too_much[1] == "quantity is 6; it must be between 1 and 5"
    gone = change_refusal(Shares(0), None)
    assert gone is not None
    assert gone[0] is ExchangeRefusal.UNKNOWN_ORDER
