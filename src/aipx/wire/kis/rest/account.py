"""The account's inquiries: balance, orders of a day, buying power."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from aipx.errors import BadPeerData
from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.order import BrokerBalance, BrokerHolding, BrokerOrder, OrderKind
from aipx.model.time import kst_yyyymmdd
from aipx.wire.kis.codes import (
    CODE_BY_KIND,
    SIDE_BY_CODE,
    Environment,
    kind_of,
    meaning,
)
from aipx.wire.kis.notices import optional_order_number, order_number
from aipx.wire.kis.rest.calls import Call, tr_id
from aipx.wire.kis.rest.envelope import RestRequest, account_fields, parse_output
from aipx.wire.kis.texts import count, day_of, shown, time_text, whole

_TRADING = "/uapi/domestic-stock/v1/trading"
BALANCE_PATH = f"{_TRADING}/inquire-balance"
DAILY_ORDERS_PATH = f"{_TRADING}/inquire-daily-ccld"
BUYING_POWER_PATH = f"{_TRADING}/inquire-psbl-order"

_CANCEL_WORD = "취소"
_MODIFY_WORD = "정정"
VENUE_BY_CODE: Mapping[str, Venue] = MappingProxyType(
    {"": Venue.KRX, "KRX": Venue.KRX, "NXT": Venue.NXT, "SOR": Venue.SOR}
)


class BuyingPower(msgspec.Struct, frozen=True, kw_only=True):
    """What KIS would let the account buy without credit, at the price it reckoned with."""

    price: Won
    amount: Won
    quantity: Shares


class CashPart(msgspec.Struct, frozen=True, kw_only=True):
    """The balance's amounts, apart from the holdings that come in pages."""

    cash_today: Won
    cash_next_day: Won
    cash_settled: Won
    bought_today: Won
    sold_today: Won
    costs_today: Won


class _Holding(msgspec.Struct):
    pdno: str
    hldg_qty: str
    ord_psbl_qty: str
    pchs_amt: str


class _Cash(msgspec.Struct):
    dnca_tot_amt: str
    nxdy_excc_amt: str
    prvs_rcdl_excc_amt: str
    thdt_buy_amt: str
    thdt_sll_amt: str
    thdt_tlex_amt: str


class _Balance(msgspec.Struct):
    output1: list[_Holding]
    output2: list[_Cash]


class _Order(msgspec.Struct, rename={"excg_id_dvsn_cd": "excg_id_dvsn_Cd"}):
    ord_dt: str
    ord_gno_brno: str
    odno: str
    sll_buy_dvsn_cd: str
    pdno: str
    ord_qty: str
    ord_unpr: str
    ord_tmd: str
    tot_ccld_qty: str
    tot_ccld_amt: str
    ord_dvsn_cd: str
    cncl_cfrm_qty: str
    rmn_qty: str
    rjct_qty: str
    orgn_odno: str = ""
    cncl_yn: str = ""
    ord_dvsn_name: str = ""
    sll_buy_dvsn_cd_name: str = ""
    excg_id_dvsn_cd: str = ""


class _DailyOrders(msgspec.Struct):
    output1: list[_Order]


class _Power(msgspec.Struct):
    psbl_qty_calc_unpr: str
    nrcvb_buy_amt: str
    nrcvb_buy_qty: str


class _BuyingPower(msgspec.Struct):
    output: _Power


def balance_request(
    account: AccountId, *, environment: Environment, continuation: tuple[str, str] = ("", "")
) -> RestRequest:
    """Return the request for one page of the balance, by symbol, today's trades included."""
    query = (
        *account_fields(account),
        ("AFHR_FLPR_YN", "N"),
        ("OFL_YN", ""),
        ("INQR_DVSN", "02"),
        ("UNPR_DVSN", "01"),
        ("FUND_STTL_ICLD_YN", "N"),
        ("FNCG_AMT_AUTO_RDPT_YN", "N"),
        ("PRCS_DVSN", "00"),
        *continuation_fields(continuation),
    )
    return RestRequest(
        method="GET", path=BALANCE_PATH, tr_id=tr_id(Call.BALANCE, environment), query=query
    )


