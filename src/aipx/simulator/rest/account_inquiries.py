"""GET inquire-balance, inquire-daily-ccld and inquire-psbl-order: an account's own affairs."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from aipx.model.ids import AccountId
from aipx.model.instrument import Won
from aipx.model.order import NoticeRequest, OrderKind, Side
from aipx.model.time import kst_hhmmss, kst_yyyymmdd
from aipx.simulator.accounts import AccountHolding, BrokerAccount, buy_quantity_max
from aipx.simulator.checks import UNKNOWN_SYMBOL
from aipx.simulator.faults import FaultName
from aipx.simulator.orders import OrderRow
from aipx.simulator.rest.envelope import (
    Answer,
    JsonValue,
    Rejection,
    Reply,
    bad_field,
    fixed,
    page_key,
    percent,
)
from aipx.simulator.rest.office import Call, Office, account_of, listing_of, whole
from aipx.simulator.rest.quotes import last_price
from aipx.wire.kis.codes import CODE_BY_KIND, CODE_BY_SIDE, KIND_BY_CODE

HOLDINGS_A_PAGE_REAL = 50
HOLDINGS_A_PAGE_PAPER = 20
ORDERS_A_PAGE_REAL = 100
ORDERS_A_PAGE_PAPER = 15

_COMPLETE = ("KIOK0510", "조회가 완료되었습니다")
_LAST_PAGE = ("KIOK0460", "조회 되었습니다. (마지막 자료)")
_MORE_PAGES = ("KIOK0500", "조회가 계속됩니다..다음버튼을 Click 하십시오.")
_CHANGED = Rejection(
    code="APBK1685",  # the code is assumed; the text was seen by users
    message="조회이후에 자료가 변경되었습니다.(다시 조회하세요)",
    result="7",
)

_KIND_NAMES = {
    OrderKind.LIMIT: "지정가",
    OrderKind.MARKET: "시장가",
    OrderKind.BEST: "최유리지정가",
    OrderKind.PRIORITY: "최우선지정가",
    OrderKind.LIMIT_IOC: "IOC지정가",
    OrderKind.LIMIT_FOK: "FOK지정가",
    OrderKind.MARKET_IOC: "IOC시장가",
    OrderKind.MARKET_FOK: "FOK시장가",
}
_SIDE_NAMES = {Side.BUY: "매수", Side.SELL: "매도"}
_REQUEST_NAMES = {
    NoticeRequest.NEW: "",
    NoticeRequest.MODIFY: "정정",
    NoticeRequest.CANCEL: "취소",
}

Row = TypeVar("Row")


def balance(office: Office, call: Call) -> Answer:
    """Answer inquire-balance: holdings by trade date, cash by settlement day."""
    account = account_of(office, call)
    if isinstance(account, Rejection):
        return account
    means = office.accounts[account]
    size = HOLDINGS_A_PAGE_PAPER if office.settings.is_paper else HOLDINGS_A_PAGE_REAL
    page = _page(means.holdings, call, size=size, key=lambda holding: holding.symbol)
    if isinstance(page, Rejection):
        return page
    rows, next_key = page
    body: dict[str, JsonValue] = {
        "ctx_area_fk100": page_key(_page_filter(call)),
        "ctx_area_nk100": page_key(next_key),
        "output1": [_holding_row(office, holding) for holding in rows],
        "output2": [_balance_totals(office, account)],
    }
    return _paged(call, body, has_more=bool(next_key))


def daily_orders(office: Office, call: Call) -> Answer:
    """Answer inquire-daily-ccld: one row a number, no row an execution."""
    account = account_of(office, call)
    if isinstance(account, Rejection):
        return account
    struck = _struck_by_faults(office, call)
    if isinstance(struck, Rejection):
        return struck
    rows = [] if struck else _filtered(office, call, account)
    size = ORDERS_A_PAGE_PAPER if office.settings.is_paper else ORDERS_A_PAGE_REAL
    page = _page(rows, call, size=size, key=lambda row: row.number)
    if isinstance(page, Rejection):
        return page
    shown, next_key = page
    body: dict[str, JsonValue] = {
        "ctx_area_fk100": page_key(_page_filter(call)),
        "ctx_area_nk100": page_key(next_key),
        "output1": [_order_row(office, row) for row in shown],
        "output2": _order_totals(office.accounts[account], rows),
    }
    return _paged(call, body, has_more=bool(next_key))


def buying_power(office: Office, call: Call) -> Answer:
    """Answer inquire-psbl-order; without a price it counts at the day's upper limit."""
    account = account_of(office, call)
    if isinstance(account, Rejection):
        return account
    listing = listing_of(office, call.text("PDNO"))
    if listing is None:
        return UNKNOWN_SYMBOL.of(is_paper=office.settings.is_paper)
    kind = KIND_BY_CODE.get(call.text("ORD_DVSN"))
    if kind is None:
        return bad_field("ORD_DVSN")
    asked = whole(call, "ORD_UNPR", digits_max=19, default="0")
    if isinstance(asked, Rejection):
        return asked
    price = Won(asked) if kind.is_priced and asked else listing.limits.upper
    cash = office.accounts[account].orderable_cash
    quantity = buy_quantity_max(cash, price, office.costs[listing.instrument.symbol])
    output = {
        "ord_psbl_cash": str(cash),
        "ord_psbl_sbst": "0",
        "ruse_psbl_amt": "0",
        "fund_rpch_chgs": "0",
        "psbl_qty_calc_unpr": str(price),
        "nrcvb_buy_amt": str(cash),
        "nrcvb_buy_qty": str(quantity),
        "max_buy_amt": str(cash),
        "max_buy_qty": str(quantity),
        "cma_evlu_amt": "0",
        "ovrs_re_use_amt_wcrc": "0",
        "ord_psbl_frcr_amt_wcrc": "0",
    }
    return Reply(code=_COMPLETE[0], message=_COMPLETE[1], body={"output": output})


