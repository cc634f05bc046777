"""A whole KIS from a folder of daily files, or from nothing."""

from datetime import date

import pytest

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.simulator.assemble import assemble
from aipx.simulator.settings import SimulatorSettings, simulated_account
from tests.support.kis_user import KisUser
from tests.support.shared_data import shared

SAMSUNG = Symbol("005930")
SETTINGS = SimulatorSettings(
    day=date(2021, 12, 29), accounts=(simulated_account(1),), requests_per_second_max=1_000
)


def chart(user: KisUser, first: str, last: str, period: str = "D") -> dict:
    return user.quote(
        "inquire-daily-itemchartprice",
        "FHKST03010100",
        FID_INPUT_DATE_1=first,
        FID_INPUT_DATE_2=last,
        FID_PERIOD_DIV_CODE=period,
        FID_ORG_ADJ_PRC="0",
    )


def test_market_without_data_is_labelled_synthetic():
    host = assemble([SAMSUNG], SETTINGS, events_max=100)

    assert host.listings[SAMSUNG].is_synthetic


def test_real_day_is_listed_with_its_limits_and_history():
    folder = shared("data/krx_daily")
    host = assemble([SAMSUNG], SETTINGS, folder=folder, events_max=100)
    user = KisUser(host).log_in()

    rows = chart(user, "20211201", "20211231")["output2"]

    assert not host.listings[SAMSUNG].is_synthetic
    assert (rows[0]["stck_bsop_date"], rows[-1]["stck_bsop_date"]) == ("20211228", "20211201")
    assert host.listings[SAMSUNG].limits.base == int(rows[0]["stck_clpr"])
    assert int(rows[0]["prdy_vrss"]) == int(rows[0]["stck_clpr"]) - int(rows[1]["stck_clpr"])


def test_chart_gives_a_hundred_rows_at_most_newest_first():
    host = assemble([SAMSUNG], SETTINGS, folder=shared("data/krx_daily"), events_max=100)
    host.advance(host.session.close)
    user = KisUser(host).log_in()

    rows = chart(user, "20200101", "20211231")["output2"]

    days = [row["stck_bsop_date"] for row in rows]
    assert len(rows) == 100
    assert days[0] == "20211229"
    assert days == sorted(days, reverse=True)


def test_chart_merges_days_into_months():
    host = assemble([SAMSUNG], SETTINGS, folder=shared("data/krx_daily"), events_max=100)
    user = KisUser(host).log_in()
    days = chart(user, "20211001", "20211031")["output2"]

    (month,) = chart(user, "20211001", "20211031", "M")["output2"]

    assert month["stck_hgpr"] == max((row["stck_hgpr"] for row in days), key=int)
    assert month["acml_vol"] == str(sum(int(row["acml_vol"]) for row in days))
    assert (month["stck_oprc"], month["stck_clpr"]) == (days[-1]["stck_oprc"], days[0]["stck_clpr"])


@pytest.mark.parametrize(
    ("symbols", "reason"),
    [([], "symbols is empty"), ([SAMSUNG, SAMSUNG], "each once"), (["999999"], "'999999'")],
)
def test_symbols_that_cannot_be_used_are_refused(symbols, reason):
    with pytest.raises(InputError, match=reason):
        assemble(symbols, SETTINGS)
