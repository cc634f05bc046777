"""GET quotations: price, ten-level book, latest trades.

Changes are counted from the day's base price, in frames and answers alike. What the simulator does
not model (foreigners, earnings, programme trading) is the invented company's, see company.py.
"""

from collections import defaultdict

from aipx.model.ids import Symbol
from aipx.model.instrument import InstrumentKind, ListingMarket, Won
from aipx.model.market import TradingPhase
from aipx.model.time import kst_hhmmss
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
MARKETS = frozenset({"J", "UN"})
_HUNDRED_MILLION = 100_000_000
_COLLATERAL_PERCENT = 70
_OPENING_CODES = defaultdict(
    lambda: "20",
    # First digit: before the open, in session, after the close; the second: an ordinary market.
    {TradingPhase.OPENING_AUCTION: "10", TradingPhase.CLOSED: "31"},
)
_OVERTIME_ZERO = (
    "ovtm_total_askp_rsqn",
    "ovtm_total_bidp_rsqn",
    "ovtm_total_askp_icdc",
    "ovtm_total_bidp_icdc",
)


def vi_class(office: Office, symbol: Symbol) -> str:
    """Return Y while a volatility interruption lasts, else N; that it is Y is assumed."""
    past = office.exchange.interruptions(symbol)
    is_auction = office.exchange.phase(symbol) is TradingPhase.VOLATILITY_AUCTION
    return "Y" if past and is_auction else "N"


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
    output = _status(office, listing) | _day_figures(office, listing, trade)
    output |= company_figures(office, listing) | past_figures(office, listing, trade)
    return Reply(code=DONE[0], message=DONE[1], body={"output": output})


