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
        self._receiver: asyncio.Future[None] | None = None
        self._drained = asyncio.Event()
        self._drained.set()
        self._is_closed = False

    @property
    def is_idle(self) -> bool:
        """True while the consumer waits and has nothing to do."""
        return self._is_closed or (self._receiver is not None and not self._inbox)

    @property
    def is_full(self) -> bool:
        """True while a publisher must wait."""
        return len(self._inbox) >= self._inbox_max and not self._is_closed

    async def receive(self) -> Sequence[Delivery]:
        if self._inbox:
            # It never waits: the others' turn, or a busy consumer would hold the loop.
            await asyncio.sleep(0)
        while not self._inbox:
            self._receiver = asyncio.get_running_loop().create_future()
            try:
                await self._receiver
            finally:
                self._receiver = None
        if len(self._inbox) <= self._batch_max:
            batch = list(self._inbox)
            self._inbox.clear()
        else:
            batch = [self._inbox.popleft() for _ in range(self._batch_max)]
        if len(self._inbox) < self._inbox_max:
            self._drained.set()
        return batch

    def has_room(self, count: int) -> bool:
        """Tell whether so many facts fit without waiting."""
        return self._is_closed or len(self._inbox) + count <= self._inbox_max

    async def close(self) -> None:
        self._is_closed = True
        self._inbox.clear()
        self._drained.set()

    async def wait_drained(self) -> None:
        """Wait until there is room, or nobody reads any more."""
        while self.is_full:
            self._drained.clear()
            await self._drained.wait()

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Add facts; after `close` they go nowhere."""
        if self._is_closed:
            return
        self._inbox.extend(deliveries)
        if self._receiver is not None and not self._receiver.done():
            self._receiver.set_result(None)


class MemoryBus:
    """All topics of one process."""

    def __init__(
        self, *, inbox_max: int = 100_000, batch_max: int = 500, through_wire: bool = False
    ) -> None:
        self._inbox_max = inbox_max
        self._batch_max = batch_max
        self._through_wire = through_wire
        self._subscriptions: dict[str, list[MemorySubscription]] = {t.value: [] for t in Topic}
        self._by_consumer: dict[str, MemorySubscription] = {}
        self._published = dict.fromkeys(self._subscriptions, 0)

    @property
    def is_idle(self) -> bool:
        """True while every consumer has handled everything published so far."""
        return all(subscription.is_idle for subscription in self._by_consumer.values())

    def is_idle_for(self, consumers: Sequence[str]) -> bool:
        """True while these consumers have handled everything published so far."""
        # Asked for after every turn of the loop at full speed: a plain loop costs the least.
        for consumer in consumers:  # noqa: SIM110
            if not self._by_consumer[consumer].is_idle:
                return False
        return True

    async def publish(
        self, topic: Topic, key: str, fact: Fact, *, received_monotonic_ns: int
    ) -> None:
        await self.publish_all(topic, ((key, fact),), received_monotonic_ns=received_monotonic_ns)

    async def publish_all(
        self, topic: Topic, facts: Sequence[tuple[str, Fact]], *, received_monotonic_ns: int
    ) -> None:
        name = topic.value
        if self._through_wire:
            facts = [(key, decode_fact(name, encode_fact(name, fact))) for key, fact in facts]
        first = self._published[name]
        self._published[name] = first + len(facts)
        deliveries = [
            Delivery(
                topic=topic,
                offset=offset,
                key=key,
                fact=fact,
                received_monotonic_ns=received_monotonic_ns,
            )
            for offset, (key, fact) in enumerate(facts, start=first)
        ]
        subscriptions = self._subscriptions[name]
        if all(subscription.has_room(len(deliveries)) for subscription in subscriptions):
            for subscription in subscriptions:
                subscription.put(deliveries)
        else:
            await _put_one_by_one(subscriptions, deliveries)

    def subscribe(self, consumer: str, topics: Sequence[Topic]) -> MemorySubscription:
        subscription = MemorySubscription(
            consumer, inbox_max=self._inbox_max, batch_max=self._batch_max
        )
        self._by_consumer[consumer] = subscription
        for topic in topics:
            self._subscriptions[topic.value].append(subscription)
        return subscription


async def _put_one_by_one(
    subscriptions: Sequence[MemorySubscription], deliveries: Sequence[Delivery]
) -> None:
    """Wait for room before each fact, so that a fast consumer gets what a slow one waits for."""
    for delivery in deliveries:
        for subscription in subscriptions:
            if subscription.is_full:
                await subscription.wait_drained()
            subscription.put((delivery,))
