"""The recorder's law: every row once, in order, in the file of its kind and date."""

import asyncio
from collections.abc import Sequence
from datetime import time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aipx.adapters.memory.bus import MemoryBus
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_moment
from aipx.ports.bus import Delivery
from aipx.ports.lake import RecordKind
from aipx.services.data_recorder.service import DataRecorder
from tests.support import recordings
from tests.support.memory_lake import MemoryLake

DAYS = tuple(recordings.DAY + timedelta(days=number) for number in range(2))

rows = st.lists(
    st.tuples(
        st.sampled_from(RecordKind),
        st.sampled_from(DAYS),
        st.integers(min_value=0, max_value=23_400),
    ),
    max_size=60,
)


def delivery(number: int, kind: RecordKind, at: Nanos) -> Delivery:
    match kind:
        case RecordKind.TRADE:
            return recordings.market_delivery(number, recordings.trade(number), at=at)
        case RecordKind.BOOK:
            return recordings.market_delivery(number, recordings.book(number), at=at)
        case RecordKind.ORDER_EVENT:
            return recordings.order_delivery(number, recordings.submitted(number), at=at)


async def record(
    deliveries: Sequence[Delivery], *, rows_max: int, batch_max: int, age_seconds: int
) -> MemoryLake:
    lake = MemoryLake()
    recorder = DataRecorder(
        MemoryBus(), lake, rows_max=rows_max, age_ns_max=age_seconds * NANOS_PER_SECOND
    )
    for start in range(0, len(deliveries), batch_max):
        await recorder.take(deliveries[start : start + batch_max])
    await recorder.flush()
    assert recorder.recorded.rows == len(deliveries)
    return lake


@given(
    rows=rows,
    rows_max=st.integers(min_value=1, max_value=20),
    batch_max=st.integers(min_value=1, max_value=20),
    age_seconds=st.integers(min_value=1, max_value=10_000),
)
def test_every_row_is_recorded_once_in_order_by_kind_and_date(
    rows: list[tuple[RecordKind, object, int]], rows_max: int, batch_max: int, age_seconds: int
):
    expected: dict[tuple[RecordKind, object], list[int]] = {}
    deliveries = []
    for number, (kind, day, second) in enumerate(rows):
        at = Nanos(kst_moment(day, time(9)) + second * NANOS_PER_SECOND)
        deliveries.append(delivery(number, kind, at))
        expected.setdefault((kind, day), []).append(number)

    lake = asyncio.run(
        record(deliveries, rows_max=rows_max, batch_max=batch_max, age_seconds=age_seconds)
    )

    found: dict[tuple[RecordKind, object], list[int]] = {}
    for kind, day, offsets in lake.files:
        assert len(offsets) < rows_max + batch_max
        found.setdefault((kind, day), []).extend(offsets)
    assert found == expected
