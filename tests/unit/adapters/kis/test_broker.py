"""The broker on KIS's REST API."""

import asyncio
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from aipx.adapters.kis.acts import NOT_SENT
from aipx.adapters.kis.broker import KisBroker
from aipx.adapters.kis.settings import KisRestSettings
from aipx.errors import BadPeerData, Refused, Unreachable
from aipx.model.ids import BrokerOrderNumber, ClientOrderId, OrderId, StrategyId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side, SubmitOrder
from aipx.model.outcome import Acceptance, CancelTarget, Outcome, Refusal, UnknownOutcome
from aipx.model.verdict import Approved
from aipx.runtime.virtual_time import run_virtual
from tests.support.kis_transports import (
    OpenHttp,
    Reply,
    ScriptedHttp,
    access,
    response,
    token_response,
)
from tests.support.kis_wire import (
    CASH_ROW,
    DAY,
    HOLDING_ROW,
    ORDER_ROW,
    PRICE_OUTPUT,
    answer,
    refusal,
)

ACCEPTED = response(
    answer(output={"KRX_FWDG_ORD_ORGNO": "06010", "ODNO": "0000000007", "ORD_TMD": "093354"})
)
APPROVED = Approved(  # the gate of these tests
    order_id=OrderId("o-1"),
    wish=SubmitOrder(
        client_order_id=ClientOrderId("c-1"),
        strategy_id=StrategyId("s"),
        symbol=Symbol("005930"),
        side=Side.BUY,
        kind=OrderKind.LIMIT,
        quantity=Shares(10),
        price=Won(71_900),
    ),
    reserved_price=Won(71_900),
)
TARGET = CancelTarget(
    number=BrokerOrderNumber("0000000007"),
    organisation="06010",
    kind=OrderKind.LIMIT,
    symbol=Symbol("005930"),
    side=Side.BUY,
    quantity=Shares(10),
)


def scripted(*replies: Reply) -> ScriptedHttp:
    left = list(replies)
    return ScriptedHttp(lambda _: left.pop(0))


def broker(http: ScriptedHttp, **settings: Any) -> KisBroker:
    return KisBroker(access(http, settings=KisRestSettings(**settings)))


def submit(http: ScriptedHttp, **settings: Any) -> Outcome:
    return run_virtual(broker(http, **settings).submit(APPROVED))


def test_accepted_order_has_its_number_and_when_it_left() -> None:
    outcome = submit(scripted(ACCEPTED))

    assert isinstance(outcome, Acceptance)
    assert (outcome.number, outcome.organisation) == ("0000000007", "06010")
    assert outcome.sent_monotonic_ns == 77


@pytest.mark.parametrize(
    "reply",
    [
        None,
        Unreachable("reset"),
        BadPeerData("too long"),
        response(b"<html>502</html>", status=502),
        response(b""),
        response(refusal("EGW00302"), status=500),
        response(answer(output={"ODNO": ""})),
    ],
)
def test_order_whose_outcome_is_not_told_is_unknown_and_sent_once(reply: Reply) -> None:
    http = scripted(reply)

    assert isinstance(submit(http), UnknownOutcome)
    assert len(http.sent("/order-cash")) == 1


def test_unanswered_order_is_unknown_after_the_set_time() -> None:
    async def story() -> float:
        await broker(scripted(None), order_timeout_ns=3 * 10**9).submit(APPROVED)
        return asyncio.get_running_loop().time()

    assert run_virtual(story()) == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize("code", ["APBK0952", "EGW00201", "40250000"])
def test_certain_no_is_a_refusal_and_not_sent_again(code: str) -> None:
    http = scripted(response(refusal(code), status=500))

    outcome = submit(http)

    assert isinstance(outcome, Refusal)
    assert outcome.code == code
    assert len(http.sent("/order-cash")) == 1


def test_order_goes_again_where_the_gateway_refused_the_token() -> None:
    http = scripted(response(refusal("EGW00123"), status=500), ACCEPTED)

    outcome = submit(http, order_preparation_ns_max=120 * 10**9)

    assert isinstance(outcome, Acceptance)
    used = [request.headers["authorization"] for request in http.sent("/order-cash")]
    assert used == ["Bearer token-1", "Bearer token-2"]


