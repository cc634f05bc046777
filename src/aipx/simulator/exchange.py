"""The simulated exchange: several symbols on one day, background flow and account orders."""

from collections.abc import Sequence
from heapq import heapify, heappop, heapreplace

import msgspec

from aipx.engine.matching import Arrival
from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import NANOS_PER_MINUTE, Nanos, kst_hhmmss
from aipx.rules.breaker import Stage, breaker_stages, last_halt
from aipx.rules.sessions import Session
from aipx.simulator.market.bar import DailyBar, Listing
from aipx.simulator.market.events import (
    BookChanged,
    ExchangeEvent,
    ExchangeRefusal,
    LapseReason,
    OrderCanceled,
    OrderExecuted,
    OrderLapsed,
    OrderRefusedByExchange,
    OrderReplaced,
    OrderRested,
    OrderTriggered,
    TradePrinted,
)
from aipx.simulator.market.pauses import Interruption
from aipx.simulator.market.symbol import SymbolMarket
from aipx.simulator.market.tape import DayStatistics

__all__ = [
    "BookChanged",
    "DailyBar",
    "DayStatistics",
    "Exchange",
    "ExchangeEvent",
    "ExchangeOrder",
    "ExchangeRefusal",
    "Interruption",
    "LapseReason",
    "Listing",
    "OrderCanceled",
    "OrderExecuted",
    "OrderLapsed",
    "OrderRefusedByExchange",
    "OrderReplaced",
    "OrderRested",
    "OrderTriggered",
    "TradePrinted",
]


_NO_TRIGGER = Won(0)
_HALTABLE = frozenset({TradingPhase.CONTINUOUS, TradingPhase.VOLATILITY_AUCTION})
_HALTABLE_TEXT = "only continuous trading and a volatility auction can be halted"


class ExchangeOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An account's order as the exchange takes it; prices are 0 for kinds that carry none."""

    key: int
    symbol: Symbol
    side: Side
    kind: OrderKind
    quantity: Shares
    price: Won
    trigger_price: Won = Won(0)


