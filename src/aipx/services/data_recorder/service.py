"""Fold the bus into files: buffer by kind and business date, write when full or old, never lose.

The recorder's place on the bus is taken when it is made, so nothing published after that is
missed. While a file is written nothing more is received: the bus holds the publishers back.
"""

import asyncio
from collections.abc import Sequence
from datetime import date

import msgspec
import structlog

from aipx.model.ids import AccountId
from aipx.model.market import Book, MarketEvent, Trade
from aipx.model.order import OrderEvent
from aipx.model.time import NANOS_PER_DAY, NANOS_PER_SECOND, Nanos, kst_date, kst_midnight
from aipx.ports.bus import Bus, Delivery, Topic
from aipx.ports.lake import Lake, RecordKind, WrittenFile

CONSUMER = "data-recorder"
ROWS_MAX = 20_000
AGE_NS_MAX = 600 * NANOS_PER_SECOND

log = structlog.get_logger()


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What has become durable, and what was passed over."""

    files: int = 0
    rows: int = 0
    bytes: int = 0
    gaps: int = 0
    repeats: int = 0
    """Order events that had been taken in before."""
    holes: int = 0
    """Jumps of an account's sequence number: events that this recorder never saw."""
    skipped: int = 0
    """Facts that the lake has no table for."""


class _Buffer:
    """Rows of one kind and date that wait for their file."""

    def __init__(self, kind: RecordKind, opened_at: Nanos) -> None:
        self.kind = kind
        self.opened_at = opened_at
        self.rows: list[Delivery] = []


_Key = tuple[str, date]
"""The value of a RecordKind, and a business date."""


class DataRecorder:
    """Records market data and order events of one bus into one lake."""

    def __init__(
        self, bus: Bus, lake: Lake, *, rows_max: int = ROWS_MAX, age_ns_max: int = AGE_NS_MAX
    ) -> None:
        self._lake = lake
        self._rows_max = rows_max
        self._age_ns_max = age_ns_max
        self._buffers: dict[_Key, _Buffer] = {}
        self._sequences: dict[AccountId, int] = {}
        self._now = Nanos(0)
        self._day = kst_date(self._now)
        self._day_start = kst_midnight(self._day)
        self._recorded = Recorded()
        self._subscription = bus.subscribe(CONSUMER, [Topic.MARKET_DATA_RAW, Topic.ORDER_EVENTS])

    @property
    def recorded(self) -> Recorded:
        """What is durable so far."""
        return self._recorded

    async def run(self) -> None:
        """Record until canceled; what is held then becomes files before this returns.

        Raises:
            InputError: the lake cannot be written. What it had taken stays; the rest is not lost
                silently, since the service ends.
        """
        try:
            while True:
                await self.take(await self._subscription.receive())
        except asyncio.CancelledError:
            await self.flush()
            raise
        finally:
            await self._subscription.close()

    async def take(self, deliveries: Sequence[Delivery]) -> None:
        """Take deliveries in, and write what has become full or old."""
        # All of them first: a cancellation during a write must find every row in its buffer.
        for delivery in deliveries:
            self._hold(delivery)
        for key, buffer in list(self._buffers.items()):
            is_old = self._now - buffer.opened_at >= self._age_ns_max
            if len(buffer.rows) >= self._rows_max or is_old:
                await self._write(key)

    async def flush(self) -> None:
        """Make files of all that is held.

        Raises:
            InputError: the lake cannot be written.
        """
        for key in list(self._buffers):
            await self._write(key)

    def _hold(self, delivery: Delivery) -> None:
        event = delivery.fact
        # By hand, not by match: twice as fast, and this sees every fact of the market.
        if isinstance(event, MarketEvent):
            fact = event.fact
            if isinstance(fact, Book):
                self._append(RecordKind.BOOK, event.exchange_time, delivery)
            elif isinstance(fact, Trade):
                self._append(RecordKind.TRADE, event.exchange_time, delivery)
            else:
                self._count(gaps=1)
                log.warning("market.gapped", symbol=fact.symbol, missed=fact.missed)
        elif not isinstance(event, OrderEvent):
            self._count(skipped=1)
        elif self._is_new(event):
            self._append(RecordKind.ORDER_EVENT, event.at, delivery)

    def _append(self, kind: RecordKind, at: Nanos, delivery: Delivery) -> None:
        self._now = max(self._now, at)
        if not self._day_start <= at < self._day_start + NANOS_PER_DAY:
            self._day = kst_date(at)
            self._day_start = kst_midnight(self._day)
        # By the enum's text: an enum's own hash is computed anew, in Python, each time.
        key = (kind._value_, self._day)
        buffer = self._buffers.get(key)
        if buffer is None:
            buffer = self._buffers[key] = _Buffer(kind, at)
        buffer.rows.append(delivery)

    def _is_new(self, event: OrderEvent) -> bool:
        """Remember the account's place; the outbox repeats events after a crash."""
        last = self._sequences.get(event.account)
        if last is not None and event.sequence <= last:
            self._count(repeats=1)
            return False
        if last is not None and event.sequence > last + 1:
            self._count(holes=1)
            log.warning(
                "order_events.missing", account=event.account, after=last, found=event.sequence
            )
        self._sequences[event.account] = event.sequence
        return True

    async def _write(self, key: _Key) -> None:
        buffer = self._buffers.pop(key, None)
        if buffer is None:
            return
        writing = asyncio.ensure_future(self._lake.write(buffer.kind, key[1], buffer.rows))
        try:
            written = await asyncio.shield(writing)
        except asyncio.CancelledError:
            # The rows left their buffer: their file must be finished before anything else ends.
            self._count_file(await writing)
            raise
        self._count_file(written)

    def _count_file(self, written: WrittenFile) -> None:
        self._count(files=1, rows=written.rows, bytes=written.size)
        log.debug("file.written", path=written.path, rows=written.rows, size=written.size)

    def _count(self, **more: int) -> None:
        totals = {name: getattr(self._recorded, name) + value for name, value in more.items()}
        self._recorded = msgspec.structs.replace(self._recorded, **totals)
