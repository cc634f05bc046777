"""The way of the quotes through a day, in steps of the price grid.

A point says where best bid and best ask stand and which side trades next. The way never leaves
[low, high] and touches both where the auctions do not.
"""

from itertools import pairwise
from math import sqrt
from random import Random

import msgspec

_MOVE_SHARE = 0.7
"""Size of the random walk against the day's range: large enough to wander, small enough to rest."""
_MOVE_LEAST = 0.02
_SETTLED_TICKS = 0.65
"""The quotes follow once the walk is this far off: rounding alone would make them flicker."""
_SPREAD_KEPT = 0.93
_FOLLOWS_MOVE = 0.85
_SAME_SIDE = 0.62


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """The day's prices as grid places."""

    open: int
    high: int
    low: int
    close: int

    @property
    def touches(self) -> tuple[int, ...]:
        """The extremes that neither auction prints."""
        return tuple(sorted({self.high, self.low} - {self.open, self.close}))


class Point(msgspec.Struct, frozen=True, gc=False):
    """Quotes before a trade; a side without quotes has its place beyond the grid."""

    bid: int
    ask: int
    is_buy: bool

    @property
    def price(self) -> int:
        """The grid place at which the next order trades."""
        return self.ask if self.is_buy else self.bid


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """The points in order, and which of them must trade for the extremes to print."""

    points: list[Point]
    touching: tuple[int, ...]


def path(rng: Random, day: Range, count: int, *, grid_size: int, spread_most: int) -> Path:
    """Return `count` points from the open to the close; at least one for each touch."""
    assert count >= len(day.touches)
    if day.high == day.low:
        # One price all day: two-sided quotes would let the smallest order leave it.
        bid, ask = (-1, 0) if day.low == 0 else (day.low, grid_size)
        return Path(points=[Point(bid, ask, bid < 0)] * count, touching=())
    touching = _touching(rng, day, count)
    bids = _bids(rng, day, count, touching)
    spreads = _spreads(rng, count, spread_most)
    sides = _sides(rng, bids)
    points = [
        Point(bid, min(bid + spread, day.high), is_buy)
        for bid, spread, is_buy in zip(bids, spreads, sides, strict=True)
    ]
    for place, target in touching.items():
        is_high = target == day.high
        points[place] = Point(day.high - 1, day.high, True) if is_high else points[place]
        if not is_high:
            points[place] = Point(day.low, points[place].ask, False)
    return Path(points=points, touching=tuple(touching))


def _touching(rng: Random, day: Range, count: int) -> dict[int, int]:
    """Return which extreme to touch at which point, in order of points."""
    targets = list(day.touches)
    margin = count // 30
    places = sorted(rng.sample(range(margin, count - margin), len(targets)))
    # A day that ends higher has more often seen its low first.
    is_low_first = (rng.random() < 0.75) == (day.close >= day.open)
    if not is_low_first:
        targets.reverse()
    return dict(zip(places, targets, strict=True))


def _bids(rng: Random, day: Range, count: int, touching: dict[int, int]) -> list[int]:
    highest = day.high - 1
    anchors = {0: min(day.open, highest), count - 1: min(day.close, highest)} if count else {}
    anchors |= {place: min(target, highest) for place, target in touching.items()}
    places = sorted(anchors)
    scale = max(_MOVE_LEAST, _MOVE_SHARE * (highest - day.low) / sqrt(max(count, 1)))
    bids = [anchors[place] for place in places[:1]]
    for start, end in pairwise(places):
        bids += _bridge(rng, (anchors[start], anchors[end], end - start), scale, day.low, highest)
    return bids


def _bridge(
    rng: Random, span: tuple[int, int, int], scale: float, low: int, high: int
) -> list[int]:
    """Return a random walk from one anchor to the next, folded back into [low, high]."""
    start, end, length = span
    walk = [0.0]
    for _ in range(length):
        walk.append(walk[-1] + rng.gauss(0.0, scale))
    drift = (end - start - walk[-1]) / length
    width = high - low
    bids: list[int] = []
    bid = start
    for step in range(1, length):
        if width:
            folded = (start + walk[step] + drift * step - low) % (2 * width)
            level = low + (folded if folded <= width else 2 * width - folded)
            if abs(level - bid) > _SETTLED_TICKS:
                bid = round(level)
        bids.append(bid)
    return [*bids, end]


def _spreads(rng: Random, count: int, spread_most: int) -> list[int]:
    """Return spreads in ticks, mostly 1, that stay for a while."""
    spreads: list[int] = []
    spread = 1
    for _ in range(count):
        if rng.random() > _SPREAD_KEPT:
            spread = 1 + int(spread_most * rng.random() ** 4)
        spreads.append(spread)
    return spreads


def _sides(rng: Random, bids: list[int]) -> list[bool]:
    """Return whether each point's order buys: with the next move mostly, else as the one before."""
    sides: list[bool] = []
    is_buy = rng.random() < 0.5
    for place, bid in enumerate(bids):
        move = bids[place + 1] - bid if place + 1 < len(bids) else 0
        if move:
            is_buy = (rng.random() < _FOLLOWS_MOVE) == (move > 0)
        elif rng.random() > _SAME_SIDE:
            is_buy = not is_buy
        sides.append(is_buy)
    return sides
