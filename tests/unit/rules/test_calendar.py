"""The trading calendar, against every record of real trading dates at hand."""

from datetime import date, timedelta

import pytest

from aipx.errors import InputError
from aipx.rules.calendar import (
    CLOSED_WEEKDAYS,
    EXAM_DAYS,
    is_exam_day,
    is_first_session_of_year,
    is_open,
    next_session,
    previous_session,
    sessions_between,
)
from aipx.rules.dated import COVERED_FROM, COVERED_TO
from tests.support.tables import shared_rows


def _traded_dates(path: str) -> set[date]:
    days = {date.fromisoformat(row["date"]) for row in shared_rows(path)}
    return {day for day in days if day >= COVERED_FROM}


@pytest.mark.parametrize(
    "name",
    [
        "000270_long_to_2018_adj",
        "000660_long_to_2018_adj",
        "005380_2018_2021_adj",
        "005380_long_to_2018_adj",
        "005490_long_to_2018_adj",
        "005930_2018_2021_adj",
        "005930_2022_2024_adj",
        "005930_long_to_2018_adj",
        "030200_long_to_2018_adj",
        "035720_2018_2021_adj",
        "KOSPI_index_to_2018",
    ],
)
def test_open_days_are_exactly_the_days_that_traded(name: str):
    traded = _traded_dates(f"data/krx_daily/{name}.csv")

    assert traded == set(sessions_between(min(traded), max(traded)))


def test_calendar_equals_the_reference_calendar_day_by_day():
    rows = shared_rows("data/krx_reference/krx_calendar_2024_2026.csv")

    differing = [
        row["date"]
        for row in rows
        if is_open(date.fromisoformat(row["date"])) != (row["is_open"] == "1")
    ]

    assert len(rows) == 1_096
    assert differing == []


def test_closed_weekdays_are_weekdays_within_the_rulebook():
    for day in CLOSED_WEEKDAYS:
        assert day.weekday() < 5
        assert COVERED_FROM <= day <= COVERED_TO


def test_every_year_ends_closed_and_has_one_exam_day_on_an_open_thursday():
    assert sorted(day.year for day in EXAM_DAYS) == list(range(2010, 2027))
    for day in EXAM_DAYS:
        assert day.weekday() == 3
        assert is_open(day)
        assert is_exam_day(day)
    for year in range(2010, 2027):
        assert not is_open(date(year, 12, 31))


@pytest.mark.parametrize("day", [date(2011, 1, 3), date(2022, 1, 3), date(2026, 1, 2)])
def test_first_session_of_a_year_is_known(day: date):
    assert is_first_session_of_year(day)
    assert not is_first_session_of_year(next_session(day))


def test_sessions_step_over_weekends_and_holidays():
    assert next_session(date(2021, 12, 30)) == date(2022, 1, 3)
    assert previous_session(date(2022, 1, 3)) == date(2021, 12, 30)
    assert next_session(date(2022, 1, 1)) == date(2022, 1, 3)


def test_beyond_the_calendar_there_is_no_session():
    with pytest.raises(InputError, match="beyond the calendar's end"):
        next_session(COVERED_TO)
    with pytest.raises(InputError, match="before the calendar's start"):
        previous_session(COVERED_FROM)
    with pytest.raises(InputError, match="the rulebook covers"):
        is_open(COVERED_TO + timedelta(days=1))
    with pytest.raises(InputError, match="the rulebook covers"):
        sessions_between(COVERED_FROM, date(2030, 1, 1))
