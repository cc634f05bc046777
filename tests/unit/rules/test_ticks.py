"""Tick sizes on both sides of the reform of 2023-01-25."""

from datetime import date

import pytest

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket, Won
from aipx.rules.ticks import (
    is_on_tick,
    next_down,
    next_up,
    tick_ceil,
    tick_floor,
    tick_size,
    tick_table,
)
from tests.support.tables import shared_rows

OLD = date(2023, 1, 20)
NEW = date(2023, 1, 25)
STOCK = InstrumentKind.STOCK
KOSPI = ListingMarket.KOSPI


@pytest.mark.parametrize(
    ("price", "market", "day", "tick"),
    [
        (1_999, KOSPI, NEW, 1),
        (2_000, KOSPI, NEW, 5),
        (19_990, KOSPI, NEW, 10),
        (20_000, KOSPI, NEW, 50),
        (199_900, KOSPI, NEW, 100),
        (500_000, ListingMarket.KOSDAQ, NEW, 1_000),
        (999, KOSPI, OLD, 1),
        (1_000, KOSPI, OLD, 5),
        (15_000, KOSPI, OLD, 50),
        (150_000, KOSPI, OLD, 500),
        (600_000, KOSPI, OLD, 1_000),
        (600_000, ListingMarket.KOSDAQ, OLD, 100),
        (600_000, ListingMarket.KONEX, OLD, 100),
    ],
)
def test_tick_depends_on_price_market_and_day(
    price: int, market: ListingMarket, day: date, tick: int
):
    assert tick_size(Won(price), market=market, kind=STOCK, day=day) == tick


@pytest.mark.parametrize(
    ("price", "day", "tick"),
    [
        (1_500, date(2023, 12, 8), 5),
        (1_500, date(2023, 12, 11), 1),
        (2_000, date(2023, 12, 11), 5),
        (300_000, date(2024, 1, 2), 5),
    ],
)
@pytest.mark.parametrize("kind", [InstrumentKind.ETF, InstrumentKind.ETN])
def test_funds_have_a_table_of_their_own(kind: InstrumentKind, price: int, day: date, tick: int):
    assert tick_size(Won(price), market=KOSPI, kind=kind, day=day) == tick


def test_a_fund_on_kosdaq_is_refused_for_there_is_none():
    with pytest.raises(InputError, match="tick table of KOSDAQ ETF"):
        tick_table(market=ListingMarket.KOSDAQ, kind=InstrumentKind.ETF, day=NEW)


@pytest.mark.parametrize("price", [0, -5])
def test_a_price_that_is_not_positive_has_no_tick_and_is_never_valid(price: int):
    with pytest.raises(InputError, match="at least 1"):
        tick_size(Won(price), market=KOSPI, kind=STOCK, day=NEW)

    assert not is_on_tick(Won(price), market=KOSPI, kind=STOCK, day=NEW)


@pytest.mark.parametrize(
    ("price", "floor", "ceil", "up", "down"),
    [
        (50_000, 50_000, 50_000, 50_100, 49_950),
        (49_990, 49_950, 50_000, 50_000, 49_950),
        (50_050, 50_000, 50_100, 50_100, 50_000),
        (2_000, 2_000, 2_000, 2_005, 1_999),
    ],
)
def test_neighbours_cross_the_edges_of_bands(price: int, floor: int, ceil: int, up: int, down: int):
    grid = {"market": KOSPI, "kind": STOCK, "day": NEW}

    assert tick_floor(Won(price), **grid) == floor
    assert tick_ceil(Won(price), **grid) == ceil
    assert next_up(Won(price), **grid) == up
    assert next_down(Won(price), **grid) == down


def test_below_the_lowest_price_there_is_none():
    with pytest.raises(InputError, match="lowest valid price is 1"):
        next_down(Won(1), market=KOSPI, kind=STOCK, day=NEW)
    with pytest.raises(InputError, match="lowest valid price is 5"):
        tick_floor(Won(4), market=KOSPI, kind=InstrumentKind.ETF, day=OLD)


def test_the_stock_tables_equal_the_reference_table():
    rows = shared_rows("data/krx_reference/krx_tick_sizes.csv")
    dated = [row for row in rows if row["effective_from"]]

    assert len(dated) == 19
    for row in dated:
        for market in row["market"].split("|"):
            for price in (int(row["price_from_incl"]) or 1, int(row["price_to_excl"] or 10**7) - 1):
                found = tick_size(
                    Won(price),
                    market=ListingMarket(market),
                    kind=STOCK,
                    day=date.fromisoformat(row["effective_from"]),
                )
                assert found == int(row["tick_krw"]), row


@pytest.mark.parametrize("market", [KOSPI, ListingMarket.KOSDAQ])
def test_a_whole_market_of_real_closes_lies_on_the_grid_of_its_day(market: ListingMarket):
    path = f"data/krx_reference/cross_section_{market.value.lower()}_20210122.csv"
    closes = [Won(int(row["close"])) for row in shared_rows(path)]

    # A suspended share keeps an old close, which may lie on the grid of an older band.
    off_grid = [
        price
        for price in closes
        if not is_on_tick(price, market=market, kind=STOCK, day=date(2021, 1, 22))
    ]

    assert len(closes) > 900
    assert len(off_grid) <= len(closes) // 100
