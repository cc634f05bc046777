"""GET inquire-balance, inquire-psbl-order and inquire-psbl-sell: what an account has and may do."""

from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Won
from aipx.model.order import Side
from aipx.model.time import kst_hhmmss
from aipx.simulator.accounts import AccountHolding, BrokerAccount, buy_quantity_max
from aipx.simulator.checks import UNKNOWN_SYMBOL
from aipx.simulator.faults import FaultName
from aipx.simulator.rest.envelope import Answer, Rejection, bad_field, fixed, percent
from aipx.simulator.rest.office import Call, Office, account_of, listing_of, whole
from aipx.simulator.rest.paging import complete, page, paged
from aipx.simulator.rest.quotes import last_price
from aipx.wire.kis.codes import KIND_BY_CODE

HOLDINGS_A_PAGE_REAL = 50
HOLDINGS_A_PAGE_PAPER = 20

_COLLATERAL_PERCENT = 70
"""Of the base price: what a broker lends on a share of good standing (assumed)."""


def balance(office: Office, call: Call) -> Answer:
    """Answer inquire-balance: holdings by trade date, cash by settlement day."""
    account = account_of(office, call)
    if isinstance(account, Rejection):
        return account
    means = office.accounts[account]
    size = HOLDINGS_A_PAGE_PAPER if office.settings.is_paper else HOLDINGS_A_PAGE_REAL
    cut = page(means.holdings, call, size=size, key=lambda holding: holding.symbol)
    if isinstance(cut, Rejection):
        return cut
    shown, next_key = cut
    rows = [_holding_row(office, holding) for holding in shown]
    if rows and office.faults.strikes(FaultName.HOLDING_GHOST, kst_hhmmss(call.at)):
        rows.append(rows[0])
    body = {"output1": rows, "output2": [_balance_totals(office, account)]}
    return paged(call, body, next_key=next_key)


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
    cash = _orderable(office, call, account)
    quantity = buy_quantity_max(cash, price, office.costs[listing.instrument.symbol])
    output = {
        "ord_psbl_cash": str(cash),
        "ord_psbl_sbst": "0",
        "ruse_psbl_amt": str(_sold_today(office, account, None)),
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
    return complete({"output": output})


def sellable(office: Office, call: Call) -> Answer:
    """Answer inquire-psbl-sell: what of one holding can be sold now."""
    account = account_of(office, call)
    if isinstance(account, Rejection):
        return account
    listing = listing_of(office, call.text("PDNO"))
    if listing is None:
        return UNKNOWN_SYMBOL.of(is_paper=office.settings.is_paper)
    held = office.accounts[account].holding(listing.instrument.symbol)
    row = _holding_row(office, held)
    output = {
        "pdno": row["pdno"],
        "prdt_name": row["prdt_name"],
        "buy_qty": row["thdt_buyqty"],
        "sll_qty": row["thdt_sll_qty"],
        "cblc_qty": row["hldg_qty"],
        "nsvg_qty": "0",
        "ord_psbl_qty": row["ord_psbl_qty"],
        "pchs_avg_pric": row["pchs_avg_pric"],
        "pchs_amt": row["pchs_amt"],
        "now_pric": row["prpr"],
        "evlu_amt": row["evlu_amt"],
        "evlu_pfls_amt": row["evlu_pfls_amt"],
        "evlu_pfls_rt": row["evlu_pfls_rt"],
    }
    return complete({"output": output})


def _orderable(office: Office, call: Call, account: AccountId) -> Won:
    """Return the cash for a new buy; a fault leaves out today's sales of the symbol."""
    cash = office.accounts[account].orderable_cash
    if office.faults.strikes(FaultName.SAME_DAY_REBUY, kst_hhmmss(call.at)):
        cash = Won(max(cash - _sold_today(office, account, Symbol(call.text("PDNO"))), 0))
    return cash


def _sold_today(office: Office, account: AccountId, symbol: Symbol | None) -> int:
    """Return the won that today's sales brought, of one symbol or of all."""
    return sum(
        row.filled_amount
        for row in office.ledger.of_account(account)
        if row.side is Side.SELL and symbol in (None, row.symbol)
    )


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
        "bfdy_buy_qty": str(holding.bought_before),
        "bfdy_sll_qty": str(holding.sold_before),
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
        "grta_rt_name": "100%",
        "sbst_pric": str(base * _COLLATERAL_PERCENT // 100),
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
        "bfdy_buy_amt": str(means.before.bought),
        "thdt_buy_amt": str(means.bought),
        "nxdy_auto_rdpt_amt": "0",
        "bfdy_sll_amt": str(means.before.sold),
        "thdt_sll_amt": str(means.sold),
        "d2_auto_rdpt_amt": "0",
        "bfdy_tlex_amt": str(means.before.fees + means.before.taxes),
        "thdt_tlex_amt": str(means.fees + means.taxes),
        "tot_loan_amt": "0",
        "scts_evlu_amt": str(value),
        "tot_evlu_amt": str(total),
        "nass_amt": str(total),
        "fncg_gld_auto_rdpt_yn": "N",
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
    assets = int(means.opening_settled)
    for holding in means.holdings:
        listing = office.listings.get(holding.symbol)
        if listing is not None:
            opening = holding.quantity - holding.bought_today + holding.sold_today
            assets += opening * listing.limits.base
    return assets
