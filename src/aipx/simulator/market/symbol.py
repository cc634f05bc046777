"""One symbol's day at the exchange: the background's steps and account orders on one book."""

from collections.abc import Iterator

from aipx.engine.book import Top
from aipx.engine.matching import (
    Indication,
    uncross,
)
from aipx.model.instrument import Shares, Won
from aipx.model.market import BOOK_LEVELS, Aggressor, TradingPhase
from aipx.model.time import Nanos
from aipx.rules.breaker import Stage
from aipx.simulator.market.auction import price_market_orders, queue_at_market
from aipx.simulator.market.events import (
    BookChanged,
    ExchangeEvent,
)
from aipx.simulator.market.flow import Sweep
from aipx.simulator.market.pauses import Interruption
from aipx.simulator.market.plan import (
    AuctionStep,
    QuoteStep,
    Step,
    TradeStep,
    UncrossStep,
)
from aipx.simulator.market.schedule import PauseStep, ResumeStep
from aipx.simulator.market.trading import Trading

_NOTHING = Indication(Won(0), Shares(0))
_Act = QuoteStep | TradeStep
"""The steps that an interruption may come before; built once, for it is asked at each step."""


class SymbolMarket(Trading):
    """The market of one symbol on one day; its time goes forward by `step` and by requests."""

    @property
    def next_at(self) -> Nanos | None:
        """When the background acts next; None when its day is over."""
        return self._schedule.next_at

    @property
    def interruptions(self) -> tuple[Interruption, ...]:
        """The day's volatility interruptions so far."""
        return tuple(self._pauses.past)

    def book(self) -> BookChanged:
        """Return the last snapshot; an empty one before the first."""
        if self._view.last is not None:
            return self._view.last
        zeros = (0,) * BOOK_LEVELS
        empty = Top(zeros, zeros, zeros, zeros, 0, 0)
        return self._view.changed(self._teller.at, self.phase, empty, 0, _NOTHING)

    def step(self) -> list[ExchangeEvent]:
        """Carry out the background's next action, and wake the orders that it triggers."""
        schedule = self._schedule
        due = schedule.due
        if self.phase is TradingPhase.CONTINUOUS and isinstance(due, _Act):
            price = self._flow.meeting_price(due)
            at = schedule.next_at
            if price and at is not None and self._is_beyond(price, at):
                self._teller.at = at
                return list(self._interrupted(price))
        step = schedule.pop()
        self._teller.at = schedule.last_at
        events = self._stepped(step)
        if self._stops.woken:
            events += self._triggered()
        return events

    def _stepped(self, step: Step | PauseStep | ResumeStep) -> list[ExchangeEvent]:
        if isinstance(step, QuoteStep):
            return self._swept(self._flow.quote(step, self.tape.volume))
        if isinstance(step, TradeStep):
            return self._swept(self._flow.trade(step, self.tape.volume))
        if isinstance(step, AuctionStep):
            return list(self._gathered(step))
        if isinstance(step, PauseStep):
            self.phase = TradingPhase.VOLATILITY_AUCTION
            self._flow.gather(step.center, step.size)
            return [self._changed()]
        if isinstance(step, ResumeStep):
            return list(self._resumed(step))
        return list(self._closed() if self.is_halted else self._uncrossed(step))

    def _resumed(self, step: ResumeStep) -> Iterator[ExchangeEvent]:
        self._schedule.skip(step.consumed)
        after = step.after or self._flow.settled
        end = UncrossStep(step.at, step.center, step.size, True, after)
        yield from self._uncrossed(end)

    def halt(self, at: Nanos) -> list[ExchangeEvent]:
        """Stop trading until `resume`; orders stay, and may be canceled."""
        self._teller.at = at
        self._schedule.hold()
        self.phase = TradingPhase.CLOSED
        self.is_halted = True
        return [self._changed()]

    def resume(self, at: Nanos) -> list[ExchangeEvent]:
        """Begin the auction that ends a halt."""
        self._teller.at = at
        self.is_halted = False
        is_closing = at >= self._closing_auction_start
        self.phase = TradingPhase.CLOSING_AUCTION if is_closing else TradingPhase.VOLATILITY_AUCTION
        until = self._pauses.volatility_end(at)
        self._pauses.auction(at, until, now=at, last=self._reference())
        return [self._changed()]

    def break_circuit(self, stage: Stage, at: Nanos) -> list[ExchangeEvent]:
        """Stand still for a stage of the circuit breaker, or end the day with it."""
        self._teller.at = at
        if stage.ends_day:
            self._schedule.end()
            self.is_halted = True
            return list(self._closed())
        opens_at = Nanos(at + stage.halt_ns)
        until = Nanos(opens_at + stage.auction_ns)
        self.phase = TradingPhase.HALTED_BY_CIRCUIT_BREAKER
        self._pauses.auction(opens_at, until, now=at, last=self._reference())
        return [self._changed()]

    def _closed(self) -> Iterator[ExchangeEvent]:
        self.phase = TradingPhase.CLOSED
        yield from self._lapses()
        yield self._changed()

    def _swept(self, sweeps: list[Sweep]) -> list[ExchangeEvent]:
        """Tell what the background traded, if anything, and the book after it."""
        events: list[ExchangeEvent] = []
        top = self._book.top()
        for sweep in sweeps:
            events += self._prints(sweep.side, sweep.fills, top, taker=None)
        events.append(
            self._view.changed(self._teller.at, self.phase, top, self.tape.volume, _NOTHING)
        )
        return events

    def _gathered(self, step: AuctionStep) -> Iterator[ExchangeEvent]:
        is_opening = step.is_opening
        self.phase = TradingPhase.OPENING_AUCTION if is_opening else TradingPhase.CLOSING_AUCTION
        if not is_opening and self._conditional:
            for order in queue_at_market(self._book, self._conditional):
                yield self._teller.rested(order, order.price, order.quantity)
            self._conditional = {}
        self._flow.gather(step.center, step.size)
        yield self._changed()

    def _uncrossed(self, step: UncrossStep) -> Iterator[ExchangeEvent]:
        self._flow.gather_last(step.center, step.size, self.tape.volume)
        outcome = uncross(self._book, reference=self._reference())
        self._flow.withdraw_market_orders()
        price = outcome.price or self._reference()
        price_market_orders(self._book, price)
        reopened = self._flow.reopen(step.after) if step.after is not None else []
        if outcome.size:
            if step.is_opening:
                self.tape.reference = price
                self._safe = (0, 0, 0)
            yield self._print(price, outcome.size, Aggressor.NONE, self._book.top())
        for part in outcome.executions:
            if part.key:
                yield self._teller.executed(part.key, part.side, price, part.quantity, part.left)
        self.phase = TradingPhase.CONTINUOUS if step.is_opening else TradingPhase.CLOSED
        if not step.is_opening:
            yield from self._lapses()
        yield from self._swept(reopened)
