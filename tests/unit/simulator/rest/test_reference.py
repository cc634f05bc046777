"""What the simulated KIS tells of the market as a whole."""

import json

import pytest

from aipx.wire.kis.rest.market_info import parse_vi_status
from tests.support import markets
from tests.support.kis_user import QUOTATIONS, SYMBOL, KisUser, kis, open_kis

HOST = open_kis()
USER = KisUser(HOST).log_in()
RANKED = {"FID_COND_SCR_DIV_CODE": "20171", "FID_BLNG_CLS_CODE": "0"}


def holidays(day: str) -> list[dict[str, str]]:
    answer, _ = USER.get(f"{QUOTATIONS}/chk-holiday", "CTCA0903R", {"BASS_DT": day})
    return answer["output"]


def test_holidays_tell_open_and_closed_days_from_the_rulebook():
    rows = {row["bass_dt"]: row for row in holidays("20260601")}

    assert (rows["20260602"]["opnd_yn"], rows["20260603"]["opnd_yn"]) == ("Y", "N")
    assert (rows["20260607"]["wday_dvsn_cd"], rows["20260606"]["wday_dvsn_cd"]) == ("01", "07")


def test_calendar_ends_where_the_rulebook_does():
    assert [row["bass_dt"] for row in holidays("20261230")] == ["20261230", "20261231"]


def test_date_that_is_none_is_refused():
    answer, _ = USER.get(f"{QUOTATIONS}/chk-holiday", "CTCA0903R", {"BASS_DT": "20261399"})

    assert answer["rt_cd"] != "0"


def test_rank_lists_symbols_by_volume():
    rows = USER.quote("volume-rank", "FHPST01710000", **RANKED)["output"]

    assert [row["data_rank"] for row in rows] == ["1"]
    assert rows[0]["mksc_shrn_iscd"] == SYMBOL


@pytest.mark.parametrize("wrong", [{"FID_COND_SCR_DIV_CODE": ""}, {"FID_BLNG_CLS_CODE": "9"}])
def test_rank_of_an_unknown_kind_is_refused(wrong):
    assert USER.quote("volume-rank", "FHPST01710000", **{**RANKED, **wrong})["rt_cd"] != "0"


def test_stock_says_on_which_market_it_is_listed():
    asked = {"PRDT_TYPE_CD": "300", "PDNO": SYMBOL}

    answer = USER.quote("search-stock-info", "CTPF1002R", **asked)

    assert answer["output"]["excg_dvsn_cd"] == "02"
    assert answer["output"]["std_pdno"].startswith(f"KR7{SYMBOL}")


def test_no_interruption_is_told_where_none_was():
    assert USER.quote("inquire-vi-status", "FHPST01390000")["output"] == []


def test_interruptions_are_told_with_kind_price_and_distance_the_latest_first():
    wide = markets.bar((50_000, 62_000, 49_000, 61_000), volume=400_000, previous_close=50_000)
    user = KisUser(kis(wide)).log_in()
    user.host.advance(user.host.session.close)

    told = user.quote("inquire-vi-status", "FHPST01390000", FID_INPUT_ISCD="")["output"]

    assert [int(row["vi_count"]) for row in told] == sorted(
        (int(row["vi_count"]) for row in told), reverse=True
    )
    first = told[-1]
    assert (first["mksc_shrn_iscd"], first["vi_cls_code"]) == (SYMBOL, "N")
    assert (first["vi_kind_code"], first["vi_stnd_prc"]) == ("1", "50000")
    assert abs(float(first["vi_dprt"])) >= 10
    assert first["cntg_vi_hour"] < first["vi_cncl_hour"]
    assert len(parse_vi_status(json.dumps({"rt_cd": "0", "output": told}).encode())) == len(told)
