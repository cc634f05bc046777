"""The hours of KRX's regular session, and what the venue does with orders at each moment."""

from datetime import date, time, timedelta
from functools import lru_cache

import msgspec

from aipx.errors import InputError
from aipx.model.market import TradingPhase
from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos, kst_moment
from aipx.rules.calendar import is_exam_day, is_first_session_of_year, is_open
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, row_of

_SESSIONS_MAX = 512
"""Cached days, about two years."""

_HOUR_NS = 3_600 * NANOS_PER_SECOND
_CLOSING_AUCTION_NS = 10 * NANOS_PER_MINUTE
_LATER_CLOSE = date(2016, 8, 1)
_LATER_AUCTION = date(2019, 4, 29)
_DAY = timedelta(days=1)


class HoursRow(msgspec.Struct, frozen=True, kw_only=True):
    """Hours of an ordinary day, Korean time."""

    since: date
    to: date
    opening_auction_start: time
    open: time
    close: time
    source: str
    confidence: Confidence


HOURS_ROWS = (
    HoursRow(
        since=_LATER_AUCTION,
        to=COVERED_TO,
        opening_auction_start=time(8, 30),
        open=time(9, 0),
        close=time(15, 30),
        source="opening auction cut to half an hour on 2019-04-29, press",
        confidence=Confidence.REPORTED,
    ),
    HoursRow(
        since=_LATER_CLOSE,
        to=_LATER_AUCTION - _DAY,
        opening_auction_start=time(8, 0),
        open=time(9, 0),
        close=time(15, 30),
        source="session lengthened by half an hour on 2016-08-01, press",
        confidence=Confidence.REPORTED,
    ),
    HoursRow(
        since=COVERED_FROM,
        to=_LATER_CLOSE - _DAY,
        opening_auction_start=time(8, 0),
        open=time(9, 0),
        close=time(15, 0),
        source="the hours before 2016-08-01, press",
        confidence=Confidence.REPORTED,
    ),
)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One day's regular session. Each moment begins its phase; `close` ends the last one."""

    day: date
    opening_auction_start: Nanos
    open: Nanos
    closing_auction_start: Nanos
    close: Nanos

    def phase_at(self, now: Nanos) -> TradingPhase:
        """Return what the venue does with orders at `now`, halts and volatility auctions aside."""
        if now < self.opening_auction_start or now >= self.close:
            return TradingPhase.CLOSED
        if now < self.open:
            return TradingPhase.OPENING_AUCTION
        if now < self.closing_auction_start:
            return TradingPhase.CONTINUOUS
        return TradingPhase.CLOSING_AUCTION


@lru_cache(maxsize=_SESSIONS_MAX)
def krx_session(day: date) -> Session:
    """Return the regular session of an open day.

    A year's first session opens an hour later; on the day of the university entrance exam the
    whole day is an hour later. That the opening auction moves with the open is assumed.

    Raises:
        InputError: KRX is closed on `day`, or the calendar does not cover it.
    """
    if not is_open(day):
        raise InputError(f"date is {day} ({day:%A}); KRX is closed on it")
    row = row_of(HOURS_ROWS, day, subject="session hours")
    close_later_ns = _HOUR_NS if is_exam_day(day) else 0
    open_later_ns = _HOUR_NS if is_first_session_of_year(day) else close_later_ns
    close = kst_moment(day, row.close) + close_later_ns
    return Session(
        day=day,
        opening_auction_start=Nanos(kst_moment(day, row.opening_auction_start) + open_later_ns),
        open=Nanos(kst_moment(day, row.open) + open_later_ns),
        closing_auction_start=Nanos(close - _CLOSING_AUCTION_NS),
        close=Nanos(close),
    )
