"""GET chk-holiday, volume-rank, search-stock-info and inquire-vi-status: of the market as a whole.

None of them is served on the paper host.
"""

from collections.abc import Callable
from datetime import date, timedelta
from operator import itemgetter

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket
from aipx.model.market import TradingPhase
from aipx.model.time import kst_hhmmss, kst_yyyymmdd
from aipx.rules.calendar import is_open
from aipx.simulator.exchange import Interruption, Listing
from aipx.simulator.rest.envelope import Answer, JsonValue, Rejection, Reply, bad_field, percent
from aipx.simulator.rest.office import Call, Office, listing_of
from aipx.simulator.rest.quotes import DONE, MARKETS, change_figures, last_price

HOLIDAY_ROWS = 25
RANK_ROWS_MAX = 30
RANK_SCREEN = "20171"

_SATURDAY = 5
_MARKET_CODES = {
    ListingMarket.KOSPI: ("STK", "02"),
    ListingMarket.KOSDAQ: ("KSQ", "03"),
    ListingMarket.KONEX: ("KNX", "04"),
}
_EMPTY_INFO = (
    "scts_mket_lstg_abol_dt",
    "kosdaq_mket_lstg_abol_dt",
    "frbd_mket_lstg_dt",
    "frbd_mket_lstg_abol_dt",
    "reits_kind_cd",
    "mfnd_opng_dt",
    "mfnd_end_dt",
    "etf_cu_qty",
    "lstg_abol_dt",
    "etf_type_cd",
)


def holidays(office: Office, call: Call) -> Answer:
    """Answer chk-holiday: the days from a date on, open or closed, as far as the calendar goes."""
    del office
    try:
        first = date.fromisoformat(call.text("BASS_DT")[:8])
    except ValueError:
        return bad_field("BASS_DT")
    rows: list[JsonValue] = []
    for offset in range(HOLIDAY_ROWS):
        try:
            rows.append(_holiday_row(first + timedelta(days=offset)))
        except (InputError, OverflowError):
            break
    body: dict[str, JsonValue] = {"ctx_area_nk": "", "ctx_area_fk": "", "output": rows}
    return Reply(code=DONE[0], message=DONE[1], body=body, continuation="D")


def volume_rank(office: Office, call: Call) -> Answer:
    """Answer volume-rank: the listed symbols by volume, or by what was asked for."""
    if call.text("FID_COND_MRKT_DIV_CODE") not in MARKETS:
        return bad_field("MRKT_DIV_CODE")
    if call.text("FID_COND_SCR_DIV_CODE") != RANK_SCREEN:
        return bad_field("FID_COND_SCR_DIV_CODE")
    key = _RANKS.get(call.text("FID_BLNG_CLS_CODE"))
    if key is None:
        return bad_field("FID_BLNG_CLS_CODE")
    ranked = sorted(office.listings.values(), key=lambda each: key(office, each), reverse=True)
    rows = [
        _rank_row(office, listing, place)
        for place, listing in enumerate(ranked[:RANK_ROWS_MAX], start=1)
    ]
    return Reply(code=DONE[0], message=DONE[1], body={"output": rows})


def stock_info(office: Office, call: Call) -> Answer:
    """Answer search-stock-info: what does not change within a day."""
    if call.text("PRDT_TYPE_CD") != "300":
        return bad_field("PRDT_TYPE_CD")
    listing = listing_of(office, call.text("PDNO"))
    if listing is None:
        return Rejection(code="APBK0656", message="해당종목정보가 없습니다.")
    output = dict.fromkeys(_EMPTY_INFO, "") | _names(listing) | _standing(office, listing)
    return Reply(code=DONE[0], message=DONE[1], body={"output": output})


def vi_status(office: Office, call: Call) -> Answer:
    """Answer inquire-vi-status: the day's interruptions of one symbol or all, the latest first."""
    symbol = call.text("FID_INPUT_ISCD")
    if symbol and listing_of(office, symbol) is None:
        return Rejection(code="APBK0656", message="해당종목정보가 없습니다.")
    found = [
        (past.at, _vi_row(office, listing, past, count))
        for listing in office.listings.values()
        if symbol in ("", listing.instrument.symbol)
        for count, past in enumerate(office.exchange.interruptions(listing.instrument.symbol), 1)
    ]
    found.sort(key=itemgetter(0), reverse=True)
    rows: JsonValue = [row for _, row in found]
    return Reply(code=DONE[0], message=DONE[1], body={"output": rows})


def _vi_row(office: Office, listing: Listing, past: Interruption, count: int) -> JsonValue:
    """Tell one interruption; the reference of the kind that it is not is left 0 (assumed)."""
    symbol = listing.instrument.symbol
    told = office.exchange.book(symbol)
    lasts = told.at < past.until and told.phase is TradingPhase.VOLATILITY_AUCTION
    distance = percent(past.price - past.reference, past.reference)
    nothing = ("0", "0.00")
    static = (str(past.reference), distance) if past.is_static else nothing
    dynamic = nothing if past.is_static else (str(past.reference), distance)
    return {
        "hts_kor_isnm": listing.instrument.name,
        "mksc_shrn_iscd": symbol,
        "vi_cls_code": "Y" if lasts else "N",
        "bsop_date": kst_yyyymmdd(office.session.day),
        "cntg_vi_hour": kst_hhmmss(past.at),
        "vi_cncl_hour": "000000" if lasts else kst_hhmmss(past.until),
        "vi_kind_code": "1" if past.is_static else "2",
        "vi_prc": str(past.price),
        "vi_stnd_prc": static[0],
        "vi_dprt": static[1],
        "vi_dmc_stnd_prc": dynamic[0],
        "vi_dmc_dprt": dynamic[1],
        "vi_count": str(count),
    }


