"""Events go to the bus in order; what was not marked as published goes again."""

import asyncio

from aipx.adapters.memory.bus import MemoryBus
from aipx.model.ids import Sequence
from aipx.model.order import OrderEvent, TradingState, TradingStateChanged
from aipx.ports.bus import Delivery, Topic
from aipx.services.oms.relay import Relay
from tests.support.disk import Disk, DiskJournal
from tests.support.fake_ports import ManualClock, until
from tests.support.market_facts import at
from tests.support.oms import ACCOUNT


def an_event(sequence: int) -> OrderEvent:
    return OrderEvent(
        account=ACCOUNT,
        sequence=Sequence(sequence),
        at=at("10:00:00"),
        trace_id="",
        fact=TradingStateChanged(state=TradingState.ACTIVE, reason=str(sequence)),
    )


async def published_by(relay: Relay, bus: MemoryBus, count: int) -> list[Delivery]:
    subscription = bus.subscribe("test", (Topic.ORDER_EVENTS,))
    task = asyncio.ensure_future(relay.run())
    seen: list[Delivery] = []
    while len(seen) < count:
        seen += await subscription.receive()
    await until(lambda: relay.is_idle)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return seen


def test_events_are_published_in_order_and_the_place_is_kept():
    async def story() -> None:
        bus, journal = MemoryBus(), DiskJournal(Disk())
        relay = Relay(bus, journal, ManualClock(5))
        for sequence in (1, 2, 3):
            relay.put(an_event(sequence))
        assert not relay.is_idle

        seen = await published_by(relay, bus, 3)

        assert [delivery.fact.sequence for delivery in seen] == [1, 2, 3]
        assert {delivery.key for delivery in seen} == {ACCOUNT}
        assert journal.published() == 3

    asyncio.run(story())


def test_an_event_that_the_bus_has_not_taken_stays_and_is_not_marked():
    class Stuck(MemoryBus):
        async def publish(self, *_: object, **__: object) -> None:
            await asyncio.get_running_loop().create_future()

    async def story() -> None:
        journal = DiskJournal(Disk())
        relay = Relay(Stuck(), journal, ManualClock())
        task = asyncio.ensure_future(relay.run())
        relay.put(an_event(1))
        for _ in range(5):
            await asyncio.sleep(0)

        assert not relay.is_idle
        assert journal.published() == 0
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())
