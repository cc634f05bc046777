"""The OMS's shell on a fake broker, a disk that keeps what was synced, and virtual time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import msgspec
import pytest

from aipx.adapters.memory.bus import MemoryBus
from aipx.engine.orders import Order
from aipx.errors import InputError, Unreachable
from aipx.model.ids import ClientOrderId
from aipx.model.ids import Sequence as SequenceNumber
from aipx.model.order import BrokerNotice, CancelOrder, OrderEvent, OrderState, TradingState
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.model.verdict import WishRefused, WishTaken
from aipx.ports.bus import Topic
from aipx.runtime.virtual_time import VirtualMonotonicClock, run_virtual
from aipx.services.oms.service import OmsBounds, OmsService
from tests.support.disk import Disk, DiskJournal
from tests.support.fake_broker import FakeBroker
from tests.support.fake_ports import ManualClock
from tests.support.market_facts import DAY, SAMSUNG, at, book, event
from tests.support.oms import ACCOUNT, NO_ANSWER, POLICY, REFUSAL, fill, row, wish

NUMBER = "0000000001"
SOON = 5.0
"""Seconds in which everything that is due has happened, and no interval has passed."""
BOUNDS = OmsBounds(
    inbox_max=3,
    inquiry_interval_ns=3_600 * NANOS_PER_SECOND,
    inquiry_delay_ns=NANOS_PER_SECOND,
    inquiry_attempts_max=3,
    quarantine_ns=60 * NANOS_PER_SECOND,
)


class World:
    """What outlives an OMS: broker, disk, bus, market clock."""

    def __init__(self) -> None:
        self.broker = FakeBroker()
        self.disk = Disk()
        self.bus = MemoryBus()
        self.clock = ManualClock(at("10:00:00"))
        self.told = self.bus.subscribe("test", (Topic.ORDER_EVENTS,))

    def oms(self, journal: DiskJournal | None = None, **bounds: int) -> OmsService:
        return OmsService(
            account=ACCOUNT,
            symbols=[SAMSUNG],
            is_paper=False,
            policy=POLICY,
            bounds=msgspec.structs.replace(BOUNDS, **bounds),
            journal=DiskJournal(self.disk) if journal is None else journal,
            broker=self.broker,
            bus=self.bus,
            market_clock=self.clock,
            monotonic_clock=VirtualMonotonicClock(),
        )

    @contextlib.asynccontextmanager
    async def running(self, oms: OmsService | None = None) -> AsyncIterator[OmsService]:
        """Have an OMS running, with a quote; it is cancelled at the end, as by a kill."""
        oms = self.oms() if oms is None else oms
        task = asyncio.ensure_future(oms.run())
        try:
            await oms.wait_ready()
            await self.quote()
            yield oms
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def quote(self) -> None:
        fact = event(book(), Nanos(self.clock.now()))
        await self.bus.publish(Topic.MARKET_DATA_RAW, SAMSUNG, fact, received_monotonic_ns=0)
        await asyncio.sleep(0.001)

    async def notify(self, notice: BrokerNotice) -> None:
        await self.bus.publish(Topic.BROKER_NOTICES, ACCOUNT, notice, received_monotonic_ns=0)
        await asyncio.sleep(0.001)

    async def published(self) -> list[OrderEvent]:
        await asyncio.sleep(0.001)
        return [delivery.fact for delivery in await self.told.receive()]

    def journalled(self) -> list[str]:
        """Return the kinds of facts on disk."""
        events = DiskJournal(self.disk).read(after=SequenceNumber(0))
        return [type(found.fact).__name__ for found in events]


def order(oms: OmsService, name: str = "w-1") -> Order:
    return oms.state.orders[oms.state.content_by_client_id[ClientOrderId(name)][0]]


def cancel(name: str = "w-1") -> CancelOrder:
    return CancelOrder(client_order_id=ClientOrderId(name))


# Taking wishes in


def test_a_wish_is_refused_until_the_broker_was_asked():
    async def story() -> None:
        answer = await World().oms().submit(wish())

        assert isinstance(answer, WishRefused)
        assert answer.reason == "NOT_READY"

    run_virtual(story())


def test_wishes_beyond_the_inbox_are_refused_and_nothing_of_them_is_sent():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            names = [f"w-{n}" for n in range(5)]

            answers = await asyncio.gather(
                *(oms.submit(wish(name, quantity=n + 1)) for n, name in enumerate(names))
            )

            assert [type(answer) for answer in answers[:3]] == [WishTaken] * 3
            assert [getattr(answer, "reason", "") for answer in answers[3:]] == ["OVERLOADED"] * 2
            await asyncio.sleep(SOON)
            assert len(world.broker.submitted) == 3
            assert oms.counters.wishes == 3

    run_virtual(story())


def test_an_order_is_on_disk_as_sending_before_the_broker_sees_it():
    class Watching(FakeBroker):
        seen: Sequence[str] = ()

        async def submit(self, approved):
            self.seen = world.journalled()
            return await super().submit(approved)

    world = World()
    world.broker = Watching()

    async def story() -> None:
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(SOON)

            assert list(world.broker.seen) == ["AccountOpened", "OrderSubmitted", "OrderSending"]
            assert order(oms).state is OrderState.ACCEPTED

    run_virtual(story())


def test_a_journal_that_cannot_write_ends_the_oms_and_sends_nothing():
    class Full(DiskJournal):
        def append(self, events):
            if len(self._disk.records) > 0:
                raise InputError("journal x: database or disk is full")
            super().append(events)

    async def story() -> None:
        world = World()
        oms = world.oms(Full(world.disk))
        running = asyncio.ensure_future(oms.run())
        await oms.wait_ready()
        await world.quote()

        with pytest.raises(Unreachable, match="stopped before it answered"):
            await oms.submit(wish())

        with pytest.raises(InputError, match="disk is full"):
            await running
        assert world.broker.submitted == []

    run_virtual(story())


def test_an_oms_that_has_stopped_answers_nobody_and_lets_nobody_wait():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            pass

        with pytest.raises(Unreachable, match="has stopped"):
            await oms.cancel(cancel())
        late = await oms.submit(wish())
        assert isinstance(late, WishRefused)
        assert late.reason == "NOT_READY"

    run_virtual(story())


def test_a_stale_quote_refuses_at_the_shell_too():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            world.clock.moment += 61 * NANOS_PER_SECOND

            answer = await oms.submit(wish())

            assert isinstance(answer, WishRefused)
            assert oms.counters.wishes_refused == 1
            assert world.broker.submitted == []

    run_virtual(story())


def test_a_halted_account_takes_no_wish():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            await oms.set_trading_state(TradingState.HALTED, "an operator said so")

            answer = await oms.submit(wish())

            assert isinstance(answer, WishRefused)
            assert answer.reason == "TRADING_STATE"

    run_virtual(story())


# Outcomes


def test_a_refusal_of_the_broker_is_a_rejected_order():
    async def story() -> None:
        world = World()
        world.broker.order_outcome = REFUSAL
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(SOON)

            assert order(oms).state is OrderState.REJECTED

    run_virtual(story())


def test_a_lost_answer_is_asked_after_and_never_sent_again():
    async def story() -> None:
        world = World()
        world.broker.order_outcome = NO_ANSWER
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(0.01)
            assert order(oms).state is OrderState.UNKNOWN
            world.broker.listed = (row(NUMBER),)

            await asyncio.sleep(SOON)

            assert order(oms).state is OrderState.ACCEPTED
            assert order(oms).number == NUMBER
            assert len(world.broker.submitted) == 1

    run_virtual(story())


def test_an_order_that_is_nowhere_is_lost_only_after_the_quarantine():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(0.01)
            world.broker.listed = (row(NUMBER),)
            world.broker.order_outcome = NO_ANSWER
            await oms.submit(wish("w-2", quantity=3))
            await asyncio.sleep(50)
            assert order(oms, "w-2").state is OrderState.UNKNOWN

            # Inquiries come the rarer the longer they are in vain, so one is due by then.
            await asyncio.sleep(120)

            assert "OrderLost" in world.journalled()
            assert len(world.broker.submitted) == 2

    run_virtual(story())


def test_absence_is_not_believed_of_an_inquiry_that_lists_nothing():
    async def story() -> None:
        world = World()
        world.broker.order_outcome = NO_ANSWER
        async with world.running() as oms:
            await oms.submit(wish())

            await asyncio.sleep(3_000)

            assert order(oms).state is OrderState.UNKNOWN

    run_virtual(story())


def test_a_fill_told_by_notice_is_booked_once():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(0.01)

            await world.notify(fill(NUMBER, 10, 80_000))
            await world.notify(fill(NUMBER, 10, 80_000))

            assert order(oms).filled_quantity == 10
            assert oms.counters.notices == 2

    run_virtual(story())


def test_a_cancel_without_an_answer_is_repeated_up_to_its_bound():
    async def story() -> None:
        world = World()
        world.broker.cancel_outcome = NO_ANSWER
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(0.01)
            world.broker.listed = (row(NUMBER),)

            answer = await oms.cancel(cancel())
            await asyncio.sleep(3_000)

            assert isinstance(answer, WishTaken)
            assert len(world.broker.cancels) == POLICY.cancel_attempts_max
            assert {target.number for target in world.broker.cancels} == {NUMBER}
            assert len(world.broker.submitted) == 1

    run_virtual(story())


# Asking the broker


def test_reconciling_is_true_while_the_books_agree_and_false_when_the_broker_is_silent():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            assert await oms.reconcile()
            world.broker.fall_silent()

            assert not await oms.reconcile()

            assert oms.counters.inquiries_failed == 1

    run_virtual(story())


def test_reconciling_is_false_while_an_outcome_is_unknown():
    async def story() -> None:
        world = World()
        world.broker.order_outcome = NO_ANSWER
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(0.01)

            assert not await oms.reconcile()

    run_virtual(story())


def test_many_reasons_to_ask_are_one_inquiry():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            before = oms.counters.inquiries
            for _ in range(20):
                oms.request_inquiry("the feed reconnected")

            await asyncio.sleep(SOON)

            assert oms.counters.inquiries == before + 1

    run_virtual(story())


def test_a_broker_that_is_silent_at_the_start_ends_the_oms():
    async def story() -> None:
        world = World()
        world.broker.fall_silent()

        with pytest.raises(Unreachable):
            await world.oms().run()

        assert world.journalled() == []

    run_virtual(story())


# Going on after an end


def test_what_was_in_flight_at_a_kill_is_unknown_then_found():
    async def story() -> None:
        world = World()
        world.broker.is_answering.clear()
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(0.01)
            assert order(oms).state is OrderState.SENDING
        world.broker.listed = (row(NUMBER),)

        async with world.running() as successor:
            await asyncio.sleep(SOON)

            assert order(successor).number == NUMBER
            assert order(successor).state is OrderState.ACCEPTED
            assert len(world.broker.submitted) == 1
            assert "OrderUnknown" in world.journalled()

    run_virtual(story())


def test_a_fold_after_a_restart_is_the_account_before_it():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(0.01)
            await world.notify(fill(NUMBER, 4, 80_000))
            before = order(oms)
            sequence = oms.state.sequence
        rest = row(NUMBER, filled=4, amount=320_000)
        world.broker.listed = (rest,)

        async with world.running() as successor:
            assert order(successor) == before
            assert successor.state.sequence >= sequence

    run_virtual(story())


def test_events_are_published_in_order_and_again_where_nobody_marked_them():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            await oms.submit(wish())
            await asyncio.sleep(0.01)
            first = await world.published()
        world.disk.published = 2
        world.broker.listed = (row(NUMBER),)

        async with world.running():
            second = await world.published()

        sequences = [told.sequence for told in first]
        assert sequences == list(range(1, len(first) + 1))
        assert second[: len(first) - 2] == first[2:]

    run_virtual(story())


def test_a_known_client_order_id_is_the_same_order_after_a_restart():
    async def story() -> None:
        world = World()
        async with world.running() as oms:
            first = await oms.submit(wish())
            await asyncio.sleep(0.01)
        world.broker.listed = (row(NUMBER),)

        async with world.running() as successor:
            again = await successor.submit(wish())
            await asyncio.sleep(SOON)

        assert again == first
        assert len(world.broker.submitted) == 1

    run_virtual(story())


def test_a_new_day_asks_for_the_old_one_first():
    async def story() -> None:
        world = World()
        async with world.running():
            pass
        world.broker.days.clear()
        world.clock.moment += 24 * 3_600 * NANOS_PER_SECOND

        async with world.running() as oms:
            assert world.broker.days[0] == DAY
            assert world.broker.days[-1] == oms.state.business_date
            assert oms.state.business_date != DAY

    run_virtual(story())
