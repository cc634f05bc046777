"""KIS's request rate."""

import asyncio

import pytest

from aipx.adapters.kis.limiter import Priority, RateLimiter
from aipx.errors import RateLimited
from aipx.model.time import NANOS_PER_SECOND
from aipx.runtime.virtual_time import run_virtual
from tests.support.kis_transports import VirtualClock


def limiter(requests_max: int = 2, *, waiters_max: int = 100) -> RateLimiter:
    return RateLimiter(
        requests_max=lambda: requests_max,
        window_ns=NANOS_PER_SECOND,
        waiters_max=waiters_max,
        wait_ns_max=60 * NANOS_PER_SECOND,
        monotonic_clock=VirtualClock(),
    )


async def _times(of: RateLimiter, count: int) -> list[float]:
    times = []
    for _ in range(count):
        await of.acquire(Priority.INQUIRY)
        times.append(asyncio.get_running_loop().time())
    return times


def test_any_window_holds_no_more_than_the_limit() -> None:
    times = run_virtual(_times(limiter(3), 20))

    assert times[2] == 0
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[3:], strict=False))
    assert times[-1] < 6.1


def test_cancel_goes_before_sell_before_buy_before_inquiry() -> None:
    async def story() -> list[Priority]:
        of = limiter(1)
        await of.acquire(Priority.INQUIRY)
        order: list[Priority] = []

        async def go(priority: Priority) -> None:
            await of.acquire(priority)
            order.append(priority)

        wanted = (
            *(Priority.INQUIRY, Priority.OPEN, Priority.REDUCE),
            *(Priority.INQUIRY, Priority.CANCEL),
        )
        await asyncio.gather(*(go(priority) for priority in wanted))
        return order

    assert run_virtual(story()) == [
        Priority.CANCEL,
        Priority.REDUCE,
        Priority.OPEN,
        Priority.INQUIRY,
        Priority.INQUIRY,
    ]


def test_wait_is_bounded() -> None:
    async def story() -> int:
        of = RateLimiter(
            requests_max=lambda: 1,
            window_ns=NANOS_PER_SECOND,
            waiters_max=100,
            wait_ns_max=2_500_000_000,
            monotonic_clock=VirtualClock(),
        )
        results = await asyncio.gather(
            *(of.acquire(Priority.OPEN) for _ in range(5)), return_exceptions=True
        )
        with pytest.raises(RateLimited, match=r"waited 2.5 s"):
            raise results[-1] or AssertionError
        return sum(result is None for result in results)

    assert run_virtual(story()) == 3


def test_number_that_waits_is_bounded() -> None:
    async def story() -> None:
        of = limiter(1, waiters_max=2)
        waiting = [asyncio.ensure_future(of.acquire(Priority.OPEN)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(RateLimited, match="2 requests wait"):
            await of.acquire(Priority.CANCEL)
        await asyncio.gather(*waiting)

    run_virtual(story())


def test_turn_of_one_who_gave_up_goes_to_the_next() -> None:
    async def story() -> float:
        of = limiter(1)
        await of.acquire(Priority.OPEN)
        gone = asyncio.ensure_future(of.acquire(Priority.CANCEL))
        waiting = asyncio.ensure_future(of.acquire(Priority.INQUIRY))
        await asyncio.sleep(0)
        gone.cancel()
        await waiting
        return asyncio.get_running_loop().time()

    assert run_virtual(story()) == pytest.approx(1, abs=0.01)


def test_rate_that_falls_while_the_client_runs_is_kept() -> None:
    rates = [3]

    async def story() -> list[float]:
        of = RateLimiter(
            requests_max=lambda: rates[0],
            window_ns=NANOS_PER_SECOND,
            waiters_max=10,
            wait_ns_max=60 * NANOS_PER_SECOND,
            monotonic_clock=VirtualClock(),
        )
        times = await _times(of, 3)
        rates[0] = 1
        return times + await _times(of, 3)

    assert run_virtual(story()) == pytest.approx([0, 0, 0, 1, 2, 3], abs=0.01)
