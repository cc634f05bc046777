"""Laws of bars and indicators."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aipx.engine.bars import Bar, BarBuilder
from aipx.engine.indicators import RollingSum, imbalance_permille
from aipx.model.instrument import Shares, Won
from aipx.model.time import NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos
from tests.support.market_facts import SAMSUNG, at

trades = st.lists(
    st.tuples(st.integers(0, 200 * NANOS_PER_SECOND), st.integers(1, 10**6), st.integers(1, 10**6)),
    max_size=60,
)
sizes = st.lists(st.integers(0, 10**9), min_size=10, max_size=10)


def _bars(ticks: Sequence[tuple[int, int, int]]) -> list[Bar]:
    """Return the bars of trades given as (pause before it in ns, price, size), all closed."""
    builder = BarBuilder(SAMSUNG, length_ns=NANOS_PER_MINUTE)
    moment = at("09:00")
    bars = []
    for pause_ns, price, size in ticks:
        moment = Nanos(moment + pause_ns)
        bars.append(builder.add(at=moment, price=Won(price), size=Shares(size)))
    bars.append(builder.close_until(Nanos(moment + NANOS_PER_MINUTE)))
    return [bar for bar in bars if bar is not None]


@given(trades)
def test_bars_lose_and_invent_no_trade(ticks: list[tuple[int, int, int]]):
    bars = _bars(ticks)

    assert sum(bar.trades_count for bar in bars) == len(ticks)
    assert sum(bar.volume for bar in bars) == sum(size for _, _, size in ticks)
    assert sum(bar.value for bar in bars) == sum(price * size for _, price, size in ticks)


@given(trades)
def test_bars_are_in_order_and_their_prices_within_their_range(ticks: list[tuple[int, int, int]]):
    bars = _bars(ticks)

    for bar in bars:
        assert bar.low <= min(bar.open, bar.close)
        assert bar.high >= max(bar.open, bar.close)
        assert bar.end - bar.start == NANOS_PER_MINUTE
    assert all(before.end <= after.start for before, after in pairwise(bars))


@given(trades, st.integers(0, 60))
def test_closed_bars_do_not_depend_on_the_future(ticks: list[tuple[int, int, int]], cut: int):
    known = _bars(ticks[:cut])[:-1]

    assert _bars(ticks)[: len(known)] == known


@given(st.integers(1, 10), st.lists(st.integers(-(10**12), 10**12)))
def test_a_rolling_sum_is_the_sum_of_the_last_values(length: int, values: list[int]):
    window = RollingSum(length=length)
    for value in values:
        window = window.add(value)

    assert window.total == sum(values[-length:])
    assert window.is_full == (len(values) >= length)


@given(sizes, sizes, st.integers(1, 10))
def test_imbalance_is_bounded_and_turns_its_sign_with_the_sides(
    bids: list[int], asks: list[int], levels: int
):
    weight = imbalance_permille(bid_sizes=bids, ask_sizes=asks, levels=levels)

    assert -1_000 <= weight <= 1_000
    assert weight == -imbalance_permille(bid_sizes=asks, ask_sizes=bids, levels=levels)
