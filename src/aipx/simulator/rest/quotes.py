"""GET quotations: price, ten-level book, latest trades, daily and minute charts.

Changes are counted from the day's base price, in frames and answers alike. Figures that this
simulator does not model (foreign holdings, earnings, programme trading) are empty.
"""

from collections.abc import Sequence
from itertools import groupby

from aipx.model.ids import Symbol
from aipx.model.instrument import Won
from aipx.model.time import (
    NANOS_PER_MINUTE,
    Nanos,
    kst_hhmmss,
    kst_yyyymmdd,
)
from aipx.rules.ticks import tick_size
from aipx.simulator.exchange import DailyBar, Listing, TradePrinted
from aipx.simulator.rest.envelope import (
    Answer,
    JsonValue,
    Rejection,
    Reply,
    bad_field,
    fixed,
    percent,
    sign_of,
)
from aipx.simulator.rest.office import Call, Office, listing_of
from aipx.simulator.tape import MinuteBar
from aipx.wire.kis.codes import HOUR_CLASS_BY_PHASE
from aipx.wire.kis.records import limit_sign

CHART_ROWS_MAX = 100
MINUTE_ROWS_MAX = 30

_DONE = ("MCA00000", "정상처리 되었습니다.")
_MARKETS = frozenset({"J", "UN"})
_PERIOD_KEYS = {
    "D": lambda bar: bar.day,
    "W": lambda bar: bar.day.isocalendar()[:2],
    "M": lambda bar: (bar.day.year, bar.day.month),
    "Y": lambda bar: bar.day.year,
}
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
_CHART_EMPTY = ("stck_fcam", "cpfn", "per", "eps", "pbr", "itewhol_loan_rmnd_ratem")
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
    listing = _listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    trade = office.exchange.last(listing.instrument.symbol)
    output = dict.fromkeys(_PRICE_EMPTY, "")
    output |= _status(listing) | _day_figures(office, listing, trade)
    return Reply(code=_DONE[0], message=_DONE[1], body={"output": output})


def asking_price(office: Office, call: Call) -> Answer:
    """Answer inquire-asking-price-exp-ccn: the book, and what an auction would trade."""
    listing = _listing(office, call)
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
    return Reply(code=_DONE[0], message=_DONE[1], body={"output1": output, "output2": expected})


def latest_trades(office: Office, call: Call) -> Answer:
    """Answer inquire-ccnl: the last thirty prints, newest first."""
    listing = _listing(office, call)
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
    return Reply(code=_DONE[0], message=_DONE[1], body={"output": rows})


def minute_chart(office: Office, call: Call) -> Answer:
    """Answer inquire-time-itemchartprice: today's minutes up to a time, newest first."""
    listing = _listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    until = call.text("FID_INPUT_HOUR_1")
    if not _is_digits(until, 6):
        return bad_field("FID_INPUT_HOUR_1")
    bars = [
        bar
        for bar in office.tape.minutes(listing.instrument.symbol)
        if kst_hhmmss(Nanos(bar.start)) <= until
    ]
    day = kst_yyyymmdd(office.session.day)
    rows = [_minute_row(bar, day) for bar in reversed(bars[-MINUTE_ROWS_MAX:])]
    trade = office.exchange.last(listing.instrument.symbol)
    head = _change(office, listing) | {
        "stck_prdy_clpr": str(listing.limits.base),
        "acml_vol": str(0 if trade is None else trade.day_volume),
        "acml_tr_pbmn": str(0 if trade is None else trade.day_value),
        "hts_kor_isnm": listing.instrument.name,
        "stck_prpr": str(last_price(office, listing)),
    }
    return Reply(code=_DONE[0], message=_DONE[1], body={"output1": head, "output2": rows})


def daily_chart(office: Office, call: Call) -> Answer:
    """Answer inquire-daily-itemchartprice: days, weeks, months or years, newest first."""
    listing = _listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    first, last = call.text("FID_INPUT_DATE_1"), call.text("FID_INPUT_DATE_2")
    if not (_is_digits(first, 8) and _is_digits(last, 8)):
        return bad_field("FID_INPUT_DATE")
    period = call.text("FID_PERIOD_DIV_CODE")
    if period not in _PERIOD_KEYS:
        return bad_field("FID_PERIOD_DIV_CODE")
    bars = [
        bar for bar in _bars_with_today(office, listing) if first <= kst_yyyymmdd(bar.day) <= last
    ]
    merged = [_merged(list(group)) for _, group in groupby(bars, key=_PERIOD_KEYS[period])]
    rows = [_daily_row(bar) for bar in reversed(merged[-CHART_ROWS_MAX:])]
    body: dict[str, JsonValue] = {"output1": _chart_head(office, listing), "output2": rows}
    return Reply(code=_DONE[0], message=_DONE[1], body=body)


