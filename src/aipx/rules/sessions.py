"""The hours of each venue, and what it does with orders at each moment.

KRX's regular session is `krx_session`; all windows of a venue's day are `sessions_of`. Hours are
written relative to the regular open and close, which move on special days, or as clock times,
which do not.
"""

from datetime import date, time, timedelta
from enum import Enum
from functools import lru_cache

import msgspec

from aipx.errors import InputError
from aipx.model.instrument import Venue
from aipx.model.market import TradingPhase
from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos, kst_midnight, kst_moment
from aipx.rules.calendar import is_exam_day, is_first_session_of_year, is_open
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, check_covered, row_of

_SESSIONS_MAX = 512
"""Cached days, about two years."""

_HOUR_NS = 3_600 * NANOS_PER_SECOND
_CLOSING_AUCTION_NS = 10 * NANOS_PER_MINUTE
_LATER_CLOSE = date(2016, 8, 1)
_LATER_AUCTION = date(2019, 4, 29)
_DAY = timedelta(days=1)

NXT_FROM = date(2025, 3, 4)
"""First day of the second venue, and of mid-price and stop-limit orders (at KRX assumed)."""

AFTER_MARKET_FROM = date(2026, 9, 14)
"""First day of KRX's after-market, which took the place of the overtime single price."""


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


class Anchor(Enum):
    """What a window's edge is measured from."""

    OPEN = "OPEN"
    CLOSE = "CLOSE"
    MIDNIGHT = "MIDNIGHT"


class Edge(msgspec.Struct, frozen=True):
    """A moment of a day: `minutes` and `seconds` after its anchor."""

    anchor: Anchor
    minutes: int
    seconds: int = 0


class WindowRow(msgspec.Struct, frozen=True, kw_only=True):
    """Hours beside KRX's regular session: one phase of one venue."""

    venue: Venue
    phase: TradingPhase
    start: Edge
    end: Edge
    matching: Edge
    """When shares first change hands; a single price has it at the end."""
    source: str
    confidence: Confidence
    since: date
    to: date = COVERED_TO
    is_on_special_days: bool = True


_CLOSE = Edge(Anchor.CLOSE, 0)
_CLOSE_10 = Edge(Anchor.CLOSE, 10)
_CLOSE_30 = Edge(Anchor.CLOSE, 30)
_EVENING_6 = Edge(Anchor.MIDNIGHT, 18 * 60)
_EVENING_8 = Edge(Anchor.MIDNIGHT, 20 * 60)

