"""GET quotations: price, ten-level book, latest trades, daily and minute charts.

Changes are counted from the day's base price, in frames and answers alike. Figures that this
simulator does not model (foreign holdings, earnings, programme trading) are empty.
"""

from aipx.model.instrument import Won
from aipx.model.time import (
    kst_hhmmss,
)
from aipx.rules.ticks import tick_size
from aipx.simulator.exchange import Listing, TradePrinted
from aipx.simulator.rest.envelope import (
    Answer,
    Rejection,
    Reply,
    fixed,
    percent,
    sign_of,
)
from aipx.simulator.rest.office import Call, Office, listing_of
from aipx.wire.kis.codes import HOUR_CLASS_BY_PHASE
from aipx.wire.kis.records import limit_sign

DONE = ("MCA00000", "정상처리 되었습니다.")
_MARKETS = frozenset({"J", "UN"})
_PRICE_EMPTY = (
    "bstp_kor_isnm",
    "hts_frgn_ehrt",
    "frgn_ntby_qty",
    "pgtr_ntby_qty",
    "pvt_scnd_dmrs_prc",
    "pvt_frst_dmrs_prc",
    "pvt_pont_val",
    "pvt_frst_dmsp_prc",
    "pvt_scnd_dmsp_prc",
    "dmrs_val",
    "dmsp_val",
    "cpfn",
    "stck_fcam",
    "stck_sspr",
    "per",
    "pbr",
    "stac_month",
    "eps",
    "bps",
    "d250_hgpr",
    "d250_hgpr_date",
    "d250_hgpr_vrss_prpr_rate",
    "d250_lwpr",
    "d250_lwpr_date",
    "d250_lwpr_vrss_prpr_rate",
    "stck_dryy_hgpr",
    "dryy_hgpr_vrss_prpr_rate",
    "dryy_hgpr_date",
    "stck_dryy_lwpr",
    "dryy_lwpr_vrss_prpr_rate",
    "dryy_lwpr_date",
    "w52_hgpr",
    "w52_hgpr_vrss_prpr_ctrt",
    "w52_hgpr_date",
    "w52_lwpr",
    "w52_lwpr_vrss_prpr_ctrt",
    "w52_lwpr_date",
    "whol_loan_rmnd_rate",
    "fcam_cnnm",
    "cpfn_cnnm",
    "apprch_rate",
    "frgn_hldn_qty",
    "last_ssts_cntg_qty",
)
_OVERTIME_ZERO = (
    "ovtm_total_askp_rsqn",
    "ovtm_total_bidp_rsqn",
    "ovtm_total_askp_icdc",
    "ovtm_total_bidp_icdc",
)


def last_price(office: Office, listing: Listing) -> Won:
    """Return the latest print's price, or the base price before the first one."""
    trade = office.exchange.last(listing.instrument.symbol)
    return listing.limits.base if trade is None else trade.price


def price(office: Office, call: Call) -> Answer:
    """Answer inquire-price."""
    listing = asked_listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    trade = office.exchange.last(listing.instrument.symbol)
    output = dict.fromkeys(_PRICE_EMPTY, "")
    output |= _status(listing) | _day_figures(office, listing, trade)
    return Reply(code=DONE[0], message=DONE[1], body={"output": output})


def asking_price(office: Office, call: Call) -> Answer:
    """Answer inquire-asking-price-exp-ccn: the book, and what an auction would trade."""
    listing = asked_listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    symbol = listing.instrument.symbol
    book = office.exchange.book(symbol)
    output: dict[str, str] = {"aspr_acpt_hour": kst_hhmmss(book.at)}
    for name, values in (
        ("askp", book.ask_prices),
        ("bidp", book.bid_prices),
        ("askp_rsqn", book.ask_sizes),
        ("bidp_rsqn", book.bid_sizes),
        # The exchange counts changes of the totals, not of each level.
        ("askp_rsqn_icdc", (0,) * 10),
        ("bidp_rsqn_icdc", (0,) * 10),
    ):
        output |= {f"{name}{level}": str(value) for level, value in enumerate(values, start=1)}
    output |= dict.fromkeys(_OVERTIME_ZERO, "0") | {
        "total_askp_rsqn": str(book.total_ask_size),
        "total_bidp_rsqn": str(book.total_bid_size),
        "total_askp_rsqn_icdc": str(book.total_ask_change),
        "total_bidp_rsqn_icdc": str(book.total_bid_change),
        "ntby_aspr_rsqn": str(book.total_bid_size - book.total_ask_size),
        "new_mkop_cls_code": "20",
    }
    base = listing.limits.base
    change = book.indicative_price - base
    trade = office.exchange.last(symbol)
    expected = {
        "antc_mkop_cls_code": HOUR_CLASS_BY_PHASE[book.phase],
        "stck_prpr": str(last_price(office, listing)),
        "stck_oprc": str(0 if trade is None else trade.open),
        "stck_hgpr": str(0 if trade is None else trade.high),
        "stck_lwpr": str(0 if trade is None else trade.low),
        "stck_sdpr": str(base),
        "antc_cnpr": str(book.indicative_price),
        "antc_cntg_vrss_sign": sign_of(change),
        "antc_cntg_vrss": str(change),
        "antc_cntg_prdy_ctrt": percent(change, base),
        "antc_vol": str(book.indicative_size),
        "stck_shrn_iscd": symbol,
        "vi_cls_code": "N",
    }
    return Reply(code=DONE[0], message=DONE[1], body={"output1": output, "output2": expected})


