"""Quotes: an instrument's state and limits, its book, its daily bars."""

from datetime import date

import msgspec

from aipx.errors import BadPeerData
from aipx.model.ids import Symbol
from aipx.model.instrument import (
    Instrument,
    InstrumentKind,
    ListingMarket,
    PriceLimits,
    Shares,
    Venue,
    Won,
)
from aipx.model.market import BOOK_LEVELS, Book, TradingPhase
from aipx.model.time import Nanos, kst_yyyymmdd
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.calls import Call, tr_id
from aipx.wire.kis.rest.envelope import RestRequest, parse_output
from aipx.wire.kis.texts import count, day_of, moment, shown

_QUOTATIONS = "/uapi/domestic-stock/v1/quotations"
PRICE_PATH = f"{_QUOTATIONS}/inquire-price"
ASKING_PRICE_PATH = f"{_QUOTATIONS}/inquire-asking-price-exp-ccn"
DAILY_CHART_PATH = f"{_QUOTATIONS}/inquire-daily-itemchartprice"

_KRX = "J"
_HALTED = "58"
_MARKETS: tuple[tuple[str, ListingMarket, InstrumentKind], ...] = (
    # rprs_mrkt_kor_name names an index of the market (KOSPI200, KSQ150) or the kind of product.
    ("KOSPI", ListingMarket.KOSPI, InstrumentKind.STOCK),
    ("KOSDAQ", ListingMarket.KOSDAQ, InstrumentKind.STOCK),
    ("KSQ", ListingMarket.KOSDAQ, InstrumentKind.STOCK),
    ("KONEX", ListingMarket.KONEX, InstrumentKind.STOCK),
    ("ETF", ListingMarket.KOSPI, InstrumentKind.ETF),
    ("ETN", ListingMarket.KOSPI, InstrumentKind.ETN),
)


class PriceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What inquire-price says of an instrument today."""

    instrument: Instrument
    limits: PriceLimits
    last_price: Won
    is_halted: bool


class ChartBar(msgspec.Struct, frozen=True, kw_only=True):
    """One day of the daily chart."""

    day: date
    open: Won
    high: Won
    low: Won
    close: Won
    volume: Shares
    value: Won


class _Price(msgspec.Struct):
    stck_prpr: str
    stck_sdpr: str
    stck_mxpr: str
    stck_llam: str
    rprs_mrkt_kor_name: str
    iscd_stat_cls_code: str
    temp_stop_yn: str = "N"


class _PriceBody(msgspec.Struct):
    output: _Price


class _BookTimes(msgspec.Struct):
    aspr_acpt_hour: str
    total_askp_rsqn: str
    total_bidp_rsqn: str


class _Indication(msgspec.Struct):
    antc_cnpr: str
    antc_vol: str


class _BookBody(msgspec.Struct):
    output1: _BookTimes
    output2: _Indication


class _Levels(msgspec.Struct):
    output1: dict[str, str]


class _ChartRow(msgspec.Struct):
    stck_bsop_date: str
    stck_oprc: str
    stck_hgpr: str
    stck_lwpr: str
    stck_clpr: str
    acml_vol: str
    acml_tr_pbmn: str


class _ChartBody(msgspec.Struct):
    output2: list[_ChartRow]


def price_request(symbol: Symbol, *, environment: Environment) -> RestRequest:
    """Return the request for an instrument's price, limits and state."""
    return _quote_request(PRICE_PATH, Call.PRICE, symbol, environment)


def parse_price(body: bytes, *, symbol: Symbol) -> PriceAnswer | None:
    """Read an instrument's state; None where KIS knows no such instrument (a base price of 0).

    KIS does not name the instrument here, so its name is its symbol.

    Raises:
        BadPeerData: another shape, an unknown market, or limits that do not hold the base price.
    """
    output = parse_output(body, _PriceBody, what="inquire-price").output
    base = count(output.stck_sdpr, field="stck_sdpr")
    if base == 0:
        return None
    limits = PriceLimits(
        base=Won(base),
        lower=Won(count(output.stck_llam, field="stck_llam")),
        upper=Won(count(output.stck_mxpr, field="stck_mxpr")),
    )
    if not 0 < limits.lower <= limits.base <= limits.upper:
        raise BadPeerData(
            f"inquire-price of {symbol}: limits {limits.lower}-{limits.upper} around {base}"
        )
    market, kind = _market(output.rprs_mrkt_kor_name)
    return PriceAnswer(
        instrument=Instrument(symbol=symbol, name=str(symbol), market=market, kind=kind),
        limits=limits,
        last_price=Won(count(output.stck_prpr, field="stck_prpr")),
        is_halted=output.iscd_stat_cls_code == _HALTED or output.temp_stop_yn == "Y",
    )


