"""Time as integers: Unix nanoseconds in UTC, and the Korean wall clock that KIS writes.

KIS sends KST seconds without zone or date; every conversion takes the business date as an
argument, so that the host's own date and zone never matter.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NewType

Nanos = NewType("Nanos", int)
"""A moment: nanoseconds since 1970-01-01T00:00:00Z."""

NANOS_PER_MICROSECOND = 1_000
NANOS_PER_MILLISECOND = 1_000_000
NANOS_PER_SECOND = 1_000_000_000
NANOS_PER_MINUTE = 60 * NANOS_PER_SECOND
NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND

KST = timezone(timedelta(hours=9), "KST")
_KST_OFFSET_NS = 9 * 3_600 * NANOS_PER_SECOND
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def kst_midnight(day: date) -> Nanos:
    """Return the moment at which `day` begins in Korea."""
    return Nanos((day.toordinal() - _EPOCH_ORDINAL) * NANOS_PER_DAY - _KST_OFFSET_NS)


def kst_moment(day: date, at: time) -> Nanos:
    """Return the moment of Korean wall-clock time `at` (naive) on `day`."""
    seconds = at.hour * 3_600 + at.minute * 60 + at.second
    return Nanos(kst_midnight(day) + seconds * NANOS_PER_SECOND + at.microsecond * 1_000)


def kst_date(at: Nanos) -> date:
    """Return the Korean calendar date of a moment."""
    return date.fromordinal((at + _KST_OFFSET_NS) // NANOS_PER_DAY + _EPOCH_ORDINAL)


def kst_time(at: Nanos) -> time:
    """Return the Korean wall-clock time of a moment, cut to microseconds, naive."""
    microseconds = (at + _KST_OFFSET_NS) % NANOS_PER_DAY // 1_000
    seconds, micro = divmod(microseconds, 1_000_000)
    return time(seconds // 3_600, seconds // 60 % 60, seconds % 60, micro)


def kst_hhmmss(at: Nanos) -> str:
    """Return `HHMMSS` in Korea, as KIS writes times."""
    seconds = (at + _KST_OFFSET_NS) % NANOS_PER_DAY // NANOS_PER_SECOND
    return f"{seconds // 3_600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"


def kst_yyyymmdd(day: date) -> str:
    """Return `YYYYMMDD`, as KIS writes dates."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def iso(at: Nanos) -> str:
    """Return a moment as ISO 8601 in Korean time, to the millisecond, for people."""
    moment = datetime.fromtimestamp(at // NANOS_PER_SECOND, UTC).astimezone(KST)
    milliseconds = at % NANOS_PER_SECOND // NANOS_PER_MILLISECOND
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}+09:00"
