"""Korean time is nine hours ahead of UTC, and the host's zone never matters."""

from datetime import date, time

import pytest

from aipx.model.time import (
    NANOS_PER_SECOND,
    Nanos,
    iso,
    kst_date,
    kst_hhmmss,
    kst_midnight,
    kst_moment,
    kst_time,
    kst_yyyymmdd,
)

DAY = date(2021, 12, 29)
# 2021-12-29T00:00:00Z by the calendar of Unix time.
UTC_MIDNIGHT = 1_640_736_000 * NANOS_PER_SECOND
HOUR = 3_600 * NANOS_PER_SECOND


def test_the_korean_day_begins_nine_hours_before_utcs():
    assert kst_midnight(DAY) == UTC_MIDNIGHT - 9 * HOUR


def test_the_market_opens_when_utc_begins_its_day():
    assert kst_moment(DAY, time(9)) == UTC_MIDNIGHT


def test_a_moment_keeps_its_microseconds():
    assert kst_moment(DAY, time(9, 0, 1, 250)) == UTC_MIDNIGHT + NANOS_PER_SECOND + 250_000


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (UTC_MIDNIGHT - 9 * HOUR - 1, date(2021, 12, 28)),
        (UTC_MIDNIGHT - 9 * HOUR, DAY),
        (UTC_MIDNIGHT + 15 * HOUR - 1, DAY),
        (UTC_MIDNIGHT + 15 * HOUR, date(2021, 12, 30)),
    ],
)
def test_the_date_changes_at_korean_midnight(at: int, day: date):
    assert kst_date(Nanos(at)) == day


def test_wall_clock_time_goes_there_and_back():
    at = time(15, 29, 59, 999_999)

    assert kst_time(kst_moment(DAY, at)) == at


def test_time_finer_than_microseconds_is_cut():
    assert kst_time(Nanos(UTC_MIDNIGHT + 1_999)) == time(9, 0, 0, 1)


def test_kis_writes_times_and_dates_without_marks():
    assert kst_hhmmss(kst_moment(DAY, time(9, 5, 7, 999_999))) == "090507"
    assert kst_yyyymmdd(date(2022, 1, 3)) == "20220103"


def test_people_read_iso_time_with_the_zone():
    assert iso(Nanos(UTC_MIDNIGHT + 7_000_000)) == "2021-12-29T09:00:00.007+09:00"
