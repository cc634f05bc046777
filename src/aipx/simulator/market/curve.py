"""When a day trades and in which sizes: the U-shaped curve of the session, lognormal sizes.

Times are nanoseconds into an interval; draws come from the caller's generator only.
"""

from bisect import bisect_right
from itertools import accumulate
from math import exp
from random import Random

_BINS = 96
_SIZE_SIGMA = 1.1
"""Spread of the logarithm of trade sizes: the largest of 20,000 is some 80 times the median."""

_NANOS_STEP = 1_000
"""Times are cut to microseconds."""


def _intensity(x: float) -> float:
    """Return trading per time at the fraction `x` of the session: busy open, quiet noon, close."""
    return 0.55 + 2.4 * exp(-x / 0.06) + 0.5 * exp(-x / 0.3) + 1.3 * exp(-(1 - x) / 0.09)


# Cumulative share of the day at the end of each bin; starts with 0.
_CUMULATIVE = [0.0, *accumulate(_intensity((n + 0.5) / _BINS) for n in range(_BINS))]
_CURVE = [share / _CUMULATIVE[-1] for share in _CUMULATIVE]


def times(rng: Random, count: int, length_ns: int) -> list[int]:
    """Return `count` increasing times within `length_ns`, dense where the curve is high."""
    gaps = [rng.expovariate(1.0) for _ in range(count + 1)]
    total = sum(gaps)
    result: list[int] = []
    last = -_NANOS_STEP
    reached = 0.0
    for gap in gaps[:-1]:
        reached += gap
        at = int(_inverse(min(reached / total, 1.0)) * length_ns)
        # Two actions of a symbol never share a moment: their order would be nobody's choice.
        last = max(at - at % _NANOS_STEP, last + _NANOS_STEP)
        result.append(last)
    return result


def _inverse(share: float) -> float:
    """Return the fraction of the session at which `share` of the day has traded."""
    place = min(bisect_right(_CURVE, share), _BINS) - 1
    width = _CURVE[place + 1] - _CURVE[place]
    return (place + (share - _CURVE[place]) / width) / _BINS


def sizes(rng: Random, count: int, total: int) -> list[int]:
    """Return `count` sizes of at least 1 share whose sum is exactly `total`."""
    if not count:
        return []
    assert total >= count
    weights = [rng.lognormvariate(0.0, _SIZE_SIGMA) for _ in range(count)]
    scale = (total - count) / sum(weights)
    result: list[int] = []
    reached = 0.0
    given = 0
    for weight in weights:
        reached += weight * scale
        # Cutting the running sum, not each size, leaves no remainder to put anywhere.
        size = int(reached) - given
        given += size
        result.append(size + 1)
    result[-1] += total - count - given
    return result
