"""Runs strategies: market events and order events in, signals and wishes out.

What a strategy decides depends on the events alone: the moment it sees is the event's receive
time, which a recording keeps.
"""

import asyncio
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import structlog

from aipx.errors import InputError
from aipx.model.ids import AccountId, ClientOrderId, StrategyId, Symbol
from aipx.model.instrument import Shares
from aipx.model.market import MarketEvent
from aipx.model.order import CancelOrder, OrderEvent, SubmitOrder
from aipx.model.signal import CancelWish, OrderWish, Signal, Wish
from aipx.model.time import kst_date, kst_hhmmss, kst_yyyymmdd
from aipx.ports.bus import Bus, Topic
from aipx.ports.clock import MonotonicClock
from aipx.ports.gateway import TradingGateway
from aipx.runtime.tasks import OrderedTasks
from aipx.services.strategy_worker.bounds import WorkerBounds
from aipx.services.strategy_worker.own_orders import OwnOrders
from aipx.services.strategy_worker.sender import (
    Outgoing,
    WishSender,
    WorkerCounters,
    WorkerLatencies,
)
from aipx.strategies.base import AnyStrategy, View

log = structlog.get_logger(__name__)

NO_POSITIONS: Mapping[StrategyId, Mapping[Symbol, Shares]] = {}


class _Runner:
    """One strategy with its state, its own orders and its outbox."""

    def __init__(self, strategy: AnyStrategy, own: OwnOrders, sender: WishSender) -> None:
        self.strategy = strategy
        self.own = own
        self.sender = sender
        self.state: Any = strategy.initial()
        self.signals_count = 0
        self.stop_reason: str | None = None


