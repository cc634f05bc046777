"""Laws that every strategy keeps: it decides on the past alone, and the same each time."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipx.model.instrument import Shares
from aipx.model.market import MarketEvent
from aipx.model.order import Side
from aipx.model.signal import OrderWish, Wish
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.strategies import STRATEGIES, strategy
from aipx.strategies.base import StrategySettings, View
from tests.support.market_facts import SAMSUNG, at, book, event, trade

SETTINGS = StrategySettings(symbols=(SAMSUNG,))
DAY_SECONDS = 6 * 3_600

moves = st.lists(
    st.tuples(
        st.integers(0, 600),
        st.booleans(),
        st.integers(-20, 20),
        st.integers(0, 500),
        st.integers(0, 500),
    ),
    max_size=80,
)


def _events(steps: Sequence[tuple[int, bool, int, int, int]]) -> list[MarketEvent]:
    """Return trades and books of a random walk: (pause, is a trade, ticks, bid and ask size)."""
    seconds, price, events = 0, 80_000, []
    for pause, is_trade, ticks, bid_size, ask_size in steps:
        seconds = min(seconds + pause, DAY_SECONDS)
        price += 100 * ticks
        fact = (
            trade(price)
            if is_trade
            else book(ask=price + 100, bid=price, bid_size=bid_size, ask_size=ask_size)
        )
        events.append(event(fact, Nanos(at("09:00") + seconds * NANOS_PER_SECOND)))
    return events


def _wishes(name: str, events: Sequence[MarketEvent]) -> list[tuple[Wish, ...]]:
    """Return what is wished for at each event, every order being filled at once."""
    chosen = strategy(name, SETTINGS)
    state, held, all_wishes = chosen.initial(), 0, []
    for one in events:
        positions = {SAMSUNG: Shares(held)} if held else {}
        view = View(at=one.receive_time, positions=positions, working=())
        state, wishes = chosen.decide(state, view, one)
        all_wishes.append(wishes)
        for wish in wishes:
            assert isinstance(wish, OrderWish)
            held += wish.quantity if wish.side is Side.BUY else -wish.quantity
            assert held >= 0, "sells no more than it holds"
    return all_wishes


@pytest.mark.parametrize("name", list(STRATEGIES))
@given(steps=moves)
def test_same_events_same_wishes(name: str, steps: list[tuple[int, bool, int, int, int]]):
    events = _events(steps)

    assert _wishes(name, events) == _wishes(name, events)


@pytest.mark.parametrize("name", list(STRATEGIES))
@given(steps=moves, cut=st.integers(0, 80))
def test_cutting_the_future_off_leaves_the_past_as_it_was(
    name: str, steps: list[tuple[int, bool, int, int, int]], cut: int
):
    events = _events(steps)

    assert _wishes(name, events[:cut]) == _wishes(name, events)[:cut]


@pytest.mark.parametrize("name", list(STRATEGIES))
@given(steps=moves)
def test_orders_are_whole_priced_and_reasoned(
    name: str, steps: list[tuple[int, bool, int, int, int]]
):
    for wishes in _wishes(name, _events(steps)):
        for wish in wishes:
            assert isinstance(wish, OrderWish)
            assert wish.quantity > 0
            assert wish.price > 0
            assert wish.reason
