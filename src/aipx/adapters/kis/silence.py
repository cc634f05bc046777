"""Ends a wait that has lasted too long, with one timer for many waits.

A session is waited for again after every batch of frames, thousands of times a second when the
market is quick. A timeout of its own for each wait would cost more than to read the frames; here
the timer of the first wait stays, and when it fires asks how long the present one has lasted.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from aipx.model.time import NANOS_PER_SECOND

T = TypeVar("T")


class SilenceGuard:
    """Raises TimeoutError out of waits longer than `silence_ns_max`; one wait at a time."""

    def __init__(self, *, silence_ns_max: int) -> None:
        self._seconds_max = silence_ns_max / NANOS_PER_SECOND
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[object] | None = None
        self._ends_at = 0.0
        self._has_ended_wait = False

    async def wait(self, awaited: Awaitable[T]) -> T:
        """Return what is awaited.

        Raises:
            TimeoutError: it did not come in time; it was cancelled.
        """
        assert self._task is None, "one wait at a time"
        task = self._task = asyncio.current_task()
        assert task is not None, "waits are done in tasks"
        cancels_before = task.cancelling()
        self._ends_at = self._loop.time() + self._seconds_max
        if self._timer is None:
            self._timer = self._loop.call_at(self._ends_at, self._check)
        try:
            return await awaited
        except asyncio.CancelledError as error:
            # Ours alone becomes a timeout; somebody else's cancellation goes on.
            if self._has_ended_wait and task.uncancel() <= cancels_before:
                raise TimeoutError from error
            raise
        finally:
            self._task = None
            self._has_ended_wait = False

    def close(self) -> None:
        """Give the timer back."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _check(self) -> None:
        self._timer = None
        if self._task is None:
            return
        if self._loop.time() < self._ends_at:
            self._timer = self._loop.call_at(self._ends_at, self._check)
            return
        self._has_ended_wait = True
        self._task.cancel()
