"""The strategy worker on a bus in memory and a fake OMS, in virtual time."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Self

import pytest
from structlog.testing import capture_logs

from aipx.adapters.memory.bus import MemoryBus
from aipx.errors import InputError, Unreachable
from aipx.model.ids import AccountId, BrokerOrderNumber, ClientOrderId, OrderId
from aipx.model.ids import Sequence as SequenceNumber
from aipx.model.instrument import Shares, Won
from aipx.model.market import MarketEvent
from aipx.model.order import (
    AnyOrderFact,
    CancelOrder,
    Evidence,
    OrderEvent,
    OrderFilled,
    OrderKind,
    OrderSubmitted,
    Side,
    SubmitOrder,
)
from aipx.model.signal import CancelWish, OrderWish, Wish
from aipx.ports.bus import Topic
from aipx.ports.gateway import Answer, WishRefused
from aipx.runtime.virtual_time import VirtualMonotonicClock, run_virtual
from aipx.services.strategy_worker.bounds import WorkerBounds
from aipx.services.strategy_worker.service import StrategyWorker
from aipx.strategies.base import View
from tests.support.fake_ports import FakeGateway, taken, until
from tests.support.market_facts import SAMSUNG, at, event, trade

ACCOUNT = AccountId("12345678-01")
NOW = at("10:00:00")
FIRST = ClientOrderId("scripted-20211229-100000-000001")
Decide = Callable[[int, View], Sequence[Wish]]


class Scripted:
    """A strategy of a test: a function of how many events it has seen, and its view."""

    def __init__(self, decide: Decide, name: str = "scripted") -> None:
        self.name = name
        self._decide = decide

    def initial(self) -> int:
        return 0

    def decide(self, state: int, view: View, event: MarketEvent) -> tuple[int, tuple[Wish, ...]]:
        del event
        return state + 1, tuple(self._decide(state, view))


class Bench:
    """A worker on a bus, a gateway, and a consumer of signals."""

    def __init__(self, *strategies: Scripted, bounds: WorkerBounds | None = None) -> None:
        self.bus = MemoryBus()
        self.gateway = FakeGateway()
        self.signals = self.bus.subscribe("signals", (Topic.TRADING_SIGNALS,))
        self.worker = StrategyWorker(
            bus=self.bus,
            gateway=self.gateway,
            strategies=strategies,
            monotonic_clock=VirtualMonotonicClock(),
            bounds=bounds,
        )
        self._running: asyncio.Task[None] | None = None
        self._sequence = 0

    async def __aenter__(self) -> Self:
        self._running = asyncio.ensure_future(self.worker.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._running is not None
        self._running.cancel()
        await asyncio.wait([self._running])

    async def tick(self) -> None:
        """Publish a trade, and wait until the worker has read it and sees no more to read."""
        fact = event(trade(80_000), NOW, number=self.worker.counters.market_events + 1)
        await self.bus.publish(Topic.MARKET_DATA_RAW, SAMSUNG, fact, received_monotonic_ns=0)
        await self._read()

    async def order_event(self, fact: AnyOrderFact, *, sequence: int | None = None) -> None:
        """Publish an order event; a sequence of its own makes it a repeat."""
        self._sequence = self._sequence + 1 if sequence is None else sequence
        order_event = OrderEvent(
            account=ACCOUNT,
            sequence=SequenceNumber(self._sequence),
            at=NOW,
            trace_id="t",
            fact=fact,
        )
        await self.bus.publish(Topic.ORDER_EVENTS, ACCOUNT, order_event, received_monotonic_ns=0)
        await self._read()

    async def _read(self) -> None:
        await until(lambda: self.worker._subscription.is_idle)


def buy(price: int = 80_000) -> OrderWish:
    return OrderWish(
        symbol=SAMSUNG,
        side=Side.BUY,
        kind=OrderKind.LIMIT,
        quantity=Shares(10),
        price=Won(price),
        reason="test",
    )


def buy_first(state: int, view: View) -> Sequence[Wish]:
    del view
    return [buy()] if state == 0 else []


def nothing(state: int, view: View) -> Sequence[Wish]:
    del state, view
    return []


async def refused(wish: SubmitOrder | CancelOrder) -> Answer:
    return WishRefused(
        client_order_id=wish.client_order_id, reason="tick", found="80001", allowed="100"
    )


def submitted(wish: SubmitOrder) -> OrderSubmitted:
    return OrderSubmitted(order_id=OrderId("oms-1"), wish=wish, content_hash="h")


def filled(quantity: int) -> OrderFilled:
    return OrderFilled(
        order_id=OrderId("oms-1"),
        number=BrokerOrderNumber("0000000001"),
        quantity=Shares(quantity),
        amount=Won(quantity * 80_000),
        cumulative_quantity=Shares(quantity),
        cumulative_amount=Won(quantity * 80_000),
        fee=Won(0),
        tax=Won(0),
        by=Evidence.NOTICE,
    )


def test_a_wish_is_published_as_a_signal_and_sent_under_a_deterministic_name():
    async def story() -> None:
        async with Bench(Scripted(buy_first)) as bench:
            await bench.tick()
            signal = (await bench.signals.receive())[0].fact
            await until(lambda: bench.worker.is_idle)

        sent = bench.gateway.sent[0]
        assert isinstance(sent, SubmitOrder)
        assert (sent.client_order_id, sent.price, sent.trace_id) == (FIRST, 80_000, "test-1")
        assert (signal.client_order_id, signal.wish, signal.at) == (FIRST, buy(), NOW)
        assert bench.worker.counters.taken == 1
        assert bench.worker.latencies.tick_to_wish.summary().count == 1
        assert bench.worker.latencies.wish_to_answer.summary().count == 1

    run_virtual(story())


def test_the_strategy_sees_its_wish_working_at_once_and_its_fills_as_positions():
    async def story() -> None:
        views: list[View] = []

        def decide(state: int, view: View) -> Sequence[Wish]:
            views.append(view)
            return [buy()] if state == 0 else []

        async with Bench(Scripted(decide)) as bench:
            await bench.tick()
            await bench.tick()
            await bench.order_event(submitted(bench.gateway.sent[0]))
            await bench.order_event(filled(4))
            await bench.tick()

        assert views[0].working == ()
        assert [order.quantity for order in views[1].working] == [10]
        assert [order.quantity for order in views[2].working] == [6]
        assert views[2].positions == {SAMSUNG: 4}
        assert bench.worker.positions == {"scripted": {SAMSUNG: 4}}

    run_virtual(story())


def test_repeated_order_events_are_dropped():
    async def story() -> None:
        async with Bench(Scripted(buy_first)) as bench:
            await bench.tick()
            await bench.order_event(submitted(bench.gateway.sent[0]))
            await bench.order_event(filled(4))
            await bench.order_event(filled(4), sequence=2)

        assert bench.worker.positions == {"scripted": {SAMSUNG: 4}}
        assert bench.worker.counters.order_events_repeated == 1

    run_virtual(story())


@pytest.mark.usefixtures("every_log_level")
def test_a_hole_in_the_order_events_is_said():
    async def story() -> None:
        with capture_logs() as logs:
            async with Bench(Scripted(buy_first)) as bench:
                await bench.tick()
                await bench.order_event(submitted(bench.gateway.sent[0]))
                await bench.order_event(filled(4), sequence=5)

        assert [entry["event"] for entry in logs] == ["order_events.missing"]

    run_virtual(story())


def test_a_refused_wish_is_no_longer_working():
    async def story() -> None:
        views: list[View] = []

        def decide(state: int, view: View) -> Sequence[Wish]:
            views.append(view)
            return [buy()] if state == 0 else []

        async with Bench(Scripted(decide)) as bench:
            bench.gateway.answer = refused
            await bench.tick()
            await until(lambda: bench.worker.is_idle)
            await bench.tick()

        assert views[1].working == ()
        assert bench.worker.counters.refused == 1

    run_virtual(story())


def test_a_cancel_is_sent_for_a_working_order_only():
    async def story() -> None:
        def decide(state: int, view: View) -> Sequence[Wish]:
            del view
            if state == 0:
                return [buy()]
            unknown = ClientOrderId("scripted-20211229-100000-000009")
            return [
                CancelWish(client_order_id=FIRST, reason="test"),
                CancelWish(client_order_id=unknown, reason="test"),
            ]

        async with Bench(Scripted(decide)) as bench:
            await bench.tick()
            await bench.tick()
            await until(lambda: bench.worker.is_idle)

        assert bench.gateway.sent[1:] == [CancelOrder(client_order_id=FIRST, trace_id="test-2")]
        assert bench.worker.counters.invalid == 1

    run_virtual(story())


@pytest.mark.usefixtures("every_log_level")
def test_a_strategy_that_raises_is_stopped_alone_and_reported_once():
    async def story() -> None:
        def broken(state: int, view: View) -> Sequence[Wish]:
            raise ZeroDivisionError(f"{state} {len(view.working)}")

        with capture_logs() as logs:
            async with Bench(Scripted(broken, "broken"), Scripted(buy_first)) as bench:
                await bench.tick()
                await bench.tick()

        reports = [entry for entry in logs if entry["event"] == "strategy.stopped"]
        assert [report["error"] for report in reports] == ["ZeroDivisionError: 0 0"]
        assert bench.worker.stopped == {"broken": "ZeroDivisionError: 0 0"}
        assert len(bench.gateway.sent) == 1

    run_virtual(story())


def test_a_strategy_that_returns_nonsense_is_stopped_too():
    async def story() -> None:
        def nonsense(state: int, view: View) -> Sequence[Wish]:
            del state, view
            return ["buy!"]

        with capture_logs():
            async with Bench(Scripted(nonsense)) as bench:
                await bench.tick()

        assert list(bench.worker.stopped) == ["scripted"]
        assert bench.gateway.sent == []

    run_virtual(story())


def test_a_slow_answer_for_one_strategy_holds_up_no_other():
    async def story() -> None:
        async def slow_for_one(wish: SubmitOrder | CancelOrder) -> Answer:
            if wish.client_order_id.startswith("slow"):
                await asyncio.sleep(3_600)
            return await taken(wish)

        async with Bench(Scripted(buy_first, "slow"), Scripted(buy_first, "quick")) as bench:
            bench.gateway.answer = slow_for_one
            await bench.tick()
            await until(lambda: bench.worker.counters.taken == 1)

            assert not bench.worker.is_idle
            assert len(bench.gateway.sent) == 2

    run_virtual(story())


def test_an_unanswered_wish_is_sent_again_the_same_and_then_given_up():
    async def story() -> None:
        async def nobody(wish: SubmitOrder | CancelOrder) -> Answer:
            raise Unreachable(f"no answer for {wish.client_order_id}")

        bounds = WorkerBounds(send_attempts_max=3)
        async with Bench(Scripted(buy_first), bounds=bounds) as bench:
            bench.gateway.answer = nobody
            await bench.tick()
            await asyncio.sleep(60)

            assert bench.worker.is_idle

        assert len(bench.gateway.sent) == 3
        assert bench.gateway.sent[0] == bench.gateway.sent[1] == bench.gateway.sent[2]
        assert bench.worker.counters.unanswered == 1

    run_virtual(story())


def test_beyond_the_bound_a_wish_is_dropped_and_counted():
    async def story() -> None:
        async def never(wish: SubmitOrder | CancelOrder) -> Answer:
            await asyncio.sleep(3_600)
            return await taken(wish)

        def always(state: int, view: View) -> Sequence[Wish]:
            del view
            return [buy(80_000 + 100 * state)]

        bounds = WorkerBounds(wishes_in_flight_max=2)
        async with Bench(Scripted(always), bounds=bounds) as bench:
            bench.gateway.answer = never
            for _ in range(5):
                await bench.tick()

            assert bench.worker.counters.wishes == 5
            assert bench.worker.counters.dropped == 3

    run_virtual(story())


def test_names_of_strategies_are_given_once():
    with pytest.raises(InputError, match="each name once"):
        Bench(Scripted(nothing), Scripted(nothing))
    with pytest.raises(InputError, match="at least one"):
        Bench()
