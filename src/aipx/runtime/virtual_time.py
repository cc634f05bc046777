"""An event loop whose time is a number: waiting costs nothing, and every run is the same run.

When nothing is ready, time jumps to the next timer. There are no sockets, threads, executors or
subprocesses: whoever asks for one gets an error, since their timing could not be repeated.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

from aipx.model.time import NANOS_PER_SECOND

T = TypeVar("T")


class VirtualTimeError(RuntimeError):
    """Code on the virtual loop asked for the outside world, or waits for what cannot come."""


class VirtualTimeLoop(asyncio.BaseEventLoop):
    """asyncio on virtual time; it starts at 0."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._selector = _NoSelector(self)
        # A slow step of a test is no news.
        self.slow_callback_duration = float("inf")

    def time(self) -> float:
        return self._now

    def time_ns(self) -> int:
        """Return virtual nanoseconds since the loop was made."""
        return round(self._now * NANOS_PER_SECOND)

    def advance(self, seconds: float) -> None:
        """Jump; called by the loop's own selector."""
        self._now += seconds

    def _process_events(self, event_list: object) -> None:
        """No file descriptors, no events."""

    def _write_to_self(self) -> None:
        """No other thread can wake this loop, so there is nothing to write."""

    def run_in_executor(self, executor: object, func: object, *args: object) -> NoReturn:  # noqa: ARG002
        raise VirtualTimeError(f"{func!r} wants a thread; the virtual loop has none")

    def call_soon_threadsafe(self, *args: object, **kwargs: object) -> NoReturn:  # noqa: ARG002
        raise VirtualTimeError("another thread called into the virtual loop")

    def create_connection(self, *args: object, **kwargs: object) -> NoReturn:  # noqa: ARG002
        raise VirtualTimeError("a socket was asked for on the virtual loop")

    create_server = create_datagram_endpoint = create_connection
    getaddrinfo = getnameinfo = subprocess_exec = subprocess_shell = create_connection
    sock_connect = sock_recv = sock_sendall = sock_accept = create_connection


class _NoSelector:
    """Stands where a loop has its selector: "waiting for I/O" moves time on."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[object]:
        if timeout is None:
            raise VirtualTimeError("every task waits, and no timer is set: nothing can happen")
        if timeout > 0:
            self._loop.advance(timeout)
        return []

    def close(self) -> None:
        """Nothing was opened."""


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a virtual loop of its own and return its result."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)


class VirtualMonotonicClock:
    """The running virtual loop's time, as the monotonic clock."""

    def now(self) -> int:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop), "runs under run_virtual only"
        return loop.time_ns()
