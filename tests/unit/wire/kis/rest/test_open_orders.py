"""Open orders and sellable shares."""

import pytest

from aipx.errors import BadPeerData, InputError
from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Venue
from aipx.model.order import OrderKind, Side
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.open_orders import (
    open_orders_request,
    parse_open_orders_page,
    parse_sellable,
    sellable_request,
)
from tests.support.kis_wire import answer

ACCOUNT = AccountId("12345678-01")
ROW = {
    "ord_gno_brno": "06010",
    "odno": "0000000007",
    "orgn_odno": "",
    "sll_buy_dvsn_cd": "01",
    "pdno": "005930",
    "ord_qty": "10",
    "ord_unpr": "71900",
    "ord_tmd": "093354",
    "tot_ccld_qty": "4",
    "psbl_qty": "6",
    "ord_dvsn_cd": "00",
    "excg_id_dvsn_cd": "NXT",
}


def test_open_order_tells_what_a_cancel_needs() -> None:
    (order,) = parse_open_orders_page(answer(output=[ROW]))

    assert (order.number, order.organisation, order.venue) == ("0000000007", "06010", Venue.NXT)
    assert (order.side, order.kind, order.open_quantity) == (Side.SELL, OrderKind.LIMIT, 6)


def test_open_order_of_an_unknown_side_is_refused() -> None:
    with pytest.raises(BadPeerData):
        parse_open_orders_page(answer(output=[ROW | {"sll_buy_dvsn_cd": "03"}]))


def test_next_page_is_asked_by_the_keys_without_their_blanks() -> None:
    request = open_orders_request(
        ACCOUNT, environment=Environment.REAL, continuation=("a   ", "b   ")
    )

    assert dict(request.query)["CTX_AREA_FK100"] == "a"
    assert dict(request.query)["CTX_AREA_NK100"] == "b"


def test_sellable_shares_are_read() -> None:
    found = parse_sellable(answer(output={"pdno": "005930", "cblc_qty": "10", "ord_psbl_qty": "4"}))

    assert (found.symbol, found.held, found.sellable) == ("005930", 10, 4)


def test_paper_has_neither() -> None:
    with pytest.raises(InputError, match="paper"):
        open_orders_request(ACCOUNT, environment=Environment.PAPER)
    with pytest.raises(InputError, match="paper"):
        sellable_request(ACCOUNT, environment=Environment.PAPER, symbol=Symbol("005930"))
