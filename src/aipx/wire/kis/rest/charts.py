"""Charts: daily bars of a period, minute bars of today and of past days. All newest first."""

from datetime import date

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.time import Nanos, kst_yyyymmdd
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.calls import Call
from aipx.wire.kis.rest.envelope import RestRequest, parse_output
from aipx.wire.kis.rest.quotes import QuoteMarket, quote_request
from aipx.wire.kis.texts import MIDNIGHT_NS, TIME_OF_DAY_NS, count, day_of

_QUOTATIONS = "/uapi/domestic-stock/v1/quotations"
DAILY_CHART_PATH = f"{_QUOTATIONS}/inquire-daily-itemchartprice"
MINUTE_CHART_PATH = f"{_QUOTATIONS}/inquire-time-itemchartprice"
PAST_MINUTE_CHART_PATH = f"{_QUOTATIONS}/inquire-time-dailychartprice"

DAILY_ROWS_MAX = 100
MINUTE_ROWS_MAX = 30
PAST_MINUTE_ROWS_MAX = 120


class ChartBar(msgspec.Struct, frozen=True, kw_only=True):
    """One day of the daily chart."""

    day: date
    open: Won
    high: Won
    low: Won
    close: Won
    volume: Shares
    value: Won


class MinuteBar(msgspec.Struct, frozen=True, kw_only=True):
    """One minute of a chart; `start` is its first moment, `day_value` the day's so far, in won."""

    start: Nanos
    open: Won
    high: Won
    low: Won
    close: Won
    volume: Shares
    day_value: Won


class _Row(msgspec.Struct):
    # Days without a trade come as rows of empty texts, and rows beyond the listing as {}.
    stck_bsop_date: str = ""
    stck_oprc: str = ""
    stck_hgpr: str = ""
    stck_lwpr: str = ""
    stck_clpr: str = ""
    acml_vol: str = ""
    acml_tr_pbmn: str = ""


class _Body(msgspec.Struct):
    output2: list[_Row]


class _MinuteRow(msgspec.Struct):
    stck_bsop_date: str
    stck_cntg_hour: str
    stck_prpr: str
    stck_oprc: str
    stck_hgpr: str
    stck_lwpr: str
    cntg_vol: str
    acml_tr_pbmn: str


class _MinuteBody(msgspec.Struct):
    output2: list[_MinuteRow]


def daily_chart_request(
    symbol: Symbol,
    *,
    environment: Environment,
    first: date,
    last: date,
    adjusted: bool,
    market: QuoteMarket = QuoteMarket.KRX,
) -> RestRequest:
    """Return the request for daily bars of a period, at most 100, newest first."""
    request = quote_request(DAILY_CHART_PATH, Call.DAILY_CHART, symbol, environment, market)
    return _with(
        request,
        ("FID_INPUT_DATE_1", kst_yyyymmdd(first)),
        ("FID_INPUT_DATE_2", kst_yyyymmdd(last)),
        ("FID_PERIOD_DIV_CODE", "D"),
        ("FID_ORG_ADJ_PRC", "0" if adjusted else "1"),
    )


def parse_daily_chart(body: bytes) -> tuple[ChartBar, ...]:
    """Read daily bars, newest first; rows without a date are no bars and are left out.

    Raises:
        BadPeerData: another shape, an empty or negative number, or no such date.
    """
    rows = parse_output(body, _Body, what="inquire-daily-itemchartprice").output2
    return tuple(_bar(row) for row in rows if row.stck_bsop_date)


def minute_chart_request(
    symbol: Symbol,
    *,
    environment: Environment,
    until: str,
    market: QuoteMarket = QuoteMarket.KRX,
) -> RestRequest:
    """Return the request for today's minutes up to `until` (HHMMSS), at most 30, newest first."""
    request = quote_request(MINUTE_CHART_PATH, Call.MINUTE_CHART, symbol, environment, market)
    return _with(
        request,
        # KIS refuses the call where this one is not there, though it has no values.
        ("FID_ETC_CLS_CODE", ""),
        ("FID_INPUT_HOUR_1", until),
        ("FID_PW_DATA_INCU_YN", "N"),
    )


def past_minute_chart_request(
    symbol: Symbol,
    *,
    environment: Environment,
    day: date,
    until: str,
    market: QuoteMarket = QuoteMarket.KRX,
) -> RestRequest:
    """Return the request for a past day's minutes up to `until`, at most 120, newest first.

    Raises:
        InputError: the paper system does not serve it.
    """
    request = quote_request(
        PAST_MINUTE_CHART_PATH, Call.PAST_MINUTE_CHART, symbol, environment, market
    )
    return _with(
        request,
        ("FID_INPUT_DATE_1", kst_yyyymmdd(day)),
        ("FID_INPUT_HOUR_1", until),
        ("FID_PW_DATA_INCU_YN", "N"),
        ("FID_FAKE_TICK_INCU_YN", ""),
    )


def parse_minute_chart(body: bytes) -> tuple[MinuteBar, ...]:
    """Read minute bars of today or of a past day, newest first.

    Raises:
        BadPeerData: another shape, an empty or negative number, or no such moment.
    """
    rows = parse_output(body, _MinuteBody, what="a minute chart").output2
    return tuple(_minute(row) for row in rows)


def _with(request: RestRequest, *fields: tuple[str, str]) -> RestRequest:
    return msgspec.structs.replace(request, query=(*request.query, *fields))


def _bar(row: _Row) -> ChartBar:
    return ChartBar(
        day=day_of(row.stck_bsop_date, field="stck_bsop_date"),
        open=Won(count(row.stck_oprc, field="stck_oprc")),
        high=Won(count(row.stck_hgpr, field="stck_hgpr")),
        low=Won(count(row.stck_lwpr, field="stck_lwpr")),
        close=Won(count(row.stck_clpr, field="stck_clpr")),
        volume=Shares(count(row.acml_vol, field="acml_vol")),
        value=Won(count(row.acml_tr_pbmn, field="acml_tr_pbmn")),
    )


def _minute(row: _MinuteRow) -> MinuteBar:
    return MinuteBar(
        start=Nanos(MIDNIGHT_NS[row.stck_bsop_date] + TIME_OF_DAY_NS[row.stck_cntg_hour]),
        open=Won(count(row.stck_oprc, field="stck_oprc")),
        high=Won(count(row.stck_hgpr, field="stck_hgpr")),
        low=Won(count(row.stck_lwpr, field="stck_lwpr")),
        close=Won(count(row.stck_prpr, field="stck_prpr")),
        volume=Shares(count(row.cntg_vol, field="cntg_vol")),
        day_value=Won(count(row.acml_tr_pbmn, field="acml_tr_pbmn")),
    )
