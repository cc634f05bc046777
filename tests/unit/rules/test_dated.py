"""Rows of the rulebook and their days."""

from datetime import date, timedelta

import pytest

from aipx.errors import InputError
from aipx.rules import (
    breaker,
    calendar,
    costs,
    kinds,
    limits,
    sessions,
    settlement,
    ticks,
    volatility,
)
from aipx.rules.dated import COVERED_FROM, COVERED_TO, check_covered, row_of

DATED_ROWS = (
    *ticks.TICK_ROWS,
    *limits.LIMIT_ROWS,
    *calendar.CLOSED_ROWS,
    *sessions.HOURS_ROWS,
    *sessions.WINDOW_ROWS,
    *kinds.KIND_ROWS,
    *kinds.PAPER_KIND_ROWS,
    *costs.TAX_ROWS,
    *costs.COMMISSION_ROWS,
    *volatility.DYNAMIC_ROWS,
    *volatility.STATIC_ROWS,
    *volatility.AUCTION_ROWS,
    *breaker.BREAKER_ROWS,
    *settlement.SETTLEMENT_ROWS,
)


def test_the_covered_span_includes_its_ends():
    check_covered(COVERED_FROM)
    check_covered(COVERED_TO)


@pytest.mark.parametrize("day", [COVERED_FROM - timedelta(days=1), COVERED_TO + timedelta(days=1)])
def test_a_day_outside_the_span_is_refused_with_what_is_allowed(day: date):
    with pytest.raises(InputError, match="covers 2010-10-04 to 2026-12-31"):
        check_covered(day)


def test_a_hole_in_a_table_is_refused_and_names_the_table():
    rows = ticks.TICK_ROWS[:1]

    with pytest.raises(InputError, match="tick table on 2020-01-02: the rulebook has no row"):
        row_of(rows, date(2020, 1, 2), subject="tick table")


@pytest.mark.parametrize("row", DATED_ROWS, ids=lambda row: f"{type(row).__name__}-{row.since}")
def test_every_row_says_by_which_source_it_holds(row: ticks.TickRow):
    assert row.since <= row.to
    assert row.source
    assert row.confidence
