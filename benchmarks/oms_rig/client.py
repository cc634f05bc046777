"""The clients' side: an even stream of wishes to the OMS, or of messages to the bare chain."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import grpc
import msgspec

from aipx.adapters.grpc.client import GrpcTradingGateway
from aipx.model.ids import ClientOrderId, StrategyId
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side, SubmitOrder
from aipx.model.time import NANOS_PER_SECOND
from aipx.model.verdict import WishTaken
from benchmarks.oms_rig.bare import METHOD, STAMP_BYTES
from benchmarks.oms_rig.kis import SYMBOL

MESSAGE_BYTES = 120
QUANTITIES = 500
"""Wishes alike lie this many pairs apart, so that none is a duplicate of a recent one."""
TICK = 100


class Latencies(msgspec.Struct, frozen=True, kw_only=True):
    """Microseconds."""

    p50: float
    p99: float


def latencies(samples_ns: list[int]) -> Latencies:
    """Return the percentiles of some nanoseconds; there must be at least one."""
    ordered = sorted(samples_ns)

    def percentile(share: float) -> float:
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] / 1_000

    return Latencies(p50=percentile(0.50), p99=percentile(0.99))


def wishes(price: Won) -> Iterator[SubmitOrder]:
    """Return wishes without end: a buy and a sell in turn, each unlike those shortly before."""
    for number in itertools.count():
        place = number // 2
        yield SubmitOrder(
            client_order_id=ClientOrderId(f"rig-{number:08d}"),
            strategy_id=StrategyId("rig"),
            symbol=SYMBOL,
            side=Side.SELL if number % 2 else Side.BUY,
            kind=OrderKind.LIMIT,
            quantity=Shares(1 + place % QUANTITIES),
            price=Won(price - TICK * (place // QUANTITIES % 2)),
            trace_id=f"rig-{number:08d}",
        )


class OmsClient:
    """Sends wishes and notes how long each answer took."""

    def __init__(self, target: str, price: Won) -> None:
        self._gateway = GrpcTradingGateway(target)
        self._wishes = wishes(price)
        self.answered_after_ns: list[int] = []

    async def send(self) -> None:
        """Send one wish and wait for its answer; a refusal ends the benchmark."""
        sent_at = time.monotonic_ns()
        wish = msgspec.structs.replace(next(self._wishes), sent_monotonic_ns=sent_at)
        answer = await self._gateway.submit(wish)
        self.answered_after_ns.append(time.monotonic_ns() - sent_at)
        if not isinstance(answer, WishTaken):
            raise RuntimeError(f"a wish of the benchmark was refused: {answer}")  # noqa: TRY004 - not a type error

    async def close(self) -> None:
        await self._gateway.close()


class BareClient:
    """Sends messages of a wish's length and notes how long each took to come back."""

    def __init__(self, target: str) -> None:
        self._channel = grpc.aio.insecure_channel(target)
        self._call: Any = self._channel.stream_stream(METHOD)()
        self._reader = asyncio.ensure_future(self._read())
        self._writing = asyncio.Lock()
        self.answered_after_ns: list[int] = []

    async def send(self) -> None:
        """Send one message; its return is noted when it comes."""
        stamp = time.monotonic_ns().to_bytes(STAMP_BYTES, "big")
        # gRPC takes one message of a stream at a time.
        async with self._writing:
            await self._call.write(stamp.ljust(MESSAGE_BYTES, b"\0"))

    async def _read(self) -> None:
        async for message in self._call:
            sent_at = int.from_bytes(message[:STAMP_BYTES], "big")
            self.answered_after_ns.append(time.monotonic_ns() - sent_at)

    async def close(self) -> None:
        await self._call.done_writing()
        await self._reader
        await self._channel.close()


async def evenly(send: Callable[[], Awaitable[None]], *, per_second: int, seconds: float) -> int:
    """Send at an even rate without waiting for answers; return how many, when all have ended."""
    count = round(per_second * seconds)
    gap_ns = NANOS_PER_SECOND // per_second
    began = time.monotonic_ns()
    sending = []
    for place in range(count):
        wait_ns = began + place * gap_ns - time.monotonic_ns()
        if wait_ns > 0:
            await asyncio.sleep(wait_ns / NANOS_PER_SECOND)
        sending.append(asyncio.ensure_future(send()))
    await asyncio.gather(*sending)
    return count
