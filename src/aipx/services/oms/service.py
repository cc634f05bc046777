"""The OMS's shell: take an input, decide, journal, then act. One task owns the account.

Inputs wait in one bounded inbox. Each turn of the loop decides on all that wait, writes their
events in one durable append, and only then answers clients and lets effects out; so a crash at
any instant leaves either no trace of an order, or its `OrderSending` on disk.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import date

import msgspec
import structlog

from aipx.engine.account import Account
from aipx.engine.decide import decide
from aipx.engine.inputs import (
    Balanced,
    CancelAnswered,
    CancelGiven,
    DayBegan,
    Effect,
    Input,
    Inquire,
    NoticeGiven,
    Opened,
    OrderAnswered,
    Policy,
    Restarted,
    SendCancel,
    SendOrder,
    StateWished,
    WishGiven,
)
from aipx.engine.orders import UNRESOLVED
from aipx.errors import RemoteError, Unreachable
from aipx.model.ids import AccountId, OrderId, Symbol
from aipx.model.ids import Sequence as SequenceNumber
from aipx.model.market import Book, MarketEvent, Trade
from aipx.model.order import (
    BrokerNotice,
    CancelOrder,
    OrderEvent,
    SubmitOrder,
    TradingState,
)
from aipx.model.time import NANOS_PER_SECOND, kst_date
from aipx.model.verdict import Answer, WishRefused
from aipx.ports.broker import Broker
from aipx.ports.bus import Bus, Topic
from aipx.ports.clock import MarketClock, MonotonicClock
from aipx.ports.journal import Journal
from aipx.runtime.metrics import LatencyRecorder
from aipx.runtime.tasks import OrderedTasks
from aipx.services.oms.bounds import OmsBounds
from aipx.services.oms.inquiry import Inquirer
from aipx.services.oms.picture import Pictures
from aipx.services.oms.relay import Relay
from aipx.services.oms.telling import log_fact, trace_id_of

log = structlog.get_logger(__name__)


class OmsCounters(msgspec.Struct, kw_only=True):
    """What the shell has seen since it started."""

    wishes: int = 0
    wishes_refused: int = 0
    notices: int = 0
    inquiries: int = 0
    inquiries_failed: int = 0


class OmsService:
    """The OMS of one account; as a `TradingGateway` it is what gRPC serves."""

    def __init__(  # noqa: PLR0913 - every port it needs, by name
        self,
        *,
        account: AccountId,
        symbols: Sequence[Symbol],
        is_paper: bool,
        policy: Policy,
        bounds: OmsBounds,
        journal: Journal,
        broker: Broker,
        bus: Bus,
        market_clock: MarketClock,
        monotonic_clock: MonotonicClock,
    ) -> None:
        self.state = Account(account=account)
        self.counters = OmsCounters()
        self.wish_to_kis = LatencyRecorder("wish_to_kis")
        self._symbols = symbols
        self._policy = policy
        self._bounds = bounds
        self._journal = journal
        self._broker = broker
        self._bus = bus
        self._market_clock = market_clock
        self._monotonic_clock = monotonic_clock
        self._pictures = Pictures(is_paper=is_paper)
        self._inquirer = Inquirer(broker, attempts_max=bounds.inquiry_attempts_max)
        self._inbox: deque[tuple[Input, asyncio.Future[Answer] | None]] = deque()
        self._wakened = asyncio.Event()
        self._relay = Relay(bus, journal, monotonic_clock)
        self._inquiry_wanted = asyncio.Event()
        self._unknown_since: dict[OrderId, int] = {}
        self._waiting: dict[asyncio.Future[Answer], None] = {}
        self._tasks = OrderedTasks()
        self._busy = 0
        self._is_ready = asyncio.Event()
        self._has_stopped = False
        self._subscription = bus.subscribe("oms", (Topic.MARKET_DATA_RAW, Topic.BROKER_NOTICES))

    # What clients and the composition use

    async def submit(self, wish: SubmitOrder) -> Answer:
        """Take a wish in; the answer is durable when it comes."""
        if not self._is_ready.is_set():
            return _not_now(wish, "NOT_READY", "the OMS is starting", "after its first inquiry")
        if len(self._inbox) >= self._bounds.inbox_max:
            allowed = f"under {self._bounds.inbox_max} waiting"
            return _not_now(wish, "OVERLOADED", f"{len(self._inbox)} inputs wait", allowed)
        self.counters.wishes += 1
        day = kst_date(self._market_clock.now())
        picture = self._pictures.of(wish.symbol, day=day, now=self._market_clock.now())
        return await self._answered(WishGiven(wish=wish, market=picture))

    async def cancel(self, wish: CancelOrder) -> Answer:
        """Take a cancel in; it goes past the wishes' bound, since it only reduces risk."""
        return await self._answered(CancelGiven(wish=wish))

    async def set_trading_state(self, state: TradingState, reason: str) -> None:
        """Change what the account may do; durable on return."""
        await self._done(StateWished(state=state, reason=reason))

    async def reconcile(self) -> bool:
        """Inquire now; True where two inquiries agreed with each other and with the ledger.

        False while an outcome is unknown, a difference stands, or the broker does not answer.
        """
        is_confirmed = await self._inquire_once()
        return is_confirmed and not self.state.differences and not self._has_unresolved()

    def request_inquiry(self, reason: str) -> None:
        """Have the broker asked soon: the feed was lost, or somebody doubts."""
        log.info("inquiry.requested", reason=reason)
        self._inquiry_wanted.set()

    @property
    def is_idle(self) -> bool:
        """True while no input waits, no request is under way and every event is published."""
        return not self._inbox and self._busy == 0 and self._relay.is_idle

    async def wait_ready(self) -> None:
        """Wait until wishes are taken."""
        await self._is_ready.wait()

    # Running

    async def run(self) -> None:
        """Recover, then serve until cancelled; whatever fails ends the service.

        Raises:
            RemoteError: the broker could not be asked at the start.
            LeaseLost: another process has the account.
        """
        self._recover()
        try:
            async with self._tasks as tasks:
                tasks.start(self._turn(), name="oms.turn")
                tasks.start(self._relay.run(), name="oms.relay")
                tasks.start(self._listen(), name="oms.listen")
                await tasks.until(self._start())
                tasks.start(self._inquire(), name="oms.inquire")
                self._is_ready.set()
        finally:
            self._is_ready.clear()
            self._has_stopped = True
            for future in self._waiting:
                if not future.done():
                    future.set_exception(Unreachable("the OMS stopped before it answered"))

    def _recover(self) -> None:
        published = self._journal.published()
        for event in self._journal.read(after=SequenceNumber(0)):
            self.state.apply(event)
            if event.sequence > published:
                self._relay.put(event)

    async def _start(self) -> None:
        """Ask the broker before any wish: open the account, or settle what a crash left open."""
        today = kst_date(self._market_clock.now())
        for symbol in self._symbols:
            self._pictures.learn(await self._broker.reference(symbol), today)
        if self.state.business_date is None:
            orders = await self._broker.orders(today)
            balance = await self._broker.balance()
            opened = Opened(business_date=today, balance=balance, orders=tuple(orders))
            await self._done(opened)
            return
        await self._done(Restarted())
        if self.state.business_date != today:
            await self._inquire_once(day=self.state.business_date)
            await self._done(DayBegan(business_date=today))
        await self._inquire_once()

    async def _turn(self) -> None:
        while True:
            await self._wakened.wait()
            self._wakened.clear()
            events: list[OrderEvent] = []
            effects: list[Effect] = []
            answers: list[tuple[asyncio.Future[Answer], Answer | None]] = []
            while self._inbox:
                given, future = self._inbox.popleft()
                answer = self._decide(given, events, effects)
                if future is not None:
                    answers.append((future, answer))
            if events:
                self._journal.append(events)
            for event in events:
                self._relay.put(event)
            for effect in effects:
                self._carry_out(effect)
            for future, answer in answers:
                if not future.done():
                    future.set_result(answer)  # type: ignore[arg-type]

    def _decide(
        self, given: Input, events: list[OrderEvent], effects: list[Effect]
    ) -> Answer | None:
        now = self._market_clock.now()
        decision = decide(self.state, given, now=now, policy=self._policy)
        trace_id = trace_id_of(given)
        for fact in decision.facts:
            event = OrderEvent(
                account=self.state.account,
                sequence=SequenceNumber(self.state.sequence + 1),
                at=now,
                trace_id=trace_id,
                fact=fact,
            )
            self.state.apply(event)
            events.append(event)
            log_fact(fact)
        effects.extend(decision.effects)
        if isinstance(decision.answer, WishRefused):
            self.counters.wishes_refused += 1
        return decision.answer

    def _put(self, given: Input, future: asyncio.Future[Answer] | None = None) -> None:
        self._inbox.append((given, future))
        self._wakened.set()

    async def _answered(self, given: Input) -> Answer:
        if self._has_stopped:
            raise Unreachable("the OMS has stopped")
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[future] = None
        self._put(given, future)
        try:
            return await future
        finally:
            self._waiting.pop(future, None)

    async def _done(self, given: Input) -> None:
        await self._answered(given)

    # Effects

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case SendOrder():
                self._busy += 1
                self._tasks.start(self._send(effect), name=f"send {effect.approved.order_id}")
            case SendCancel():
                self._busy += 1
                self._tasks.start(self._send_cancel(effect), name=f"cancel {effect.order_id}")
            case Inquire():
                self.request_inquiry(effect.reason)

    async def _send(self, effect: SendOrder) -> None:
        approved = effect.approved
        try:
            outcome = await self._broker.submit(approved)
            sent = approved.wish.sent_monotonic_ns
            if sent and outcome.sent_monotonic_ns:
                self.wish_to_kis.add(outcome.sent_monotonic_ns - sent)
            self._put(OrderAnswered(order_id=approved.order_id, outcome=outcome))
        finally:
            self._busy -= 1

    async def _send_cancel(self, effect: SendCancel) -> None:
        try:
            outcome = await self._broker.cancel(effect.target)
            self._put(CancelAnswered(order_id=effect.order_id, outcome=outcome))
        finally:
            self._busy -= 1

    # Listening

    async def _listen(self) -> None:
        while True:
            for delivery in await self._subscription.receive():
                fact = delivery.fact
                if isinstance(fact, MarketEvent):
                    if isinstance(fact.fact, Book | Trade):
                        self._pictures.see(fact)
                elif isinstance(fact, BrokerNotice):
                    self.counters.notices += 1
                    self._put(NoticeGiven(notice=fact))

    # Inquiring

    async def _inquire(self) -> None:
        """Ask when there is a reason, else at the interval; the longer in vain, the rarer."""
        interval = self._bounds.inquiry_interval_ns / NANOS_PER_SECOND
        shortest = delay = self._bounds.inquiry_delay_ns / NANOS_PER_SECOND
        while True:
            try:
                async with asyncio.timeout(interval):
                    await self._inquiry_wanted.wait()
            except TimeoutError:
                pass
            else:
                await asyncio.sleep(delay)
            self._inquiry_wanted.clear()
            if await self._inquire_once() and not self._has_unresolved():
                delay = shortest
            else:
                delay = min(2 * delay, interval)
                self._inquiry_wanted.set()

    async def _inquire_once(self, *, day: date | None = None) -> bool:
        """Ask until two inquiries agree, and decide on them; False where none did.

        Raises:
            RemoteError: no answer while the service starts, when nothing may go on without.
        """
        business_date = day or kst_date(self._market_clock.now())
        settled = self._settled()
        is_over = self._pictures.is_session_over(business_date, self._market_clock.now())
        self._busy += 1
        try:
            inquired, balance = await self._inquirer.ask(
                business_date,
                sequence=lambda: self.state.sequence,
                settled=settled,
                is_session_over=is_over,
            )
        except RemoteError as error:
            self.counters.inquiries_failed += 1
            log.warning("inquiry.failed", reason=str(error))
            if not self._is_ready.is_set():
                raise
            return False
        finally:
            self._busy -= 1
        self.counters.inquiries += 1
        await self._done(inquired)
        if inquired.is_confirmed and day is None:
            await self._done(Balanced(balance=balance))
        return inquired.is_confirmed

    def _has_unresolved(self) -> bool:
        return any(order.state in UNRESOLVED for order in self.state.live_orders())

    def _settled(self) -> frozenset[OrderId]:
        """Return the orders that have been without outcome for longer than the quarantine."""
        now = self._monotonic_clock.now()
        unknown = [o.order_id for o in self.state.live_orders() if o.state in UNRESOLVED]
        self._unknown_since = {
            order_id: self._unknown_since.get(order_id, now) for order_id in unknown
        }
        return frozenset(
            order_id
            for order_id, since in self._unknown_since.items()
            if now - since >= self._bounds.quarantine_ns
        )


def _not_now(wish: SubmitOrder, reason: str, found: str, allowed: str) -> WishRefused:
    return WishRefused(
        client_order_id=wish.client_order_id, reason=reason, found=found, allowed=allowed
    )
