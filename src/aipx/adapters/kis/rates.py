"""KIS's request rates by date, for one app key: a table, so that a new notice is a new row."""

from datetime import date, timedelta

import msgspec

from aipx.errors import InputError
from aipx.wire.kis.codes import Environment


class RequestRate(msgspec.Struct, frozen=True, kw_only=True):
    """How many REST requests a second one of KIS's systems takes, since when, and who says so."""

    environment: Environment
    since: date
    per_second_max: int
    source: str
    confidence: str


RATES: tuple[RequestRate, ...] = (
    RequestRate(
        environment=Environment.REAL,
        since=date(2022, 4, 1),
        per_second_max=20,
        source="KIS portal, before the notice of 2026-04-20",
        confidence="official",
    ),
    RequestRate(
        environment=Environment.REAL,
        since=date(2026, 4, 20),
        per_second_max=18,
        source="KIS notice of 2026-04-20",
        confidence="official",
    ),
    RequestRate(
        environment=Environment.PAPER,
        since=date(2022, 4, 1),
        per_second_max=2,
        source="KIS portal, before the notice of 2026-04-20",
        confidence="official",
    ),
    RequestRate(
        environment=Environment.PAPER,
        since=date(2026, 4, 20),
        per_second_max=1,
        source="KIS notice of 2026-04-20; the day it began is assumed to be the notice's",
        confidence="assumed",
    ),
)

NEWCOMER_SINCE = date(2026, 4, 3)
NEWCOMER_DAYS = 3
NEWCOMER_PER_SECOND_MAX = 3
"""Real keys in their first days. Source: KIS notice of 2026-04-03."""


def requests_per_second_max(
    environment: Environment, day: date, *, enrolled_on: date | None = None
) -> int:
    """Return how many requests a second KIS takes of one app key on a day.

    Raises:
        InputError: a day before the table begins.
    """
    known = [rate for rate in RATES if rate.environment is environment and rate.since <= day]
    if not known:
        first = min(rate.since for rate in RATES if rate.environment is environment)
        raise InputError(f"KIS's request rate is asked for {day}; known from {first} on")
    limit = max(known, key=lambda rate: rate.since).per_second_max
    if enrolled_on is None or environment is Environment.PAPER or day < NEWCOMER_SINCE:
        return limit
    is_newcomer = day < enrolled_on + timedelta(days=NEWCOMER_DAYS)
    return min(limit, NEWCOMER_PER_SECOND_MAX) if is_newcomer else limit