def test_order_goes_no_third_time() -> None:
    http = scripted(*[response(refusal("EGW00121"), status=500)] * 5)

    outcome = submit(http, order_preparation_ns_max=120 * 10**9)

    assert isinstance(outcome, Refusal)
    assert len(http.sent("/order-cash")) == 2


def test_order_is_refused_unsent_where_no_token_can_be_had_in_time() -> None:
    http = scripted(response(refusal("EGW00123"), status=500), ACCEPTED)

    outcome = submit(http)

    assert isinstance(outcome, Refusal)
    assert outcome.code == NOT_SENT
    assert len(http.sent("/order-cash")) == 1


def test_order_is_refused_unsent_where_kis_gives_no_token() -> None:
    http = OpenHttp(lambda _: response(refusal("EGW00103"), status=403))

    outcome = submit(http)

    assert isinstance(outcome, Refusal)
    assert (outcome.code, http.sent("/order-cash")) == (NOT_SENT, [])


def test_cancel_is_sent_once() -> None:
    http = scripted(None)

    assert isinstance(run_virtual(broker(http).cancel(TARGET)), UnknownOutcome)
    assert len(http.sent("/order-rvsecncl")) == 1


def test_cancel_that_was_taken_has_a_number_of_its_own() -> None:
    assert isinstance(run_virtual(broker(scripted(ACCEPTED)).cancel(TARGET)), Acceptance)


def test_orders_are_those_of_all_pages() -> None:
    rows = [ORDER_ROW | {"odno": f"{number:010d}"} for number in range(1, 4)]
    http = scripted(
        response(answer(output1=rows[:2], ctx_area_nk100="2"), tr_cont="F"),
        response(answer(output1=rows[2:]), tr_cont="E"),
    )

    orders = run_virtual(broker(http).orders(DAY))

    assert [order.number for order in orders] == ["0000000001", "0000000002", "0000000003"]


def test_row_that_moved_to_the_next_page_begins_the_listing_anew() -> None:
    rows = [ORDER_ROW | {"odno": f"{number:010d}"} for number in range(1, 4)]
    http = scripted(
        response(answer(output1=rows[:2], ctx_area_nk100="2"), tr_cont="F"),
        response(answer(output1=rows[1:]), tr_cont="E"),
        response(answer(output1=rows), tr_cont="D"),
    )

    assert len(run_virtual(broker(http).orders(DAY))) == 3


def test_same_number_of_two_organisations_are_two_orders() -> None:
    rows = [ORDER_ROW, ORDER_ROW | {"ord_gno_brno": "91252"}]

    assert len(run_virtual(broker(scripted(response(answer(output1=rows)))).orders(DAY))) == 2


def test_balance_is_that_of_all_pages() -> None:
    second = HOLDING_ROW | {"pdno": "000660"}
    http = scripted(
        response(
            answer(output1=[HOLDING_ROW], output2=[CASH_ROW], ctx_area_nk100="x"), tr_cont="F"
        ),
        response(answer(output1=[second], output2=[CASH_ROW]), tr_cont="E"),
    )

    balance = run_virtual(broker(http).balance())

    assert [holding.symbol for holding in balance.holdings] == ["005930", "000660"]
    assert balance.cash_settled == -5


def test_fill_between_two_pages_begins_the_balance_anew() -> None:
    later = CASH_ROW | {"thdt_buy_amt": "9"}
    first = answer(output1=[HOLDING_ROW], output2=[CASH_ROW], ctx_area_nk100="x")
    http = scripted(
        response(first, tr_cont="F"),
        response(answer(output1=[], output2=[later]), tr_cont="E"),
        response(answer(output1=[HOLDING_ROW], output2=[later]), tr_cont="D"),
    )

    assert run_virtual(broker(http).balance()).bought_today == 9


def test_reference_is_todays_limits_and_state() -> None:
    found = run_virtual(
        broker(scripted(response(answer(output=PRICE_OUTPUT)))).reference(Symbol("005930"))
    )

    assert (found.limits.upper, found.last_price, found.is_halted) == (93_600, 71_900, False)