def parse_balance_page(body: bytes) -> tuple[tuple[BrokerHolding, ...], CashPart]:
    """Read one page: its holdings (those sold out, with 0 shares, left out) and the amounts.

    Raises:
        BadPeerData: another shape, an empty or negative number, or not exactly one output2.
    """
    answer = parse_output(body, _Balance, what="inquire-balance")
    if len(answer.output2) != 1:
        raise BadPeerData(f"inquire-balance has {len(answer.output2)} output2, must be 1")
    holdings = tuple(_holding(row) for row in answer.output1)
    return tuple(holding for holding in holdings if holding.quantity), _cash(answer.output2[0])


def join_balance(holdings: tuple[BrokerHolding, ...], cash: CashPart) -> BrokerBalance:
    """Join the pages' holdings; KIS was seen to list one twice, which then must be the same.

    Raises:
        BadPeerData: one symbol with two different rows.
    """
    by_symbol: dict[Symbol, BrokerHolding] = {}
    for holding in holdings:
        known = by_symbol.setdefault(holding.symbol, holding)
        if known != holding:
            raise BadPeerData(f"inquire-balance lists {holding.symbol} twice, with different rows")
    return BrokerBalance(
        holdings=tuple(by_symbol.values()),
        cash_today=cash.cash_today,
        cash_next_day=cash.cash_next_day,
        cash_settled=cash.cash_settled,
        bought_today=cash.bought_today,
        sold_today=cash.sold_today,
        costs_today=cash.costs_today,
    )


def daily_orders_request(
    account: AccountId,
    *,
    environment: Environment,
    day: date,
    last: date | None = None,
    is_old: bool = False,
    continuation: tuple[str, str] = ("", ""),
) -> RestRequest:
    """Return the request for one page of all orders of a day, oldest first, all venues.

    `last` makes it a period; `is_old` asks the ledger of what is more than three months past.
    """
    call = Call.OLD_DAILY_ORDERS if is_old else Call.DAILY_ORDERS
    query = (
        *account_fields(account),
        ("INQR_STRT_DT", kst_yyyymmdd(day)),
        ("INQR_END_DT", kst_yyyymmdd(last or day)),
        ("SLL_BUY_DVSN_CD", "00"),
        ("PDNO", ""),
        ("ORD_GNO_BRNO", ""),
        ("ODNO", ""),
        ("CCLD_DVSN", "00"),
        ("INQR_DVSN", "01"),
        ("INQR_DVSN_1", ""),
        ("INQR_DVSN_3", "00"),
        # The paper system knows one venue, and refuses ALL.
        ("EXCG_ID_DVSN_CD", "ALL" if environment is Environment.REAL else "KRX"),
        *continuation_fields(continuation),
    )
    return RestRequest(
        method="GET",
        path=DAILY_ORDERS_PATH,
        tr_id=tr_id(call, environment),
        query=query,
    )


def parse_daily_orders_page(body: bytes) -> tuple[BrokerOrder, ...]:
    """Read one page of orders, in KIS's order.

    Raises:
        BadPeerData: another shape, an empty or negative number, or a code that is not known.
    """
    answer = parse_output(body, _DailyOrders, what="inquire-daily-ccld")
    return tuple(_order(row) for row in answer.output1)


def buying_power_request(
    account: AccountId, *, environment: Environment, symbol: Symbol, kind: OrderKind, price: Won
) -> RestRequest:
    """Return the request for what could be bought of a symbol."""
    query = (
        *account_fields(account),
        ("PDNO", symbol),
        ("ORD_UNPR", str(price) if kind.is_priced else "0"),
        ("ORD_DVSN", CODE_BY_KIND[kind]),
        ("CMA_EVLU_AMT_ICLD_YN", "N"),
        ("OVRS_ICLD_YN", "N"),
    )
    return RestRequest(
        method="GET",
        path=BUYING_POWER_PATH,
        tr_id=tr_id(Call.BUYING_POWER, environment),
        query=query,
    )


