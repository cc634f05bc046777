"""GET inquire-daily-ccld and inquire-psbl-rvsecncl: what became of orders, and what is open."""

from collections.abc import Iterator, Sequence
from datetime import date

from aipx.model.ids import AccountId
from aipx.model.instrument import Won
from aipx.model.order import NoticeRequest, OrderKind, Side
from aipx.model.time import kst_hhmmss, kst_yyyymmdd
from aipx.simulator.faults import FaultName
from aipx.simulator.orders import DatedOrder, OrderRow
from aipx.simulator.rest.envelope import Answer, JsonValue, Rejection, fixed
from aipx.simulator.rest.office import Call, Office, account_of
from aipx.simulator.rest.paging import page, paged
from aipx.wire.kis.codes import CODE_BY_KIND, CODE_BY_SIDE

ORDERS_A_PAGE_REAL = 100
ORDERS_A_PAGE_PAPER = 15
OPEN_ORDERS_A_PAGE = 50

_CHANGED = Rejection(
    code="APBK1685",  # the code is assumed; the text was seen by users
    message="조회이후에 자료가 변경되었습니다.(다시 조회하세요)",
    result="7",
)
_KIND_NAMES = {
    "00": "지정가",
    "01": "시장가",
    "02": "조건부지정가",
    "03": "최유리지정가",
    "04": "최우선지정가",
    "05": "장전시간외",
    "06": "장후시간외",
    "11": "IOC지정가",
    "12": "FOK지정가",
    "13": "IOC시장가",
    "14": "FOK시장가",
    "15": "IOC최유리",
    "16": "FOK최유리",
    "21": "중간가",
    "22": "스톱지정가",
    "23": "IOC중간가",
    "24": "FOK중간가",
}
_IOC_CODES = frozenset({"11", "13", "15", "23", "42", "45"})
_FOK_CODES = frozenset({"12", "14", "16", "24", "43", "46"})
_SIDE_NAMES = {Side.BUY: "매수", Side.SELL: "매도"}
_REQUEST_NAMES = {
    NoticeRequest.NEW: "",
    NoticeRequest.MODIFY: "정정",
    NoticeRequest.CANCEL: "취소",
}


def daily_orders(office: Office, call: Call) -> Answer:
    """Answer inquire-daily-ccld: one row a number, no row an execution."""
    account = account_of(office, call)
    if isinstance(account, Rejection):
        return account
    struck = _struck_by_faults(office, call)
    if isinstance(struck, Rejection):
        return struck
    orders = [] if struck else _filtered(office, call, account)
    size = ORDERS_A_PAGE_PAPER if office.settings.is_paper else ORDERS_A_PAGE_REAL
    cut = page(orders, call, size=size, key=_key)
    if isinstance(cut, Rejection):
        return cut
    shown, next_key = cut
    rows = [_order_row(office, order) for order in shown]
    body: dict[str, JsonValue] = {"output1": rows, "output2": _order_totals(orders)}
    return paged(call, body, next_key=next_key)


def open_orders(office: Office, call: Call) -> Answer:
    """Answer inquire-psbl-rvsecncl: what can still be modified or canceled."""
    account = account_of(office, call)
    if isinstance(account, Rejection):
        return account
    side = call.text("INQR_DVSN_2")
    rows = [
        row
        for row in office.ledger.of_account(account)
        if row.open_quantity > 0 and side in ("", "0", CODE_BY_SIDE[row.side][1:])
    ]
    if call.text("INQR_DVSN_1") == "1":
        rows.sort(key=lambda row: row.symbol)
    cut = page(rows, call, size=OPEN_ORDERS_A_PAGE, key=lambda row: row.number)
    if isinstance(cut, Rejection):
        return cut
    shown, next_key = cut
    return paged(call, {"output": [_open_row(office, row) for row in shown]}, next_key=next_key)


def _struck_by_faults(office: Office, call: Call) -> Rejection | bool:
    """Return the refusal of a next page, or whether the list comes empty."""
    now = kst_hhmmss(call.at)
    if call.is_continued and office.faults.strikes(FaultName.PAGING_CHANGED, now):
        return _CHANGED
    return office.faults.strikes(FaultName.DAILY_CCLD_EMPTY, now)


def _key(order: DatedOrder) -> str:
    """Numbers begin anew each day, so a page's key names the day too."""
    return f"{kst_yyyymmdd(order.day)}{order.row.number}"


def _orders(office: Office, account: AccountId) -> Iterator[DatedOrder]:
    """Return an account's orders of all days known, oldest first."""
    yield from office.past.of_account(account)
    means, today = office.accounts[account], office.session.day
    for row in office.ledger.of_account(account):
        yield DatedOrder(day=today, row=row, costs=Won(sum(means.costs_booked(row.number))))


