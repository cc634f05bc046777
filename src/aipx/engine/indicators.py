"""Indicators that make decisions, in exact integers, so that every machine decides the same."""

from collections.abc import Sequence

import msgspec

from aipx.errors import InputError

PERMILLE = 1_000


class RollingSum(msgspec.Struct, frozen=True, kw_only=True):
    """The last `length` values and their exact sum; a value itself: adding returns a new one."""

    length: int
    values: tuple[int, ...] = ()
    total: int = 0

    def __post_init__(self) -> None:
        if self.length < 1:
            raise InputError(f"length of a rolling sum is {self.length}; it must be at least 1")

    @property
    def is_full(self) -> bool:
        """True once `length` values have come."""
        return len(self.values) == self.length

    def add(self, value: int) -> "RollingSum":
        """Return the window one value later."""
        if not self.is_full:
            return RollingSum(
                length=self.length, values=(*self.values, value), total=self.total + value
            )
        return RollingSum(
            length=self.length,
            values=(*self.values[1:], value),
            total=self.total + value - self.values[0],
        )


def average_order(left: RollingSum, right: RollingSum) -> int:
    """Compare two simple moving averages exactly: 1 where `left` is higher, -1 lower, 0 equal.

    Raises:
        InputError: one of them is not full yet, and has no average.
    """
    for window in (left, right):
        if not window.is_full:
            found = len(window.values)
            raise InputError(f"rolling sum holds {found} values; an average needs {window.length}")
    difference = left.total * right.length - right.total * left.length
    return (difference > 0) - (difference < 0)


def imbalance_permille(*, bid_sizes: Sequence[int], ask_sizes: Sequence[int], levels: int) -> int:
    """Return how much the bids outweigh the asks in the best `levels`, from -1000 to 1000.

    It is cut towards zero, so that swapping the sides only swaps the sign; 0 for an empty book.
    """
    bids = sum(bid_sizes[:levels])
    asks = sum(ask_sizes[:levels])
    total = bids + asks
    if total == 0:
        return 0
    if bids >= asks:
        return (bids - asks) * PERMILLE // total
    return -((asks - bids) * PERMILLE // total)