def latest_trades(office: Office, call: Call) -> Answer:
    """Answer inquire-ccnl: the last thirty prints, newest first."""
    listing = asked_listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    base = listing.limits.base
    rows = [
        {
            "stck_cntg_hour": kst_hhmmss(trade.at),
            "stck_prpr": str(trade.price),
            "prdy_vrss": str(trade.price - base),
            "prdy_vrss_sign": _sign(listing, trade.price),
            "cntg_vol": str(trade.size),
            "tday_rltv": percent(trade.buy_volume, trade.sell_volume),
            "prdy_ctrt": percent(trade.price - base, base),
        }
        for trade in office.tape.prints(listing.instrument.symbol)
    ]
    return Reply(code=DONE[0], message=DONE[1], body={"output": rows})


def asked_listing(office: Office, call: Call) -> Listing | Rejection:
    if call.text("FID_COND_MRKT_DIV_CODE") not in _MARKETS:
        return Rejection(
            code="OPSQ2001", message="ERROR : INPUT INVALID_CHECK_MRKT_DIV_CODE", result="2"
        )
    listing = listing_of(office, call.text("FID_INPUT_ISCD"))
    if listing is None:
        return Rejection(code="APBK0656", message="해당종목정보가 없습니다.")
    return listing


def _status(listing: Listing) -> dict[str, str]:
    """Say what kind of share it is and whether it trades."""
    return {
        "iscd_stat_cls_code": "58" if listing.is_halted else "00",
        "marg_rate": "100.00",
        "rprs_mrkt_kor_name": listing.instrument.market.value,
        "new_hgpr_lwpr_cls_code": "",
        "temp_stop_yn": "Y" if listing.is_halted else "N",
        "oprc_rang_cont_yn": "N",
        "clpr_rang_cont_yn": "N",
        "crdt_able_yn": "N",
        "grmn_rate_cls_code": "",
        "elw_pblc_yn": "N",
        "hts_deal_qty_unit_val": "1",
        "stck_shrn_iscd": listing.instrument.symbol,
        "ssts_yn": "N",
        "vi_cls_code": "N",
        "ovtm_vi_cls_code": "N",
        "invt_caful_yn": "N",
        "mrkt_warn_cls_code": "00",
        "short_over_yn": "N",
        "sltr_yn": "N",
        "mang_issu_cls_code": "N",
    }


def _day_figures(office: Office, listing: Listing, trade: TradePrinted | None) -> dict[str, str]:
    instrument, limits = listing.instrument, listing.limits
    now = last_price(office, listing)
    volume = 0 if trade is None else trade.day_volume
    value = 0 if trade is None else trade.day_value
    shares = listing.listed_shares
    tick = tick_size(now, market=instrument.market, kind=instrument.kind, day=office.session.day)
    return change_figures(office, listing) | {
        "stck_prpr": str(now),
        "acml_tr_pbmn": str(value),
        "acml_vol": str(volume),
        "prdy_vrss_vol_rate": percent(volume, listing.bar.previous_volume),
        "stck_oprc": str(0 if trade is None else trade.open),
        "stck_hgpr": str(0 if trade is None else trade.high),
        "stck_lwpr": str(0 if trade is None else trade.low),
        "stck_mxpr": str(limits.upper),
        "stck_llam": str(limits.lower),
        "stck_sdpr": str(limits.base),
        "wghn_avrg_stck_prc": fixed(value, 2, scale=volume) if volume else "0.00",
        "rstc_wdth_prc": str(limits.upper - limits.base),
        "aspr_unit": str(tick),
        "lstn_stcn": str(shares),
        "hts_avls": str(shares * now // 100_000_000),
        "vol_tnrt": percent(volume, shares),
    }


def change_figures(office: Office, listing: Listing) -> dict[str, str]:
    base, now = listing.limits.base, last_price(office, listing)
    return {
        "prdy_vrss": str(now - base),
        "prdy_vrss_sign": _sign(listing, now),
        "prdy_ctrt": percent(now - base, base),
    }


def _sign(listing: Listing, at_price: Won) -> str:
    limits = listing.limits
    return limit_sign(at_price - limits.base, at_price, upper=limits.upper, lower=limits.lower)
