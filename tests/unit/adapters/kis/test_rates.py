"""KIS's request rates by date."""

from datetime import date

import pytest

from aipx.adapters.kis.rates import requests_per_second_max
from aipx.errors import InputError
from aipx.wire.kis.codes import Environment

REAL, PAPER = Environment.REAL, Environment.PAPER


@pytest.mark.parametrize(
    ("environment", "day", "allowed"),
    [
        (REAL, date(2026, 4, 19), 20),
        (REAL, date(2026, 4, 20), 18),
        (PAPER, date(2026, 4, 19), 2),
        (PAPER, date(2026, 4, 20), 1),
    ],
)
def test_rate_follows_the_notice_of_its_date(
    environment: Environment, day: date, allowed: int
) -> None:
    assert requests_per_second_max(environment, day) == allowed


@pytest.mark.parametrize(
    ("environment", "enrolled_on", "day", "allowed"),
    [
        (REAL, date(2026, 11, 18), date(2026, 11, 20), 3),
        (REAL, date(2026, 11, 17), date(2026, 11, 20), 18),
        (REAL, date(2026, 4, 1), date(2026, 4, 2), 20),
        (PAPER, date(2026, 11, 20), date(2026, 11, 20), 1),
    ],
)
def test_new_key_takes_fewer_for_three_days(
    environment: Environment, enrolled_on: date, day: date, allowed: int
) -> None:
    assert requests_per_second_max(environment, day, enrolled_on=enrolled_on) == allowed


def test_day_before_the_table_is_refused() -> None:
    with pytest.raises(InputError, match="known from 2022-04-01 on"):
        requests_per_second_max(REAL, date(2020, 1, 2))
