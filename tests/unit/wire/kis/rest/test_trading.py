"""Orders and cancels."""

import msgspec
import pytest

from aipx.errors import BadPeerData
from aipx.model.ids import AccountId, BrokerOrderNumber, ClientOrderId, StrategyId, Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.order import OrderKind, Side, SubmitOrder
from aipx.model.outcome import CancelTarget
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.trading import (
    cancel_request,
    parse_receipt,
    replace_request,
    submit_request,
)
from tests.support.kis_wire import answer

ACCOUNT = AccountId("12345678-01")
TARGET = CancelTarget(
    number=BrokerOrderNumber("0000000007"),
    organisation="06010",
    kind=OrderKind.LIMIT,
    symbol=Symbol("005930"),
    side=Side.BUY,
    quantity=Shares(10),
)


def wish(side: Side = Side.BUY, kind: OrderKind = OrderKind.LIMIT) -> SubmitOrder:
    return SubmitOrder(
        client_order_id=ClientOrderId("c-1"),
        strategy_id=StrategyId("s"),
        symbol=Symbol("005930"),
        side=side,
        kind=kind,
        quantity=Shares(10),
        price=Won(71_900),
    )


def test_order_has_the_documented_body() -> None:
    request = submit_request(wish(), account=ACCOUNT, environment=Environment.REAL)

    assert (request.method, request.path) == (
        "POST",
        "/uapi/domestic-stock/v1/trading/order-cash",
    )
    assert msgspec.json.decode(request.body) == {
        "CANO": "12345678",
        "ACNT_PRDT_CD": "01",
        "PDNO": "005930",
        "ORD_DVSN": "00",
        "ORD_QTY": "10",
        "ORD_UNPR": "71900",
        "EXCG_ID_DVSN_CD": "KRX",
    }


@pytest.mark.parametrize(
    ("side", "environment", "tr_id"),
    [
        (Side.BUY, Environment.REAL, "TTTC0012U"),
        (Side.SELL, Environment.REAL, "TTTC0011U"),
        (Side.BUY, Environment.PAPER, "VTTC0012U"),
        (Side.SELL, Environment.PAPER, "VTTC0011U"),
    ],
)
def test_side_is_in_the_tr_id(side: Side, environment: Environment, tr_id: str) -> None:
    assert submit_request(wish(side), account=ACCOUNT, environment=environment).tr_id == tr_id


def test_stop_limit_order_carries_its_trigger() -> None:
    stop = msgspec.structs.replace(wish(kind=OrderKind.STOP_LIMIT), trigger_price=Won(72_000))

    request = submit_request(stop, account=ACCOUNT, environment=Environment.REAL)

    body = msgspec.json.decode(request.body)
    assert (body["ORD_DVSN"], body["ORD_UNPR"], body["CNDT_PRIC"]) == ("22", "71900", "72000")


@pytest.mark.parametrize("kind", [OrderKind.MARKET, OrderKind.BEST, OrderKind.MARKET_FOK])
def test_priceless_order_has_price_zero(kind: OrderKind) -> None:
    request = submit_request(wish(kind=kind), account=ACCOUNT, environment=Environment.REAL)

    assert msgspec.json.decode(request.body)["ORD_UNPR"] == "0"


def test_cancel_has_the_documented_body() -> None:
    request = cancel_request(TARGET, account=ACCOUNT, environment=Environment.PAPER)

    assert request.tr_id == "VTTC0013U"
    assert msgspec.json.decode(request.body) == {
        "CANO": "12345678",
        "ACNT_PRDT_CD": "01",
        "KRX_FWDG_ORD_ORGNO": "06010",
        "ORGN_ODNO": "0000000007",
        "ORD_DVSN": "00",
        "RVSE_CNCL_DVSN_CD": "02",
        "ORD_QTY": "0",
        "ORD_UNPR": "0",
        "QTY_ALL_ORD_YN": "Y",
        "EXCG_ID_DVSN_CD": "KRX",
    }


def test_cancel_goes_to_the_orders_own_venue_and_may_be_of_a_part() -> None:
    request = cancel_request(
        msgspec.structs.replace(TARGET, venue=Venue.NXT),
        account=ACCOUNT,
        environment=Environment.REAL,
        quantity=Shares(4),
    )

    fields = msgspec.json.decode(request.body)
    assert (fields["QTY_ALL_ORD_YN"], fields["ORD_QTY"]) == ("N", "4")
    assert fields["EXCG_ID_DVSN_CD"] == "NXT"


@pytest.mark.parametrize(("quantity", "all_of_it", "sent"), [(10, "Y", "0"), (4, "N", "4")])
def test_replace_has_the_documented_body(quantity: int, all_of_it: str, sent: str) -> None:
    changed = msgspec.structs.replace(wish(), price=Won(72_000), quantity=Shares(quantity))

    request = replace_request(TARGET, changed, account=ACCOUNT, environment=Environment.REAL)

    assert request.tr_id == "TTTC0013U"
    assert msgspec.json.decode(request.body) == {
        "CANO": "12345678",
        "ACNT_PRDT_CD": "01",
        "KRX_FWDG_ORD_ORGNO": "06010",
        "ORGN_ODNO": "0000000007",
        "ORD_DVSN": "00",
        "RVSE_CNCL_DVSN_CD": "01",
        "ORD_QTY": sent,
        "ORD_UNPR": "72000",
        "QTY_ALL_ORD_YN": all_of_it,
        "EXCG_ID_DVSN_CD": "KRX",
    }


def test_receipt_is_read_without_the_smart_routing_number() -> None:
    output = {"KRX_FWDG_ORD_ORGNO": "91252", "ODNO": "117057", "ORD_TMD": "121052"}

    receipt = parse_receipt(answer(output=output))

    assert (receipt.number, receipt.organisation, receipt.order_time) == (
        "0000117057",
        "91252",
        "121052",
    )


@pytest.mark.parametrize("number", ["", "   ", "0000000000", "12A", "12345678901"])
def test_success_without_a_number_is_bad_peer_data(number: str) -> None:
    with pytest.raises(BadPeerData):
        parse_receipt(answer(output={"ODNO": number}))


def test_success_without_output_is_bad_peer_data() -> None:
    with pytest.raises(BadPeerData):
        parse_receipt(answer())
