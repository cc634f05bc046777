"""Holidays, standing data, volatility interruptions."""

from datetime import date, time

import pytest

from aipx.errors import BadPeerData, InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import ListingMarket
from aipx.model.time import kst_moment
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.market_info import (
    holidays_request,
    parse_holidays,
    parse_stock_info,
    parse_vi_status,
    stock_info_request,
    vi_status_request,
)
from tests.support.kis_wire import DAY, answer

SYMBOL = Symbol("005930")
DAY_ROW = {"bass_dt": "20260717", "opnd_yn": "N", "sttl_day_yn": "N", "bzdy_yn": "N"}
INFO = {
    "pdno": "00000A005930",
    "prdt_abrv_name": "삼성전자",
    "excg_dvsn_cd": "02",
    "tr_stop_yn": "N",
    "admn_item_yn": "N",
    "cptt_trad_tr_psbl_yn": "Y",
    "nxt_tr_stop_yn": "N",
}
VI_ROW = {
    "mksc_shrn_iscd": "005930",
    "hts_kor_isnm": "삼성전자",
    "bsop_date": "20260915",
    "cntg_vi_hour": "100102",
    "vi_cncl_hour": "100315",
    "vi_kind_code": "1",
    "vi_prc": "79200",
}


def test_day_is_open_where_orders_are_taken() -> None:
    (day,) = parse_holidays(answer(output=[DAY_ROW]))

    assert (day.day, day.is_open, day.is_settlement_day) == (date(2026, 7, 17), False, False)


def test_calendar_goes_on_with_the_keys_of_the_page_before() -> None:
    request = holidays_request(DAY, environment=Environment.REAL, continuation=("F ", "N "))

    assert dict(request.query) == {"BASS_DT": "20260915", "CTX_AREA_NK": "N", "CTX_AREA_FK": "F"}


def test_instrument_is_told_with_its_venues() -> None:
    info = parse_stock_info(answer(output=INFO), symbol=SYMBOL)

    assert (info.name, info.market, info.is_traded_on_nxt) == (
        "삼성전자",
        ListingMarket.KOSPI,
        True,
    )


@pytest.mark.parametrize("changes", [{"cptt_trad_tr_psbl_yn": "N"}, {"nxt_tr_stop_yn": "Y"}])
def test_nxt_needs_both_words(changes: dict[str, str]) -> None:
    assert not parse_stock_info(answer(output=INFO | changes), symbol=SYMBOL).is_traded_on_nxt


def test_interruption_is_read() -> None:
    (entry,) = parse_vi_status(answer(output=[VI_ROW]))

    assert entry.triggered_at == kst_moment(DAY, time(10, 1, 2))
    assert entry.released_at == kst_moment(DAY, time(10, 3, 15))


@pytest.mark.parametrize("text", ["", "000000"])
def test_interruption_that_lasts_has_no_end(text: str) -> None:
    (entry,) = parse_vi_status(answer(output=[VI_ROW | {"vi_cncl_hour": text}]))

    assert entry.released_at is None


def test_paper_has_none_of_it() -> None:
    paper = Environment.PAPER
    for ask in (
        lambda: holidays_request(DAY, environment=paper),
        lambda: stock_info_request(SYMBOL, environment=paper),
        lambda: vi_status_request(DAY, environment=paper),
    ):
        with pytest.raises(InputError, match="paper"):
            ask()


def test_rows_without_a_day_are_refused() -> None:
    with pytest.raises(BadPeerData):
        parse_holidays(answer(output=[DAY_ROW | {"bass_dt": ""}]))
