"""The account's inquiries."""

from typing import Any

import pytest

from aipx.errors import BadPeerData
from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Venue, Won
from aipx.model.order import BrokerOrder, OrderKind, Side
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.account import (
    balance_request,
    buying_power_request,
    daily_orders_request,
    join_balance,
    parse_balance_page,
    parse_buying_power,
    parse_daily_orders_page,
)
from tests.support.kis_wire import CASH_ROW, DAY, HOLDING_ROW, ORDER_ROW, answer

ACCOUNT = AccountId("12345678-01")


def parsed_order(**changes: Any) -> BrokerOrder:
    (order,) = parse_daily_orders_page(answer(output1=[ORDER_ROW | changes], output2={}))
    return order


def test_order_row_is_read() -> None:
    order = parsed_order()

    assert (order.order_date, order.number, order.organisation) == (DAY, "0000000007", "06010")
    assert (order.side, order.kind, order.symbol) == (Side.BUY, OrderKind.LIMIT, "005930")
    assert (order.quantity, order.price, order.order_time) == (10, 71_900, "093354")
    assert (order.filled_quantity, order.filled_amount) == (4, 287_600)
    assert (order.canceled_quantity, order.rejected_quantity, order.open_quantity) == (0, 0, 6)
    assert (order.is_cancel, order.original_number, order.venue) == (False, "", Venue.KRX)


def test_numbers_may_be_padded() -> None:
    order = parsed_order(ord_qty="0000000010", ord_unpr=" 71900", tot_ccld_amt="287600.0000")

    assert (order.quantity, order.price, order.filled_amount) == (10, 71_900, 287_600)


@pytest.mark.parametrize(
    ("changes", "is_cancel"),
    [
        ({"orgn_odno": "0000000003", "sll_buy_dvsn_cd_name": "매수취소"}, True),
        ({"orgn_odno": "0000000003", "sll_buy_dvsn_cd_name": "매수정정"}, False),
        ({"orgn_odno": "0000000003", "sll_buy_dvsn_cd_name": "매수정정", "cncl_yn": "Y"}, False),
        ({"orgn_odno": "0000000003", "cncl_yn": "Y"}, True),
        ({"orgn_odno": "0000000000", "cncl_yn": "Y"}, False),
        ({"cncl_yn": "Y"}, False),
    ],
)
def test_row_of_a_cancel_is_told_from_its_order(
    changes: dict[str, str], *, is_cancel: bool
) -> None:
    assert parsed_order(**changes).is_cancel is is_cancel


@pytest.mark.parametrize(
    "changes",
    [
        {"odno": ""},
        {"ord_qty": ""},
        {"ord_qty": "-1"},
        {"ord_qty": 10},
        {"tot_ccld_amt": "1_000"},
        {"ord_tmd": "999999"},
        {"ord_dt": "20261340"},
        {"sll_buy_dvsn_cd": "00"},
        {"excg_id_dvsn_Cd": "NYSE"},
        {"pdno": ""},
    ],
)
def test_row_that_cannot_be_trusted_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadPeerData):
        parsed_order(**changes)


@pytest.mark.parametrize("code", ["99", ""])
def test_row_of_an_unknown_kind_does_not_break_the_list(code: str) -> None:
    assert parsed_order(ord_dvsn_cd=code).kind is OrderKind.OTHER


def test_missing_field_is_refused() -> None:
    row = {name: text for name, text in ORDER_ROW.items() if name != "rmn_qty"}

    with pytest.raises(BadPeerData, match="rmn_qty"):
        parse_daily_orders_page(answer(output1=[row]))


@pytest.mark.parametrize(
    ("environment", "venue"), [(Environment.REAL, "ALL"), (Environment.PAPER, "KRX")]
)
def test_listing_asks_for_all_venues_where_there_are_several(
    environment: Environment, venue: str
) -> None:
    request = daily_orders_request(
        ACCOUNT, environment=environment, day=DAY, continuation=("k ", "n ")
    )

    assert dict(request.query) | {
        "INQR_STRT_DT": "20260915",
        "INQR_END_DT": "20260915",
        "CCLD_DVSN": "00",
        "EXCG_ID_DVSN_CD": venue,
        "CTX_AREA_FK100": "k",
        "CTX_AREA_NK100": "n",
    } == dict(request.query)


def test_balance_is_read_and_what_was_sold_out_left_out() -> None:
    ghost = HOLDING_ROW | {"pdno": "000660", "hldg_qty": "0"}

    holdings, cash = parse_balance_page(answer(output1=[HOLDING_ROW, ghost], output2=[CASH_ROW]))
    balance = join_balance(holdings, cash)

    assert [holding.symbol for holding in balance.holdings] == ["005930"]
    assert (balance.holdings[0].sellable, balance.holdings[0].cost) == (4, 719_000)
    assert (balance.cash_today, balance.cash_next_day, balance.cash_settled) == (
        1_000_000,
        900_000,
        -5,
    )
    assert (balance.bought_today, balance.costs_today) == (719_000, 101)


def test_holding_that_is_listed_twice_counts_once() -> None:
    holdings, cash = parse_balance_page(
        answer(output1=[HOLDING_ROW, HOLDING_ROW], output2=[CASH_ROW])
    )

    assert len(join_balance(holdings, cash).holdings) == 1


def test_holding_that_is_listed_twice_differently_is_refused() -> None:
    other = HOLDING_ROW | {"hldg_qty": "11"}
    holdings, cash = parse_balance_page(answer(output1=[HOLDING_ROW, other], output2=[CASH_ROW]))

    with pytest.raises(BadPeerData, match="005930 twice"):
        join_balance(holdings, cash)


@pytest.mark.parametrize("rows", [[], [CASH_ROW, CASH_ROW], [CASH_ROW | {"dnca_tot_amt": ""}]])
def test_balance_without_certain_cash_is_refused(rows: list[dict[str, str]]) -> None:
    with pytest.raises(BadPeerData):
        parse_balance_page(answer(output1=[], output2=rows))


def test_balance_is_asked_by_symbol_with_todays_trades() -> None:
    query = dict(balance_request(ACCOUNT, environment=Environment.REAL).query)

    assert (query["INQR_DVSN"], query["PRCS_DVSN"], query["AFHR_FLPR_YN"]) == ("02", "00", "N")


def test_buying_power_is_without_credit() -> None:
    output = {
        "psbl_qty_calc_unpr": "93600",
        "nrcvb_buy_amt": "1000000",
        "nrcvb_buy_qty": "10",
        "max_buy_amt": "9999999",
    }

    power = parse_buying_power(answer(output=output))

    assert (power.price, power.amount, power.quantity) == (93_600, 1_000_000, 10)


def test_buying_power_of_a_market_order_has_no_price() -> None:
    request = buying_power_request(
        ACCOUNT,
        environment=Environment.REAL,
        symbol=Symbol("005930"),
        kind=OrderKind.MARKET,
        price=Won(5),
    )

    assert dict(request.query)["ORD_UNPR"] == "0"
    assert dict(request.query)["ORD_DVSN"] == "01"