class StrategyWorker:
    """Some strategies on one subscription; made before the feed starts, it misses nothing.

    A strategy that raises is stopped alone. Its orders stay at the broker: an operator decides.
    """

    def __init__(
        self,
        *,
        bus: Bus,
        gateway: TradingGateway,
        strategies: Sequence[AnyStrategy],
        monotonic_clock: MonotonicClock,
        bounds: WorkerBounds | None = None,
        positions: Mapping[StrategyId, Mapping[Symbol, Shares]] = NO_POSITIONS,
        consumer: str = "strategy-worker",
    ) -> None:
        self.counters = WorkerCounters()
        self.latencies = WorkerLatencies()
        self._bus = bus
        self._gateway = gateway
        self._monotonic_clock = monotonic_clock
        self._bounds = WorkerBounds() if bounds is None else bounds
        self._runners = tuple(self._runner(strategy, positions) for strategy in strategies)
        names = [runner.own.strategy_id for runner in self._runners]
        if not names or len(set(names)) < len(names):
            raise InputError(f"strategies are {names}; at least one, each name once")
        self._sequence_by_account: dict[AccountId, int] = {}
        self._is_deciding = False
        self._began = ""
        """Korean time of the first market event seen: a worker that is started again on the same
        day counts from 1 again, and must not use a client order id twice."""
        self._subscription = bus.subscribe(consumer, (Topic.MARKET_DATA_RAW, Topic.ORDER_EVENTS))

    def _runner(
        self, strategy: AnyStrategy, positions: Mapping[StrategyId, Mapping[Symbol, Shares]]
    ) -> _Runner:
        strategy_id = StrategyId(strategy.name)
        own = OwnOrders(
            strategy_id,
            positions=positions.get(strategy_id, {}),
            orders_kept_max=self._bounds.orders_kept_max,
        )
        sender = WishSender(
            own,
            bus=self._bus,
            gateway=self._gateway,
            monotonic_clock=self._monotonic_clock,
            bounds=self._bounds,
            counters=self.counters,
            latencies=self.latencies,
        )
        return _Runner(strategy, own, sender)

    @property
    def is_idle(self) -> bool:
        """True while no batch is being decided upon and no wish is in flight."""
        if self._is_deciding:
            return False
        # Asked for after every turn of the loop at full speed: a plain loop costs the least.
        for runner in self._runners:  # noqa: SIM110
            if not runner.sender.is_idle:
                return False
        return True

    @property
    def positions(self) -> Mapping[StrategyId, Mapping[Symbol, Shares]]:
        """What each strategy's own fills have made, by strategy."""
        return {runner.own.strategy_id: runner.own.positions for runner in self._runners}

    @property
    def stopped(self) -> Mapping[StrategyId, str]:
        """The strategies that raised, and what."""
        return {
            runner.own.strategy_id: runner.stop_reason
            for runner in self._runners
            if runner.stop_reason is not None
        }

    async def run(self) -> None:
        """Decide and send until cancelled."""
        try:
            async with OrderedTasks() as tasks:
                for runner in self._runners:
                    tasks.start(runner.sender.run(), name=f"wishes {runner.own.strategy_id}")
                tasks.start(self._consume(), name="strategies")
        finally:
            await self._subscription.close()

    async def _consume(self) -> None:
        while True:
            deliveries = await self._subscription.receive()
            self._is_deciding = True
            for delivery in deliveries:
                fact = delivery.fact
                if isinstance(fact, MarketEvent):
                    if self._decide_all(fact, delivery.received_monotonic_ns):
                        # The senders' turn: a wish must not wait for the rest of the batch.
                        await asyncio.sleep(0)
                elif isinstance(fact, OrderEvent):
                    self._fold(fact)
            self._is_deciding = False

    def _fold(self, event: OrderEvent) -> None:
        last = self._sequence_by_account.get(event.account)
        if last is not None and event.sequence <= last:
            self.counters.order_events_repeated += 1
            return
        if last is not None and event.sequence > last + 1:
            log.error(
                "order_events.missing", account=event.account, last=last, found=event.sequence
            )
        self._sequence_by_account[event.account] = event.sequence
        self.counters.order_events += 1
        for runner in self._runners:
            runner.own.fold(event.fact, at=event.at)

    def _decide_all(self, event: MarketEvent, received_monotonic_ns: int) -> bool:
        """Ask every strategy; return whether one has wished for something."""
        self.counters.market_events += 1
        if not self._began:
            self._began = kst_hhmmss(event.receive_time)
        has_wished = False
        for runner in self._runners:
            if runner.stop_reason is not None:
                continue
            view = View(
                at=event.receive_time,
                positions=runner.own.positions,
                working=runner.own.working,
            )
            try:
                runner.state, wishes = runner.strategy.decide(runner.state, view, event)
                if wishes:
                    has_wished = True
                    for wish in wishes:
                        self._take(runner, wish, event, received_monotonic_ns)
            except Exception as error:  # noqa: BLE001 - foreign code: whatever it raises, it stops alone
                self._stop(runner, error, event)
        return has_wished

    def _take(
        self, runner: _Runner, wish: Wish, event: MarketEvent, received_monotonic_ns: int
    ) -> None:
        self.counters.wishes += 1
        if runner.sender.is_full:
            self.counters.dropped += 1
            log.warning("wish.dropped", strategy_id=runner.own.strategy_id, wish=wish)
            return
        named = self._named(runner, wish, event)
        if named is None:
            self.counters.invalid += 1
            log.warning("wish.invalid", strategy_id=runner.own.strategy_id, wish=wish)
            return
        runner.signals_count += 1
        signal = Signal(
            event_id=f"{runner.own.strategy_id}-signal-{runner.signals_count}",
            trace_id=event.trace_id,
            at=event.receive_time,
            strategy_id=runner.own.strategy_id,
            client_order_id=named.client_order_id,
            wish=wish,
        )
        runner.sender.put(
            Outgoing(wish=named, signal=signal, received_monotonic_ns=received_monotonic_ns)
        )

    def _named(
        self, runner: _Runner, wish: Wish, event: MarketEvent
    ) -> SubmitOrder | CancelOrder | None:
        """Return the wish as it is sent; None for a cancel of an order that is not working."""
        match wish:
            case OrderWish():
                submit = SubmitOrder(
                    client_order_id=_client_order_id(runner.own, event, self._began),
                    strategy_id=runner.own.strategy_id,
                    symbol=wish.symbol,
                    side=wish.side,
                    kind=wish.kind,
                    quantity=wish.quantity,
                    price=wish.price,
                    trace_id=event.trace_id,
                )
                runner.own.wished(submit, at=event.receive_time)
                return submit
            case CancelWish():
                if not runner.own.is_live(wish.client_order_id):
                    return None
                return CancelOrder(client_order_id=wish.client_order_id, trace_id=event.trace_id)
            case _:
                assert_never(wish)

    def _stop(self, runner: _Runner, error: Exception, event: MarketEvent) -> None:
        runner.stop_reason = f"{type(error).__name__}: {error}"
        self.counters.strategies_stopped += 1
        last = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "strategy.stopped",
            strategy_id=runner.own.strategy_id,
            error=runner.stop_reason,
            where=f"{last.filename}:{last.lineno}",
            event_id=event.event_id,
            orders_working=len(runner.own.working),
        )


def _client_order_id(own: OwnOrders, event: MarketEvent, began: str) -> ClientOrderId:
    day = kst_yyyymmdd(kst_date(event.receive_time))
    return ClientOrderId(f"{own.strategy_id}-{day}-{began}-{own.next_number():06d}")
