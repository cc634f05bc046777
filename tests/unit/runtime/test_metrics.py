from hypothesis import given
from hypothesis import strategies as st

from aipx.runtime.metrics import LatencyRecorder, LatencySummary


def test_nothing_recorded_is_all_zero():
    assert LatencyRecorder("x").summary() == LatencySummary(p50=0, p99=0, max=0, count=0)


def test_percentiles_are_those_of_the_values():
    recorder = LatencyRecorder("x")
    for microseconds in range(1, 101):
        recorder.add(microseconds * 1_000)

    summary = recorder.summary()

    assert summary.count == 100
    assert summary.max == 100.0
    assert 50 <= summary.p50 <= 50 * 1.016 + 0.001
    assert 99 <= summary.p99 <= 99 * 1.016 + 0.001


def test_negative_duration_counts_as_zero():
    recorder = LatencyRecorder("x")
    recorder.add(-5)

    assert recorder.summary() == LatencySummary(p50=0, p99=0, max=0, count=1)


@given(st.integers(min_value=0, max_value=10**13))
def test_single_value_is_told_within_its_bucket(value):
    recorder = LatencyRecorder("x")
    recorder.add(value)

    assert recorder.summary().p50 == value / 1_000
    assert recorder.summary().max == value / 1_000
