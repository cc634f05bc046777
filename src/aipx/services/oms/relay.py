"""The outbox: journalled events go to the bus in order, at least once."""

import asyncio
from collections import deque

from aipx.model.ids import Sequence as SequenceNumber
from aipx.model.order import OrderEvent
from aipx.ports.bus import Bus, Topic
from aipx.ports.clock import MonotonicClock
from aipx.ports.journal import Journal


class Relay:
    """Holds what is durable and not yet published; bounded by what one turn of the OMS writes.

    After a crash events that were published without being marked so are published again.
    """

    def __init__(self, bus: Bus, journal: Journal, monotonic_clock: MonotonicClock) -> None:
        self._bus = bus
        self._journal = journal
        self._monotonic_clock = monotonic_clock
        self._waiting: deque[OrderEvent] = deque()
        self._filled = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """True while everything was handed to the bus."""
        return not self._waiting

    def put(self, event: OrderEvent) -> None:
        """Take an event that is on disk."""
        self._waiting.append(event)
        self._filled.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            last = SequenceNumber(0)
            while self._waiting:
                event = self._waiting[0]
                await self._bus.publish(
                    Topic.ORDER_EVENTS,
                    event.account,
                    event,
                    received_monotonic_ns=self._monotonic_clock.now(),
                )
                last = event.sequence
                self._waiting.popleft()
            self._journal.mark_published(last)
