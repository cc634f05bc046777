"""Tasks that are owned: started, failed and cancelled in one order, the order of their start.

asyncio's own TaskGroup keeps a set, so what it cancels first depends on memory addresses; a run
on virtual time must not.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")


class OrderedTasks:
    """A group of tasks, kept in the order of their start.

    As a context manager it waits for all of them, or, when one fails, cancels the others in order
    and raises that failure itself (not a group of it).
    """

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Any], None] = {}
        self._failed: asyncio.Future[None] | None = None

    @property
    def count(self) -> int:
        """Tasks that have not ended."""
        return len(self._tasks)

    def start(self, coroutine: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
        """Start a task that the group owns."""
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._tasks[task] = None
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None and self._failed is not None and not self._failed.done():
            self._failed.set_exception(error)

    async def __aenter__(self) -> Self:
        self._failed = asyncio.get_running_loop().create_future()
        return self

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        assert self._failed is not None, "entered before it is left"
        try:
            if error is None:
                await self._wait()
        finally:
            await self.cancel()
            if self._failed.done():
                self._failed.exception()

    async def _wait(self) -> None:
        assert self._failed is not None, "entered before it is waited for"
        while self._tasks:
            await asyncio.wait([*self._tasks, self._failed], return_when=asyncio.FIRST_COMPLETED)
            if self._failed.done():
                self._failed.result()

    async def until(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end and return its result, unless a task of the group fails.

        Raises:
            The failure of the coroutine, or of the task that failed first.
        """
        assert self._failed is not None, "entered before it is used"
        task = asyncio.get_running_loop().create_task(coroutine)
        try:
            first: list[asyncio.Future[Any]] = [task, self._failed]
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                self._failed.result()
            return await task
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])

    async def cancel(self) -> None:
        """Cancel what still runs, in order of start, and wait until all has ended."""
        for task in list(self._tasks):
            task.cancel()
        while self._tasks:
            await asyncio.wait(list(self._tasks))
