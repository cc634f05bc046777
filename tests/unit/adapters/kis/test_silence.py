import asyncio

import pytest

from aipx.adapters.kis.silence import SilenceGuard
from aipx.model.time import NANOS_PER_SECOND
from aipx.runtime.virtual_time import run_virtual

TEN_SECONDS_NS = 10 * NANOS_PER_SECOND


def test_wait_gives_what_comes_in_time():
    async def story() -> str:
        guard = SilenceGuard(silence_ns_max=TEN_SECONDS_NS)

        return await guard.wait(asyncio.sleep(9, "frame"))

    assert run_virtual(story()) == "frame"


def test_wait_that_lasts_too_long_is_ended_at_its_own_end():
    async def story() -> float:
        loop = asyncio.get_running_loop()
        guard = SilenceGuard(silence_ns_max=TEN_SECONDS_NS)
        await guard.wait(asyncio.sleep(7))
        start = loop.time()
        with pytest.raises(TimeoutError):
            await guard.wait(asyncio.sleep(60))
        return loop.time() - start

    assert run_virtual(story()) == pytest.approx(10)


def test_many_short_waits_are_never_ended():
    async def story() -> int:
        guard = SilenceGuard(silence_ns_max=TEN_SECONDS_NS)
        for _ in range(20):
            await guard.wait(asyncio.sleep(3))
            await asyncio.sleep(12)
        guard.close()
        return 20

    assert run_virtual(story()) == 20


def test_cancellation_by_others_is_no_timeout():
    async def story() -> bool:
        guard = SilenceGuard(silence_ns_max=TEN_SECONDS_NS)
        waiting = asyncio.ensure_future(guard.wait(asyncio.sleep(60)))
        await asyncio.sleep(1)
        waiting.cancel()
        await asyncio.wait([waiting])
        return waiting.cancelled()

    assert run_virtual(story())


def test_guard_can_wait_again_after_it_has_ended_a_wait():
    async def story() -> str:
        guard = SilenceGuard(silence_ns_max=TEN_SECONDS_NS)
        with pytest.raises(TimeoutError):
            await guard.wait(asyncio.sleep(60))
        return await guard.wait(asyncio.sleep(9, "frame"))

    assert run_virtual(story()) == "frame"
