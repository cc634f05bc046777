from itertools import pairwise
from random import Random

from aipx.simulator.market.curve import sizes, times

LENGTH_NS = 22_800 * 10**9


def test_times_increase_strictly_within_the_interval() -> None:
    moments = times(Random(1), 5_000, LENGTH_NS)

    assert len(moments) == 5_000
    assert all(a < b for a, b in pairwise(moments))
    assert moments[0] >= 0
    assert moments[-1] <= LENGTH_NS


def test_the_first_and_last_tenth_are_busier_than_the_middle() -> None:
    moments = times(Random(1), 5_000, LENGTH_NS)
    tenths = [0] * 10
    for moment in moments:
        tenths[min(9, moment * 10 // LENGTH_NS)] += 1

    assert tenths[0] > tenths[9] > tenths[5]


def test_sizes_sum_exactly_and_are_at_least_one() -> None:
    for count, total in ((1, 1), (7, 7), (100, 101), (1_000, 123_457)):
        drawn = sizes(Random(2), count, total)

        assert len(drawn) == count
        assert sum(drawn) == total
        assert min(drawn) >= 1
    assert sizes(Random(2), 0, 0) == []
