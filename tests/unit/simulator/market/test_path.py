from itertools import pairwise
from random import Random

import pytest

from aipx.simulator.market.path import Path, Range, path

DAY = Range(open=20, high=30, low=10, close=25)


def way(day: Range, count: int, seed: int = 1) -> Path:
    return path(Random(seed), day, count, grid_size=100, spread_most=3)


@pytest.mark.parametrize("seed", range(5))
def test_quotes_stay_within_the_range_and_touch_both_ends(seed: int) -> None:
    made = way(DAY, 1_000, seed)

    assert len(made.points) == 1_000
    assert all(10 <= point.bid < point.ask <= 30 for point in made.points)
    touched = {made.points[place].price for place in made.touching}
    assert touched == {10, 30}


def test_extremes_that_an_auction_prints_need_no_touch() -> None:
    assert way(Range(open=30, high=30, low=10, close=10), 50).touching == ()


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_few_points_are_enough(count: int) -> None:
    made = way(DAY, count)

    assert {made.points[place].price for place in made.touching} == {10, 30}


def test_one_price_all_day_has_one_side_only() -> None:
    flat = way(Range(open=20, high=20, low=20, close=20), 3)
    lower_limit = way(Range(open=0, high=0, low=0, close=0), 3)

    assert {(point.bid, point.ask, point.is_buy) for point in flat.points} == {(20, 100, False)}
    assert {(point.bid, point.ask, point.is_buy) for point in lower_limit.points} == {(-1, 0, True)}
    assert flat.points[0].price == 20
    assert lower_limit.points[0].price == 0


def test_the_side_leads_the_next_move_mostly() -> None:
    made = way(DAY, 5_000)
    pairs = pairwise(made.points)
    ups = [before.is_buy for before, after in pairs if after.bid > before.bid]

    assert sum(ups) > 0.7 * len(ups)
