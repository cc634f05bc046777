"""GET quotations: daily and minute charts.

A chart never tells the day's future: today's row is what has traded so far.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby

from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_MINUTE, Nanos, kst_hhmmss, kst_yyyymmdd
from aipx.rules.sessions import krx_session
from aipx.simulator.background import past_minutes
from aipx.simulator.exchange import DailyBar, Listing
from aipx.simulator.rest.envelope import (
    Answer,
    Rejection,
    Reply,
    bad_field,
    fixed,
    percent,
    sign_of,
)
from aipx.simulator.rest.office import Call, Office
from aipx.simulator.rest.quotes import (
    DONE,
    asked_listing,
    change_figures,
    company_figures,
    last_price,
)
from aipx.simulator.tape import MinuteBar

CHART_ROWS_MAX = 100
MINUTE_ROWS_MAX = 30
PAST_MINUTE_ROWS_MAX = 120
DAILY_PRICE_ROWS_MAX = 30
_DAYS_CACHED_MAX = 4_096

_PERIOD_KEYS = {
    "D": lambda bar: bar.day,
    "W": lambda bar: bar.day.isocalendar()[:2],
    "M": lambda bar: (bar.day.year, bar.day.month),
    "Y": lambda bar: bar.day.year,
}
_COMPANY_FIELDS = ("stck_fcam", "cpfn", "per", "eps", "pbr", "lstn_stcn", "hts_avls")


def minute_chart(office: Office, call: Call) -> Answer:
    """Answer inquire-time-itemchartprice: today's minutes up to a time, newest first."""
    listing = asked_listing(office, call)
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
    return _answer(_minute_head(office, listing), rows)


def past_minute_chart(office: Office, call: Call) -> Answer:
    """Answer inquire-time-dailychartprice: minutes of one day up to a time, newest first."""
    listing = asked_listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    until, day = call.text("FID_INPUT_HOUR_1"), call.text("FID_INPUT_DATE_1")
    if not _is_digits(until, 6):
        return bad_field("FID_INPUT_HOUR_1")
    if not _is_digits(day, 8):
        return bad_field("FID_INPUT_DATE_1")
    minutes = [
        bar for bar in _minutes_of(office, listing, day) if kst_hhmmss(Nanos(bar.start)) <= until
    ]
    rows = [_minute_row(bar, day) for bar in reversed(minutes[-PAST_MINUTE_ROWS_MAX:])]
    return _answer(_minute_head(office, listing), rows)


def daily_prices(office: Office, call: Call) -> Answer:
    """Answer inquire-daily-price: the last thirty days, weeks or months, newest first."""
    listing = asked_listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    period = call.text("FID_PERIOD_DIV_CODE")
    if period not in _PERIOD_KEYS:
        return bad_field("FID_PERIOD_DIV_CODE")
    rows = [
        _daily_price_row(office, bar)
        for bar in reversed(_periods(office, listing, period)[-DAILY_PRICE_ROWS_MAX:])
    ]
    return Reply(code=DONE[0], message=DONE[1], body={"output": rows})


def _minutes_of(office: Office, listing: Listing, day: str) -> Sequence[MinuteBar]:
    """Return a day's minutes: today's as they traded, an earlier day's as drawn from its bar."""
    symbol = listing.instrument.symbol
    if day == kst_yyyymmdd(office.session.day):
        return office.tape.minutes(symbol)
    for bar in office.history(symbol):
        if _written(bar.day) == day:
            return past_minutes(bar, krx_session(bar.day), seed=office.settings.seed)
    return ()