def asking_price_request(symbol: Symbol, *, environment: Environment) -> RestRequest:
    """Return the request for an instrument's book."""
    return _quote_request(ASKING_PRICE_PATH, Call.ASKING_PRICE, symbol, environment)


def parse_asking_price(
    body: bytes, *, symbol: Symbol, day: date, phase: TradingPhase
) -> tuple[Nanos, Book]:
    """Read a book; it says neither its date nor its phase, nor the day's volume (0 here).

    Raises:
        BadPeerData: another shape, or an empty or negative number.
    """
    answer = parse_output(body, _BookBody, what="inquire-asking-price-exp-ccn")
    levels = parse_output(body, _Levels, what="inquire-asking-price-exp-ccn").output1
    book = Book(
        symbol=symbol,
        venue=Venue.KRX,
        phase=phase,
        ask_prices=_ladder(levels, "askp{}"),
        ask_sizes=_ladder(levels, "askp_rsqn{}"),
        bid_prices=_ladder(levels, "bidp{}"),
        bid_sizes=_ladder(levels, "bidp_rsqn{}"),
        total_ask_size=Shares(count(answer.output1.total_askp_rsqn, field="total_askp_rsqn")),
        total_bid_size=Shares(count(answer.output1.total_bidp_rsqn, field="total_bidp_rsqn")),
        indicative_price=Won(count(answer.output2.antc_cnpr, field="antc_cnpr")),
        indicative_size=Shares(count(answer.output2.antc_vol, field="antc_vol")),
        day_volume=Shares(0),
    )
    return moment(day, answer.output1.aspr_acpt_hour), book


def daily_chart_request(
    symbol: Symbol, *, environment: Environment, first: date, last: date, adjusted: bool
) -> RestRequest:
    """Return the request for daily bars of a period, at most 100, newest first."""
    request = _quote_request(DAILY_CHART_PATH, Call.DAILY_CHART, symbol, environment)
    period = (
        ("FID_INPUT_DATE_1", kst_yyyymmdd(first)),
        ("FID_INPUT_DATE_2", kst_yyyymmdd(last)),
        ("FID_PERIOD_DIV_CODE", "D"),
        ("FID_ORG_ADJ_PRC", "0" if adjusted else "1"),
    )
    return msgspec.structs.replace(request, query=(*request.query, *period))


def parse_daily_chart(body: bytes) -> tuple[ChartBar, ...]:
    """Read daily bars, newest first.

    Raises:
        BadPeerData: another shape, an empty or negative number, or no such date.
    """
    rows = parse_output(body, _ChartBody, what="inquire-daily-itemchartprice").output2
    return tuple(_bar(row) for row in rows)


def _quote_request(path: str, call: Call, symbol: Symbol, environment: Environment) -> RestRequest:
    query = (("FID_COND_MRKT_DIV_CODE", _KRX), ("FID_INPUT_ISCD", str(symbol)))
    return RestRequest(method="GET", path=path, tr_id=tr_id(call, environment), query=query)


def _market(name: str) -> tuple[ListingMarket, InstrumentKind]:
    for start, market, kind in _MARKETS:
        if name.strip().upper().startswith(start):
            return market, kind
    known = ", ".join(start for start, _, _ in _MARKETS)
    raise BadPeerData(f"rprs_mrkt_kor_name is {shown(name)}, known beginnings are {known}")


def _ladder(levels: dict[str, str], name: str) -> tuple[int, ...]:
    names = [name.format(level) for level in range(1, BOOK_LEVELS + 1)]
    return tuple(count(levels.get(one, ""), field=one) for one in names)


def _bar(row: _ChartRow) -> ChartBar:
    return ChartBar(
        day=day_of(row.stck_bsop_date, field="stck_bsop_date"),
        open=Won(count(row.stck_oprc, field="stck_oprc")),
        high=Won(count(row.stck_hgpr, field="stck_hgpr")),
        low=Won(count(row.stck_lwpr, field="stck_lwpr")),
        close=Won(count(row.stck_clpr, field="stck_clpr")),
        volume=Shares(count(row.acml_vol, field="acml_vol")),
        value=Won(count(row.acml_tr_pbmn, field="acml_tr_pbmn")),
    )
