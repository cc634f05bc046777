"""Orders and cancels: the exact bodies of order-cash and order-rvsecncl, and what is answered."""

import msgspec

from aipx.errors import BadPeerData
from aipx.model.ids import AccountId, BrokerOrderNumber
from aipx.model.instrument import Shares
from aipx.model.order import Side, SubmitOrder
from aipx.model.outcome import CancelTarget
from aipx.wire.kis.codes import CODE_BY_KIND, Environment
from aipx.wire.kis.notices import order_number
from aipx.wire.kis.rest.calls import Call, tr_id
from aipx.wire.kis.rest.envelope import RestRequest, account_fields, json_body, parse_output

ORDER_PATH = "/uapi/domestic-stock/v1/trading/order-cash"
MODIFY_OR_CANCEL_PATH = "/uapi/domestic-stock/v1/trading/order-rvsecncl"

_MODIFY = "01"
_CANCEL = "02"


class OrderReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """KIS took a request and numbered it. `order_time` is HHMMSS of KIS's clock."""

    number: BrokerOrderNumber
    organisation: str
    order_time: str


class _Receipt(msgspec.Struct):
    ODNO: str
    KRX_FWDG_ORD_ORGNO: str = ""
    ORD_TMD: str = ""


class _Answer(msgspec.Struct):
    output: _Receipt


def submit_request(
    wish: SubmitOrder, *, account: AccountId, environment: Environment
) -> RestRequest:
    """Return the request for a new order; the side is in the TR id only."""
    call = Call.BUY if wish.side is Side.BUY else Call.SELL
    fields = (
        *account_fields(account),
        ("PDNO", wish.symbol),
        ("ORD_DVSN", CODE_BY_KIND[wish.kind]),
        ("ORD_QTY", str(wish.quantity)),
        ("ORD_UNPR", str(wish.price) if wish.kind.is_priced else "0"),
        *_trigger_field(wish),
        ("EXCG_ID_DVSN_CD", wish.venue.value),
    )
    return RestRequest(
        method="POST", path=ORDER_PATH, tr_id=tr_id(call, environment), body=json_body(dict(fields))
    )


def cancel_request(
    target: CancelTarget,
    *,
    account: AccountId,
    environment: Environment,
    quantity: Shares | None = None,
) -> RestRequest:
    """Return the request to cancel an order: its whole remainder, or `quantity` shares of it."""
    terms = (
        ("ORD_DVSN", CODE_BY_KIND[target.kind]),
        ("RVSE_CNCL_DVSN_CD", _CANCEL),
        ("ORD_QTY", "0" if quantity is None else str(quantity)),
        ("ORD_UNPR", "0"),
        ("QTY_ALL_ORD_YN", "Y" if quantity is None else "N"),
    )
    return _change_request(target, terms, account=account, environment=environment)


def replace_request(
    target: CancelTarget, wish: SubmitOrder, *, account: AccountId, environment: Environment
) -> RestRequest:
    """Return the request to modify an order into `wish`: another price, kind or quantity.

    KIS gives the modified shares a new order number; less than the remainder splits the order.
    """
    is_whole = wish.quantity == target.quantity
    terms = (
        ("ORD_DVSN", CODE_BY_KIND[wish.kind]),
        ("RVSE_CNCL_DVSN_CD", _MODIFY),
        ("ORD_QTY", "0" if is_whole else str(wish.quantity)),
        ("ORD_UNPR", str(wish.price) if wish.kind.is_priced else "0"),
        ("QTY_ALL_ORD_YN", "Y" if is_whole else "N"),
        *_trigger_field(wish),
    )
    return _change_request(target, terms, account=account, environment=environment)


def _trigger_field(wish: SubmitOrder) -> tuple[tuple[str, str], ...]:
    return (("CNDT_PRIC", str(wish.trigger_price)),) if wish.trigger_price else ()


def _change_request(
    target: CancelTarget,
    terms: tuple[tuple[str, str], ...],
    *,
    account: AccountId,
    environment: Environment,
) -> RestRequest:
    fields = (
        *account_fields(account),
        ("KRX_FWDG_ORD_ORGNO", target.organisation),
        ("ORGN_ODNO", target.number),
        *terms,
        ("EXCG_ID_DVSN_CD", target.venue.value),
    )
    return RestRequest(
        method="POST",
        path=MODIFY_OR_CANCEL_PATH,
        tr_id=tr_id(Call.MODIFY_OR_CANCEL, environment),
        body=json_body(dict(fields)),
    )


def parse_receipt(body: bytes) -> OrderReceipt:
    """Read the answer to an order or a cancel that KIS called a success.

    Raises:
        BadPeerData: no usable order number: the outcome is unknown, for KIS said success.
    """
    output = parse_output(body, _Answer, what="an order").output
    number = output.ODNO.strip()
    if not number:
        raise BadPeerData("answer to an order: success without ODNO")
    return OrderReceipt(
        number=order_number(number, field="ODNO"),
        organisation=output.KRX_FWDG_ORD_ORGNO.strip(),
        order_time=output.ORD_TMD.strip(),
    )
