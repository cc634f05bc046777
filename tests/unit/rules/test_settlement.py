"""Settlement two sessions after the trade."""

from datetime import date

import pytest

from aipx.errors import InputError
from aipx.rules.settlement import settlement_date


@pytest.mark.parametrize(
    ("traded", "settled"),
    [
        (date(2024, 1, 9), date(2024, 1, 11)),
        (date(2024, 1, 11), date(2024, 1, 15)),
        (date(2021, 12, 29), date(2022, 1, 3)),
        (date(2021, 9, 17), date(2021, 9, 24)),
    ],
)
def test_only_sessions_count(traded: date, settled: date):
    assert settlement_date(traded) == settled


def test_a_trade_on_a_closed_day_is_refused():
    with pytest.raises(InputError, match="2024-01-01; KRX is closed"):
        settlement_date(date(2024, 1, 1))


def test_settlement_beyond_the_calendar_is_refused():
    with pytest.raises(InputError, match="beyond the calendar's end"):
        settlement_date(date(2026, 12, 30))