def asking_price(office: Office, call: Call) -> Answer:
    """Answer inquire-asking-price-exp-ccn: the book, and what an auction would trade."""
    listing = asked_listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    symbol = listing.instrument.symbol
    book = office.exchange.book(symbol)
    ask_changes, bid_changes = office.tape.size_changes(symbol)
    output: dict[str, str] = {"aspr_acpt_hour": kst_hhmmss(book.at)}
    for name, values in (
        ("askp", book.ask_prices),
        ("bidp", book.bid_prices),
        ("askp_rsqn", book.ask_sizes),
        ("bidp_rsqn", book.bid_sizes),
        ("askp_rsqn_icdc", ask_changes),
        ("bidp_rsqn_icdc", bid_changes),
    ):
        output |= {f"{name}{level}": str(value) for level, value in enumerate(values, start=1)}
    output |= dict.fromkeys(_OVERTIME_ZERO, "0") | {
        "total_askp_rsqn": str(book.total_ask_size),
        "total_bidp_rsqn": str(book.total_bid_size),
        "total_askp_rsqn_icdc": str(book.total_ask_change),
        "total_bidp_rsqn_icdc": str(book.total_bid_change),
        "ntby_aspr_rsqn": str(book.total_bid_size - book.total_ask_size),
        "new_mkop_cls_code": _OPENING_CODES[book.phase],
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
        "vi_cls_code": vi_class(office, symbol),
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
    if call.text("FID_COND_MRKT_DIV_CODE") not in MARKETS:
        return Rejection(
            code="OPSQ2001", message="ERROR : INPUT INVALID_CHECK_MRKT_DIV_CODE", result="2"
        )
    listing = listing_of(office, call.text("FID_INPUT_ISCD"))
    if listing is None:
        return Rejection(code="APBK0656", message="해당종목정보가 없습니다.")
    return listing


def _status(office: Office, listing: Listing) -> dict[str, str]:
    """Say what kind of share it is and whether it trades."""
    instrument = listing.instrument
    trade = office.exchange.last(instrument.symbol)
    days_250 = office.pasts.of(listing).days_250
    is_high = trade is not None and trade.high > days_250.high.price
    is_low = trade is not None and trade.low < days_250.low.price
    is_halted = office.exchange.is_halted(instrument.symbol)
    return {
        "iscd_stat_cls_code": "58" if is_halted else "00",
        "marg_rate": "100.00",
        "rprs_mrkt_kor_name": "KOSDAQ" if instrument.market is ListingMarket.KOSDAQ else "KOSPI",
        "new_hgpr_lwpr_cls_code": "1" if is_high else "2" if is_low else "0",
        "temp_stop_yn": "Y" if is_halted else "N",
        "oprc_rang_cont_yn": "N",
        "clpr_rang_cont_yn": "N",
        "crdt_able_yn": "N",
        "grmn_rate_cls_code": "40",
        "elw_pblc_yn": "N",
        "hts_deal_qty_unit_val": "1",
        "stck_shrn_iscd": instrument.symbol,
        "ssts_yn": "Y" if instrument.kind is InstrumentKind.STOCK else "N",
        "vi_cls_code": vi_class(office, instrument.symbol),
        "ovtm_vi_cls_code": "N",
        "invt_caful_yn": "N",
        "mrkt_warn_cls_code": "00",
        "short_over_yn": "N",
        "sltr_yn": "N",
        "mang_issu_cls_code": "N",
    }


def company_figures(office: Office, listing: Listing) -> dict[str, str]:
    """Say what the share is worth by its company's figures at the price of now."""
    symbol, now = listing.instrument.symbol, last_price(office, listing)
    company = office.companies[symbol]
    trade = office.exchange.last(symbol)
    net = 0 if trade is None else trade.buy_volume - trade.sell_volume
    return {
        "bstp_kor_isnm": company.sector,
        "hts_frgn_ehrt": fixed(company.foreign_ratio, 2, scale=100),
        "frgn_hldn_qty": str(company.foreign_shares),
        # Foreigners and programmes are taken to trade as the market does, in part (assumed).
        "frgn_ntby_qty": str(net * company.foreign_ratio // 10_000),
        "pgtr_ntby_qty": str(net // 10),
        "cpfn": str(company.capital // _HUNDRED_MILLION),
        "cpfn_cnnm": f"{company.capital // _HUNDRED_MILLION:,} 억",
        "stck_fcam": str(company.par),
        "fcam_cnnm": f"{company.par:,} 원",
        "stck_sspr": str(listing.limits.base * _COLLATERAL_PERCENT // 100),
        "per": fixed(now, 2, scale=company.eps),
        "pbr": fixed(now, 2, scale=company.bps),
        "eps": f"{company.eps}.00",
        "bps": f"{company.bps}.00",
        "stac_month": "12",
        "whol_loan_rmnd_rate": fixed(company.loan_ratio, 2, scale=100),
        "lstn_stcn": str(company.listed_shares),
        "hts_avls": str(company.listed_shares * now // _HUNDRED_MILLION),
        "last_ssts_cntg_qty": str(office.pasts.of(listing).before.volume // 50),
    }


def past_figures(office: Office, listing: Listing, trade: TradePrinted | None) -> dict[str, str]:
    """Compare the price of now with the highs, lows and pivots of the days before."""
    past, day, now = office.pasts.of(listing), office.session.day, last_price(office, listing)
    bar, pivot = past.before, past.pivot
    resistance, support = past.demark
    high, low = (0, 0) if trade is None else (trade.high, trade.low)
    output = {
        "pvt_pont_val": str(pivot),
        "pvt_scnd_dmrs_prc": str(pivot + bar.high - bar.low),
        "pvt_frst_dmrs_prc": str(2 * pivot - bar.low),
        "pvt_frst_dmsp_prc": str(2 * pivot - bar.high),
        "pvt_scnd_dmsp_prc": str(pivot - bar.high + bar.low),
        "dmrs_val": str(resistance),
        "dmsp_val": str(support),
        "apprch_rate": percent(now - past.days_250.low.price, past.days_250.low.price),
    }
    for stems, span in (
        (("d250_hgpr", "d250_lwpr", "vrss_prpr_rate"), past.days_250),
        (("dryy_hgpr", "dryy_lwpr", "vrss_prpr_rate"), past.year),
        (("w52_hgpr", "w52_lwpr", "vrss_prpr_ctrt"), past.weeks_52),
    ):
        full = span.with_today(day, high, low)
        for stem, extreme in zip(stems[:2], (full.high, full.low), strict=True):
            # The year's prices alone carry a prefix (sic).
            name = f"stck_{stem}" if stem.startswith("dryy") else stem
            output[name] = str(extreme.price)
            output[f"{stem}_date"] = extreme.day
            output[f"{stem}_{stems[2]}"] = percent(now - extreme.price, extreme.price)
    return output


def _day_figures(office: Office, listing: Listing, trade: TradePrinted | None) -> dict[str, str]:
    instrument, limits = listing.instrument, listing.limits
    now = last_price(office, listing)
    volume = 0 if trade is None else trade.day_volume
    value = 0 if trade is None else trade.day_value
    shares = office.companies[instrument.symbol].listed_shares
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
