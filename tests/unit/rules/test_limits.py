"""Daily price limits."""

from datetime import date

import pytest

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket, PriceLimits, Won
from aipx.rules.limits import price_limits

STOCK = InstrumentKind.STOCK


@pytest.mark.parametrize(
    ("base", "day", "lower", "upper"),
    [
        (72_000, date(2024, 1, 5), 50_400, 93_600),
        # 30 % of 10,150 is 3,045, cut to the tick of 10 to 3,040.
        (10_150, date(2024, 1, 5), 7_110, 13_190),
        # 1,990 + 597 is 2,587, beyond 2,000 where the tick is 5: down to 2,585.
        (1_990, date(2024, 1, 5), 1_393, 2_585),
        (100_000, date(2015, 6, 12), 85_000, 115_000),
        (100_000, date(2015, 6, 15), 70_000, 130_000),
        (1, date(2024, 1, 5), 1, 2),
    ],
)
def test_limits_are_a_cut_width_around_the_base(base: int, day: date, lower: int, upper: int):
    limits = price_limits(Won(base), market=ListingMarket.KOSPI, kind=STOCK, day=day)

    assert limits == PriceLimits(base=Won(base), lower=Won(lower), upper=Won(upper))


def test_konex_stays_at_fifteen_percent():
    limits = price_limits(Won(10_000), market=ListingMarket.KONEX, kind=STOCK, day=date(2024, 1, 5))

    assert (limits.lower, limits.upper) == (8_500, 11_500)


def test_a_base_that_is_not_positive_is_refused():
    with pytest.raises(InputError, match="base price is 0 won"):
        price_limits(Won(0), market=ListingMarket.KOSPI, kind=STOCK, day=date(2024, 1, 5))


def test_a_day_outside_the_rulebook_is_refused():
    with pytest.raises(InputError, match="2027-01-04"):
        price_limits(Won(100), market=ListingMarket.KOSPI, kind=STOCK, day=date(2027, 1, 4))
