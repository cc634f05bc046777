"""The bus inside one process: facts go by reference, in order, to every subscriber.

A publisher waits while a subscriber's inbox is full: order events and fills are never dropped, and
here market data are not either. With `through_wire` each fact is encoded and decoded as it would
be on Kafka, which proves that nothing is lost on the way.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from aipx.ports.bus import Delivery, Fact, Topic
from aipx.wire.facts import decode_fact, encode_fact


class MemorySubscription:
    """A consumer's inbox; its position is where it stands, for as long as the process lives."""

    def __init__(self, consumer: str, *, inbox_max: int, batch_max: int) -> None:
        self.consumer = consumer
        self._inbox: deque[Delivery] = deque()
        self._inbox_max = inbox_max
        self._batch_max = batch_max
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self._is_waiting = False
        self._is_closed = False

    @property
    def is_idle(self) -> bool:
        """True while the consumer waits and has nothing to do."""
        return self._is_closed or (self._is_waiting and not self._inbox)

    async def receive(self) -> Sequence[Delivery]:
        while not self._inbox:
            self._filled.clear()
            self._is_waiting = True
            try:
                await self._filled.wait()
            finally:
                self._is_waiting = False
        count = min(len(self._inbox), self._batch_max)
        batch = [self._inbox.popleft() for _ in range(count)]
        if len(self._inbox) < self._inbox_max:
            self._drained.set()
        return batch

    async def close(self) -> None:
        self._is_closed = True
        self._inbox.clear()
        self._drained.set()

    async def put(self, delivery: Delivery) -> None:
        """Add a fact; waits while the inbox is full, and drops it only after `close`."""
        while len(self._inbox) >= self._inbox_max and not self._is_closed:
            self._drained.clear()
            await self._drained.wait()
        if not self._is_closed:
            self._inbox.append(delivery)
            self._filled.set()


class MemoryBus:
    """All topics of one process."""

    def __init__(
        self, *, inbox_max: int = 100_000, batch_max: int = 500, through_wire: bool = False
    ) -> None:
        self._inbox_max = inbox_max
        self._batch_max = batch_max
        self._through_wire = through_wire
        self._subscriptions: dict[Topic, list[MemorySubscription]] = {topic: [] for topic in Topic}
        self._published = dict.fromkeys(Topic, 0)

    @property
    def is_idle(self) -> bool:
        """True while every consumer has handled everything published so far."""
        return all(s.is_idle for group in self._subscriptions.values() for s in group)

    async def publish(
        self, topic: Topic, key: str, fact: Fact, *, received_monotonic_ns: int
    ) -> None:
        if self._through_wire:
            fact = decode_fact(topic.value, encode_fact(topic.value, fact))
        offset = self._published[topic]
        self._published[topic] = offset + 1
        delivery = Delivery(
            topic=topic,
            offset=offset,
            key=key,
            fact=fact,
            received_monotonic_ns=received_monotonic_ns,
        )
        for subscription in self._subscriptions[topic]:
            await subscription.put(delivery)

    def subscribe(self, consumer: str, topics: Sequence[Topic]) -> MemorySubscription:
        subscription = MemorySubscription(
            consumer, inbox_max=self._inbox_max, batch_max=self._batch_max
        )
        for topic in topics:
            self._subscriptions[topic].append(subscription)
        return subscription
