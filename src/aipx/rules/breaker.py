"""The circuit breaker: how far the index must fall for the whole market to stop, and how long.

A market has its own index and its own breaker. A stage follows the one before it, is used once a
day, and needs the fall to last a minute; orders wait while it halts, but may be cancelled until
the last stage. The sidecar holds programme orders only, and no order of an API is one.
"""

from datetime import date, timedelta

import msgspec

from aipx.errors import InputError
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, row_of
from aipx.rules.sessions import krx_session

_THREE_STAGES = date(2015, 6, 15)
_DAY = timedelta(days=1)


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One stage. Halt and auction are 0 where the day ends with it."""

    fall_percent: int
    """Below the previous close of the index."""
    further_percent: int
    """Below the index at which the stage before began, too; 0 for the first."""
    halt_ns: int
    auction_ns: int
    not_within_ns: int
    """No such halt begins later than this before the close."""
    ends_day: bool


class BreakerRow(msgspec.Struct, frozen=True, kw_only=True):
    """The stages in their order."""

    since: date
    to: date
    stages: tuple[Stage, ...]
    lasting_ns: int
    source: str
    confidence: Confidence


def _halting(fall_percent: int, further_percent: int) -> Stage:
    return Stage(
        fall_percent=fall_percent,
        further_percent=further_percent,
        halt_ns=20 * NANOS_PER_MINUTE,
        auction_ns=10 * NANOS_PER_MINUTE,
        not_within_ns=40 * NANOS_PER_MINUTE,
        ends_day=False,
    )


BREAKER_ROWS = (
    BreakerRow(
        since=_THREE_STAGES,
        to=COVERED_TO,
        stages=(
            _halting(8, 0),
            _halting(15, 1),
            Stage(
                fall_percent=20,
                further_percent=1,
                halt_ns=0,
                auction_ns=0,
                not_within_ns=10 * NANOS_PER_MINUTE,
                ends_day=True,
            ),
        ),
        lasting_ns=NANOS_PER_MINUTE,
        source="KRX's page on the breaker; press of 2016, 2020 and 2024",
        confidence=Confidence.CONFIRMED,
    ),
    BreakerRow(
        since=COVERED_FROM,
        to=_THREE_STAGES - _DAY,
        stages=(_halting(10, 0),),
        lasting_ns=NANOS_PER_MINUTE,
        source="one stage of 10 %, press of 2008 and 2015",
        confidence=Confidence.REPORTED,
    ),
)


def breaker_stages(day: date) -> tuple[Stage, ...]:
    """Return the stages of a day in their order.

    Raises:
        InputError: the rulebook does not cover the day.
    """
    return row_of(BREAKER_ROWS, day, subject="circuit breaker").stages


def last_halt(stage: Stage, day: date) -> Nanos:
    """Return the last moment at which a stage may begin on an open day.

    Raises:
        InputError: KRX is closed on the day, or the rulebook does not cover it.
    """
    return Nanos(krx_session(day).close - stage.not_within_ns)


def has_fallen(stage: Stage, *, index: int, previous_close: int, begun_at: int) -> bool:
    """Return whether the index, in any whole unit, has fallen far enough for `stage`.

    `begun_at` is the index at which the stage before began; the first stage does not look at it.

    Raises:
        InputError: an index is not positive.
    """
    if min(index, previous_close) <= 0:
        raise InputError(f"index is {index} after {previous_close}; both must be at least 1")
    is_down = index * 100 <= previous_close * (100 - stage.fall_percent)
    is_further = index * 100 <= begun_at * (100 - stage.further_percent)
    return is_down and (stage.further_percent == 0 or is_further)
