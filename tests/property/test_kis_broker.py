"""A law of the KIS broker: whatever KIS answers, an order leaves once.

Twice only where the gateway itself said that the token is dead, for then nothing was passed on.
"""

from hypothesis import given
from hypothesis import strategies as st

from aipx.adapters.kis.broker import KisBroker
from aipx.adapters.kis.settings import KisRestSettings
from aipx.adapters.kis.verdicts import DEAD_TOKEN_CODES
from aipx.errors import BadPeerData, Unreachable
from aipx.model.ids import BrokerOrderNumber, ClientOrderId, OrderId, StrategyId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side, SubmitOrder
from aipx.model.outcome import Acceptance, CancelTarget, Outcome, Refusal
from aipx.model.verdict import Approved
from aipx.runtime.virtual_time import run_virtual
from tests.support.kis_transports import Reply, ScriptedHttp, access, response
from tests.support.kis_wire import answer, refusal

CODES = st.sampled_from(
    [
        *("EGW00201", "EGW00215", "EGW00301", "EGW00302", "EGW00002", "EGW00121", "EGW00123"),
        *("APBK0952", "APBK0918", "40250000", "IGW00022", "OPSQ2000", "90020000", "", "WHAT0000"),
    ]
)
STATUSES = st.sampled_from([200, 403, 500, 502, 504])
NUMBERS = st.sampled_from(["0000000007", "7", "", "0", "no number"])
BODIES = (
    CODES.map(refusal)
    | NUMBERS.map(lambda number: answer(output={"ODNO": number}))
    | st.sampled_from([b"", b"<html>502</html>", b'{"rt_cd":"0"'])
    | st.binary(max_size=20)
)
REPLIES = (
    st.builds(lambda body, status: response(body, status=status), BODIES, STATUSES)
    | st.none()
    | st.sampled_from([Unreachable("broken"), BadPeerData("too long")])
)


def _is_dead_token(reply: Reply) -> bool:
    return (
        not isinstance(reply, Exception)
        and reply is not None
        and any(code.encode() in reply.body for code in DEAD_TOKEN_CODES)
    )


def _sends_allowed(replies: list[Reply]) -> int:
    return 2 if _is_dead_token(replies[0]) else 1


def _act(replies: list[Reply], *, is_cancel: bool) -> tuple[Outcome, int]:
    left = list(replies)
    http = ScriptedHttp(lambda _: left.pop(0))
    settings = KisRestSettings(order_preparation_ns_max=120 * 10**9)
    broker = KisBroker(access(http, settings=settings))
    wish = SubmitOrder(
        client_order_id=ClientOrderId("c-1"),
        strategy_id=StrategyId("s"),
        symbol=Symbol("005930"),
        side=Side.SELL,
        kind=OrderKind.MARKET,
        quantity=Shares(1),
        price=Won(0),
    )
    target = CancelTarget(
        number=BrokerOrderNumber("0000000001"),
        organisation="06010",
        kind=OrderKind.LIMIT,
        symbol=Symbol("005930"),
        side=Side.SELL,
        quantity=Shares(1),
    )
    call = (
        broker.cancel(target)
        if is_cancel
        else broker.submit(Approved(order_id=OrderId("o"), wish=wish, reserved_price=Won(1)))
    )
    outcome = run_virtual(call)
    return outcome, len(http.sent("/order-cash")) + len(http.sent("/order-rvsecncl"))


@given(st.lists(REPLIES, min_size=3, max_size=3), st.booleans())
def test_no_outcome_sends_an_order_again(replies: list[Reply], is_cancel: bool) -> None:  # noqa: FBT001 - hypothesis gives it by place
    outcome, sends = _act(replies, is_cancel=is_cancel)

    assert sends == _sends_allowed(replies)
    last = replies[sends - 1]
    if isinstance(last, Exception) or last is None:
        assert not isinstance(outcome, Acceptance | Refusal)
    if isinstance(outcome, Refusal):
        assert b'"rt_cd":"1"' in getattr(last, "body", b"")
