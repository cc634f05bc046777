"""What can still be changed or sold: open orders, and a symbol's sellable shares.

The real system alone has these calls; on paper the day's orders tell both.
"""

import msgspec

from aipx.model.ids import AccountId, BrokerOrderNumber, Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.order import OrderKind, Side
from aipx.wire.kis.codes import SIDE_BY_CODE, Environment, kind_of, meaning
from aipx.wire.kis.notices import optional_order_number, order_number
from aipx.wire.kis.rest.account import VENUE_BY_CODE, continuation_fields, symbol_of
from aipx.wire.kis.rest.calls import Call, tr_id
from aipx.wire.kis.rest.envelope import RestRequest, account_fields, parse_output
from aipx.wire.kis.texts import count, time_text

_TRADING = "/uapi/domestic-stock/v1/trading"
OPEN_ORDERS_PATH = f"{_TRADING}/inquire-psbl-rvsecncl"
SELLABLE_PATH = f"{_TRADING}/inquire-psbl-sell"


class OpenOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order with shares that can be modified or cancelled; `open_quantity` is how many."""

    number: BrokerOrderNumber
    original_number: BrokerOrderNumber
    organisation: str
    side: Side
    kind: OrderKind
    symbol: Symbol
    quantity: Shares
    price: Won
    order_time: str
    filled_quantity: Shares
    open_quantity: Shares
    venue: Venue


class Sellable(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a symbol is held, and how much of it may be sold now."""

    symbol: Symbol
    held: Shares
    sellable: Shares


class _Row(msgspec.Struct):
    ord_gno_brno: str
    odno: str
    sll_buy_dvsn_cd: str
    pdno: str
    ord_qty: str
    ord_unpr: str
    ord_tmd: str
    tot_ccld_qty: str
    psbl_qty: str
    ord_dvsn_cd: str
    orgn_odno: str = ""
    excg_id_dvsn_cd: str = ""


class _OpenOrders(msgspec.Struct):
    output: list[_Row]


class _SellableRow(msgspec.Struct):
    pdno: str
    cblc_qty: str
    ord_psbl_qty: str


class _SellableBody(msgspec.Struct):
    output: _SellableRow


def open_orders_request(
    account: AccountId, *, environment: Environment, continuation: tuple[str, str] = ("", "")
) -> RestRequest:
    """Return the request for one page of what can be modified or cancelled, by order.

    Raises:
        InputError: the paper system does not serve it.
    """
    query = (
        *account_fields(account),
        *continuation_fields(continuation),
        ("INQR_DVSN_1", "0"),
        ("INQR_DVSN_2", "0"),
    )
    return RestRequest(
        method="GET",
        path=OPEN_ORDERS_PATH,
        tr_id=tr_id(Call.OPEN_ORDERS, environment),
        query=query,
    )


def parse_open_orders_page(body: bytes) -> tuple[OpenOrder, ...]:
    """Read one page of open orders, in KIS's order.

    Raises:
        BadPeerData: another shape, an empty or negative number, or a code that is not known.
    """
    answer = parse_output(body, _OpenOrders, what="inquire-psbl-rvsecncl")
    return tuple(_open_order(row) for row in answer.output)


def sellable_request(
    account: AccountId, *, environment: Environment, symbol: Symbol
) -> RestRequest:
    """Return the request for what of a symbol may be sold.

    Raises:
        InputError: the paper system does not serve it.
    """
    return RestRequest(
        method="GET",
        path=SELLABLE_PATH,
        tr_id=tr_id(Call.SELLABLE, environment),
        query=(*account_fields(account), ("PDNO", symbol)),
    )


def parse_sellable(body: bytes) -> Sellable:
    """Read what may be sold.

    Raises:
        BadPeerData: another shape, or an empty or negative number.
    """
    output = parse_output(body, _SellableBody, what="inquire-psbl-sell").output
    return Sellable(
        symbol=symbol_of(output.pdno),
        held=Shares(count(output.cblc_qty, field="cblc_qty")),
        sellable=Shares(count(output.ord_psbl_qty, field="ord_psbl_qty")),
    )


def _open_order(row: _Row) -> OpenOrder:
    return OpenOrder(
        number=order_number(row.odno, field="odno"),
        original_number=optional_order_number(row.orgn_odno, field="orgn_odno"),
        organisation=row.ord_gno_brno.strip(),
        side=meaning(SIDE_BY_CODE, row.sll_buy_dvsn_cd, field="sll_buy_dvsn_cd"),
        kind=kind_of(row.ord_dvsn_cd),
        symbol=symbol_of(row.pdno),
        quantity=Shares(count(row.ord_qty, field="ord_qty")),
        price=Won(count(row.ord_unpr, field="ord_unpr")),
        order_time=time_text(row.ord_tmd),
        filled_quantity=Shares(count(row.tot_ccld_qty, field="tot_ccld_qty")),
        open_quantity=Shares(count(row.psbl_qty, field="psbl_qty")),
        venue=meaning(VENUE_BY_CODE, row.excg_id_dvsn_cd.strip(), field="excg_id_dvsn_cd"),
    )
