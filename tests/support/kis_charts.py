"""A KIS that knows charts: every page as KIS cuts it, of rows that a test gives."""

from collections.abc import Sequence
from datetime import date

from aipx.model.time import kst_yyyymmdd
from aipx.ports.transport import HttpRequest, HttpResponse
from tests.support.kis_transports import response
from tests.support.kis_wire import answer

PAGE_ROWS = {
    "inquire-daily-itemchartprice": 100,
    "inquire-time-itemchartprice": 30,
    "inquire-time-dailychartprice": 120,
}


def chart_kis(
    days: Sequence[date] = (), minutes: Sequence[str] = (), *, today: date = date(2026, 9, 15)
) -> "ChartKis":
    """Return it; `minutes` are HHMM of every day, `today`'s among them."""
    return ChartKis(days, minutes, today)


class ChartKis:
    """Answers chart calls; to be the script of a ScriptedHttp."""

    def __init__(self, days: Sequence[date], minutes: Sequence[str], today: date) -> None:
        self._days = sorted(days)
        self._minutes = sorted(minutes)
        self._today = today

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = request.path.rpartition("/")[2]
        fields = dict(request.query)
        if name == "inquire-daily-itemchartprice":
            first, last = fields["FID_INPUT_DATE_1"], fields["FID_INPUT_DATE_2"]
            rows = [self._day(day) for day in self._days if first <= kst_yyyymmdd(day) <= last]
        else:
            day = fields.get("FID_INPUT_DATE_1", kst_yyyymmdd(self._today))
            until = fields["FID_INPUT_HOUR_1"]
            rows = [self._minute(day, at) for at in self._minutes if f"{at}00" <= until]
        return response(answer(output1={}, output2=rows[::-1][: PAGE_ROWS[name]]))

    def _day(self, day: date) -> dict[str, str]:
        price = str(70_000 + day.toordinal() % 100)
        prices = dict.fromkeys(("stck_oprc", "stck_hgpr", "stck_lwpr", "stck_clpr"), price)
        return prices | {
            "stck_bsop_date": kst_yyyymmdd(day),
            "acml_vol": "1000",
            "acml_tr_pbmn": "70000000",
        }

    def _minute(self, day: str, at: str) -> dict[str, str]:
        prices = dict.fromkeys(("stck_oprc", "stck_hgpr", "stck_lwpr", "stck_prpr"), "70000")
        return prices | {
            "stck_bsop_date": day,
            "stck_cntg_hour": f"{at}00",
            "cntg_vol": "10",
            "acml_tr_pbmn": "700000",
        }
