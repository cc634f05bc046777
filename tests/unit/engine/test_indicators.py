"""Exact indicators."""

import pytest

from aipx.engine.indicators import RollingSum, average_order, imbalance_permille
from aipx.errors import InputError


def _window(length: int, *values: int) -> RollingSum:
    window = RollingSum(length=length)
    for value in values:
        window = window.add(value)
    return window


def test_a_window_keeps_the_last_values_and_their_sum():
    window = _window(3, 1, 2, 3, 4)

    assert window.is_full
    assert window.values == (2, 3, 4)
    assert window.total == 9


def test_adding_leaves_the_old_window_as_it_was():
    before = _window(2, 1, 2)

    before.add(3)

    assert before.values == (1, 2)


def test_averages_of_different_lengths_compare_exactly():
    # 10/3 against 13/4: nearer than a rounded mean could tell apart.
    assert average_order(_window(3, 3, 3, 4), _window(4, 3, 3, 3, 4)) == 1
    assert average_order(_window(4, 3, 3, 3, 4), _window(3, 3, 3, 4)) == -1
    assert average_order(_window(2, 3, 5), _window(4, 4, 4, 4, 4)) == 0


def test_a_window_that_is_not_full_has_no_average():
    with pytest.raises(InputError, match="holds 1 values; an average needs 2"):
        average_order(_window(2, 1), _window(1, 1))


def test_a_window_needs_a_length():
    with pytest.raises(InputError, match="length of a rolling sum is 0"):
        RollingSum(length=0)


@pytest.mark.parametrize(
    ("bids", "asks", "permille"),
    [
        ((3, 3, 99), (1, 1, 0), 500),
        ((1, 1, 0), (3, 3, 99), -500),
        ((2, 0, 0), (1, 0, 0), 333),
        ((1, 0, 0), (2, 0, 0), -333),
        ((1, 0, 0), (0, 0, 0), 1_000),
        ((0, 0, 0), (0, 0, 0), 0),
    ],
)
def test_imbalance_weighs_the_best_levels_and_is_symmetric(
    bids: tuple[int, ...], asks: tuple[int, ...], permille: int
):
    assert imbalance_permille(bid_sizes=bids, ask_sizes=asks, levels=2) == permille