def _answer(head: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Reply:
    return Reply(code=DONE[0], message=DONE[1], body={"output1": head, "output2": rows})


def _minute_head(office: Office, listing: Listing) -> dict[str, str]:
    trade = office.exchange.last(listing.instrument.symbol)
    return change_figures(office, listing) | {
        "stck_prdy_clpr": str(listing.limits.base),
        "acml_vol": str(0 if trade is None else trade.day_volume),
        "acml_tr_pbmn": str(0 if trade is None else trade.day_value),
        "hts_kor_isnm": listing.instrument.name,
        "stck_prpr": str(last_price(office, listing)),
    }


def daily_chart(office: Office, call: Call) -> Answer:
    """Answer inquire-daily-itemchartprice: days, weeks, months or years, newest first."""
    listing = asked_listing(office, call)
    if isinstance(listing, Rejection):
        return listing
    first, last = call.text("FID_INPUT_DATE_1"), call.text("FID_INPUT_DATE_2")
    if not (_is_digits(first, 8) and _is_digits(last, 8)):
        return bad_field("FID_INPUT_DATE")
    period = call.text("FID_PERIOD_DIV_CODE")
    if period not in _PERIOD_KEYS:
        return bad_field("FID_PERIOD_DIV_CODE")
    merged = _periods(office, listing, period, first=first, last=last)
    rows = [_daily_row(bar) for bar in reversed(merged[-CHART_ROWS_MAX:])]
    return _answer(_chart_head(office, listing), rows)


def _periods(
    office: Office, listing: Listing, period: str, *, first: str = "", last: str = "9"
) -> list[DailyBar]:
    """Return the known days from `first` to `last`, merged by period, oldest first."""
    bars = [bar for bar in _bars_with_today(office, listing) if first <= _written(bar.day) <= last]
    if period == "D":
        return bars
    return [_merged(list(group)) for _, group in groupby(bars, key=_PERIOD_KEYS[period])]


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


def _daily_price_row(office: Office, bar: DailyBar) -> dict[str, str]:
    company = office.companies[bar.symbol]
    change = bar.close - bar.previous_close if bar.previous_close else 0
    return {
        "stck_bsop_date": kst_yyyymmdd(bar.day),
        "stck_oprc": str(bar.open),
        "stck_hgpr": str(bar.high),
        "stck_lwpr": str(bar.low),
        "stck_clpr": str(bar.close),
        "acml_vol": str(bar.volume),
        "prdy_vrss_vol_rate": percent(bar.volume - bar.previous_volume, bar.previous_volume),
        "prdy_vrss": str(change),
        "prdy_vrss_sign": sign_of(change),
        "prdy_ctrt": percent(change, bar.previous_close),
        "hts_frgn_ehrt": fixed(company.foreign_ratio, 2, scale=100),
        "frgn_ntby_qty": "0",
        "flng_cls_code": "00",
        "acml_prtt_rate": "1.00",
    }


def _chart_head(office: Office, listing: Listing) -> dict[str, str]:
    symbol, bar = listing.instrument.symbol, listing.bar
    trade = office.exchange.last(symbol)
    book = office.exchange.book(symbol)
    before = office.pasts.of(listing).before
    company = company_figures(office, listing)
    volume = 0 if trade is None else trade.day_volume
    return (
        {name: company[name] for name in _COMPANY_FIELDS}
        | change_figures(office, listing)
        | {
            "stck_prdy_clpr": str(listing.limits.base),
            "acml_vol": str(volume),
            "acml_tr_pbmn": str(0 if trade is None else trade.day_value),
            "hts_kor_isnm": listing.instrument.name,
            "itewhol_loan_rmnd_ratem": company["whol_loan_rmnd_rate"],
            "stck_prpr": str(last_price(office, listing)),
            "stck_shrn_iscd": symbol,
            "prdy_vol": str(bar.previous_volume),
            "stck_mxpr": str(listing.limits.upper),
            "stck_llam": str(listing.limits.lower),
            "stck_oprc": str(0 if trade is None else trade.open),
            "stck_hgpr": str(0 if trade is None else trade.high),
            "stck_lwpr": str(0 if trade is None else trade.low),
            "stck_prdy_oprc": str(before.open),
            "stck_prdy_hgpr": str(before.high),
            "stck_prdy_lwpr": str(before.low),
            "askp": str(book.ask_prices[0]),
            "bidp": str(book.bid_prices[0]),
            "prdy_vrss_vol": str(volume - bar.previous_volume),
            "vol_tnrt": percent(volume, office.companies[symbol].listed_shares),
        }
    )


@lru_cache(maxsize=_DAYS_CACHED_MAX)
def _written(day: date) -> str:
    """Return a day as KIS writes it; a chart asks for hundreds of the same ones each time."""
    return kst_yyyymmdd(day)


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
