"""Rows of the rulebook that hold from one date to another, and how a day finds its row."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Protocol, TypeVar

from aipx.errors import InputError

COVERED_FROM = date(2010, 10, 4)
"""First day of the oldest tick table in the rulebook."""

COVERED_TO = date(2026, 12, 31)
"""Last day of the known calendar. Tables without an end hold until here."""


class Confidence(Enum):
    """How much a row may be trusted."""

    CONFIRMED = "CONFIRMED"
    """Several independent sources agree, or recorded data do."""
    REPORTED = "REPORTED"
    """One source, or the press; the rule's own text was not read."""
    ASSUMED = "ASSUMED"
    """No source at hand: the most plausible reading, to be checked before real money."""


class Dated(Protocol):
    """What every row of a dated table carries. `to` is included."""

    @property
    def since(self) -> date: ...
    @property
    def to(self) -> date: ...


def check_covered(day: date) -> None:
    """Refuse a day for which the rulebook holds nothing.

    Raises:
        InputError: `day` is outside the rulebook.
    """
    if not COVERED_FROM <= day <= COVERED_TO:
        raise InputError(f"date is {day}; the rulebook covers {COVERED_FROM} to {COVERED_TO}")


Row = TypeVar("Row", bound=Dated)


def row_of(rows: Sequence[Row], day: date, *, subject: str) -> Row:
    """Return the one row that holds on `day`.

    Raises:
        InputError: no row does.
    """
    check_covered(day)
    for row in rows:
        if row.since <= day <= row.to:
            return row
    raise InputError(f"{subject} on {day}: the rulebook has no row")
