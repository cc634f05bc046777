"""Reads the feed, stamps what came, and publishes it: facts by symbol, notices by account."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec
import structlog

from aipx.errors import RemoteError
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Venue
from aipx.model.market import Book, MarketEvent, MarketFact, MarketGap, Trade
from aipx.model.order import BrokerNotice
from aipx.model.time import Nanos
from aipx.ports.bus import Bus, Topic
from aipx.ports.clock import MarketClock, MonotonicClock
from aipx.ports.feed import FeedFact, FeedItem, FeedReconnected, MarketFeed

log = structlog.get_logger(__name__)

ReconnectHook = Callable[[FeedReconnected], Awaitable[None]]


class IngestionCounters(msgspec.Struct, kw_only=True):
    """What was published since the start."""

    trades: int = 0
    books: int = 0
    gaps: int = 0
    missed_shares: int = 0
    notices: int = 0
    reconnects: int = 0


class DataIngestion:
    """One feed onto the bus, in the feed's order.

    `on_reconnect` holds what must happen after the session came back (the OMS reconciles: fill
    notices of the time between are lost); each is awaited, in order, after the gaps are published.
    """

    def __init__(
        self,
        *,
        feed: MarketFeed,
        bus: Bus,
        symbols: Sequence[Symbol],
        market_clock: MarketClock,
        monotonic_clock: MonotonicClock,
        source: str = "kis",
    ) -> None:
        self.on_reconnect: list[ReconnectHook] = []
        self.counters = IngestionCounters()
        self._feed = feed
        self._bus = bus
        self._symbols = tuple(symbols)
        self._market_clock = market_clock
        self._monotonic_clock = monotonic_clock
        self._source = source
        self._ids_given = 0
        self._is_publishing = False

    @property
    def is_idle(self) -> bool:
        """True while nothing that the feed gave is still to be published."""
        return not self._is_publishing

    async def run(self) -> None:
        """Publish until cancelled, then close the feed.

        Raises:
            RemoteError: the feed gave up, after all its bounded attempts.
        """
        try:
            while True:
                items = await self._feed.receive()
                self._is_publishing = True
                await self._publish_all(items)
                self._is_publishing = False
        except RemoteError as error:
            log.error("ingestion.stopped", source=self._source, reason=str(error))  # noqa: TRY400 - foreseen: its line is enough
            raise
        finally:
            self._is_publishing = False
            await self._feed.close()

    async def _publish_all(self, items: Sequence[FeedItem]) -> None:
        # The items of one batch reached this process together, and get one pair of stamps.
        receive_time = self._market_clock.now()
        monotonic_ns = self._monotonic_clock.now()
        facts: list[tuple[str, MarketEvent]] = []
        for item in items:
            if isinstance(item, FeedFact):
                fact = item.fact
                facts.append((fact.symbol, self._event(item.exchange_time, fact, receive_time)))
                continue
            # What came before goes first: a consumer of both topics sees the feed's order.
            await self._publish_facts(facts, monotonic_ns)
            facts = []
            if isinstance(item, BrokerNotice):
                await self._publish_notice(item, receive_time, monotonic_ns)
            else:
                await self._reconnected(item, receive_time, monotonic_ns)
        await self._publish_facts(facts, monotonic_ns)

    def _event(self, exchange_time: Nanos, fact: MarketFact, receive_time: Nanos) -> MarketEvent:
        event_id = self._next_id()
        self._count(fact)
        return MarketEvent(
            event_id=event_id,
            trace_id=event_id,
            exchange_time=exchange_time,
            receive_time=receive_time,
            fact=fact,
        )

    async def _publish_facts(
        self, facts: Sequence[tuple[str, MarketEvent]], monotonic_ns: int
    ) -> None:
        if facts:
            await self._bus.publish_all(
                Topic.MARKET_DATA_RAW, facts, received_monotonic_ns=monotonic_ns
            )

    async def _publish_notice(
        self, notice: BrokerNotice, receive_time: Nanos, monotonic_ns: int
    ) -> None:
        event_id = self._next_id()
        stamped = msgspec.structs.replace(
            notice, event_id=event_id, trace_id=event_id, receive_time=receive_time
        )
        self.counters.notices += 1
        await self._bus.publish(
            Topic.BROKER_NOTICES, notice.account, stamped, received_monotonic_ns=monotonic_ns
        )

    async def _reconnected(
        self, item: FeedReconnected, receive_time: Nanos, monotonic_ns: int
    ) -> None:
        self.counters.reconnects += 1
        log.warning("feed.reconnected", source=self._source, reason=item.reason)
        reason = f"reconnect: {item.reason}"
        # How much was missed shows in the next trade's day volume; here only that it was.
        gaps = [
            MarketGap(symbol=symbol, venue=Venue.KRX, missed=Shares(0), reason=reason)
            for symbol in self._symbols
        ]
        events = [(gap.symbol, self._event(receive_time, gap, receive_time)) for gap in gaps]
        await self._publish_facts(events, monotonic_ns)
        for hook in self.on_reconnect:
            await hook(item)

    def _next_id(self) -> str:
        self._ids_given += 1
        return f"{self._source}-{self._ids_given}"

    def _count(self, fact: MarketFact) -> None:
        if isinstance(fact, Trade):
            self.counters.trades += 1
        elif isinstance(fact, Book):
            self.counters.books += 1
        else:
            self.counters.gaps += 1
            self.counters.missed_shares += fact.missed