class Exchange:
    """All listed symbols on one day. Time goes forward only, by `advance` and by requests.

    Two actions at one moment happen in the order of the listings; a symbol's own never coincide.
    Requests come after all background actions up to their moment: `advance` first.
    """

    def __init__(
        self,
        *,
        session: Session,
        listings: Sequence[Listing],
        seed: int,
        events_max: int | None = None,
    ) -> None:
        """Plan every symbol's day; `events_max` bounds the market events of each (not exactly).

        Raises:
            InputError: a bar cannot be turned into a day.
        """
        self.session = session
        self._at = Nanos(0)
        self._markets = {
            listing.bar.symbol: SymbolMarket(listing, session, seed=seed, events_max=events_max)
            for listing in listings
        }
        self._ordered = list(self._markets.values())
        self._due: list[tuple[Nanos, int]] = []
        self._reschedule()
        self._market_by_key: dict[int, SymbolMarket] = {}
        self._stage = 0
        self._breaker_until = Nanos(0)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The listed symbols, in the order of the listings."""
        return tuple(self._markets)

    def next_time(self) -> Nanos | None:
        """Return when the background acts next, over all symbols; None at the end of the day."""
        return self._due[0][0] if self._due else None

    def advance(self, until: Nanos) -> list[ExchangeEvent]:
        """Carry out all background actions up to and including `until`, in order of time."""
        events: list[ExchangeEvent] = []
        due = self._due
        while due and due[0][0] <= until:
            place = due[0][1]
            market = self._ordered[place]
            events += market.step()
            following = market.next_at
            if following is None:
                heappop(due)
            else:
                heapreplace(due, (following, place))
        self._at = max(self._at, until)
        return events

    def submit(self, order: ExchangeOrder, at: Nanos) -> list[ExchangeEvent]:
        """Take an account's order; it may trade at once, or be refused and change nothing."""
        self._reach(at)
        market = self._markets.get(order.symbol)
        if market is None:
            return [_unknown_symbol(order, at)]
        self._market_by_key[order.key] = market
        return self._requested(market, market.submit(_arrival(order), at))

    def cancel(self, key: int, quantity: Shares | None, at: Nanos) -> list[ExchangeEvent]:
        """Take an order off, or `quantity` of it; None is all that is open."""
        self._reach(at)
        market = self._market_by_key.get(key)
        if market is None:
            return [_unknown_order(key, at)]
        return market.cancel(key, quantity, at)

    def replace(
        self,
        key: int,
        *,
        new_key: int,
        kind: OrderKind,
        price: Won,
        quantity: Shares | None,
        at: Nanos,
        trigger_price: Won = _NO_TRIGGER,
    ) -> list[ExchangeEvent]:
        """Let `quantity` of an order (None: all that is open) go on as order `new_key`.

        Shares keep their place at an unchanged limit price and lose it otherwise; what is not
        replaced goes on under `key`. A stop-limit order without a trigger price of its own takes
        over the sleeping one's. A refusal carries `new_key` and changes nothing.
        """
        self._reach(at)
        market = self._market_by_key.get(key)
        if market is None:
            return [_unknown_order(new_key, at)]
        self._market_by_key[new_key] = market
        # The side is the old order's; the market sets it.
        arrival = Arrival(
            key=new_key,
            side=Side.BUY,
            kind=kind,
            quantity=quantity or Shares(0),
            price=price,
            trigger_price=trigger_price,
        )
        return self._requested(market, market.replace(key, arrival, quantity=quantity, at=at))

    def halt(self, symbol: Symbol, at: Nanos) -> list[ExchangeEvent]:
        """Stop a symbol's trading until `resume`: no new orders, cancels only.

        Raises:
            InputError: the symbol is not listed, or not in continuous trading or a volatility
                auction.
        """
        self._reach(at)
        market = self._market(symbol)
        if market.phase not in _HALTABLE:
            raise InputError(f"{symbol} is {market.phase.value}; {_HALTABLE_TEXT}")
        return self._requested(market, market.halt(at))

    def resume(self, symbol: Symbol, at: Nanos) -> list[ExchangeEvent]:
        """Let a volatility auction end a symbol's halt.

        Raises:
            InputError: the symbol is not listed, or `halt` has not stopped it, or the day is over.
        """
        self._reach(at)
        market = self._market(symbol)
        if not market.is_halted or market.next_at is None:
            raise InputError(f"{symbol} is {market.phase.value}; only a halt of today can end")
        return self._requested(market, market.resume(at))

    def break_circuit(self, stage: int, at: Nanos) -> list[ExchangeEvent]:
        """Let a stage of the circuit breaker, from 1, stop all symbols; a day's last one ends it.

        Symbols that are halted stay so.

        Raises:
            InputError: no such stage, or not the next one of the day, or it is too late or too
                early for it.
        """
        self._reach(at)
        chosen = self._next_stage(stage, at)
        self._stage = stage
        self._breaker_until = Nanos(at + chosen.halt_ns + chosen.auction_ns)
        events: list[ExchangeEvent] = []
        for market in self._ordered:
            if market.phase in _HALTABLE:
                events += market.break_circuit(chosen, at)
        self._reschedule()
        return events

    def _next_stage(self, stage: int, at: Nanos) -> Stage:
        stages = breaker_stages(self.session.day)
        if stage != self._stage + 1 or stage > len(stages):
            allowed = self._stage + 1 if self._stage < len(stages) else "none"
            raise InputError(f"stage is {stage}; the day's next is {allowed}")
        latest = last_halt(stages[stage - 1], self.session.day)
        # The fall must last a minute, and there is no index before the open.
        earliest = max(Nanos(self.session.open + NANOS_PER_MINUTE), self._breaker_until)
        if not earliest <= at <= latest:
            raise InputError(
                f"stage {stage} begins at {kst_hhmmss(at)};"
                f" allowed: {kst_hhmmss(earliest)} to {kst_hhmmss(latest)}"
            )
        return stages[stage - 1]

    def book(self, symbol: Symbol) -> BookChanged:
        """Return a symbol's last snapshot, an empty one before its first."""
        return self._market(symbol).book()

    def last(self, symbol: Symbol) -> TradePrinted | None:
        """Return a symbol's last print, None before its first."""
        return self._market(symbol).tape.last_print

    def statistics(self, symbol: Symbol) -> DayStatistics:
        """Return a symbol's day so far."""
        return self._market(symbol).tape.statistics()

    def listing(self, symbol: Symbol) -> Listing:
        """Return how a symbol is listed today."""
        return self._market(symbol).listing

    def phase(self, symbol: Symbol) -> TradingPhase:
        """Return what the exchange does now with orders of a symbol; CLOSED where it is halted."""
        return self._market(symbol).phase

    def is_halted(self, symbol: Symbol) -> bool:
        """Return whether a symbol's trading is stopped, for the day or until `resume`."""
        return self._market(symbol).is_halted

    def interruptions(self, symbol: Symbol) -> tuple[Interruption, ...]:
        """Return a symbol's volatility interruptions so far."""
        return self._market(symbol).interruptions

    def _requested(self, market: SymbolMarket, events: list[ExchangeEvent]) -> list[ExchangeEvent]:
        """Return a request's events; it may have moved what the background does next."""
        if events and market.phase is not TradingPhase.CONTINUOUS:
            self._reschedule()
        return events

    def _reschedule(self) -> None:
        self._due = [
            (at, place) for place, market in enumerate(self._ordered) if (at := market.next_at)
        ]
        heapify(self._due)

    def _market(self, symbol: Symbol) -> SymbolMarket:
        market = self._markets.get(symbol)
        if market is None:
            raise InputError(f"symbol is {symbol!r}; listed are {', '.join(self._markets)}")
        return market

    def _reach(self, at: Nanos) -> None:
        assert at >= self._at, "requests come in order of time"
        assert not self._due or self._due[0][0] > at, "advance first"
        self._at = at


def _arrival(order: ExchangeOrder) -> Arrival:
    return Arrival(
        key=order.key,
        side=order.side,
        kind=order.kind,
        quantity=order.quantity,
        price=order.price,
        trigger_price=order.trigger_price,
    )


def _unknown_symbol(order: ExchangeOrder, at: Nanos) -> OrderRefusedByExchange:
    return OrderRefusedByExchange(
        at=at,
        key=order.key,
        symbol=order.symbol,
        reason=ExchangeRefusal.UNKNOWN_SYMBOL,
        text=f"symbol is {order.symbol!r}; it is not listed",
    )


def _unknown_order(key: int, at: Nanos) -> OrderRefusedByExchange:
    return OrderRefusedByExchange(
        at=at,
        key=key,
        symbol=Symbol(""),
        reason=ExchangeRefusal.UNKNOWN_ORDER,
        text="order is not open",
    )
