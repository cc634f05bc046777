"""Daily price limits."""

from datetime import date

import pytest

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket, PriceLimits, Won
from aipx.rules.limits import ListingStage, price_limits

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


def test_a_first_day_is_wide_and_on_tick():
    def first_day(offer: int, day: date = date(2023, 6, 26)) -> tuple[int, int]:
        limits = price_limits(
            Won(offer),
            market=ListingMarket.KOSDAQ,
            kind=STOCK,
            day=day,
            stage=ListingStage.FIRST_DAY,
        )
        return limits.lower, limits.upper

    assert first_day(10_000) == (6_000, 40_000)
    # 60 % of 3,155 is 1,893 and lies on tick; 400 % is 12,620, on a tick of 10.
    assert first_day(3_155) == (1_893, 12_620)
    # 60 % of 33,350 is 20,010, up to 20,050; 400 % is 133,400.
    assert first_day(33_350) == (20_050, 133_400)


@pytest.mark.parametrize(
    ("market", "kind", "day", "stage"),
    [
        (ListingMarket.KOSPI, STOCK, date(2023, 6, 23), ListingStage.FIRST_DAY),
        (ListingMarket.KONEX, STOCK, date(2024, 1, 5), ListingStage.FIRST_DAY),
        (ListingMarket.KOSPI, InstrumentKind.ETF, date(2024, 1, 5), ListingStage.FIRST_DAY),
        (ListingMarket.KOSPI, STOCK, date(2024, 1, 5), ListingStage.LIQUIDATION),
    ],
)
def test_limits_that_are_not_known_are_refused(
    market: ListingMarket, kind: InstrumentKind, day: date, stage: ListingStage
):
    with pytest.raises(InputError, match=f"{stage.value}.*has no row"):
        price_limits(Won(10_000), market=market, kind=kind, day=day, stage=stage)


def test_a_geared_fund_moves_twice_as_far():
    limits = price_limits(
        Won(10_000),
        market=ListingMarket.KOSPI,
        kind=InstrumentKind.ETF,
        day=date(2024, 1, 5),
        leverage=2,
    )

    assert (limits.lower, limits.upper) == (4_000, 16_000)


@pytest.mark.parametrize(("kind", "leverage"), [(STOCK, 2), (InstrumentKind.ETF, 3)])
def test_a_leverage_that_nobody_lists_is_refused(kind: InstrumentKind, leverage: int):
    with pytest.raises(InputError, match=f"leverage is {leverage}"):
        price_limits(
            Won(10_000),
            market=ListingMarket.KOSPI,
            kind=kind,
            day=date(2024, 1, 5),
            leverage=leverage,
        )