def _listing(office: Office, call: Call) -> Listing | Rejection:
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
    return _change(office, listing) | {
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


def _change(office: Office, listing: Listing) -> dict[str, str]:
    base, now = listing.limits.base, last_price(office, listing)
    return {
        "prdy_vrss": str(now - base),
        "prdy_vrss_sign": _sign(listing, now),
        "prdy_ctrt": percent(now - base, base),
    }


def _sign(listing: Listing, at_price: Won) -> str:
    limits = listing.limits
    return limit_sign(at_price - limits.base, at_price, upper=limits.upper, lower=limits.lower)


def _minute_row(bar: MinuteBar, day: str) -> dict[str, str]:
    return {
        "stck_bsop_date": day,
        "stck_cntg_hour": kst_hhmmss(Nanos(bar.start - bar.start % NANOS_PER_MINUTE)),
        "stck_prpr": str(bar.close),
        "stck_oprc": str(bar.open),
        "stck_hgpr": str(bar.high),
        "stck_lwpr": str(bar.low),
        "cntg_vol": str(bar.volume),
        "acml_tr_pbmn": str(bar.day_value),
    }


def _bars_with_today(office: Office, listing: Listing) -> Sequence[DailyBar]:
    """Return the known days and, once it has traded, today so far: never the day's future."""
    symbol: Symbol = listing.instrument.symbol
    bars = [bar for bar in office.history(symbol) if bar.day < office.session.day]
    trade = office.exchange.last(symbol)
    if trade is not None:
        bars.append(
            DailyBar(
                symbol=symbol,
                day=office.session.day,
                open=trade.open,
                high=trade.high,
                low=trade.low,
                close=trade.price,
                volume=trade.day_volume,
                previous_close=listing.limits.base,
                previous_volume=trade.previous_volume,
                source="today",
            )
        )
    return bars


def _merged(bars: Sequence[DailyBar]) -> DailyBar:
    first, last = bars[0], bars[-1]
    return DailyBar(
        symbol=last.symbol,
        day=last.day,
        open=first.open,
        high=max(bar.high for bar in bars),
        low=min(bar.low for bar in bars),
        close=last.close,
        volume=type(last.volume)(sum(bar.volume for bar in bars)),
        previous_close=first.previous_close,
        previous_volume=first.previous_volume,
        source=last.source,
    )


def _daily_row(bar: DailyBar) -> dict[str, str]:
    change = bar.close - bar.previous_close if bar.previous_close else 0
    return {
        "stck_bsop_date": kst_yyyymmdd(bar.day),
        "stck_clpr": str(bar.close),
        "stck_oprc": str(bar.open),
        "stck_hgpr": str(bar.high),
        "stck_lwpr": str(bar.low),
        "acml_vol": str(bar.volume),
        # A daily file tells no value; close times volume is its estimate.
        "acml_tr_pbmn": str(bar.close * bar.volume),
        "flng_cls_code": "00",
        "prtt_rate": "0.00",
        "mod_yn": "N",
        "prdy_vrss_sign": sign_of(change),
        "prdy_vrss": str(change),
        "revl_issu_reas": "",
    }


def _chart_head(office: Office, listing: Listing) -> dict[str, str]:
    symbol, bar = listing.instrument.symbol, listing.bar
    trade = office.exchange.last(symbol)
    book = office.exchange.book(symbol)
    known = [each for each in office.history(symbol) if each.day < office.session.day]
    before = known[-1] if known else None
    volume = 0 if trade is None else trade.day_volume
    now = last_price(office, listing)
    return (
        dict.fromkeys(_CHART_EMPTY, "")
        | _change(office, listing)
        | {
            "stck_prdy_clpr": str(listing.limits.base),
            "acml_vol": str(volume),
            "acml_tr_pbmn": str(0 if trade is None else trade.day_value),
            "hts_kor_isnm": listing.instrument.name,
            "stck_prpr": str(now),
            "stck_shrn_iscd": symbol,
            "prdy_vol": str(bar.previous_volume),
            "stck_mxpr": str(listing.limits.upper),
            "stck_llam": str(listing.limits.lower),
            "stck_oprc": str(0 if trade is None else trade.open),
            "stck_hgpr": str(0 if trade is None else trade.high),
            "stck_lwpr": str(0 if trade is None else trade.low),
            "stck_prdy_oprc": str(0 if before is None else before.open),
            "stck_prdy_hgpr": str(0 if before is None else before.high),
            "stck_prdy_lwpr": str(0 if before is None else before.low),
            "askp": str(book.ask_prices[0]),
            "bidp": str(book.bid_prices[0]),
            "prdy_vrss_vol": str(volume - bar.previous_volume),
            "vol_tnrt": percent(volume, listing.listed_shares),
            "lstn_stcn": str(listing.listed_shares),
            "hts_avls": str(listing.listed_shares * now // 100_000_000),
        }
    )


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
