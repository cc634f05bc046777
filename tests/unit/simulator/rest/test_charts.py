"""Charts of minutes and days."""

import pytest

from tests.support.kis_user import KisUser, open_kis

USER = KisUser(open_kis()).log_in()


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
