"""The background's mid-price liquidity: not in any book, and met only by mid-price orders.

How much of it there is at KRX nobody outside sees; the amounts here are assumed.
"""

from random import Random

from aipx.engine.book import MID_PLACE, OrderBook
from aipx.model.order import Side

_DEPTH_SHARE = 4
"""At most one part in so many of a level's usual size is hidden at the mid-price."""


class HiddenMids:
    """Lends the book mid-price liquidity for the moment in which an order arrives.

    It draws from a generator of its own, and only when asked: a day without mid-price orders is
    the same with it as without.
    """

    __slots__ = ("_book", "_drawn_at", "_left", "_rng", "_size_max")

    def __init__(self, rng: Random, book: OrderBook, depth: int) -> None:
        self._rng = rng
        self._book = book
        self._size_max = depth // _DEPTH_SHARE
        self._drawn_at = -1
        self._left: dict[Side, int] = {}

    def lend(self, side: Side, *, step: int) -> None:
        """Put on `side` what it has left; it is drawn anew once in each `step` of the day."""
        if self._drawn_at != step:
            self._drawn_at = step
            self._left = {each: self._rng.randint(0, self._size_max) for each in Side}
        self._book.mids(side).set_background(MID_PLACE, self._left[side])

    def take_back(self, side: Side) -> None:
        """Take what was not met off again."""
        queue = self._book.mids(side)
        level = queue.levels.get(MID_PLACE)
        self._left[side] = level.background if level is not None else 0
        queue.set_background(MID_PLACE, 0)
