import asyncio

import pytest

from aipx.runtime.tasks import OrderedTasks
from aipx.runtime.virtual_time import run_virtual


def test_group_waits_for_all_its_tasks():
    seen: list[int] = []

    async def work(n: int) -> None:
        await asyncio.sleep(n)
        seen.append(n)

    async def main() -> None:
        async with OrderedTasks() as tasks:
            tasks.start(work(2), name="2")
            tasks.start(work(1), name="1")

    run_virtual(main())

    assert seen == [1, 2]


def test_first_failure_cancels_the_others_in_order_and_is_raised_itself():
    canceled: list[str] = []

    async def wait(name: str) -> None:
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            canceled.append(name)
            raise

    async def fail() -> None:
        await asyncio.sleep(1)
        raise ValueError("broken")

    async def main() -> None:
        async with OrderedTasks() as tasks:
            for name in "abc":
                tasks.start(wait(name), name=name)
            tasks.start(fail(), name="fail")

    with pytest.raises(ValueError, match="broken"):
        run_virtual(main())
    assert canceled == ["a", "b", "c"]


def test_failure_of_the_body_cancels_the_tasks_and_goes_on_up():
    tasks = OrderedTasks()

    async def main() -> None:
        async with tasks:
            tasks.start(asyncio.sleep(100), name="sleeper")
            raise KeyError("body")

    with pytest.raises(KeyError):
        run_virtual(main())
    assert tasks.count == 0


def test_task_that_a_task_starts_belongs_to_the_group():
    seen: list[str] = []

    async def child() -> None:
        await asyncio.sleep(5)
        seen.append("child")

    async def main() -> None:
        async with OrderedTasks() as tasks:

            async def parent() -> None:
                tasks.start(child(), name="child")

            tasks.start(parent(), name="parent")

    run_virtual(main())

    assert seen == ["child"]


def test_until_returns_the_result_or_raises_the_failure_of_another_task():
    async def fail() -> None:
        await asyncio.sleep(5)
        raise ValueError("other")

    async def work(seconds: int) -> int:
        await asyncio.sleep(seconds)
        return seconds

    async def main() -> int:
        async with OrderedTasks() as tasks:
            tasks.start(fail(), name="fail")
            first = await tasks.until(work(1))
            await tasks.until(work(100))
        return first

    with pytest.raises(ValueError, match="other"):
        run_virtual(main())
