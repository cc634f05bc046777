from aipx.simulator.market.listing import listing
from tests.support.markets import SAMSUNG, bar


def test_limits_come_from_the_previous_close() -> None:
    listed = listing(SAMSUNG, bar(previous_close=70_000))

    assert (listed.limits.base, listed.limits.lower, listed.limits.upper) == (
        70_000,
        49_000,
        91_000,
    )
    assert not listed.is_base_assumed


def test_an_adjusted_previous_close_is_put_on_the_tick_grid() -> None:
    assert listing(SAMSUNG, bar(previous_close=70_149)).limits.base == 70_100


def test_a_range_beyond_the_limits_makes_the_open_the_base() -> None:
    listed = listing(SAMSUNG, bar(previous_close=40_000))

    assert listed.limits.base == 70_000
    assert listed.is_base_assumed


def test_without_a_day_before_the_base_is_assumed() -> None:
    assert listing(SAMSUNG, bar(previous_close=0)).is_base_assumed


def test_a_range_wider_than_the_limits_of_its_open_is_contained_all_the_same() -> None:
    around_middle = listing(SAMSUNG, bar((50_000, 80_000, 50_000, 80_000), previous_close=0))
    beyond_all = listing(SAMSUNG, bar((40_000, 90_000, 30_000, 80_000), previous_close=0))

    assert around_middle.limits.base == 65_000
    assert (beyond_all.limits.lower, beyond_all.limits.upper) == (30_000, 90_000)


def test_a_day_without_volume_is_a_halt() -> None:
    assert listing(SAMSUNG, bar(volume=0)).is_halted
    assert not listing(SAMSUNG, bar()).is_halted