def _struck_by_faults(office: Office, call: Call) -> Rejection | bool:
    """Return the refusal of a next page, or whether the list comes empty."""
    now = kst_hhmmss(call.at)
    if call.is_continued and office.faults.strikes(FaultName.PAGING_CHANGED, now):
        return _CHANGED
    return office.faults.strikes(FaultName.DAILY_CCLD_EMPTY, now)


def _filtered(office: Office, call: Call, account: AccountId) -> list[OrderRow]:
    day = kst_yyyymmdd(office.session.day)
    first, last = call.text("INQR_STRT_DT") or day, call.text("INQR_END_DT") or day
    if not first <= day <= last:
        return []
    side, symbol, number = call.text("SLL_BUY_DVSN_CD"), call.text("PDNO"), call.text("ODNO")
    filled = call.text("CCLD_DVSN")
    rows = [
        row
        for row in office.ledger.of_account(account)
        if side in ("", "00", CODE_BY_SIDE[row.side])
        and symbol in ("", row.symbol)
        and (not number or number.rjust(10, "0") == row.number)
        and (filled != "01" or row.filled_quantity > 0)
        and (filled != "02" or row.open_quantity > 0)
    ]
    # 01 is oldest first; anything else is newest first.
    return rows if call.text("INQR_DVSN") == "01" else rows[::-1]


def _page(
    rows: Sequence[Row], call: Call, *, size: int, key: Callable[[Row], str]
) -> tuple[Sequence[Row], str] | Rejection:
    """Cut a page out; its key is that of its last row, and empty on the last page."""
    start = 0
    if call.is_continued:
        after = call.text("CTX_AREA_NK100")
        places = [index for index, row in enumerate(rows) if key(row) == after]
        if not places:
            return bad_field("CTX_AREA_NK100")
        start = places[0] + 1
    shown = rows[start : start + size]
    has_more = start + size < len(rows)
    return shown, key(shown[-1]) if has_more else ""


def _paged(call: Call, body: Mapping[str, JsonValue], *, has_more: bool) -> Reply:
    if has_more:
        code, message = _MORE_PAGES
        continuation = "M" if call.is_continued else "F"
    else:
        code, message = _LAST_PAGE if call.is_continued else _COMPLETE
        continuation = "E" if call.is_continued else "D"
    return Reply(code=code, message=message, body=body, continuation=continuation)


def _page_filter(call: Call) -> str:
    names = ("CANO", "ACNT_PRDT_CD", "INQR_STRT_DT", "INQR_END_DT", "SLL_BUY_DVSN_CD", "PDNO")
    return "^".join(call.text(name) for name in names)


def _order_row(office: Office, row: OrderRow) -> dict[str, str]:
    listing = office.listings[row.symbol]
    condition = "IOC" if row.kind.is_ioc else "FOK" if row.kind.is_fok else "없음"
    side_name = f"{_SIDE_NAMES[row.side]}{_REQUEST_NAMES[row.request]}"
    is_canceled = row.is_cancel or row.canceled_quantity > 0
    return {
        "ord_dt": kst_yyyymmdd(office.session.day),
        "ord_gno_brno": office.settings.organisation,
        "odno": row.number,
        "orgn_odno": row.original_number,
        "ord_dvsn_name": _KIND_NAMES.get(row.kind, row.kind.value),
        "sll_buy_dvsn_cd": CODE_BY_SIDE[row.side],
        "sll_buy_dvsn_cd_name": side_name,
        "pdno": row.symbol,
        "prdt_name": listing.instrument.name,
        "ord_qty": str(row.quantity),
        "ord_unpr": str(row.price),
        "ord_tmd": kst_hhmmss(row.at),
        "tot_ccld_qty": str(row.filled_quantity),
        "avg_prvs": fixed(row.average_price_x10000, 4, scale=10_000),
        "cncl_yn": "Y" if is_canceled else "N",
        "tot_ccld_amt": str(row.filled_amount),
        "loan_dt": "",
        "ordr_empno": "OpnAPI",
        "ord_dvsn_cd": CODE_BY_KIND[row.kind],
        "cncl_cfrm_qty": str(row.canceled_quantity),
        "rmn_qty": str(row.open_quantity),
        "rjct_qty": str(row.rejected_quantity),
        "ccld_cndt_name": condition,
        "inqr_ip_addr": "127.0.0.1",
        "cpbc_ordp_ord_rcit_dvsn_cd": "",
        "cpbc_ordp_infm_mthd_dvsn_cd": "",
        "infm_tmd": "",
        "ctac_tlno": "",
        "prdt_type_cd": "300",
        "excg_dvsn_cd": "02",
        "cpbc_ordp_mtrl_dvsn_cd": "",
        "ord_orgno": office.settings.organisation,
        "rsvn_ord_end_dt": "",
        "excg_id_dvsn_Cd": "KRX",
        "stpm_cndt_pric": "0",
        "stpm_efct_occr_dtmd": "",
    }