def _holiday_row(day: date) -> dict[str, str]:
    is_session = is_open(day)
    # Banks work on most days on which the exchange does; the table knows the exchange's only.
    answer = "Y" if is_session else "N"
    return {
        "bass_dt": kst_yyyymmdd(day),
        "wday_dvsn_cd": f"{(day.weekday() + 1) % 7 + 1:02d}",
        "bzdy_yn": answer,
        "tr_day_yn": "Y" if day.weekday() < _SATURDAY else "N",
        "opnd_yn": answer,
        "sttl_day_yn": answer,
    }


def _volume(office: Office, listing: Listing) -> int:
    trade = office.exchange.last(listing.instrument.symbol)
    return 0 if trade is None else trade.day_volume


def _value(office: Office, listing: Listing) -> int:
    trade = office.exchange.last(listing.instrument.symbol)
    return 0 if trade is None else trade.day_value


def _volume_growth(office: Office, listing: Listing) -> float:
    return _volume(office, listing) / max(listing.bar.previous_volume, 1)


def _turnover(office: Office, listing: Listing) -> float:
    return _volume(office, listing) / office.companies[listing.instrument.symbol].listed_shares


def _value_turnover(office: Office, listing: Listing) -> float:
    company = office.companies[listing.instrument.symbol]
    return _value(office, listing) / (company.listed_shares * last_price(office, listing))


_RANKS: dict[str, Callable[[Office, Listing], float]] = {
    "0": _volume,
    "1": _volume_growth,
    "2": _turnover,
    "3": _value,
    "4": _value_turnover,
}


def _rank_row(office: Office, listing: Listing, place: int) -> dict[str, str]:
    past, volume, value = (
        office.pasts.of(listing),
        _volume(office, listing),
        _value(office, listing),
    )
    shares = office.companies[listing.instrument.symbol].listed_shares
    now = last_price(office, listing)
    worth = shares * now
    return change_figures(office, listing) | {
        "hts_kor_isnm": listing.instrument.name,
        "mksc_shrn_iscd": listing.instrument.symbol,
        "data_rank": str(place),
        "stck_prpr": str(now),
        "acml_vol": str(volume),
        "prdy_vol": str(listing.bar.previous_volume),
        "lstn_stcn": str(shares),
        "avrg_vol": str(past.average_volume),
        "n_befr_clpr_vrss_prpr_rate": percent(now - past.before.close, past.before.close),
        "vol_inrt": percent(volume, listing.bar.previous_volume),
        "vol_tnrt": percent(volume, shares),
        "nday_vol_tnrt": percent(past.average_volume, shares),
        "avrg_tr_pbmn": str(past.average_value),
        "tr_pbmn_tnrt": percent(value, worth),
        "nday_tr_pbmn_tnrt": percent(past.average_value, worth),
        "acml_tr_pbmn": str(value),
    }


def _names(listing: Listing) -> dict[str, str]:
    instrument = listing.instrument
    english = f"Company {instrument.symbol}"
    return {
        "pdno": f"00000A{instrument.symbol}",
        "prdt_type_cd": "300",
        "prdt_name": instrument.name,
        "prdt_name120": instrument.name,
        "prdt_abrv_name": instrument.name,
        "prdt_eng_name": english,
        "prdt_eng_name120": english,
        "prdt_eng_abrv_name": english,
    }


def _standing(office: Office, listing: Listing) -> dict[str, str]:
    instrument = listing.instrument
    company = office.companies[instrument.symbol]
    market, exchange = _MARKET_CODES[instrument.market]
    is_stock = instrument.kind is InstrumentKind.STOCK
    is_kospi = instrument.market is ListingMarket.KOSPI
    is_halted = "Y" if listing.is_halted else "N"
    return {
        "std_pdno": company.isin,
        "mket_id_cd": market,
        "excg_dvsn_cd": exchange,
        "scty_grp_id_cd": "ST" if is_stock else "EF",
        "stck_kind_cd": "101",
        "etf_dvsn_cd": "0" if is_stock else "1",
        "setl_mmdd": "12",
        "lstg_stqt": str(company.listed_shares),
        "lstg_cptl_amt": str(company.capital),
        "cpta": str(company.capital),
        "papr": str(company.par),
        "issu_pric": str(company.par),
        "kospi200_item_yn": "Y" if is_kospi and is_stock else "N",
        "scts_mket_lstg_dt": company.listed_on if is_kospi else "",
        "kosdaq_mket_lstg_dt": "" if is_kospi else company.listed_on,
        "std_idst_clsf_cd_name": company.sector,
        "idx_bztp_lcls_cd_name": "시가총액규모대",
        "idx_bztp_mcls_cd_name": company.sector,
        "idx_bztp_scls_cd_name": company.sector,
        "tr_stop_yn": is_halted,
        "admn_item_yn": "N",
        "thdt_clpr": str(last_price(office, listing)),
        "bfdy_clpr": str(listing.limits.base),
        "clpr_chng_dt": kst_yyyymmdd(office.session.day),
        "crfd_item_yn": "N",
        "elec_scty_yn": "Y",
        # One venue only is simulated, so nothing trades on the other.
        "cptt_trad_tr_psbl_yn": "N",
        "nxt_tr_stop_yn": is_halted,
    }