@pytest.mark.parametrize(
    "reply",
    [
        response(refusal("APBK0656", "해당종목정보가 없습니다.")),
        response(answer(output=PRICE_OUTPUT | {"stck_sdpr": "0"})),
    ],
)
def test_unknown_symbol_is_refused(reply: Reply) -> None:
    with pytest.raises(Refused):
        run_virtual(broker(scripted(reply)).reference(Symbol("999999")))


def test_buying_power_is_asked_of_kis() -> None:
    output = {"psbl_qty_calc_unpr": "93600", "nrcvb_buy_amt": "1000", "nrcvb_buy_qty": "0"}

    power = run_virtual(
        broker(scripted(response(answer(output=output)))).buying_power(
            Symbol("005930"), OrderKind.MARKET, Won(0)
        )
    )

    assert power.amount == 1_000


def test_scripted_token_is_the_documented_shape() -> None:
    assert b"expires_in" in token_response().body


def body_of(http: ScriptedHttp) -> dict[str, str]:
    (request,) = http.sent("/order-rvsecncl")
    return msgspec.json.decode(request.body, type=dict[str, str])


def test_replace_and_partial_cancel_are_sent_once_and_numbered_anew() -> None:
    raised = Approved(
        order_id=OrderId("o-1"),
        wish=replace(APPROVED.wish, price=Won(72_000)),
        reserved_price=Won(72_000),
    )
    replacing, canceling = scripted(ACCEPTED), scripted(ACCEPTED)

    replaced = run_virtual(broker(replacing).replace(TARGET, raised))
    run_virtual(broker(canceling).cancel_part(TARGET, Shares(3)))

    assert isinstance(replaced, Acceptance)
    assert (body_of(replacing)["RVSE_CNCL_DVSN_CD"], body_of(replacing)["ORD_UNPR"]) == (
        "01",
        "72000",
    )
    assert (body_of(canceling)["QTY_ALL_ORD_YN"], body_of(canceling)["ORD_QTY"]) == ("N", "3")


def test_replace_whose_outcome_is_not_told_is_unknown_and_sent_once() -> None:
    http = scripted(response(refusal("EGW00302"), status=500))

    outcome = run_virtual(broker(http).replace(TARGET, APPROVED))

    assert isinstance(outcome, UnknownOutcome)
    assert len(http.sent("/order-rvsecncl")) == 1


def test_order_carries_the_hash_of_its_body_where_that_is_asked_for() -> None:
    http = scripted(response(b'{"BODY":{},"HASH":"abc"}'), ACCEPTED)

    outcome = submit(http, sends_hashkey=True)

    assert isinstance(outcome, Acceptance)
    (asked,), (sent,) = http.sent("/hashkey"), http.sent("/order-cash")
    assert asked.body == sent.body
    assert sent.headers["hashkey"] == "abc"
    assert "authorization" not in asked.headers


def test_order_without_its_hash_is_not_sent() -> None:
    http = scripted(response(b"<html>", status=502))

    outcome = submit(http, sends_hashkey=True)

    assert isinstance(outcome, Refusal)
    assert outcome.code == NOT_SENT
    assert not http.sent("/order-cash")


def test_open_orders_and_sellable_shares_are_inquired() -> None:
    row = ORDER_ROW | {"psbl_qty": "6", "excg_id_dvsn_cd": "KRX"}
    http = scripted(
        response(answer(output=[row])),
        response(answer(output={"pdno": "005930", "cblc_qty": "10", "ord_psbl_qty": "4"})),
    )

    async def story() -> tuple[int, int]:
        account = broker(http)
        (order,) = await account.open_orders()
        sellable = await account.sellable(Symbol("005930"))
        return order.open_quantity, sellable.sellable

    assert run_virtual(story()) == (6, 4)


def test_past_orders_are_asked_of_the_ledger_of_their_age() -> None:
    http = scripted(*[response(answer(output1=[ORDER_ROW])) for _ in range(2)])

    async def story() -> None:
        account = broker(http)
        for is_old in (False, True):
            (order,) = await account.past_orders(DAY, DAY, is_old=is_old)
            assert order.number == "0000000007"

    run_virtual(story())
    recent, old = http.sent("/inquire-daily-ccld")
    assert (recent.headers["tr_id"], old.headers["tr_id"]) == ("TTTC0081R", "CTSC9215R")
