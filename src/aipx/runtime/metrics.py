"""Latencies and counts, in memory of fixed size."""

import msgspec

_SUB_BUCKETS = 64
_SUB_BITS = 6


class LatencySummary(msgspec.Struct, frozen=True, kw_only=True):
    """Percentiles in whole microseconds, upper ends of their buckets; all 0 when count is 0."""

    p50: float
    p99: float
    max: float
    count: int


class LatencyRecorder:
    """A histogram of nanoseconds with buckets 1/64 of an octave wide: 1.6 % exact at any scale."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._counts: dict[int, int] = {}
        self._count = 0
        self._max_ns = 0

    def add(self, nanoseconds: int) -> None:
        """Count one duration; a negative one (clocks of two hosts) counts as zero."""
        value = max(nanoseconds, 0)
        bucket = _bucket(value)
        self._counts[bucket] = self._counts.get(bucket, 0) + 1
        self._count += 1
        self._max_ns = max(self._max_ns, value)

    def summary(self) -> LatencySummary:
        """Return p50, p99, max and count so far."""
        return LatencySummary(
            p50=self._percentile(50) / 1_000,
            p99=self._percentile(99) / 1_000,
            max=self._max_ns / 1_000,
            count=self._count,
        )

    def _percentile(self, percent: int) -> int:
        rank = -(-self._count * percent // 100)
        seen = 0
        for bucket in sorted(self._counts):
            seen += self._counts[bucket]
            if seen >= rank:
                return min(_upper_end(bucket), self._max_ns)
        return 0


def _bucket(value: int) -> int:
    if value < _SUB_BUCKETS:
        return value
    shift = value.bit_length() - _SUB_BITS - 1
    return (shift + 1) * _SUB_BUCKETS + (value >> shift) - _SUB_BUCKETS


def _upper_end(bucket: int) -> int:
    if bucket < _SUB_BUCKETS:
        return bucket
    shift, rest = divmod(bucket, _SUB_BUCKETS)
    return ((rest + _SUB_BUCKETS + 1) << (shift - 1)) - 1
