"""Past bars, walked back page by page."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from aipx.adapters.kis.history import KisHistory
from aipx.adapters.kis.quotes import KisQuotes
from aipx.errors import BadPeerData, InputError
from aipx.model.ids import Symbol
from aipx.ports.transport import HttpRequest
from aipx.runtime.virtual_time import run_virtual
from aipx.wire.kis.codes import Environment
from tests.support.kis_charts import ChartKis, chart_kis
from tests.support.kis_transports import CREDENTIALS, ScriptedHttp, access, response
from tests.support.kis_wire import DAY, answer

SYMBOL = Symbol("005930")
DAYS = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(250)]
MINUTES = [f"{9 + n // 60:02d}{n % 60:02d}" for n in range(381)]


def history(http: ScriptedHttp, environment: Environment = Environment.REAL) -> KisHistory:
    credentials = replace(CREDENTIALS, environment=environment)
    return KisHistory(KisQuotes(access(http, credentials=credentials)))


def days_of(
    kis: ChartKis, *, first: date = DAYS[0], last: date = DAYS[-1]
) -> tuple[list[date], int]:
    http = ScriptedHttp(kis)
    bars = run_virtual(history(http).days(SYMBOL, first=first, last=last, adjusted=True))
    return [bar.day for bar in bars], len(http.sent("chartprice"))


def test_days_of_many_pages_are_whole_and_oldest_first() -> None:
    assert days_of(chart_kis(DAYS)) == (DAYS, 3)


@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 200])
def test_every_number_of_days_is_whole(rows: int) -> None:
    found, _ = days_of(chart_kis(DAYS[:rows]))

    assert found == DAYS[:rows]


def test_period_is_kept_to() -> None:
    found, calls = days_of(chart_kis(DAYS), first=DAYS[10], last=DAYS[12])

    assert (found, calls) == (DAYS[10:13], 1)


def test_day_of_today_is_had_by_thirty_minutes_a_page() -> None:
    http = ScriptedHttp(chart_kis(minutes=MINUTES, today=DAY))

    bars = run_virtual(history(http).minutes_today(SYMBOL, day=DAY))

    assert len(bars) == len({bar.start for bar in bars}) == 381
    assert len(http.sent("itemchartprice")) == 13


def test_past_day_is_had_by_a_hundred_and_twenty_minutes_a_page() -> None:
    http = ScriptedHttp(chart_kis(minutes=MINUTES))

    bars = run_virtual(history(http).minutes(SYMBOL, day=date(2026, 9, 1)))

    assert [bars[0].start < bars[-1].start, len(bars)] == [True, 381]
    assert len(http.sent("dailychartprice")) == 4


def test_past_minutes_are_not_asked_of_paper() -> None:
    http = ScriptedHttp(chart_kis())

    with pytest.raises(InputError, match="paper"):
        run_virtual(history(http, Environment.PAPER).minutes(SYMBOL, day=DAY))
    assert not http.requests


def test_chart_tells_its_day_itself() -> None:
    for minutes, found in ((MINUTES, DAY), ([], None)):
        http = ScriptedHttp(chart_kis(minutes=minutes, today=DAY))
        assert run_virtual(history(http).chart_day(SYMBOL)) == found


def test_kis_that_gives_one_page_for_ever_is_not_followed() -> None:
    whole = chart_kis(DAYS)
    page = whole(_request_of_all())
    http = ScriptedHttp(lambda _: page)

    with pytest.raises(BadPeerData, match="same page again"):
        run_virtual(history(http).days(SYMBOL, first=DAYS[0], last=DAYS[-1], adjusted=True))


def test_rows_that_are_not_newest_first_are_refused() -> None:
    whole = chart_kis(DAYS[:3])
    rows = [whole._day(day) for day in DAYS[:3]]
    http = ScriptedHttp(lambda _: response(answer(output1={}, output2=rows)))

    with pytest.raises(BadPeerData, match="not newest first"):
        run_virtual(history(http).days(SYMBOL, first=DAYS[0], last=DAYS[-1], adjusted=True))


def _request_of_all() -> HttpRequest:
    return HttpRequest(
        method="GET",
        path="/inquire-daily-itemchartprice",
        headers={},
        query=(("FID_INPUT_DATE_1", "20260101"), ("FID_INPUT_DATE_2", "20271231")),
    )
