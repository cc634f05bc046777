import pytest

from aipx.engine.matching import Arrival
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.simulator.market.events import ExchangeRefusal
from aipx.simulator.market.gate import change_refusal, order_refusal
from tests.support.markets import bar, listed

GRID = frozenset({70_000, 70_100})


def asked(kind: OrderKind, price: int, phase: TradingPhase) -> ExchangeRefusal | None:
    order = Arrival(key=1, side=Side.BUY, kind=kind, quantity=Shares(1), price=Won(price))
    refusal = order_refusal(order, listed(bar()), phase, GRID)
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


def test_a_change_needs_an_open_order_and_no_more_than_it_has() -> None:
    assert change_refusal(Shares(5), None) is None
    assert change_refusal(Shares(5), Shares(5)) is None
    too_much = change_refusal(Shares(5), Shares(6))
    assert too_much is not None
    assert too_much[1] == "quantity is 6; it must be between 1 and 5"
    gone = change_refusal(Shares(0), None)
    assert gone is not None
    assert gone[0] is ExchangeRefusal.UNKNOWN_ORDER
