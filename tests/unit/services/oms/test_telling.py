"""Facts that need eyes are warnings; a wish's trace goes with what follows from it."""

import pytest
from structlog.testing import capture_logs

from aipx.engine.inputs import CancelGiven, NoticeGiven, Restarted, WishGiven
from aipx.model.ids import BrokerOrderNumber, ClientOrderId, OrderId
from aipx.model.instrument import Shares, Won
from aipx.model.order import (
    AnyOrderFact,
    CancelOrder,
    ForeignOrderSeen,
    OrderUnknown,
    Reconciled,
    Side,
    TradingState,
    TradingStateChanged,
)
from aipx.services.oms.telling import log_fact, trace_id_of
from tests.support.market_facts import SAMSUNG
from tests.support.oms import fill, picture, wish

FOREIGN = ForeignOrderSeen(
    number=BrokerOrderNumber("1"), symbol=SAMSUNG, side=Side.BUY, quantity=Shares(1)
)


@pytest.mark.usefixtures("every_log_level")
@pytest.mark.parametrize(
    ("fact", "level"),
    [
        (OrderUnknown(order_id=OrderId("o-1"), reason="no answer"), "warning"),
        (TradingStateChanged(state=TradingState.HALTED, reason="over-filled"), "warning"),
        (FOREIGN, "warning"),
        (Reconciled(cash=Won(1), holdings_count=0), "debug"),
    ],
)
def test_a_fact_is_told_once_at_its_level(fact: AnyOrderFact, level: str):
    with capture_logs() as logs:
        log_fact(fact)

    (said,) = logs
    assert (said["event"], said["log_level"]) == ("order.fact", level)
    assert said["kind"] == type(fact).__name__


def test_traces_come_from_wishes_and_notices():
    cancel = CancelOrder(client_order_id=ClientOrderId("w-1"), trace_id="t-1")

    assert trace_id_of(CancelGiven(wish=cancel)) == "t-1"
    assert trace_id_of(WishGiven(wish=wish(), market=picture())) == ""
    assert trace_id_of(NoticeGiven(notice=fill("1", 1, 80_000))) == "n"
    assert trace_id_of(Restarted()) == ""
