"""The OMS's delay: a client's wish to its answer, and to KIS's wire, beside the least possible.

Client, OMS, and KIS are processes of their own on loopback; wishes come open loop, evenly. The
limit is a bare chain of what cannot be left out (gRPC stream, durable commit, POST), measured in
the same run at the same load, in turns with the OMS. Every figure is the median of the rounds.
"""

import asyncio
import statistics
import tempfile
from pathlib import Path

import msgspec
import uvloop

from benchmarks.oms_rig.client import BareClient, Latencies, OmsClient, evenly, latencies
from benchmarks.oms_rig.process import Child, started
from benchmarks.result import BenchResult

PER_SECOND = 200
WARM_UP_SECONDS = 1.5
ROUND_SECONDS = 3.0
ROUNDS_COUNT = 5


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One round of the OMS, or of the bare chain."""

    to_answer: Latencies
    to_kis: Latencies


def measure() -> list[BenchResult]:
    """Return p50 and p99 of both delays, in microseconds."""
    rounds = uvloop.run(_rounds())
    return [
        _result("oms_wish_to_kis_p50", "to_kis", "p50", rounds, "p50 at most 1.3x"),
        _result("oms_wish_to_kis_p99", "to_kis", "p99", rounds, "p99 at most 2x"),
        _result("oms_wish_to_answer_p50", "to_answer", "p50", rounds, "reported"),
        _result("oms_wish_to_answer_p99", "to_answer", "p99", rounds, "reported"),
    ]


def _result(
    name: str, delay: str, percentile: str, rounds: list[tuple[Round, Round]], goal: str
) -> BenchResult:
    ours = [getattr(getattr(oms, delay), percentile) for oms, _ in rounds]
    limits = [getattr(getattr(bare, delay), percentile) for _, bare in rounds]
    least = "gRPC echo + durable commit" + (" + POST sent" if delay == "to_kis" else "")
    return BenchResult(
        name=name,
        value=round(statistics.median(ours)),
        unit="us",
        against=f"bare {least}: {statistics.median(limits):,.0f} us",
        ratio=round(statistics.median(a / b for a, b in zip(ours, limits, strict=True)), 2),
        goal=goal,
    )


async def _rounds() -> list[tuple[Round, Round]]:
    with tempfile.TemporaryDirectory() as folder:
        async with started("benchmarks.oms_rig.kis") as kis:
            url = kis.first["url"]
            async with (
                started("benchmarks.oms_rig.oms", url, folder) as oms,
                started("benchmarks.oms_rig.bare", url, folder) as bare,
            ):
                rounds = await _in_turns(oms, bare)
            arrived = (await kis.report())["orders"]
        expected = 2 * round(PER_SECOND * (WARM_UP_SECONDS + ROUNDS_COUNT * ROUND_SECONDS))
        assert arrived == expected, f"{arrived} orders reached KIS, {expected} were wished"
        _check_journal(Path(folder))
    return rounds


def _check_journal(folder: Path) -> None:
    assert (folder / "journal.sqlite").stat().st_size > 0, "the journal is on disk"


async def _in_turns(oms: Child, bare: Child) -> list[tuple[Round, Round]]:
    ours = OmsClient(oms.first["target"], oms.first["price"])
    limit = BareClient(bare.first["target"])
    for client, child in ((ours, oms), (limit, bare)):
        await _round(client, child, WARM_UP_SECONDS)
    rounds = [
        (await _round(ours, oms, ROUND_SECONDS), await _round(limit, bare, ROUND_SECONDS))
        for _ in range(ROUNDS_COUNT)
    ]
    await ours.close()
    await limit.close()
    return rounds


async def _round(client: OmsClient | BareClient, child: Child, seconds: float) -> Round:
    client.answered_after_ns = []
    count = await evenly(client.send, per_second=PER_SECOND, seconds=seconds)
    async with asyncio.timeout(seconds):
        # The last echo may still be under way; the OMS's client has all of its answers.
        while len(client.answered_after_ns) < count:  # noqa: ASYNC110 - a measurement, not a service
            await asyncio.sleep(0.001)
    report = await child.report()
    assert len(report["wish_to_kis_ns"]) == count, "each wish became one request"
    return Round(
        to_answer=latencies(client.answered_after_ns), to_kis=latencies(report["wish_to_kis_ns"])
    )


if __name__ == "__main__":
    for line in measure():
        print(line)
