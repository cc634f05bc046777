"""What KIS says of days and listings: holidays, an instrument's standing data, VI of the day."""

from datetime import date

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import ListingMarket, Won
from aipx.model.time import Nanos, kst_yyyymmdd
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.account import symbol_of
from aipx.wire.kis.rest.calls import Call, tr_id
from aipx.wire.kis.rest.envelope import RestRequest, parse_output
from aipx.wire.kis.texts import MIDNIGHT_NS, TIME_OF_DAY_NS, count, day_of

_QUOTATIONS = "/uapi/domestic-stock/v1/quotations"
HOLIDAYS_PATH = f"{_QUOTATIONS}/chk-holiday"
STOCK_INFO_PATH = f"{_QUOTATIONS}/search-stock-info"
VI_STATUS_PATH = f"{_QUOTATIONS}/inquire-vi-status"

_STOCKS = "300"
_VI_SCREEN = "20139"
_MARKET_BY_CODE = {"02": ListingMarket.KOSPI, "03": ListingMarket.KOSDAQ}
_NOT_YET = "000000"


class MarketDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day as KIS knows it; orders go by `is_open` alone."""

    day: date
    is_open: bool
    is_settlement_day: bool


class StockInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Standing data of an instrument; `market` is None outside KOSPI and KOSDAQ."""

    symbol: Symbol
    name: str
    market: ListingMarket | None
    is_halted: bool
    is_managed: bool
    is_traded_on_nxt: bool


class ViEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A volatility interruption; `released_at` is None while it lasts."""

    symbol: Symbol
    name: str
    triggered_at: Nanos
    released_at: Nanos | None
    price: Won
    kind_code: str
    """1 static, 2 dynamic, 3 both."""


class _Day(msgspec.Struct):
    bass_dt: str
    opnd_yn: str
    sttl_day_yn: str


class _Days(msgspec.Struct):
    output: list[_Day]


class _Info(msgspec.Struct):
    pdno: str = ""
    prdt_abrv_name: str = ""
    prdt_name: str = ""
    excg_dvsn_cd: str = ""
    tr_stop_yn: str = ""
    admn_item_yn: str = ""
    cptt_trad_tr_psbl_yn: str = ""
    nxt_tr_stop_yn: str = ""


class _InfoBody(msgspec.Struct):
    output: _Info


class _Vi(msgspec.Struct):
    mksc_shrn_iscd: str
    bsop_date: str
    cntg_vi_hour: str
    vi_cncl_hour: str
    vi_kind_code: str
    vi_prc: str
    hts_kor_isnm: str = ""


class _ViBody(msgspec.Struct):
    output: list[_Vi]


def holidays_request(
    day: date, *, environment: Environment, continuation: tuple[str, str] = ("", "")
) -> RestRequest:
    """Return the request for the calendar from a day on; KIS asks for one such call a day.

    Raises:
        InputError: the paper system does not serve it.
    """
    query = (
        ("BASS_DT", kst_yyyymmdd(day)),
        ("CTX_AREA_NK", continuation[1].strip()),
        ("CTX_AREA_FK", continuation[0].strip()),
    )
    return RestRequest(
        method="GET", path=HOLIDAYS_PATH, tr_id=tr_id(Call.HOLIDAYS, environment), query=query
    )


def parse_holidays(body: bytes) -> tuple[MarketDay, ...]:
    """Read days, in KIS's order.

    Raises:
        BadPeerData: another shape, or no such day.
    """
    return tuple(
        MarketDay(
            day=day_of(row.bass_dt, field="bass_dt"),
            is_open=row.opnd_yn == "Y",
            is_settlement_day=row.sttl_day_yn == "Y",
        )
        for row in parse_output(body, _Days, what="chk-holiday").output
    )


def stock_info_request(symbol: Symbol, *, environment: Environment) -> RestRequest:
    """Return the request for an instrument's standing data.

    Raises:
        InputError: the paper system does not serve it.
    """
    return RestRequest(
        method="GET",
        path=STOCK_INFO_PATH,
        tr_id=tr_id(Call.STOCK_INFO, environment),
        query=(("PRDT_TYPE_CD", _STOCKS), ("PDNO", str(symbol))),
    )


def parse_stock_info(body: bytes, *, symbol: Symbol) -> StockInfo:
    """Read standing data; what KIS leaves out counts as no.

    Raises:
        BadPeerData: another shape.
    """
    row = parse_output(body, _InfoBody, what="search-stock-info").output
    return StockInfo(
        symbol=symbol,
        name=(row.prdt_abrv_name or row.prdt_name).strip(),
        market=_MARKET_BY_CODE.get(row.excg_dvsn_cd),
        is_halted=row.tr_stop_yn == "Y",
        is_managed=row.admn_item_yn == "Y",
        is_traded_on_nxt=row.cptt_trad_tr_psbl_yn == "Y" and row.nxt_tr_stop_yn != "Y",
    )


def vi_status_request(day: date, *, environment: Environment) -> RestRequest:
    """Return the request for all volatility interruptions of a day.

    Raises:
        InputError: the paper system does not serve it.
    """
    query = (
        ("FID_DIV_CLS_CODE", "0"),
        ("FID_COND_SCR_DIV_CODE", _VI_SCREEN),
        ("FID_MRKT_CLS_CODE", "0"),
        ("FID_INPUT_ISCD", ""),
        ("FID_RANK_SORT_CLS_CODE", "0"),
        ("FID_INPUT_DATE_1", kst_yyyymmdd(day)),
        ("FID_TRGT_CLS_CODE", ""),
        ("FID_TRGT_EXLS_CLS_CODE", ""),
    )
    return RestRequest(
        method="GET", path=VI_STATUS_PATH, tr_id=tr_id(Call.VI_STATUS, environment), query=query
    )


def parse_vi_status(body: bytes) -> tuple[ViEntry, ...]:
    """Read volatility interruptions, in KIS's order.

    Raises:
        BadPeerData: another shape, a number or a moment that is none.
    """
    return tuple(_vi(row) for row in parse_output(body, _ViBody, what="inquire-vi-status").output)


def _vi(row: _Vi) -> ViEntry:
    midnight = MIDNIGHT_NS[row.bsop_date]
    released = row.vi_cncl_hour.strip()
    return ViEntry(
        symbol=symbol_of(row.mksc_shrn_iscd),
        name=row.hts_kor_isnm.strip(),
        triggered_at=Nanos(midnight + TIME_OF_DAY_NS[row.cntg_vi_hour]),
        released_at=(
            None if released in ("", _NOT_YET) else Nanos(midnight + TIME_OF_DAY_NS[released])
        ),
        price=Won(count(row.vi_prc, field="vi_prc")),
        kind_code=row.vi_kind_code,
    )
