"""On which days KRX trades: closed weekdays and days with other hours, 2010-10-04 to 2026-12-31.

Source: public holidays of Korea as observed by KRX, compared day by day with the trading dates of
eight shares and the KOSPI index (2010 to 2024) and with a second calendar (2024 to 2026).
Confidence: CONFIRMED to 2024-12-30; REPORTED after that, since the government may still add days.
"""

from bisect import bisect_left, bisect_right
from datetime import date
from itertools import pairwise

import msgspec

from aipx.errors import InputError
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, check_covered

_SATURDAY = 5

_CLOSED_BY_YEAR = {
    2010: "12-31",
    2011: "02-02 02-03 02-04 03-01 05-05 05-10 06-06 08-15 09-12 09-13 10-03 12-30",
    2012: "01-23 01-24 03-01 04-11 05-01 05-28 06-06 08-15 10-01 10-03 12-19 12-25 12-31",
    2013: "01-01 02-11 03-01 05-01 05-17 06-06 08-15 09-18 09-19 09-20 10-03 10-09 12-25 12-31",
    2014: (
        "01-01 01-30 01-31 05-01 05-05 05-06 06-04 06-06 08-15 09-08 09-09 09-10 10-03 10-09 "
        "12-25 12-31"
    ),
    2015: "01-01 02-18 02-19 02-20 05-01 05-05 05-25 08-14 09-28 09-29 10-09 12-25 12-31",
    2016: (
        "01-01 02-08 02-09 02-10 03-01 04-13 05-05 05-06 06-06 08-15 09-14 09-15 09-16 10-03 12-30"
    ),
    2017: (
        "01-27 01-30 03-01 05-01 05-03 05-05 05-09 06-06 08-15 10-02 10-03 10-04 10-05 10-06 "
        "10-09 12-25 12-29"
    ),
    2018: (
        "01-01 02-15 02-16 03-01 05-01 05-07 05-22 06-06 06-13 08-15 09-24 09-25 09-26 10-03 "
        "10-09 12-25 12-31"
    ),
    2019: (
        "01-01 02-04 02-05 02-06 03-01 05-01 05-06 06-06 08-15 09-12 09-13 10-03 10-09 12-25 12-31"
    ),
    2020: "01-01 01-24 01-27 04-15 04-30 05-01 05-05 08-17 09-30 10-01 10-02 10-09 12-25 12-31",
    2021: "01-01 02-11 02-12 03-01 05-05 05-19 08-16 09-20 09-21 09-22 10-04 10-11 12-31",
    2022: "01-31 02-01 02-02 03-01 03-09 05-05 06-01 06-06 08-15 09-09 09-12 10-03 10-10 12-30",
    2023: (
        "01-23 01-24 03-01 05-01 05-05 05-29 06-06 08-15 09-28 09-29 10-02 10-03 10-09 12-25 12-29"
    ),
    2024: (
        "01-01 02-09 02-12 03-01 04-10 05-01 05-06 05-15 06-06 08-15 09-16 09-17 09-18 10-01 "
        "10-03 10-09 12-25 12-31"
    ),
    2025: (
        "01-01 01-27 01-28 01-29 01-30 03-03 05-01 05-05 05-06 06-03 06-06 08-15 10-03 10-06 "
        "10-07 10-08 10-09 12-25 12-31"
    ),
    2026: (
        "01-01 02-16 02-17 02-18 03-02 05-01 05-05 05-25 06-03 07-17 08-17 09-24 09-25 10-05 "
        "10-09 12-25 12-31"
    ),
}


class ClosedRow(msgspec.Struct, frozen=True, kw_only=True):
    """The Mondays to Fridays of a year without a session."""

    since: date
    to: date
    days: frozenset[date]
    source: str
    confidence: Confidence


_TRADED = "trading dates of eight shares and the KOSPI index, and a second calendar from 2024"
_ANNOUNCED = "public holidays as announced, equal to the reference calendar; more may be added"
_TRADED_UNTIL_YEAR = 2024


