"""Charts."""

from datetime import date, time

import pytest

from aipx.errors import BadPeerData, InputError
from aipx.model.ids import Symbol
from aipx.model.time import kst_moment
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.charts import (
    daily_chart_request,
    minute_chart_request,
    parse_daily_chart,
    parse_minute_chart,
    past_minute_chart_request,
)
from tests.support.kis_wire import DAY, answer

SYMBOL = Symbol("005930")
DAY_ROW = {
    "stck_bsop_date": "20260914",
    "stck_oprc": "1",
    "stck_hgpr": "4",
    "stck_lwpr": "1",
    "stck_clpr": "3",
    "acml_vol": "100",
    "acml_tr_pbmn": "250",
}
MINUTE_ROW = {
    "stck_bsop_date": "20260915",
    "stck_cntg_hour": "093300",
    "stck_prpr": "3",
    "stck_oprc": "1",
    "stck_hgpr": "4",
    "stck_lwpr": "1",
    "cntg_vol": "10",
    "acml_tr_pbmn": "250",
}


def test_daily_bars_are_read() -> None:
    (bar,) = parse_daily_chart(answer(output1={}, output2=[DAY_ROW]))

    assert (bar.day, bar.open, bar.high, bar.low, bar.close) == (date(2026, 9, 14), 1, 4, 1, 3)
    assert (bar.volume, bar.value) == (100, 250)


def test_rows_without_a_date_are_no_bars() -> None:
    empty = dict.fromkeys(DAY_ROW, "")

    assert len(parse_daily_chart(answer(output1={}, output2=[DAY_ROW, empty, {}]))) == 1


def test_bar_with_an_empty_price_is_refused() -> None:
    with pytest.raises(BadPeerData, match="stck_oprc is ''"):
        parse_daily_chart(answer(output1={}, output2=[DAY_ROW | {"stck_oprc": ""}]))


def test_chart_names_its_period() -> None:
    request = daily_chart_request(
        SYMBOL,
        environment=Environment.REAL,
        first=date(2026, 9, 1),
        last=DAY,
        adjusted=True,
    )

    assert dict(request.query)["FID_INPUT_DATE_1"] == "20260901"
    assert dict(request.query)["FID_ORG_ADJ_PRC"] == "0"


def test_minutes_are_read() -> None:
    (bar,) = parse_minute_chart(answer(output1={}, output2=[MINUTE_ROW]))

    assert bar.start == kst_moment(DAY, time(9, 33))
    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (1, 4, 1, 3, 10)


@pytest.mark.parametrize("changes", [{"stck_cntg_hour": "9"}, {"stck_bsop_date": ""}])
def test_minute_without_its_moment_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(BadPeerData):
        parse_minute_chart(answer(output1={}, output2=[MINUTE_ROW | changes]))


def test_todays_minutes_are_asked_with_the_field_that_must_be_there() -> None:
    request = minute_chart_request(SYMBOL, environment=Environment.PAPER, until="153000")

    assert dict(request.query)["FID_ETC_CLS_CODE"] == ""
    assert dict(request.query)["FID_INPUT_HOUR_1"] == "153000"


def test_past_minutes_are_the_real_systems_alone() -> None:
    request = past_minute_chart_request(
        SYMBOL, environment=Environment.REAL, day=DAY, until="153000"
    )

    assert dict(request.query)["FID_INPUT_DATE_1"] == "20260915"
    with pytest.raises(InputError, match="paper"):
        past_minute_chart_request(SYMBOL, environment=Environment.PAPER, day=DAY, until="153000")
