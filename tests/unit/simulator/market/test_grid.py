from aipx.model.instrument import PriceLimits, Won
from aipx.simulator.market.grid import Grid, nearest_price
from tests.support.markets import SAMSUNG, bar

LIMITS = PriceLimits(base=Won(199_900), lower=Won(199_700), upper=Won(201_500))


def test_grid_crosses_into_the_next_tick_band() -> None:
    grid = Grid(SAMSUNG, LIMITS, bar())

    assert grid.prices == [199_700, 199_800, 199_900, 200_000, 200_500, 201_000, 201_500]
    assert len(grid) == 7


def test_index_is_that_of_the_nearest_price() -> None:
    grid = Grid(SAMSUNG, LIMITS, bar())

    nearest = [
        grid.prices[grid.index(Won(price))] for price in (1, 199_851, 200_249, 200_251, 10**6)
    ]

    assert nearest == [199_700, 199_900, 200_000, 200_500, 201_500]


def test_nearest_price_rounds_a_tie_down() -> None:
    prices = [nearest_price(Won(price), SAMSUNG, bar()) for price in (70_000, 70_050, 70_051)]

    assert prices == [70_000, 70_000, 70_100]
