"""Order and fill notices (H0STCNI0, H0STCNI9), decrypted: 26 fields, or 23 in the legacy layout.

One record serves requests and fills; CNTG_YN tells which, and price and quantity are in CNTG_QTY
and CNTG_UNPR in both. An account name is in there too: it is not read, and never logged.
"""

from datetime import date

import msgspec

from aipx.errors import BadPeerData
from aipx.model.ids import AccountId, BrokerOrderNumber, Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.order import BrokerNotice, NoticeRequest, NoticeStage, OrderKind, Side
from aipx.model.time import Nanos
from aipx.wire.kis.codes import (
    CODE_BY_KIND,
    CODE_BY_REQUEST,
    CODE_BY_SIDE,
    CODES_BY_STAGE,
    NOTICE_CODE_BY_VENUE,
    REQUEST_BY_CODE,
    SIDE_BY_CODE,
    STAGE_BY_CODES,
    VENUE_BY_NOTICE_CODE,
    meaning,
)
from aipx.wire.kis.layout import Layout
from aipx.wire.kis.texts import count, moment, shown

WIDTH = 26
LEGACY_WIDTH = 23
_VENUE_FIELD = 19


class KisNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What the simulator says in a notice. `account` is CANO and product, ten digits.

    `quantity` and `price` are the execution's on a fill, the order's on any other stage.
    """

    hts_id: str
    account: str
    number: BrokerOrderNumber
    side: Side
    request: NoticeRequest
    stage: NoticeStage
    kind: OrderKind
    symbol: Symbol
    quantity: Shares
    price: Won
    time: str
    organisation: str
    order_quantity: Shares
    order_price: Won
    original_number: str = ""
    rejected: bool = False
    account_name: str = ""
    symbol_name: str = ""
    venue: Venue = Venue.KRX


def split_notices(plain: str, *, records: int) -> list[str]:
    """Return the records of a decrypted payload, each as one text.

    Raises:
        BadPeerData: the fields do not divide by the record count.
    """
    fields = plain.split("^")
    width, rest = divmod(len(fields), records)
    if rest or not width:
        raise BadPeerData(f"notice payload has {len(fields)} fields for {records} records")
    return ["^".join(fields[at : at + width]) for at in range(0, len(fields), width)]


def notice_account(account: AccountId) -> str:
    """Return an account as notices write it: ten digits, no dash."""
    return account.replace("-", "")


def parse_notice(
    plain: str, *, day: date, receive_time: Nanos, event_id: str, trace_id: str
) -> BrokerNotice:
    """Read one decrypted record; it has a time of day only, `day` is the business date.

    A record of at least 26 fields is of the current layout; 23 to 25 fields are the legacy one,
    which names no venue: then it was KRX, there was no other.

    Raises:
        BadPeerData: fewer fields, or a side, request, stage, venue or number that is not known.
    """
    fields = plain.split("^")
    if len(fields) < LEGACY_WIDTH:
        raise BadPeerData(f"notice has {len(fields)} fields, at least {LEGACY_WIDTH} are needed")
    stage = STAGE_BY_CODES.get((fields[13], fields[14]))
    if stage is None:
        raise BadPeerData(f"notice CNTG_YN, ACPT_YN are {shown(fields[13])}, {shown(fields[14])}")
    return BrokerNotice(
        event_id=event_id,
        trace_id=trace_id,
        receive_time=receive_time,
        exchange_time=moment(day, fields[11]),
        account=_account(fields[1]),
        number=order_number(fields[2], field="ODER_NO"),
        original_number=optional_order_number(fields[3], field="OODER_NO"),
        organisation=fields[15].strip(),
        side=meaning(SIDE_BY_CODE, fields[4], field="SELN_BYOV_CLS"),
        request=meaning(REQUEST_BY_CODE, fields[5], field="RCTF_CLS"),
        stage=stage,
        symbol=_symbol(fields[8]),
        quantity=Shares(count(fields[9], field="CNTG_QTY")),
        price=Won(count(fields[10], field="CNTG_UNPR")),
        order_quantity=Shares(count(fields[16], field="ODER_QTY")),
        rejected=_flag(fields[12], field="RFUS_YN"),
        venue=_venue(fields),
    )


def format_notice(record: KisNotice, layout: Layout) -> str:
    """Return the plain text of a notice, before encryption."""
    filled, stage = CODES_BY_STAGE[record.stage]
    head = (
        *(record.hts_id, record.account, record.number, record.original_number),
        *(CODE_BY_SIDE[record.side], CODE_BY_REQUEST[record.request], CODE_BY_KIND[record.kind]),
        "1" if record.kind.is_ioc else "2" if record.kind.is_fok else "0",
        *(record.symbol, f"{record.quantity:010d}", f"{record.price:09d}", record.time),
        *("1" if record.rejected else "0", filled, stage, record.organisation),
        *(f"{record.order_quantity:09d}", record.account_name),
    )
    tail = ("00", "", record.symbol_name, f"{record.order_price:09d}")
    if layout is Layout.LEGACY:
        return "^".join((*head, record.symbol_name[:14], *tail))
    return "^".join(
        (*head, f"{0:09d}", NOTICE_CODE_BY_VENUE[record.venue], "N", "   ", *tail),
    )


def order_number(text: str, *, field: str) -> BrokerOrderNumber:
    """Return a KIS order number: ten digits, zeros in front, not all zero.

    Raises:
        BadPeerData: empty, too long, zero or not digits.
    """
    digits = text.strip(" ")
    is_number = 0 < len(digits) <= 10 and digits.isascii() and digits.isdigit()
    if not is_number or not digits.strip("0"):
        raise BadPeerData(f"{field} is {shown(text)}, not an order number")
    return BrokerOrderNumber(digits.zfill(10))


def optional_order_number(text: str, *, field: str) -> BrokerOrderNumber:
    """Return a number as `order_number`; blank or all zero is none, and then empty."""
    if not text.strip(" 0"):
        return BrokerOrderNumber("")
    return order_number(text, field=field)


def _account(text: str) -> AccountId:
    if len(text) != 10 or not (text.isascii() and text.isdigit()):
        raise BadPeerData(f"notice ACNT_NO has {len(text)} characters, ten digits are needed")
    return AccountId(f"{text[:8]}-{text[8:]}")


def _symbol(text: str) -> Symbol:
    symbol = text.strip(" ")
    if not (6 <= len(symbol) <= 9 and symbol.isascii() and symbol.isalnum()):
        raise BadPeerData(f"notice symbol is {shown(text)}")
    return Symbol(symbol)


def _flag(text: str, *, field: str) -> bool:
    if text not in ("0", "1"):
        raise BadPeerData(f"notice {field} is {shown(text)}, must be 0 or 1")
    return text == "1"


def _venue(fields: list[str]) -> Venue:
    if len(fields) < WIDTH:
        return Venue.KRX
    return meaning(VENUE_BY_NOTICE_CODE, fields[_VENUE_FIELD], field="ORD_EXG_GB")
