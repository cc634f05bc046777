"""The bus of facts: topics, keys, order within a key, at least once."""

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

import msgspec

from aipx.model.market import MarketEvent
from aipx.model.order import BrokerNotice, OrderEvent
from aipx.model.signal import Signal


class Topic(Enum):
    """The topics, by their names on Kafka."""

    MARKET_DATA_RAW = "market-data-raw"
    TRADING_SIGNALS = "trading-signals"
    ORDER_EVENTS = "order-events"
    BROKER_NOTICES = "broker-notices"


Fact = MarketEvent | Signal | OrderEvent | BrokerNotice


class Delivery(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact as a consumer gets it. `offset` increases by one within a topic."""

    topic: Topic
    offset: int
    key: str
    fact: Fact
    received_monotonic_ns: int
    """When the first process of the platform had it, by its monotonic clock; for latencies."""


class Subscription(Protocol):
    """One consumer's place in some topics."""

    async def receive(self) -> Sequence[Delivery]:
        """Commit what the last call gave, wait, and return what has come: bounded, at least one.

        Deliveries keep the order of publication within a topic and key. Calling again says that
        the effects of the last batch are durable.
        """
        ...

    async def close(self) -> None:
        """Leave; the position stays."""
        ...


class Bus(Protocol):
    """Publishing and subscribing."""

    async def publish(
        self, topic: Topic, key: str, fact: Fact, *, received_monotonic_ns: int
    ) -> None:
        """Hand a fact over; return when the bus has taken it. Waits while a consumer is full."""
        ...

    async def publish_all(
        self, topic: Topic, facts: Sequence[tuple[str, Fact]], *, received_monotonic_ns: int
    ) -> None:
        """Hand facts with their keys over, in order, as `publish` would one by one.

        When it fails or is cancelled, a first part of them may have been taken.
        """
        ...

    def subscribe(self, consumer: str, topics: Sequence[Topic]) -> Subscription:
        """Return a consumer's subscription, from its committed position, else from now."""
        ...
