"""Quotes: an instrument's state and limits, its book, its latest trades."""

from datetime import date
from enum import Enum

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
from aipx.model.time import Nanos
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.calls import Call, tr_id
from aipx.wire.kis.rest.envelope import RestRequest, parse_output
from aipx.wire.kis.texts import count, moment, shown

_QUOTATIONS = "/uapi/domestic-stock/v1/quotations"
PRICE_PATH = f"{_QUOTATIONS}/inquire-price"
ASKING_PRICE_PATH = f"{_QUOTATIONS}/inquire-asking-price-exp-ccn"
LATEST_TRADES_PATH = f"{_QUOTATIONS}/inquire-ccnl"

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


class LatestTrade(msgspec.Struct, frozen=True, kw_only=True):
    """One of the latest trades; its date is today's, its time has a second's resolution."""

    at: Nanos
    price: Won
    size: Shares


class QuoteMarket(Enum):
    """Whose quotes are asked for; the value is KIS's FID_COND_MRKT_DIV_CODE."""

    KRX = "J"
    NXT = "NX"
    UNIFIED = "UN"


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


class _TradeRow(msgspec.Struct):
    stck_cntg_hour: str
    stck_prpr: str
    cntg_vol: str


class _TradesBody(msgspec.Struct):
    output: list[_TradeRow]


def price_request(
    symbol: Symbol, *, environment: Environment, market: QuoteMarket = QuoteMarket.KRX
) -> RestRequest:
    """Return the request for an instrument's price, limits and state."""
    return quote_request(PRICE_PATH, Call.PRICE, symbol, environment, market)


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


def asking_price_request(
    symbol: Symbol, *, environment: Environment, market: QuoteMarket = QuoteMarket.KRX
) -> RestRequest:
    """Return the request for an instrument's book."""
    return quote_request(ASKING_PRICE_PATH, Call.ASKING_PRICE, symbol, environment, market)


def parse_asking_price(
    body: bytes, *, symbol: Symbol, day: date, phase: TradingPhase, venue: Venue = Venue.KRX
) -> tuple[Nanos, Book]:
    """Read a book; it says neither its date nor its phase, nor the day's volume (0 here).

    Raises:
        BadPeerData: another shape, or an empty or negative number.
    """
    answer = parse_output(body, _BookBody, what="inquire-asking-price-exp-ccn")
    levels = parse_output(body, _Levels, what="inquire-asking-price-exp-ccn").output1
    book = Book(
        symbol=symbol,
        venue=venue,
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


def latest_trades_request(
    symbol: Symbol, *, environment: Environment, market: QuoteMarket = QuoteMarket.KRX
) -> RestRequest:
    """Return the request for the latest trades, at most 30."""
    return quote_request(LATEST_TRADES_PATH, Call.LATEST_TRADES, symbol, environment, market)


def parse_latest_trades(body: bytes, *, day: date) -> tuple[LatestTrade, ...]:
    """Read trades, newest first.

    Raises:
        BadPeerData: another shape, an empty or negative number, or no such time.
    """
    rows = parse_output(body, _TradesBody, what="inquire-ccnl").output
    return tuple(
        LatestTrade(
            at=moment(day, row.stck_cntg_hour),
            price=Won(count(row.stck_prpr, field="stck_prpr")),
            size=Shares(count(row.cntg_vol, field="cntg_vol")),
        )
        for row in rows
    )


def quote_request(
    path: str,
    call: Call,
    symbol: Symbol,
    environment: Environment,
    market: QuoteMarket = QuoteMarket.KRX,
) -> RestRequest:
    """Return a request with the two fields that every quote has."""
    query = (("FID_COND_MRKT_DIV_CODE", market.value), ("FID_INPUT_ISCD", str(symbol)))
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
