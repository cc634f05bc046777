from itertools import pairwise
from random import Random

import pytest

from aipx.errors import InputError
from aipx.simulator.market.grid import Grid
from aipx.simulator.market.plan import AuctionStep, QuoteStep, Step, TradeStep, UncrossStep, plan
from tests.support.markets import SAMSUNG, bar, listed, session


def steps(*, events_max: int | None = 600, **terms: object) -> list[Step]:
    listing = listed(bar(**terms))  # type: ignore[arg-type]
    grid = Grid(SAMSUNG, listing.limits, listing.bar)
    return plan(Random(1), listing, grid, session(), events_max=events_max)


def test_a_liquid_day_is_large_and_in_strict_order_of_time() -> None:
    made = steps(volume=1_000_000, events_max=None)
    moments = [step.at for step in made]

    assert sum(isinstance(step, TradeStep) for step in made) >= 20_000
    assert sum(isinstance(step, QuoteStep) for step in made) >= 20_000
    assert all(a < b for a, b in pairwise(moments))


def test_planned_volume_is_the_bar_s() -> None:
    made = steps(volume=1_234_567)

    traded = sum(step.size for step in made if isinstance(step, TradeStep | UncrossStep))

    assert traded == 1_234_567


def test_auctions_are_at_the_session_s_hours() -> None:
    hours = session()
    made = steps()
    opening = [step for step in made if isinstance(step, AuctionStep) and step.is_opening]
    closing = [step for step in made if isinstance(step, AuctionStep) and not step.is_opening]
    opened, closed = [step for step in made if isinstance(step, UncrossStep)]

    assert opening[0].at == hours.opening_auction_start
    assert closing[0].at == hours.closing_auction_start
    assert hours.open < opened.at < hours.open + 10 * 10**9
    assert closed.at == hours.close


def test_a_full_day_s_auctions_have_a_book_every_ten_and_every_five_seconds() -> None:
    made = [step for step in steps(events_max=None) if isinstance(step, AuctionStep)]

    assert sum(step.is_opening for step in made) == 180
    assert sum(not step.is_opening for step in made) == 120


def test_events_max_bounds_the_day() -> None:
    made = steps(events_max=2_000)
    # A trade step makes a print and a book; an uncross too.
    events = sum(2 if isinstance(step, TradeStep | UncrossStep) else 1 for step in made)

    assert 1_500 <= events <= 2_000


def test_a_halted_day_has_no_steps() -> None:
    assert steps(volume=0) == []


def test_one_share_makes_a_day_of_one_print() -> None:
    made = steps(prices=(70_000,) * 4, volume=1)

    assert [step.size for step in made if isinstance(step, UncrossStep)] == [1, 0]
    assert not any(isinstance(step, TradeStep) for step in made)


@pytest.mark.parametrize(
    ("prices", "volume"),
    [
        ((70_000, 71_000, 69_000, 70_500), 3),
        ((70_000, 70_500, 70_000, 70_500), 1),
        ((70_000, 71_000, 70_000, 70_500), 2),
    ],
)
def test_a_volume_too_small_for_its_prices_is_refused(
    prices: tuple[int, int, int, int], volume: int
) -> None:
    with pytest.raises(InputError, match=f"volume is {volume}; .* need at least"):
        steps(prices=prices, volume=volume)
