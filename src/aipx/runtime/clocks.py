"""The host's clocks, behind the ports. Nothing else in the program reads the time."""

import time
from collections.abc import Callable

from aipx.model.time import Nanos


class SystemMonotonicClock:
    """The host's monotonic clock."""

    def now(self) -> int:
        return time.monotonic_ns()


class SystemWallClock:
    """The host's wall clock; it may be wrong, and may jump."""

    def now(self) -> Nanos:
        return Nanos(time.time_ns())  # noqa: TID251 - this is the clock the others are told to take


class CallableClock:
    """A clock that asks a function, as the simulator's market time or a virtual loop's."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now

    def now(self) -> Nanos:
        return Nanos(self._now())
