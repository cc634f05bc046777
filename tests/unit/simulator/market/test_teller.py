from aipx.engine.matching import Arrival
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side
from aipx.model.time import Nanos
from aipx.simulator.market.events import ExchangeRefusal, LapseReason
from aipx.simulator.market.teller import Teller
from tests.support.markets import SYMBOL

ORDER = Arrival(key=7, side=Side.SELL, kind=OrderKind.LIMIT, quantity=Shares(5), price=Won(70_000))


def test_events_carry_the_symbol_and_the_moment() -> None:
    teller = Teller(SYMBOL)
    teller.at = Nanos(42)

    told = [
        teller.refused(7, (ExchangeRefusal.TICK, "off")),
        teller.rested(ORDER, Won(70_000), Shares(3)),
        teller.executed(7, Side.SELL, Won(70_000), Shares(2), Shares(3)),
        teller.lapsed(7, Shares(3), LapseReason.SESSION_END),
        teller.canceled(7, Shares(1), Shares(2)),
        teller.replaced(6, ORDER, Shares(0)),
    ]

    assert {(event.at, event.symbol) for event in told} == {(42, SYMBOL)}


def test_a_replace_tells_both_keys_and_the_new_terms() -> None:
    replaced = Teller(SYMBOL).replaced(6, ORDER, Shares(4))

    assert (replaced.key, replaced.new_key, replaced.remaining) == (6, 7, 4)
    assert (replaced.kind, replaced.price, replaced.quantity) == (OrderKind.LIMIT, 70_000, 5)