def _filtered(office: Office, call: Call, account: AccountId) -> list[DatedOrder]:
    today = kst_yyyymmdd(office.session.day)
    first, last = call.text("INQR_STRT_DT") or today, call.text("INQR_END_DT") or today
    side, symbol, number = call.text("SLL_BUY_DVSN_CD"), call.text("PDNO"), call.text("ODNO")
    filled = call.text("CCLD_DVSN")
    orders = [
        order
        for order in _orders(office, account)
        if first <= kst_yyyymmdd(order.day) <= last
        and side in ("", "00", CODE_BY_SIDE[order.row.side])
        and symbol in ("", order.row.symbol)
        and (not number or number.rjust(10, "0") == order.row.number)
        and (filled != "01" or order.row.filled_quantity > 0)
        and (filled != "02" or order.row.open_quantity > 0)
    ]
    # 01 is oldest first; anything else is newest first.
    return orders if call.text("INQR_DVSN") == "01" else orders[::-1]


def kind_name(kind: OrderKind) -> str:
    """Return KIS's word for a kind of order."""
    code = CODE_BY_KIND[kind]
    return _KIND_NAMES.get(code, code)


def _condition(kind: OrderKind) -> str:
    code = CODE_BY_KIND[kind]
    if code in _IOC_CODES:
        return "IOC"
    return "FOK" if code in _FOK_CODES else "없음"


def _order_row(office: Office, order: DatedOrder) -> dict[str, str]:
    row = order.row
    is_canceled = row.is_cancel or row.canceled_quantity > 0
    return _identity(office, row, order.day) | {
        "avg_prvs": fixed(row.average_price_x10000, 4, scale=10_000),
        "cncl_yn": "Y" if is_canceled else "N",
        "cncl_cfrm_qty": str(row.canceled_quantity),
        "rmn_qty": str(row.open_quantity),
        "rjct_qty": str(row.rejected_quantity),
        "ccld_cndt_name": _condition(row.kind),
        "ordr_empno": "OpnAPI",
        "inqr_ip_addr": "127.0.0.1",
        "prdt_type_cd": "300",
        "ord_orgno": office.settings.organisation,
        "infm_tmd": kst_hhmmss(row.at),
        # Loans, tellers, telephones and reservations: no order by API has them.
        "loan_dt": "",
        "cpbc_ordp_ord_rcit_dvsn_cd": "",
        "cpbc_ordp_infm_mthd_dvsn_cd": "",
        "ctac_tlno": "",
        "cpbc_ordp_mtrl_dvsn_cd": "",
        "rsvn_ord_end_dt": "",
        "excg_id_dvsn_Cd": "KRX",
        "stpm_cndt_pric": str(row.trigger_price),
        # "Date and time", its form unseen: the two joined (assumed).
        "stpm_efct_occr_dtmd": (
            kst_yyyymmdd(order.day) + kst_hhmmss(row.triggered_at) if row.triggered_at else ""
        ),
    }


def _open_row(office: Office, row: OrderRow) -> dict[str, str]:
    return _identity(office, row, office.session.day) | {
        "rvse_cncl_dvsn_name": _REQUEST_NAMES[row.request],
        "psbl_qty": str(row.open_quantity),
        "mgco_aptm_odno": "",
        "excg_id_dvsn_cd": "KRX",
        "excg_id_dvsn_name": "한국거래소",
        "stpm_cndt_pric": str(row.trigger_price),
        "stpm_efct_occr_yn": "Y" if row.triggered_at else "N",
    }


def _identity(office: Office, row: OrderRow, day: date) -> dict[str, str]:
    """Return what both lists say of an order."""
    return {
        "ord_dt": kst_yyyymmdd(day),
        "ord_gno_brno": office.settings.organisation,
        "odno": row.number,
        "orgn_odno": row.original_number,
        "ord_dvsn_name": kind_name(row.kind),
        "ord_dvsn_cd": CODE_BY_KIND[row.kind],
        "sll_buy_dvsn_cd": CODE_BY_SIDE[row.side],
        "sll_buy_dvsn_cd_name": f"{_SIDE_NAMES[row.side]}{_REQUEST_NAMES[row.request]}",
        "pdno": row.symbol,
        "prdt_name": office.listings[row.symbol].instrument.name,
        "ord_qty": str(row.quantity),
        "ord_unpr": str(row.price),
        "ord_tmd": kst_hhmmss(row.at),
        "tot_ccld_qty": str(row.filled_quantity),
        "tot_ccld_amt": str(row.filled_amount),
        "excg_dvsn_cd": "02",
    }


def _order_totals(orders: Sequence[DatedOrder]) -> dict[str, str]:
    """Total the whole list, not the page; costs are those booked by the numbers listed."""
    filled = sum(order.row.filled_quantity for order in orders)
    amount = sum(order.row.filled_amount for order in orders)
    ordered = sum(order.row.quantity for order in orders if not order.row.is_cancel)
    return {
        "tot_ord_qty": str(ordered),
        "tot_ccld_qty": str(filled),
        "tot_ccld_amt": str(amount),
        "prsm_tlex_smtl": str(sum(order.costs for order in orders)),
        "pchs_avg_pric": fixed(amount, 4, scale=filled) if filled else "0.0000",
    }
