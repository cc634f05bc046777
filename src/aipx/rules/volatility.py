"""Volatility interruptions (VI): when one symbol's trading turns into an auction, and how long.

Static: a trade would lie far from the last single price (the opening price, later the price of
the last such auction; before the open the day's base). Dynamic: it would lie far from the last
trade. A boundary counts: exactly the threshold interrupts.
"""

from datetime import date
from enum import Enum

import msgspec

from aipx.errors import InputError
from aipx.model.instrument import Won
from aipx.model.market import TradingPhase
from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND
from aipx.rules.dated import COVERED_TO, Confidence, row_of

_DYNAMIC_FROM = date(2014, 9, 1)
_STATIC_FROM = date(2015, 6, 15)


class VolatilityClass(Enum):
    """How calm an instrument is held to be."""

    CALM = "CALM"
    """Members of KOSPI200, and funds on KOSPI200, KOSPI100, KOSPI50, KRX100, inverse and bonds."""
    ORDINARY = "ORDINARY"
    """All other KOSPI and all KOSDAQ shares; geared, sector and foreign funds."""


class DynamicRow(msgspec.Struct, frozen=True, kw_only=True):
    """Thresholds of the dynamic interruption of one class, in percent of the last trade."""

    since: date
    to: date
    volatility_class: VolatilityClass
    continuous_percent: int
    closing_percent: int
    overtime_percent: int
    source: str
    confidence: Confidence


class StaticRow(msgspec.Struct, frozen=True, kw_only=True):
    """Threshold of the static interruption, in percent of the reference price."""

    since: date
    to: date
    percent: int
    source: str
    confidence: Confidence


class AuctionRow(msgspec.Struct, frozen=True, kw_only=True):
    """How long the auction lasts: its length, and up to so much more, at random."""

    since: date
    to: date
    length_ns: int
    random_end_ns_max: int
    source: str
    confidence: Confidence


_PRESS_2014 = "press of 2014-08-26 on the introduction, by class and session"

DYNAMIC_ROWS = (
    DynamicRow(
        since=_DYNAMIC_FROM,
        to=COVERED_TO,
        volatility_class=VolatilityClass.CALM,
        continuous_percent=3,
        closing_percent=2,
        overtime_percent=3,
        source=_PRESS_2014,
        confidence=Confidence.REPORTED,
    ),
    DynamicRow(
        since=_DYNAMIC_FROM,
        to=COVERED_TO,
        volatility_class=VolatilityClass.ORDINARY,
        continuous_percent=6,
        closing_percent=4,
        overtime_percent=6,
        source=_PRESS_2014,
        confidence=Confidence.REPORTED,
    ),
)
STATIC_ROWS = (
    StaticRow(
        since=_STATIC_FROM,
        to=COVERED_TO,
        percent=10,
        source="introduced with the wider price limits, press of June 2015",
        confidence=Confidence.CONFIRMED,
    ),
)
AUCTION_ROWS = (
    AuctionRow(
        since=_DYNAMIC_FROM,
        to=COVERED_TO,
        length_ns=2 * NANOS_PER_MINUTE,
        random_end_ns_max=30 * NANOS_PER_SECOND,
        source="two minutes, press of 2014; of the static kind one paper once said ten",
        confidence=Confidence.REPORTED,
    ),
)

_PERCENT_FIELDS = {
    TradingPhase.CONTINUOUS: "continuous_percent",
    TradingPhase.CLOSING_AUCTION: "closing_percent",
    TradingPhase.OVERTIME_SINGLE_PRICE: "overtime_percent",
    # KRX's new session has the interruption; that it has the day's thresholds is assumed.
    TradingPhase.AFTER_MARKET: "continuous_percent",
}


def dynamic_percent(*, volatility_class: VolatilityClass, phase: TradingPhase, day: date) -> int:
    """Return the dynamic threshold of a class in a phase, in percent.

    Raises:
        InputError: there was none on that day, or there is none in that phase.
    """
    field = _PERCENT_FIELDS.get(phase)
    if field is None:
        known = ", ".join(sorted(each.value for each in _PERCENT_FIELDS))
        raise InputError(f"phase is {phase.value}; the dynamic interruption is known for {known}")
    rows = [row for row in DYNAMIC_ROWS if row.volatility_class is volatility_class]
    row = row_of(rows, day, subject=f"dynamic interruption of {volatility_class.value}")
    percent: int = getattr(row, field)
    return percent


def interrupts(price: Won, *, reference: Won, percent: int) -> bool:
    """Return whether a trade at `price` is `percent` or more away from `reference`, exactly.

    Raises:
        InputError: the reference is not positive.
    """
    if reference <= 0:
        raise InputError(f"reference price is {reference} won; it must be at least 1")
    return abs(price - reference) * 100 >= percent * reference


def static_percent(day: date) -> int:
    """Return the static threshold of a day, in percent.

    Raises:
        InputError: there was none yet, or the rulebook does not cover the day.
    """
    return row_of(STATIC_ROWS, day, subject="static interruption").percent


def auction_length(day: date) -> AuctionRow:
    """Return how long an interruption's auction lasts on a day.

    Raises:
        InputError: there was none yet, or the rulebook does not cover the day.
    """
    return row_of(AUCTION_ROWS, day, subject="auction of an interruption")
