"""KIS's request rate: a sliding window per appkey; what lessens risk goes first."""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from enum import IntEnum

from aipx.errors import RateLimited
from aipx.model.time import NANOS_PER_SECOND
from aipx.ports.clock import MonotonicClock

_TIMER_SECONDS_MIN = 0.000_01


class Priority(IntEnum):
    """Who goes first; within one, who came first."""

    CANCEL = 0
    REDUCE = 1
    """Orders that can only lessen what is held: sells, where nothing can be sold short."""
    OPEN = 2
    INQUIRY = 3


class RateLimiter:
    """Lets at most `requests_max()` requests go in any `window_ns`; the rate may change by date."""

    def __init__(
        self,
        *,
        requests_max: Callable[[], int],
        window_ns: int,
        waiters_max: int,
        wait_ns_max: int,
        monotonic_clock: MonotonicClock,
    ) -> None:
        self._window_ns = window_ns
        self._waiters_max = waiters_max
        self._wait_ns_max = wait_ns_max
        self._clock = monotonic_clock
        self._requests_max = requests_max
        self._granted: deque[int] = deque()
        self._waiters: list[tuple[Priority, int, asyncio.Future[None]]] = []
        self._waiting_count = 0
        self._arrivals_count = 0
        self._timer: asyncio.TimerHandle | None = None

    async def acquire(self, priority: Priority) -> None:
        """Return when a request may go, now.

        Raises:
            RateLimited: too many wait already, or the wait was too long. Nothing was sent.
        """
        if not self._waiting_count and self._pause_ns() <= 0:
            self._granted.append(self._clock.now())
            return
        if self._waiting_count >= self._waiters_max:
            raise RateLimited(
                f"{self._waiting_count} requests wait for KIS's rate, at most {self._waiters_max}",
                retry_after_ns=self._window_ns,
            )
        await self._wait(priority)

    async def _wait(self, priority: Priority) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals_count += 1
        heapq.heappush(self._waiters, (priority, self._arrivals_count, turn))
        self._waiting_count += 1
        self._arm()
        try:
            async with asyncio.timeout(self._wait_ns_max / NANOS_PER_SECOND):
                await turn
        except TimeoutError as error:
            raise RateLimited(
                f"a request waited {self._wait_ns_max / NANOS_PER_SECOND:g} s for KIS's rate",
                retry_after_ns=self._window_ns,
            ) from error
        finally:
            self._waiting_count -= 1

    def _pause_ns(self) -> int:
        granted, since = self._granted, self._clock.now() - self._window_ns
        while granted and granted[0] <= since:
            granted.popleft()
        over = len(granted) - self._requests_max()
        return granted[over] - since if over >= 0 else 0

    def _arm(self) -> None:
        if self._timer is None and self._waiters:
            seconds = max(self._pause_ns() / NANOS_PER_SECOND, _TIMER_SECONDS_MIN)
            self._timer = asyncio.get_running_loop().call_later(seconds, self._wake)

    def _wake(self) -> None:
        self._timer = None
        while self._waiters and self._pause_ns() <= 0:
            _, _, turn = heapq.heappop(self._waiters)
            if not turn.done():
                self._granted.append(self._clock.now())
                turn.set_result(None)
        self._arm()