WINDOW_ROWS = (
    WindowRow(
        venue=Venue.KRX,
        phase=TradingPhase.PRE_OPEN_CLOSE_PRICE,
        start=Edge(Anchor.OPEN, -90),
        end=Edge(Anchor.OPEN, -30),
        matching=Edge(Anchor.OPEN, -90),
        since=COVERED_FROM,
        to=_LATER_AUCTION - _DAY,
        source="07:30 to 08:30 until 2019-04-29; an hour later with a later open; press",
        confidence=Confidence.CONFIRMED,
    ),
    WindowRow(
        venue=Venue.KRX,
        phase=TradingPhase.PRE_OPEN_CLOSE_PRICE,
        start=Edge(Anchor.OPEN, -30),
        end=Edge(Anchor.OPEN, -20),
        matching=Edge(Anchor.OPEN, -30),
        since=_LATER_AUCTION,
        source="08:30 to 08:40 since 2019-04-29, 09:30 to 09:40 on 2025-11-13; press",
        confidence=Confidence.CONFIRMED,
    ),
    WindowRow(
        venue=Venue.KRX,
        phase=TradingPhase.AFTER_CLOSE_PRICE,
        start=_CLOSE,
        end=_CLOSE_30,
        matching=_CLOSE_10,
        since=COVERED_FROM,
        source="15:40 to 16:00, entry from the close; press of 2016, 2025 and 2026",
        confidence=Confidence.CONFIRMED,
    ),
    WindowRow(
        venue=Venue.KRX,
        phase=TradingPhase.OVERTIME_SINGLE_PRICE,
        start=_CLOSE_30,
        end=_EVENING_6,
        # The first auction ends ten minutes after the start, half an hour before 2014-09-01.
        matching=Edge(Anchor.CLOSE, 60),
        since=COVERED_FROM,
        to=date(2014, 8, 31),
        source="15:30 to 18:00 in five auctions; press of 2014",
        confidence=Confidence.CONFIRMED,
    ),
    WindowRow(
        venue=Venue.KRX,
        phase=TradingPhase.OVERTIME_SINGLE_PRICE,
        start=_CLOSE_30,
        end=_EVENING_6,
        matching=Edge(Anchor.CLOSE, 40),
        since=date(2014, 9, 1),
        to=AFTER_MARKET_FROM - _DAY,
        source="auctions of ten minutes to 18:00, whenever the close is; press of 2014 and 2025",
        confidence=Confidence.CONFIRMED,
    ),
    WindowRow(
        venue=Venue.KRX,
        phase=TradingPhase.AFTER_MARKET,
        start=_CLOSE_30,
        end=_EVENING_8,
        matching=_CLOSE_30,
        since=AFTER_MARKET_FROM,
        source="16:00 to 20:00, press of January 2026; that a late close moves it is assumed",
        confidence=Confidence.REPORTED,
    ),
    WindowRow(
        venue=Venue.NXT,
        phase=TradingPhase.PRE_MARKET,
        start=Edge(Anchor.MIDNIGHT, 8 * 60),
        end=Edge(Anchor.MIDNIGHT, 8 * 60 + 50),
        matching=Edge(Anchor.MIDNIGHT, 8 * 60),
        since=NXT_FROM,
        is_on_special_days=False,
        source="08:00 to 08:50; not held on 2025-11-13 and 2026-01-02; press",
        confidence=Confidence.CONFIRMED,
    ),
    WindowRow(
        venue=Venue.NXT,
        phase=TradingPhase.CONTINUOUS,
        start=Edge(Anchor.OPEN, 0, 30),
        end=Edge(Anchor.CLOSE, -10),
        matching=Edge(Anchor.OPEN, 0, 30),
        since=NXT_FROM,
        source="09:00:30 to 15:20; 10:00:30 on 2026-01-02, to 16:20 on 2025-11-13; press",
        confidence=Confidence.CONFIRMED,
    ),
    WindowRow(
        venue=Venue.NXT,
        phase=TradingPhase.AFTER_MARKET_AUCTION,
        start=_CLOSE,
        end=_CLOSE_10,
        matching=_CLOSE_10,
        since=NXT_FROM,
        source="15:30 to 15:40, KIS's documents of 2026; that it was so from the start is assumed",
        confidence=Confidence.REPORTED,
    ),
    WindowRow(
        venue=Venue.NXT,
        phase=TradingPhase.AFTER_MARKET,
        start=_CLOSE_10,
        end=_EVENING_8,
        matching=_CLOSE_10,
        since=NXT_FROM,
        source="to 20:00 on any day, from 16:30 with the auction on 2025-11-13; press",
        confidence=Confidence.CONFIRMED,
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


class SessionWindow(msgspec.Struct, frozen=True, kw_only=True):
    """One phase of one venue's day: orders from `start`, none at `end`."""

    phase: TradingPhase
    start: Nanos
    end: Nanos
    matching_start: Nanos
    """From when shares change hands."""


@lru_cache(maxsize=_SESSIONS_MAX)
def sessions_of(venue: Venue, day: date) -> tuple[SessionWindow, ...]:
    """Return a venue's windows of a day, earliest first; none on a closed day.

    They do not overlap, but for KRX's trading at the previous close, beside its opening auction.

    Raises:
        InputError: the calendar does not cover the day, or the venue was not there, or is SOR.
    """
    check_covered(day)
    if venue is Venue.SOR:
        raise InputError("venue is SOR, which has no sessions of its own; ask for KRX and NXT")
    if venue is Venue.NXT and day < NXT_FROM:
        raise InputError(f"venue is NXT on {day}; it opened on {NXT_FROM}")
    if not is_open(day):
        return ()
    session = krx_session(day)
    is_special = is_exam_day(day) or is_first_session_of_year(day)
    windows = [
        _window(row, session)
        for row in WINDOW_ROWS
        if row.venue is venue
        and row.since <= day <= row.to
        and (row.is_on_special_days or not is_special)
    ]
    windows += _regular_windows(session) if venue is Venue.KRX else ()
    return tuple(sorted(windows, key=lambda window: (window.start, window.end)))


def open_phases(venue: Venue, day: date, now: Nanos) -> tuple[TradingPhase, ...]:
    """Return what is open at `now`, halts and volatility auctions aside; raises as `sessions_of`.

    The order book's phase comes first, trading at the previous close beside it second.
    """
    windows = sessions_of(venue, day)
    found = [window.phase for window in windows if window.start <= now < window.end]
    found.sort(key=lambda phase: phase is TradingPhase.PRE_OPEN_CLOSE_PRICE)
    return tuple(found)


def phase_of(venue: Venue, day: date, now: Nanos) -> TradingPhase:
    """Return the phase of a venue's order book at `now`, CLOSED outside the day's windows.

    Raises as `sessions_of`.
    """
    found = open_phases(venue, day, now)
    return found[0] if found else TradingPhase.CLOSED


def _regular_windows(session: Session) -> tuple[SessionWindow, ...]:
    return (
        SessionWindow(
            phase=TradingPhase.OPENING_AUCTION,
            start=session.opening_auction_start,
            end=session.open,
            matching_start=session.open,
        ),
        SessionWindow(
            phase=TradingPhase.CONTINUOUS,
            start=session.open,
            end=session.closing_auction_start,
            matching_start=session.open,
        ),
        SessionWindow(
            phase=TradingPhase.CLOSING_AUCTION,
            start=session.closing_auction_start,
            end=session.close,
            matching_start=session.close,
        ),
    )


def _window(row: WindowRow, session: Session) -> SessionWindow:
    return SessionWindow(
        phase=row.phase,
        start=_moment(row.start, session),
        end=_moment(row.end, session),
        matching_start=_moment(row.matching, session),
    )


def _moment(edge: Edge, session: Session) -> Nanos:
    anchors = {
        Anchor.OPEN: session.open,
        Anchor.CLOSE: session.close,
        Anchor.MIDNIGHT: kst_midnight(session.day),
    }
    offset_ns = edge.minutes * NANOS_PER_MINUTE + edge.seconds * NANOS_PER_SECOND
    return Nanos(anchors[edge.anchor] + offset_ns)