def parse_buying_power(body: bytes) -> BuyingPower:
    """Read what could be bought without credit.

    Raises:
        BadPeerData: another shape, or an empty or negative number.
    """
    output = parse_output(body, _BuyingPower, what="inquire-psbl-order").output
    return BuyingPower(
        price=Won(count(output.psbl_qty_calc_unpr, field="psbl_qty_calc_unpr")),
        amount=Won(count(output.nrcvb_buy_amt, field="nrcvb_buy_amt")),
        quantity=Shares(count(output.nrcvb_buy_qty, field="nrcvb_buy_qty")),
    )


def continuation_fields(keys: tuple[str, str]) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the two fields that ask for the next page; KIS pads their values with blanks."""
    return ("CTX_AREA_FK100", keys[0].strip()), ("CTX_AREA_NK100", keys[1].strip())


def _holding(row: _Holding) -> BrokerHolding:
    return BrokerHolding(
        symbol=symbol_of(row.pdno),
        quantity=Shares(count(row.hldg_qty, field="hldg_qty")),
        sellable=Shares(count(row.ord_psbl_qty, field="ord_psbl_qty")),
        cost=Won(count(row.pchs_amt, field="pchs_amt")),
    )


def _cash(row: _Cash) -> CashPart:
    return CashPart(
        cash_today=Won(whole(row.dnca_tot_amt, field="dnca_tot_amt")),
        cash_next_day=Won(whole(row.nxdy_excc_amt, field="nxdy_excc_amt")),
        cash_settled=Won(whole(row.prvs_rcdl_excc_amt, field="prvs_rcdl_excc_amt")),
        bought_today=Won(count(row.thdt_buy_amt, field="thdt_buy_amt")),
        sold_today=Won(count(row.thdt_sll_amt, field="thdt_sll_amt")),
        costs_today=Won(count(row.thdt_tlex_amt, field="thdt_tlex_amt")),
    )


def _order(row: _Order) -> BrokerOrder:
    original = optional_order_number(row.orgn_odno, field="orgn_odno")
    return BrokerOrder(
        order_date=day_of(row.ord_dt, field="ord_dt"),
        number=order_number(row.odno, field="odno"),
        original_number=original,
        organisation=row.ord_gno_brno.strip(),
        side=meaning(SIDE_BY_CODE, row.sll_buy_dvsn_cd, field="sll_buy_dvsn_cd"),
        kind=kind_of(row.ord_dvsn_cd),
        symbol=symbol_of(row.pdno),
        quantity=Shares(count(row.ord_qty, field="ord_qty")),
        price=Won(count(row.ord_unpr, field="ord_unpr")),
        order_time=time_text(row.ord_tmd),
        filled_quantity=Shares(count(row.tot_ccld_qty, field="tot_ccld_qty")),
        filled_amount=Won(count(row.tot_ccld_amt, field="tot_ccld_amt")),
        canceled_quantity=Shares(count(row.cncl_cfrm_qty, field="cncl_cfrm_qty")),
        rejected_quantity=Shares(count(row.rjct_qty, field="rjct_qty")),
        open_quantity=Shares(count(row.rmn_qty, field="rmn_qty")),
        is_cancel=bool(original) and _is_cancel(row),
        venue=meaning(VENUE_BY_CODE, row.excg_id_dvsn_cd.strip(), field="excg_id_dvsn_Cd"),
    )


def _is_cancel(row: _Order) -> bool:
    """Tell a cancel's row from a modify's; both name an original order.

    KIS writes the request into the names; cncl_yn alone is also set on a modified order that was
    cancelled later, so it only decides where the names say nothing.
    """
    names = row.sll_buy_dvsn_cd_name + row.ord_dvsn_name
    if _CANCEL_WORD in names:
        return True
    if _MODIFY_WORD in names:
        return False
    return row.cncl_yn == "Y"


def symbol_of(text: str) -> Symbol:
    """Read a symbol.

    Raises:
        BadPeerData: no code of letters and digits.
    """
    symbol = text.strip()
    if not (1 <= len(symbol) <= 12 and symbol.isascii() and symbol.isalnum()):
        raise BadPeerData(f"pdno is {shown(text)}, not a symbol")
    return Symbol(symbol)
