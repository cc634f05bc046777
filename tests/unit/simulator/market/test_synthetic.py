from aipx.model.instrument import Won
from aipx.simulator.market.grid import nearest_price
from aipx.simulator.market.listing import listing
from aipx.simulator.market.synthetic import synthetic_bar
from tests.support.markets import DAY, SAMSUNG


def test_synthetic_bars_are_possible_days() -> None:
    for seed in range(50):
        bar = synthetic_bar(SAMSUNG, DAY, seed=seed)

        assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        assert bar.volume >= 200_000
        assert all(
            nearest_price(price, SAMSUNG, bar) == price
            for price in (bar.open, bar.high, bar.low, bar.close, bar.previous_close)
        )
        assert not listing(SAMSUNG, bar, is_synthetic=True).is_base_assumed


def test_the_seed_makes_the_bar() -> None:
    assert synthetic_bar(SAMSUNG, DAY, seed=1) == synthetic_bar(SAMSUNG, DAY, seed=1)
    assert synthetic_bar(SAMSUNG, DAY, seed=1) != synthetic_bar(SAMSUNG, DAY, seed=2)


def test_a_reference_price_is_drawn_around_and_the_source_says_synthetic() -> None:
    bar = synthetic_bar(SAMSUNG, DAY, seed=1, reference_price=Won(50_000))

    assert 48_000 <= bar.previous_close <= 52_000
    assert "synthetic" in bar.source
