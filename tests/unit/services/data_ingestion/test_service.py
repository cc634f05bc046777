"""Data ingestion: stamps, order, keys, reconnects."""

import asyncio
from collections.abc import Sequence

import pytest

from aipx.adapters.memory.bus import MemoryBus, MemorySubscription
from aipx.errors import Unreachable
from aipx.model.ids import AccountId, BrokerOrderNumber
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.market import MarketEvent, MarketGap
from aipx.model.order import BrokerNotice, NoticeRequest, NoticeStage, Side
from aipx.model.time import Nanos
from aipx.ports.bus import Delivery, Topic
from aipx.ports.feed import FeedFact, FeedReconnected
from aipx.services.data_ingestion.service import DataIngestion
from tests.support.fake_ports import ManualClock, ScriptedFeed, Step, until
from tests.support.market_facts import HYNIX, SAMSUNG, at, book, trade

ACCOUNT = AccountId("12345678-01")


def _fact(fact: object, text: str = "10:00:00") -> FeedFact:
    return FeedFact(exchange_time=at(text), fact=fact)


def _notice() -> BrokerNotice:
    return BrokerNotice(
        event_id="",
        trace_id="",
        receive_time=Nanos(0),
        exchange_time=at("10:00:00"),
        account=ACCOUNT,
        number=BrokerOrderNumber("0000000001"),
        original_number=BrokerOrderNumber(""),
        organisation="06010",
        side=Side.BUY,
        request=NoticeRequest.NEW,
        stage=NoticeStage.FILLED,
        symbol=SAMSUNG,
        quantity=Shares(1),
        price=Won(80_000),
        order_quantity=Shares(1),
        rejected=False,
        venue=Venue.KRX,
    )


class _Bench:
    """An ingestion on a bus, with a consumer of each topic that it writes."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.feed = ScriptedFeed(steps)
        self.bus = MemoryBus()
        self.market = self.bus.subscribe("market", (Topic.MARKET_DATA_RAW,))
        self.notices = self.bus.subscribe("notices", (Topic.BROKER_NOTICES,))
        self.ingestion = DataIngestion(
            feed=self.feed,
            bus=self.bus,
            symbols=(SAMSUNG, HYNIX),
            market_clock=ManualClock(at("10:00:01")),
            monotonic_clock=ManualClock(777),
        )

    async def take(self, subscription: MemorySubscription, count: int) -> list[Delivery]:
        """Run the ingestion until so many deliveries came, then stop it."""
        running = asyncio.ensure_future(self.ingestion.run())
        got: list[Delivery] = []
        while len(got) < count:
            got.extend(await subscription.receive())
        await until(lambda: self.ingestion.is_idle)
        running.cancel()
        await asyncio.wait([running])
        return got


def test_facts_are_stamped_numbered_and_keyed_by_symbol():
    async def story() -> None:
        first, second = trade(80_000), book(symbol=HYNIX)
        bench = _Bench([[_fact(first), _fact(second)]])

        deliveries = await bench.take(bench.market, 2)

        assert [d.key for d in deliveries] == [SAMSUNG, HYNIX]
        assert [d.received_monotonic_ns for d in deliveries] == [777, 777]
        assert deliveries[0].fact == MarketEvent(
            event_id="kis-1",
            trace_id="kis-1",
            exchange_time=at("10:00:00"),
            receive_time=at("10:00:01"),
            fact=first,
        )
        assert deliveries[1].fact.event_id == "kis-2"
        assert (bench.ingestion.counters.trades, bench.ingestion.counters.books) == (1, 1)

    asyncio.run(story())


def test_notices_go_to_their_own_topic_by_account():
    async def story() -> None:
        bench = _Bench([[_fact(trade(80_000)), _notice()]])

        deliveries = await bench.take(bench.notices, 1)

        assert deliveries[0].key == ACCOUNT
        assert deliveries[0].fact.event_id == "kis-2"
        assert deliveries[0].fact.receive_time == at("10:00:01")
        assert bench.ingestion.counters.notices == 1

    asyncio.run(story())


def test_a_reconnect_becomes_a_gap_of_every_symbol_before_the_hooks_run():
    async def story() -> None:
        bench = _Bench([[FeedReconnected(reason="closed by peer")]])
        seen: list[tuple[str, int]] = []

        async def reconcile(item: FeedReconnected) -> None:
            seen.append((item.reason, bench.ingestion.counters.gaps))

        bench.ingestion.on_reconnect.append(reconcile)

        deliveries = await bench.take(bench.market, 2)

        facts = [delivery.fact.fact for delivery in deliveries]
        assert [fact.symbol for fact in facts] == [SAMSUNG, HYNIX]
        assert all(isinstance(fact, MarketGap) and fact.missed == 0 for fact in facts)
        assert seen == [("closed by peer", 2)]
        assert bench.ingestion.counters.reconnects == 1

    asyncio.run(story())


def test_gaps_of_the_feed_are_counted_in_shares():
    async def story() -> None:
        gap = MarketGap(symbol=SAMSUNG, venue=Venue.KRX, missed=Shares(12), reason="volume jump")
        bench = _Bench([[_fact(gap)]])

        await bench.take(bench.market, 1)

        assert (bench.ingestion.counters.gaps, bench.ingestion.counters.missed_shares) == (1, 12)

    asyncio.run(story())


def test_a_feed_that_gives_up_ends_the_service_and_is_closed():
    async def story() -> None:
        bench = _Bench([Unreachable("no session after 10 attempts")])

        with pytest.raises(Unreachable, match="10 attempts"):
            await bench.ingestion.run()

        assert bench.feed.is_closed
        assert bench.ingestion.is_idle

    asyncio.run(story())


def test_a_stop_closes_the_feed():
    async def story() -> None:
        bench = _Bench([[_fact(trade(80_000))]])

        await bench.take(bench.market, 1)

        assert bench.feed.is_closed

    asyncio.run(story())