def _closed_row(year: int, days: str) -> ClosedRow:
    has_traded = year <= _TRADED_UNTIL_YEAR
    return ClosedRow(
        since=max(date(year, 1, 1), COVERED_FROM),
        to=min(date(year, 12, 31), COVERED_TO),
        days=frozenset(date.fromisoformat(f"{year}-{day}") for day in days.split()),
        source=_TRADED if has_traded else _ANNOUNCED,
        confidence=Confidence.CONFIRMED if has_traded else Confidence.REPORTED,
    )


CLOSED_ROWS = tuple(_closed_row(year, days) for year, days in _CLOSED_BY_YEAR.items())

CLOSED_WEEKDAYS = frozenset(day for row in CLOSED_ROWS for day in row.days)
"""Mondays to Fridays without a session."""

EXAM_DAYS = frozenset(
    (
        date(2010, 11, 18),
        date(2011, 11, 10),
        date(2012, 11, 8),
        date(2013, 11, 7),
        date(2014, 11, 13),
        date(2015, 11, 12),
        date(2016, 11, 17),
        date(2017, 11, 23),
        date(2018, 11, 15),
        date(2019, 11, 14),
        date(2020, 12, 3),
        date(2021, 11, 18),
        date(2022, 11, 17),
        date(2023, 11, 16),
        date(2024, 11, 14),
        date(2025, 11, 13),
        date(2026, 11, 19),
    )
)
"""Days of the university entrance exam, on which the session begins and ends an hour later.

2025-11-13 is confirmed by the press, the rest REPORTED. In 2017 the exam was put off from 11-16 on
the eve; that KRX kept its usual hours on 2017-11-16 is ASSUMED.
"""


def _open_days() -> tuple[date, ...]:
    span = range(COVERED_FROM.toordinal(), COVERED_TO.toordinal() + 1)
    days = (date.fromordinal(ordinal) for ordinal in span)
    return tuple(d for d in days if d.weekday() < _SATURDAY and d not in CLOSED_WEEKDAYS)


_OPEN_DAYS = _open_days()

_FIRST_SESSIONS = frozenset(day for before, day in pairwise(_OPEN_DAYS) if before.year != day.year)


def is_open(day: date) -> bool:
    """Return whether KRX trades on `day`.

    Raises:
        InputError: the calendar does not cover the day.
    """
    check_covered(day)
    return day.weekday() < _SATURDAY and day not in CLOSED_WEEKDAYS


def is_exam_day(day: date) -> bool:
    """Return whether the session of `day` begins and ends an hour later."""
    return day in EXAM_DAYS


def is_first_session_of_year(day: date) -> bool:
    """Return whether `day` is a year's first session, which opens an hour later."""
    return day in _FIRST_SESSIONS


def next_session(day: date) -> date:
    """Return the first open day after `day`.

    Raises:
        InputError: the calendar does not know it.
    """
    check_covered(day)
    place = bisect_right(_OPEN_DAYS, day)
    if place == len(_OPEN_DAYS):
        raise InputError(f"session after {day} is beyond the calendar's end, {COVERED_TO}")
    return _OPEN_DAYS[place]


def previous_session(day: date) -> date:
    """Return the last open day before `day`.

    Raises:
        InputError: the calendar does not know it.
    """
    check_covered(day)
    place = bisect_left(_OPEN_DAYS, day)
    if place == 0:
        raise InputError(f"session before {day} is before the calendar's start, {COVERED_FROM}")
    return _OPEN_DAYS[place - 1]


def sessions_between(first: date, last: date) -> tuple[date, ...]:
    """Return the open days from `first` to `last`, both included.

    Raises:
        InputError: the calendar does not cover both ends.
    """
    check_covered(first)
    check_covered(last)
    return _OPEN_DAYS[bisect_left(_OPEN_DAYS, first) : bisect_right(_OPEN_DAYS, last)]