def _order_totals(means: BrokerAccount, rows: Sequence[OrderRow]) -> dict[str, str]:
    """Total the whole list, not the page; costs are those booked by the numbers listed."""
    filled = sum(row.filled_quantity for row in rows)
    amount = sum(row.filled_amount for row in rows)
    costs = sum(sum(means.costs_booked(row.number)) for row in rows)
    ordered = sum(row.quantity for row in rows if not row.is_cancel)
    return {
        "tot_ord_qty": str(ordered),
        "tot_ccld_qty": str(filled),
        "tot_ccld_amt": str(amount),
        "prsm_tlex_smtl": str(costs),
        "pchs_avg_pric": fixed(amount, 4, scale=filled) if filled else "0.0000",
    }


def _holding_row(office: Office, holding: AccountHolding) -> dict[str, str]:
    listing = office.listings.get(holding.symbol)
    price = 0 if listing is None else last_price(office, listing)
    base = 0 if listing is None else listing.limits.base
    value = price * holding.quantity
    profit = value - holding.cost
    average = fixed(holding.cost, 4, scale=holding.quantity) if holding.quantity else "0.0000"
    return {
        "pdno": holding.symbol,
        "prdt_name": "" if listing is None else listing.instrument.name,
        "trad_dvsn_name": "현금",
        "bfdy_buy_qty": "0",
        "bfdy_sll_qty": "0",
        "thdt_buyqty": str(holding.bought_today),
        "thdt_sll_qty": str(holding.sold_today),
        "hldg_qty": str(holding.quantity),
        "ord_psbl_qty": str(holding.sellable),
        "pchs_avg_pric": average,
        "pchs_amt": str(holding.cost),
        "prpr": str(price),
        "evlu_amt": str(value),
        "evlu_pfls_amt": str(profit),
        "evlu_pfls_rt": percent(profit, holding.cost),
        "evlu_erng_rt": percent(profit, holding.cost, decimals=8),
        "loan_dt": "",
        "loan_amt": "0",
        "stln_slng_chgs": "0",
        "expd_dt": "",
        "fltt_rt": percent(price - base, base, decimals=8),
        "bfdy_cprs_icdc": str(price - base),
        "item_mgna_rt_name": "100%",
        "grta_rt_name": "",
        "sbst_pric": "0",
        "stck_loan_unpr": "0",
    }


def _balance_totals(office: Office, account: AccountId) -> dict[str, str]:
    means = office.accounts[account]
    held = means.holdings
    cost = sum(holding.cost for holding in held)
    value = sum(_value(office, holding) for holding in held)
    total = value + means.cash_settled
    before = _opening_assets(office, means)
    return {
        "dnca_tot_amt": str(means.opening_cash),
        "nxdy_excc_amt": str(means.cash_next_day),
        "prvs_rcdl_excc_amt": str(means.cash_settled),
        "cma_evlu_amt": "0",
        "bfdy_buy_amt": "0",
        "thdt_buy_amt": str(means.bought),
        "nxdy_auto_rdpt_amt": "0",
        "bfdy_sll_amt": "0",
        "thdt_sll_amt": str(means.sold),
        "d2_auto_rdpt_amt": "0",
        "bfdy_tlex_amt": "0",
        "thdt_tlex_amt": str(means.fees + means.taxes),
        "tot_loan_amt": "0",
        "scts_evlu_amt": str(value),
        "tot_evlu_amt": str(total),
        "nass_amt": str(total),
        "fncg_gld_auto_rdpt_yn": "",
        "pchs_amt_smtl_amt": str(cost),
        "evlu_amt_smtl_amt": str(value),
        "evlu_pfls_smtl_amt": str(value - cost),
        "tot_stln_slng_chgs": "0",
        "bfdy_tot_asst_evlu_amt": str(before),
        "asst_icdc_amt": str(total - before),
        "asst_icdc_erng_rt": percent(total - before, before, decimals=8),
    }


def _value(office: Office, holding: AccountHolding) -> int:
    listing = office.listings.get(holding.symbol)
    return 0 if listing is None else last_price(office, listing) * holding.quantity


def _opening_assets(office: Office, means: BrokerAccount) -> int:
    """Value the account as the day began, at base prices."""
    assets = int(means.opening_cash)
    for holding in means.holdings:
        listing = office.listings.get(holding.symbol)
        if listing is not None:
            opening = holding.quantity - holding.bought_today + holding.sold_today
            assets += opening * listing.limits.base
    return assets
