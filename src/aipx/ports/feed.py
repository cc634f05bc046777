"""The market feed and the broker's pushed notices, as data ingestion reads them."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from aipx.model.market import MarketFact
from aipx.model.order import BrokerNotice
from aipx.model.time import Nanos


class FeedFact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A market fact before it has an event id."""

    exchange_time: Nanos
    fact: MarketFact


class FeedReconnected(msgspec.Struct, frozen=True, kw_only=True):
    """The session was lost and is up again, fully registered; facts between are missing."""

    reason: str


FeedItem = FeedFact | BrokerNotice | FeedReconnected


class MarketFeed(Protocol):
    """One session, kept up: it reconnects and registers again by itself."""

    async def receive(self) -> Sequence[FeedItem]:
        """Wait and return what has come, in order, at least one item.

        Raises:
            RemoteError: the session cannot be had, after all bounded attempts.
        """
        ...

    async def close(self) -> None:
        """End the session."""
        ...
