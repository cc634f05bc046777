"""Orders a second from a client through gRPC, gate, journal and HTTP to KIS, many in flight.

The OMS has a process of its own; the client and a bare KIS share another, so that a place in
flight becomes free when its order has reached KIS. Each order is also filled, by a notice, in the
measured time. The limit is the bare chain of `oms_wish_to_kis`, driven alike, in turns.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import uvloop

from aipx.model.time import NANOS_PER_SECOND
from benchmarks.oms_rig.client import BareClient, OmsClient
from benchmarks.oms_rig.kis import BareKis
from benchmarks.oms_rig.process import Child, started
from benchmarks.result import BenchResult

IN_FLIGHT_MAX = 64
WARM_UP_ORDERS = 500
ROUND_ORDERS = 2_000
ROUNDS_COUNT = 5
ARRIVAL_SECONDS_MAX = 60.0


def measure() -> list[BenchResult]:
    """Return orders a second."""
    rounds = uvloop.run(_rounds())
    limit = statistics.median(bare for _, bare in rounds)
    return [
        BenchResult(
            name="oms_sustained",
            value=round(statistics.median(oms for oms, _ in rounds)),
            unit="orders/s",
            against=f"bare gRPC + a commit each + POST: {limit:,.0f}/s",
            ratio=round(statistics.median(oms / bare for oms, bare in rounds), 2),
            goal="at least 1,500/s; aim for 3,000",
        )
    ]


async def _rounds() -> list[tuple[float, float]]:
    places = asyncio.Semaphore(IN_FLIGHT_MAX)
    kis = BareKis(on_order=places.release)
    await kis.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return await _in_turns(kis, places, Path(folder))
    finally:
        await kis.close()


async def _in_turns(
    kis: BareKis, places: asyncio.Semaphore, folder: Path
) -> list[tuple[float, float]]:
    async with (
        started("benchmarks.oms_rig.oms", kis.url, str(folder)) as oms,
        started("benchmarks.oms_rig.bare", kis.url, str(folder)) as bare,
    ):
        ours = OmsClient(oms.first["target"], oms.first["price"])
        limit = BareClient(bare.first["target"])
        await _round(ours, oms, places, WARM_UP_ORDERS)
        await _round(limit, bare, places, WARM_UP_ORDERS)
        rounds = []
        for _ in range(ROUNDS_COUNT):
            mine = await _round(ours, oms, places, ROUND_ORDERS)
            rounds.append((mine, await _round(limit, bare, places, ROUND_ORDERS)))
        await ours.close()
        await limit.close()
    return rounds


async def _round(
    client: OmsClient | BareClient, child: Child, places: asyncio.Semaphore, count: int
) -> float:
    """Return orders a second over `count` orders; every one of them is at KIS on return."""
    client.answered_after_ns = []
    began = time.perf_counter_ns()
    sending = []
    for _ in range(count):
        await places.acquire()
        sending.append(asyncio.ensure_future(client.send()))
    await asyncio.gather(*sending)
    async with asyncio.timeout(ARRIVAL_SECONDS_MAX):
        while len(client.answered_after_ns) < count:  # noqa: ASYNC110 - a measurement, not a service
            await asyncio.sleep(0.001)
        report = await child.report()
    seconds = (time.perf_counter_ns() - began) / NANOS_PER_SECOND
    arrived = len(report["wish_to_kis_ns"])
    assert arrived == count, f"{arrived} orders reached KIS, {count} were wished"
    return count / seconds


if __name__ == "__main__":
    for line in measure():
        print(line)
