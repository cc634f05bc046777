"""Hours of the regular session."""

from datetime import date, time

import pytest

from aipx.errors import InputError
from aipx.model.instrument import Venue
from aipx.model.market import TradingPhase
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_moment, kst_time
from aipx.rules.calendar import is_open
from aipx.rules.sessions import krx_session, open_phases, phase_of, sessions_of
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


def windows(venue: Venue, day: date) -> list[str]:
    return [
        f"{kst_time(window.start):%H:%M:%S} {kst_time(window.end):%H:%M} {window.phase.value}"
        for window in sessions_of(venue, day)
    ]


def test_windows_of_an_ordinary_day_at_krx():
    assert windows(Venue.KRX, date(2026, 9, 14)) == [
        "08:30:00 08:40 PRE_OPEN_CLOSE_PRICE",
        "08:30:00 09:00 OPENING_AUCTION",
        "09:00:00 15:20 CONTINUOUS",
        "15:20:00 15:30 CLOSING_AUCTION",
        "15:30:00 16:00 AFTER_CLOSE_PRICE",
        "16:00:00 20:00 AFTER_MARKET",
    ]
    assert windows(Venue.KRX, date(2026, 9, 11))[-1] == "16:00:00 18:00 OVERTIME_SINGLE_PRICE"


def test_windows_of_nxt_follow_the_regular_session_but_for_the_ends_of_its_day():
    assert windows(Venue.NXT, date(2025, 3, 4)) == [
        "08:00:00 08:50 PRE_MARKET",
        "09:00:30 15:20 CONTINUOUS",
        "15:30:00 15:40 AFTER_MARKET_AUCTION",
        "15:40:00 20:00 AFTER_MARKET",
    ]
    assert windows(Venue.NXT, date(2025, 11, 13)) == [
        "10:00:30 16:20 CONTINUOUS",
        "16:30:00 16:40 AFTER_MARKET_AUCTION",
        "16:40:00 20:00 AFTER_MARKET",
    ]
    assert windows(Venue.NXT, date(2026, 1, 2))[0] == "10:00:30 15:20 CONTINUOUS"


def test_trading_at_the_close_begins_ten_minutes_after_it():
    after_close = sessions_of(Venue.KRX, date(2026, 9, 14))[4]

    assert f"{kst_time(after_close.matching_start):%H:%M}" == "15:40"


def test_a_closed_day_has_no_window_and_an_unknown_one_is_refused():
    assert sessions_of(Venue.NXT, date(2026, 6, 3)) == ()
    with pytest.raises(InputError, match="the rulebook covers"):
        sessions_of(Venue.KRX, date(2031, 1, 6))


def test_a_venue_that_has_no_sessions_is_refused():
    with pytest.raises(InputError, match="venue is SOR"):
        sessions_of(Venue.SOR, date(2026, 3, 4))
    with pytest.raises(InputError, match="NXT on 2025-02-28; it opened on 2025-03-04"):
        sessions_of(Venue.NXT, date(2025, 2, 28))


def test_the_order_book_has_one_phase_while_two_sessions_are_open():
    day = date(2026, 9, 14)

    def moment(text: str) -> Nanos:
        return kst_moment(day, time.fromisoformat(text))

    assert open_phases(Venue.KRX, day, moment("08:35")) == (
        TradingPhase.OPENING_AUCTION,
        TradingPhase.PRE_OPEN_CLOSE_PRICE,
    )
    assert phase_of(Venue.KRX, day, moment("08:35")) is TradingPhase.OPENING_AUCTION
    assert phase_of(Venue.KRX, date(2019, 4, 26), moment("20:00")) is TradingPhase.CLOSED
    assert phase_of(Venue.NXT, day, moment("15:25")) is TradingPhase.CLOSED
