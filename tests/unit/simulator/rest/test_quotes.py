"""Quotes against the exchange they speak of."""

import pytest

from tests.support import markets
from tests.support.kis_user import SYMBOL, KisUser, kis, open_kis

HOST = open_kis()
USER = KisUser(HOST).log_in()


def price(user: KisUser = USER, **fields: str) -> dict:
    return user.quote("inquire-price", "FHKST01010100", **fields)


def test_price_tells_limits_base_tick_and_the_day():
    output = price()["output"]

    limits = HOST.listings[SYMBOL].limits
    assert (output["stck_mxpr"], output["stck_llam"], output["stck_sdpr"]) == (
        str(limits.upper),
        str(limits.lower),
        str(limits.base),
    )
    assert (output["aspr_unit"], output["rprs_mrkt_kor_name"]) == ("100", "KOSPI")
    assert int(output["prdy_vrss"]) == int(output["stck_prpr"]) - limits.base
    assert int(output["stck_lwpr"]) <= int(output["stck_prpr"]) <= int(output["stck_hgpr"])
    assert all(isinstance(value, str) for value in output.values())
    assert len(output) >= 75


def test_price_before_the_first_print_is_the_base():
    user = KisUser(kis()).log_in()

    output = price(user)["output"]

    assert output["stck_prpr"] == output["stck_sdpr"]
    assert (output["acml_vol"], output["prdy_vrss_sign"], output["wghn_avrg_stck_prc"]) == (
        "0",
        "3",
        "0.00",
    )


def test_halted_symbol_says_so():
    user = KisUser(kis(markets.bar((70_000,) * 4, volume=0))).log_in()

    output = price(user)["output"]

    assert (output["iscd_stat_cls_code"], output["temp_stop_yn"]) == ("58", "Y")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"FID_INPUT_ISCD": "999999"}, "APBK0656"),
        ({"FID_COND_MRKT_DIV_CODE": "Z"}, "OPSQ2001"),
    ],
)
def test_unknown_symbol_or_market_is_refused(fields, code):
    assert price(**fields)["msg_cd"] == code


def test_book_has_ten_levels_and_their_totals():
    answer = USER.quote("inquire-asking-price-exp-ccn", "FHKST01010200")

    book, expected = answer["output1"], answer["output2"]
    asks = [int(book[f"askp_rsqn{level}"]) for level in range(1, 11)]
    assert int(book["total_askp_rsqn"]) == sum(asks)
    assert int(book["bidp1"]) < int(book["askp1"]) < int(book["askp10"])
    assert (book["aspr_acpt_hour"][:2], expected["antc_cnpr"]) == ("09", "0")


def test_latest_trades_are_thirty_newest_first():
    host = open_kis()
    host.advance(host.session.close)
    user = KisUser(host).log_in()

    rows = user.quote("inquire-ccnl", "FHKST01010300")["output"]

    times = [row["stck_cntg_hour"] for row in rows]
    assert len(rows) == 30
    assert times == sorted(times, reverse=True)
    assert times[0] == "153000"


def test_minutes_end_at_the_time_asked_for_and_are_thirty_at_most():
    host = open_kis()
    host.advance(host.session.close)
    user = KisUser(host).log_in()

    rows = user.quote(
        "inquire-time-itemchartprice",
        "FHKST03010200",
        FID_INPUT_HOUR_1="110000",
        FID_PW_DATA_INCU_YN="N",
        FID_ETC_CLS_CODE="",
    )["output2"]

    hours = [row["stck_cntg_hour"] for row in rows]
    assert 0 < len(rows) <= 30
    assert hours == sorted(hours, reverse=True)
    assert max(hours) <= "110000"
    assert all(hour.endswith("00") for hour in hours)


def test_daily_chart_without_history_has_today_so_far():
    answer = USER.quote(
        "inquire-daily-itemchartprice",
        "FHKST03010100",
        FID_INPUT_DATE_1="20240101",
        FID_INPUT_DATE_2="20241231",
        FID_PERIOD_DIV_CODE="D",
        FID_ORG_ADJ_PRC="0",
    )

    (today,) = answer["output2"]
    assert today["stck_bsop_date"] == "20240305"
    assert today["acml_vol"] == answer["output1"]["acml_vol"]


@pytest.mark.parametrize(
    "fields",
    [{"FID_INPUT_DATE_1": "2024"}, {"FID_PERIOD_DIV_CODE": "X"}, {"FID_INPUT_DATE_2": ""}],
)
def test_bad_chart_request_is_refused(fields):
    known = {
        "FID_INPUT_DATE_1": "20240101",
        "FID_INPUT_DATE_2": "20241231",
        "FID_PERIOD_DIV_CODE": "D",
    }

    answer = USER.quote("inquire-daily-itemchartprice", "FHKST03010100", **{**known, **fields})

    assert answer["rt_cd"] == "2"
