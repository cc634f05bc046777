"""The recorder loses nothing: not by rows, not by age, not by a stop, not by a broken lake."""

import asyncio
from collections.abc import Sequence
from datetime import time, timedelta

import pytest

from aipx.adapters.memory.bus import MemoryBus
from aipx.errors import InputError
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_moment
from aipx.ports.bus import Delivery
from aipx.ports.lake import RecordKind
from aipx.services.data_recorder.service import DataRecorder
from tests.support import recordings
from tests.support.memory_lake import MemoryLake

DAY = recordings.DAY


def trade(number: int, *, at: Nanos | None = None) -> Delivery:
    return recordings.market_delivery(number, recordings.trade(number), at=at)


def book(number: int) -> Delivery:
    return recordings.market_delivery(number, recordings.book(number))


def order(number: int, sequence: int) -> Delivery:
    return recordings.order_delivery(number, recordings.submitted(number), sequence=sequence)


def record(*batches: Sequence[Delivery], rows_max: int = 1_000) -> tuple[MemoryLake, DataRecorder]:
    """Let a recorder take the batches in and flush."""
    lake = MemoryLake()
    recorder = DataRecorder(MemoryBus(), lake, rows_max=rows_max)

    async def run() -> None:
        for batch in batches:
            await recorder.take(batch)
        await recorder.flush()

    asyncio.run(run())
    return lake, recorder


async def publish(bus: MemoryBus, delivery: Delivery) -> None:
    await bus.publish(delivery.topic, delivery.key, delivery.fact, received_monotonic_ns=0)


async def settle(bus: MemoryBus) -> None:
    """Let the recorder take all that was published."""
    while not bus.is_idle:  # noqa: ASYNC110 - the bus tells its state, not its changes
        await asyncio.sleep(0)


async def cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_each_kind_and_date_has_its_own_file():
    tomorrow = kst_moment(DAY + timedelta(days=1), time(9))

    lake, recorder = record([trade(0), book(1), trade(2, at=tomorrow), order(0, 1)])

    assert {(kind, day): offsets for kind, day, offsets in lake.files} == {
        (RecordKind.TRADE, DAY): [0],
        (RecordKind.BOOK, DAY): [1],
        (RecordKind.TRADE, DAY + timedelta(days=1)): [2],
        (RecordKind.ORDER_EVENT, DAY): [0],
    }
    assert (recorder.recorded.files, recorder.recorded.rows, recorder.recorded.bytes) == (4, 4, 400)


def test_the_business_date_is_koreas_though_utc_is_still_yesterday():
    lake, _ = record([trade(0, at=kst_moment(DAY, time(8, 30)))])

    assert [day for _, day, _ in lake.files] == [DAY]


def test_a_full_buffer_becomes_a_file():
    lake, _ = record([trade(0), trade(1)], [trade(2)], rows_max=2)

    assert [offsets for _, _, offsets in lake.files] == [[0, 1], [2]]


def test_an_old_buffer_becomes_a_file_by_market_time():
    later = Nanos(recordings.OPEN + 600 * NANOS_PER_SECOND)

    lake, _ = record([order(0, 1)], [trade(1)], [trade(2, at=later)])

    assert [(kind, offsets) for kind, _, offsets in lake.files] == [
        (RecordKind.ORDER_EVENT, [0]),
        (RecordKind.TRADE, [1, 2]),
    ]


def test_a_repeated_order_event_is_dropped_and_counted():
    lake, recorder = record([order(0, 1), order(1, 2)], [order(2, 1), order(3, 2), order(4, 3)])

    assert lake.offsets(RecordKind.ORDER_EVENT) == [0, 1, 4]
    assert (recorder.recorded.repeats, recorder.recorded.holes) == (2, 0)


def test_a_missing_order_event_is_counted_and_the_rest_recorded():
    lake, recorder = record([order(0, 1), order(1, 4)])

    assert lake.offsets(RecordKind.ORDER_EVENT) == [0, 1]
    assert recorder.recorded.holes == 1


def test_a_gap_is_counted():
    _, recorder = record([recordings.market_delivery(0, recordings.gap())])

    assert (recorder.recorded.gaps, recorder.recorded.files) == (1, 0)


def test_what_was_published_before_run_began_is_recorded():
    async def run() -> MemoryLake:
        bus, lake = MemoryBus(), MemoryLake()
        recorder = DataRecorder(bus, lake)
        await publish(bus, trade(0))
        task = asyncio.create_task(recorder.run())
        await settle(bus)
        await cancel(task)
        return lake

    assert asyncio.run(run()).offsets(RecordKind.TRADE) == [0]


def test_a_stop_in_the_middle_of_a_write_loses_no_row():
    async def run() -> MemoryLake:
        bus, lake = MemoryBus(), MemoryLake()
        lake.gate = asyncio.Event()
        recorder = DataRecorder(bus, lake, rows_max=1)
        task = asyncio.create_task(recorder.run())
        await publish(bus, trade(0))
        await publish(bus, book(1))
        await lake.begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        lake.gate.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        return lake

    lake = asyncio.run(run())

    assert lake.offsets(RecordKind.TRADE) == [0]
    # The memory bus numbers each topic from 0, so the book is its second.
    assert lake.offsets(RecordKind.BOOK) == [1]


def test_a_broken_lake_ends_the_service_with_its_line():
    async def run() -> None:
        bus, lake = MemoryBus(), MemoryLake()
        lake.is_broken = True
        recorder = DataRecorder(bus, lake, rows_max=1)
        await publish(bus, trade(0))
        await recorder.run()

    with pytest.raises(InputError, match="No space left on device"):
        asyncio.run(run())


def test_a_broken_lake_at_the_stop_is_told_too():
    async def run() -> None:
        bus, lake = MemoryBus(), MemoryLake()
        lake.is_broken = True
        recorder = DataRecorder(bus, lake)
        task = asyncio.create_task(recorder.run())
        await publish(bus, trade(0))
        await settle(bus)
        task.cancel()
        await task

    with pytest.raises(InputError, match="No space left on device"):
        asyncio.run(run())
