"""Hours of the regular session."""

from datetime import date, time

import pytest

from aipx.errors import InputError
from aipx.model.market import TradingPhase
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_moment, kst_time
from aipx.rules.calendar import is_open
from aipx.rules.sessions import krx_session
from tests.support.tables import shared_rows


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2021, 12, 29), ("08:30", "09:00", "15:20", "15:30")),
        (date(2019, 4, 26), ("08:00", "09:00", "15:20", "15:30")),
        (date(2016, 7, 29), ("08:00", "09:00", "14:50", "15:00")),
        (date(2022, 1, 3), ("09:30", "10:00", "15:20", "15:30")),
        (date(2016, 1, 4), ("09:00", "10:00", "14:50", "15:00")),
        (date(2025, 11, 13), ("09:30", "10:00", "16:20", "16:30")),
        (date(2015, 11, 12), ("09:00", "10:00", "15:50", "16:00")),
    ],
)
def test_hours_of_ordinary_and_special_days(day: date, hours: tuple[str, ...]):
    session = krx_session(day)

    moments = (
        session.opening_auction_start,
        session.open,
        session.closing_auction_start,
        session.close,
    )
    assert tuple(f"{kst_time(at):%H:%M}" for at in moments) == hours


def test_each_phase_begins_at_its_moment():
    day = date(2021, 12, 29)
    session = krx_session(day)

    def phase(text: str) -> TradingPhase:
        return session.phase_at(kst_moment(day, time.fromisoformat(text)))

    assert phase("08:29:59.999999") is TradingPhase.CLOSED
    assert phase("08:30") is TradingPhase.OPENING_AUCTION
    assert phase("09:00") is TradingPhase.CONTINUOUS
    assert phase("15:19:59") is TradingPhase.CONTINUOUS
    assert phase("15:20") is TradingPhase.CLOSING_AUCTION
    assert phase("15:29:59") is TradingPhase.CLOSING_AUCTION
    assert phase("15:30") is TradingPhase.CLOSED
    assert session.phase_at(Nanos(session.close + NANOS_PER_SECOND)) is TradingPhase.CLOSED


def test_a_closed_day_has_no_session_and_the_error_names_the_weekday():
    with pytest.raises(InputError, match=r"2021-12-25 \(Saturday\); KRX is closed"):
        krx_session(date(2021, 12, 25))


def test_a_day_outside_the_rulebook_is_refused():
    with pytest.raises(InputError, match="the rulebook covers"):
        krx_session(date(2009, 1, 5))


def test_hours_equal_the_reference_calendar():
    for row in shared_rows("data/krx_reference/krx_calendar_2024_2026.csv"):
        day = date.fromisoformat(row["date"])
        if not is_open(day):
            continue
        session = krx_session(day)
        assert f"{kst_time(session.open):%H:%M}" == row["open_kst"], row
        assert f"{kst_time(session.close):%H:%M}" == row["close_kst"], row
