"""Carries one strategy's wishes to the OMS, in order, and takes the answers.

Each wish is published as a signal first, so that the record shows it whatever the OMS says.
"""

import asyncio

import msgspec
import structlog

from aipx.errors import RemoteError
from aipx.model.ids import StrategyId
from aipx.model.order import CancelOrder, SubmitOrder
from aipx.model.signal import Signal
from aipx.model.time import NANOS_PER_SECOND
from aipx.ports.bus import Bus, Topic
from aipx.ports.clock import MonotonicClock
from aipx.ports.gateway import Answer, TradingGateway, WishRefused
from aipx.runtime.metrics import LatencyRecorder
from aipx.services.strategy_worker.bounds import WorkerBounds
from aipx.services.strategy_worker.own_orders import OwnOrders

log = structlog.get_logger(__name__)


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A named wish, its signal, and when its cause reached the platform."""

    wish: SubmitOrder | CancelOrder
    signal: Signal
    received_monotonic_ns: int


class WorkerCounters(msgspec.Struct, kw_only=True):
    """What became of the wishes, over all strategies of the worker."""

    market_events: int = 0
    order_events: int = 0
    order_events_repeated: int = 0
    wishes: int = 0
    taken: int = 0
    refused: int = 0
    unanswered: int = 0
    dropped: int = 0
    invalid: int = 0
    strategies_stopped: int = 0


class WorkerLatencies:
    """From the tick to the wish at the gateway, and from there to the OMS's answer."""

    def __init__(self) -> None:
        self.tick_to_wish = LatencyRecorder("tick_to_wish")
        self.wish_to_answer = LatencyRecorder("wish_to_answer")


class WishSender:
    """The outbox of one strategy: one wish is answered before the next one leaves."""

    def __init__(
        self,
        own: OwnOrders,
        *,
        bus: Bus,
        gateway: TradingGateway,
        monotonic_clock: MonotonicClock,
        bounds: WorkerBounds,
        counters: WorkerCounters,
        latencies: WorkerLatencies,
    ) -> None:
        self._own = own
        self._bus = bus
        self._gateway = gateway
        self._monotonic_clock = monotonic_clock
        self._bounds = bounds
        self._counters = counters
        self._latencies = latencies
        self._outbox: asyncio.Queue[Outgoing] = asyncio.Queue(bounds.wishes_in_flight_max)
        self._in_flight = 0

    @property
    def is_idle(self) -> bool:
        """True while no wish waits for its turn or its answer."""
        return self._in_flight == 0

    @property
    def is_full(self) -> bool:
        """True while no further wish is taken."""
        return self._in_flight >= self._bounds.wishes_in_flight_max

    def put(self, outgoing: Outgoing) -> None:
        """Queue a wish; the caller has made sure that the outbox is not full."""
        self._in_flight += 1
        self._outbox.put_nowait(outgoing)

    async def run(self) -> None:
        """Send until cancelled."""
        try:
            while True:
                outgoing = await self._outbox.get()
                await self._send(outgoing)
                self._in_flight -= 1
        finally:
            if self._in_flight:
                log.warning(
                    "wishes.abandoned", strategy_id=self._strategy_id, count=self._in_flight
                )

    @property
    def _strategy_id(self) -> StrategyId:
        return self._own.strategy_id

    async def _send(self, outgoing: Outgoing) -> None:
        await self._bus.publish(
            Topic.TRADING_SIGNALS,
            self._strategy_id,
            outgoing.signal,
            received_monotonic_ns=outgoing.received_monotonic_ns,
        )
        sent_ns = self._monotonic_clock.now()
        self._latencies.tick_to_wish.add(sent_ns - outgoing.received_monotonic_ns)
        wish = outgoing.wish
        if isinstance(wish, SubmitOrder):
            wish = msgspec.structs.replace(wish, sent_monotonic_ns=sent_ns)
        self._answered(wish, await self._answer(wish))

    async def _answer(self, wish: SubmitOrder | CancelOrder) -> Answer | None:
        """Return the OMS's answer, or None after all attempts; every attempt sends the same."""
        for attempt in range(1, self._bounds.send_attempts_max + 1):
            sent_ns = self._monotonic_clock.now()
            try:
                if isinstance(wish, SubmitOrder):
                    answer = await self._gateway.submit(wish)
                else:
                    answer = await self._gateway.cancel(wish)
            except RemoteError as error:
                log.warning(
                    "wish.unanswered",
                    strategy_id=self._strategy_id,
                    client_order_id=wish.client_order_id,
                    attempt=attempt,
                    reason=str(error),
                )
            else:
                self._latencies.wish_to_answer.add(self._monotonic_clock.now() - sent_ns)
                return answer
            if attempt < self._bounds.send_attempts_max:
                await asyncio.sleep(self._bounds.send_pause_ns / NANOS_PER_SECOND)
        return None

    def _answered(self, wish: SubmitOrder | CancelOrder, answer: Answer | None) -> None:
        if answer is None:
            self._counters.unanswered += 1
            log.error(
                "wish.given_up",
                strategy_id=self._strategy_id,
                client_order_id=wish.client_order_id,
                attempts=self._bounds.send_attempts_max,
            )
        elif isinstance(answer, WishRefused):
            self._counters.refused += 1
            log.info(
                "wish.refused",
                strategy_id=self._strategy_id,
                client_order_id=wish.client_order_id,
                reason=answer.reason,
                found=answer.found,
                allowed=answer.allowed,
            )
        else:
            self._counters.taken += 1
            return
        if isinstance(wish, SubmitOrder):
            self._own.ended(wish.client_order_id)
