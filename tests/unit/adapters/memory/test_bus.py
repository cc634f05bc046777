import asyncio

from aipx.adapters.memory.bus import MemoryBus
from aipx.ports.bus import Topic
from aipx.runtime.virtual_time import run_virtual
from tests.support.market_facts import at, event, trade

MARKET = Topic.MARKET_DATA_RAW


async def publish(bus: MemoryBus, count: int) -> None:
    for n in range(count):
        fact = event(trade(80_000), at("10:00:00"), number=n)
        await bus.publish(MARKET, "005930", fact, received_monotonic_ns=n)


def test_every_subscriber_gets_every_fact_in_order():
    async def main() -> list[list[int]]:
        bus = MemoryBus()
        subscriptions = [bus.subscribe(name, [MARKET]) for name in ("a", "b")]
        await publish(bus, 3)
        return [[d.offset for d in await s.receive()] for s in subscriptions]

    assert run_virtual(main()) == [[0, 1, 2], [0, 1, 2]]


def test_batches_are_bounded():
    async def main() -> list[int]:
        bus = MemoryBus(batch_max=2)
        subscription = bus.subscribe("a", [MARKET])
        await publish(bus, 5)
        return [len(await subscription.receive()) for _ in range(3)]

    assert run_virtual(main()) == [2, 2, 1]


def test_publisher_waits_while_a_consumer_is_full_and_loses_nothing():
    async def main() -> tuple[bool, list[int]]:
        bus = MemoryBus(inbox_max=2)
        subscription = bus.subscribe("slow", [MARKET])
        publishing = asyncio.ensure_future(publish(bus, 5))
        await asyncio.sleep(10)
        was_waiting = not publishing.done()
        seen: list[int] = []
        while len(seen) < 5:
            seen += [d.offset for d in await subscription.receive()]
        await publishing
        return was_waiting, seen

    assert run_virtual(main()) == (True, [0, 1, 2, 3, 4])


def test_closed_subscription_holds_nobody_up():
    async def main() -> None:
        bus = MemoryBus(inbox_max=1)
        subscription = bus.subscribe("gone", [MARKET])
        publishing = asyncio.ensure_future(publish(bus, 3))
        await asyncio.sleep(1)
        await subscription.close()
        await publishing

    run_virtual(main())


def test_bus_is_idle_when_all_was_handled_and_all_wait():
    async def main() -> tuple[bool, bool, bool]:
        bus = MemoryBus()
        subscription = bus.subscribe("a", [MARKET])
        waiting = asyncio.ensure_future(subscription.receive())
        await asyncio.sleep(0)
        before = bus.is_idle
        await publish(bus, 1)
        during = bus.is_idle
        await waiting
        busy = bus.is_idle
        return before, during, busy

    assert run_virtual(main()) == (True, False, False)


def test_fact_through_the_wire_is_the_same_fact():
    async def main() -> object:
        bus = MemoryBus(through_wire=True)
        subscription = bus.subscribe("a", [MARKET])
        await publish(bus, 1)
        return (await subscription.receive())[0].fact

    assert run_virtual(main()) == event(trade(80_000), at("10:00:00"), number=0)


def test_facts_handed_over_together_come_in_order_with_one_offset_each():
    async def main() -> list[tuple[str, int]]:
        bus = MemoryBus()
        subscription = bus.subscribe("a", [MARKET])
        await publish(bus, 1)
        facts = [(key, event(trade(80_000), at("10:00:00"))) for key in ("005930", "000660")]
        await bus.publish_all(MARKET, facts, received_monotonic_ns=7)
        return [(d.key, d.offset) for d in await subscription.receive()]

    assert run_virtual(main()) == [("005930", 0), ("005930", 1), ("000660", 2)]


def test_facts_handed_over_together_wait_for_room_one_by_one():
    async def main() -> tuple[int, list[int]]:
        bus = MemoryBus(inbox_max=2)
        subscription = bus.subscribe("slow", [MARKET])
        facts = [("005930", event(trade(80_000), at("10:00:00"), number=n)) for n in range(5)]
        publishing = asyncio.ensure_future(bus.publish_all(MARKET, facts, received_monotonic_ns=0))
        await asyncio.sleep(1)
        first = await subscription.receive()
        rest: list[int] = []
        while len(rest) < 3:
            rest += [d.offset for d in await subscription.receive()]
        await publishing
        return len(first), [d.offset for d in first] + rest

    assert run_virtual(main()) == (2, [0, 1, 2, 3, 4])
