import asyncio

import pytest

from aipx.runtime.virtual_time import (
    VirtualMonotonicClock,
    VirtualTimeError,
    run_virtual,
)


def test_a_day_of_waiting_costs_nothing_and_is_counted():
    async def main() -> int:
        await asyncio.sleep(86_400)
        return VirtualMonotonicClock().now()

    assert run_virtual(main()) == 86_400_000_000_000


def test_timers_fire_in_the_order_of_their_time():
    seen: list[str] = []

    async def wait(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        seen.append(name)

    async def main() -> None:
        await asyncio.gather(wait("late", 3), wait("early", 1), wait("middle", 2))

    run_virtual(main())

    assert seen == ["early", "middle", "late"]


def test_timeout_fires_at_its_virtual_moment():
    async def main() -> int:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2.5):
                await asyncio.Event().wait()
        return VirtualMonotonicClock().now()

    assert run_virtual(main()) == 2_500_000_000


def test_waiting_for_what_cannot_come_is_an_error_not_a_hang():
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(VirtualTimeError, match="nothing can happen"):
        run_virtual(main())


def test_threads_and_sockets_are_refused():
    async def thread() -> None:
        await asyncio.to_thread(print)

    async def connection() -> None:
        await asyncio.open_connection("127.0.0.1", 1)

    for wanted in (thread, connection):
        with pytest.raises(VirtualTimeError):
            run_virtual(wanted())
