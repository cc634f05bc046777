"""One symbol's day at the exchange: the background's steps and account orders on one book."""

from collections.abc import Iterable, Iterator
from random import Random

import msgspec

from aipx.engine.book import MARKET_BUY_PRICE, MARKET_SELL_PRICE, Fill, OrderBook, Place, Top
from aipx.engine.matching import (
    BEST_KINDS,
    MID_KINDS,
    Arrival,
    Indication,
    Matched,
    Remainder,
    arrive,
    indicate,
    queue_for_auction,
    uncross,
)
from aipx.model.instrument import Shares, Won
from aipx.model.market import BOOK_LEVELS, Aggressor, TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import Nanos
from aipx.rules.sessions import Session
from aipx.simulator.market.bar import Listing
from aipx.simulator.market.events import (
    BookChanged,
    ExchangeEvent,
    ExchangeRefusal,
    LapseReason,
    TradePrinted,
)
from aipx.simulator.market.flow import Flow, Sweep
from aipx.simulator.market.gate import AUCTIONS, Refusal, change_refusal, order_refusal
from aipx.simulator.market.grid import Grid
from aipx.simulator.market.mids import HiddenMids
from aipx.simulator.market.plan import (
    AuctionStep,
    QuoteStep,
    Step,
    TradeStep,
    UncrossStep,
    plan,
)
from aipx.simulator.market.stops import Stops, as_limit, is_touched
from aipx.simulator.market.tape import Tape
from aipx.simulator.market.teller import Teller
from aipx.simulator.market.view import CLOSING_LEVELS, BookView, remaining_top

_MARKET_PLACES = frozenset({MARKET_BUY_PRICE, MARKET_SELL_PRICE})
_NOTHING = Indication(Won(0), Shares(0))
_LAPSES = {
    Remainder.LAPSED_IOC: LapseReason.IOC_REMAINDER,
    Remainder.LAPSED_FOK: LapseReason.FOK,
}


class SymbolMarket:
    """The market of one symbol on one day; its time goes forward by `step` and by requests."""

    def __init__(
        self, listing: Listing, session: Session, *, seed: int, events_max: int | None
    ) -> None:
        bar = listing.bar
        rng = Random(f"{seed}/{bar.symbol}/{bar.day}")  # noqa: S311 - a market, not a secret
        grid = Grid(listing.instrument, listing.limits, bar)
        self.listing = listing
        self.phase = TradingPhase.CLOSED
        self.tape = Tape(listing)
        self._grid = grid
        self._prices = frozenset(grid.prices)
        self._book = OrderBook()
        self._view = BookView(bar.symbol)
        self._teller = Teller(bar.symbol)
        self._flow = Flow(rng, self._book, grid, bar.volume)
        self._steps = plan(rng, listing, grid, session, events_max=events_max)
        self._next = 0
        hidden = Random(f"{seed}/{bar.symbol}/{bar.day}/mid")  # noqa: S311 - as above
        self._mids = HiddenMids(hidden, self._book, self._flow.depth)
        self._stops = Stops()
        self._conditional: dict[int, None] = {}
        """Conditional orders that may still be limit orders in the book."""

    @property
    def next_at(self) -> Nanos | None:
        """When the background acts next; None when its day is over."""
        return self._steps[self._next].at if self._next < len(self._steps) else None

    def book(self) -> BookChanged:
        """Return the last snapshot; an empty one before the first."""
        if self._view.last is not None:
            return self._view.last
        zeros = (0,) * BOOK_LEVELS
        empty = Top(zeros, zeros, zeros, zeros, 0, 0)
        return self._view.changed(self._teller.at, self.phase, empty, 0, _NOTHING)

    def step(self) -> list[ExchangeEvent]:
        """Carry out the background's next action, and wake the orders that it triggers."""
        step = self._steps[self._next]
        self._next += 1
        self._teller.at = step.at
        events = self._stepped(step)
        if self._stops.woken:
            events += self._triggered()
        return events

    def _stepped(self, step: Step) -> list[ExchangeEvent]:
        if isinstance(step, QuoteStep):
            return self._swept(self._flow.quote(step, self.tape.volume))
        if isinstance(step, TradeStep):
            return self._swept(self._flow.trade(step, self.tape.volume))
        if isinstance(step, AuctionStep):
            return list(self._gathered(step))
        return list(self._uncrossed(step))

    def _triggered(self) -> Iterator[ExchangeEvent]:
        """Let woken orders arrive; one of them may wake others, each only once."""
        while self._stops.woken and self.phase is TradingPhase.CONTINUOUS:
            order = self._stops.next_woken()
            yield self._teller.triggered(order.key)
            yield from self._taken(order)

    def submit(self, order: Arrival, at: Nanos) -> list[ExchangeEvent]:
        """Take an account order: it may trade at once, rest, lapse, or be refused."""
        assert order.key > 0
        self._teller.at = at
        refusal = order_refusal(order, self.listing, self.phase, self._prices)
        if refusal is not None:
            return [self._teller.refused(order.key, refusal)]
        return [*self._taken(order), *self._triggered()]

    def cancel(self, key: int, quantity: Shares | None, at: Nanos) -> list[ExchangeEvent]:
        """Take an order, or a part of it, off; the rest keeps its place."""
        self._teller.at = at
        refusal = change_refusal(self._open_size(key), quantity)
        if refusal is not None:
            return [self._teller.refused(key, refusal)]
        taken = self._take_off(key, quantity)
        return [self._teller.canceled(key, taken, self._open_size(key)), self._changed()]

    def replace(
        self, key: int, order: Arrival, *, quantity: Shares | None, at: Nanos
    ) -> list[ExchangeEvent]:
        """Let `quantity` of an order (None: all that is open) go on as `order`.

        At the same limit price the shares keep their place; else they arrive anew. The side is
        the standing order's, whatever `order` says.
        """
        self._teller.at = at
        open_size, place = self._open_size(key), self._book.place(key)
        refusal = change_refusal(open_size, quantity)
        if refusal is None:
            order = self._replacing(key, order, open_size if quantity is None else quantity)
            refusal = order_refusal(order, self.listing, self.phase, self._prices)
            refusal = refusal or self._price_refusal(order, place)
        if refusal is not None:
            return [self._teller.refused(order.key, refusal)]
        if order.kind is OrderKind.LIMIT and place is not None and place.price == order.price:
            self._book.relabel(key, order.key, order.quantity)
            remaining = self._book.open_size(key)
            return [self._teller.replaced(key, order, remaining), self._changed()]
        self._take_off(key, order.quantity)
        told = self._teller.replaced(key, order, self._open_size(key))
        return [told, *self._taken(order), *self._triggered()]

    def _replacing(self, key: int, order: Arrival, quantity: Shares) -> Arrival:
        """Return `order` with what it takes over from the standing order `key`."""
        waiting, place = self._stops.order(key), self._book.place(key)
        trigger = order.trigger_price or (waiting.trigger_price if waiting else Won(0))
        standing = waiting or place
        assert standing is not None
        return msgspec.structs.replace(
            order, side=standing.side, quantity=quantity, trigger_price=trigger
        )

    def _price_refusal(self, order: Arrival, place: Place | None) -> Refusal | None:
        """Return why a replacing order would find no price once the old shares are off."""
        side = self._book.side(order.side)
        is_alone = (
            place is not None
            and len(side.prices) == 1
            and side.size_at(place.price) == order.quantity
        )
        is_own_empty = is_alone or not side.prices
        is_other_empty = not self._book.opposite(order.side).prices
        is_unpriced = {
            OrderKind.PRIORITY: is_own_empty,
            **dict.fromkeys(BEST_KINDS, is_other_empty),
            **dict.fromkeys(MID_KINDS, is_own_empty or is_other_empty),
        }
        return _no_price(order) if is_unpriced.get(order.kind) else None

    def _open_size(self, key: int) -> Shares:
        return self._stops.open_size(key) or self._book.open_size(key)

    def _take_off(self, key: int, quantity: Shares | None) -> Shares:
        return self._stops.cancel(key, quantity) or self._book.cancel(key, quantity)

    def _taken(self, order: Arrival) -> Iterator[ExchangeEvent]:
        if order.kind is OrderKind.CONDITIONAL:
            self._conditional[order.key] = None
        if self.phase in AUCTIONS:
            queue_for_auction(self._book, order)
            yield self._teller.rested(order, order.price, order.quantity)
            yield self._changed()
        elif order.kind is not OrderKind.STOP_LIMIT:
            yield from self._arrived(order)
        elif is_touched(order, self.tape.last):
            yield self._teller.triggered(order.key)
            yield from self._arrived(as_limit(order))
        else:
            self._stops.add(order)
            yield self._teller.rested(order, order.price, order.quantity)

    def _arrived(self, order: Arrival) -> Iterator[ExchangeEvent]:
        is_mid = order.kind in MID_KINDS
        other = Side.SELL if order.side is Side.BUY else Side.BUY
        if is_mid:
            self._mids.lend(other, step=self._next)
        matched = arrive(
            self._book, order, limits=self.listing.limits, last_price=self._reference()
        )
        if is_mid:
            self._mids.take_back(other)
        if matched.remainder is Remainder.NO_PRICE:
            yield self._teller.refused(order.key, _no_price(order))
        else:
            yield from self._matched(order, matched)

    def _matched(self, order: Arrival, matched: Matched) -> Iterator[ExchangeEvent]:
        left, is_resting = matched.quantity_left, matched.remainder is Remainder.RESTED
        yield from self._prints(order.side, matched.fills, self._book.top(), taker=order)
        if is_resting:
            yield self._teller.rested(order, matched.resting_price, left)
        elif matched.remainder in _LAPSES:
            yield self._teller.lapsed(order.key, left, _LAPSES[matched.remainder])
        if matched.fills or is_resting:
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

    def _prints(
        self, side: Side, fills: Iterable[Fill], top: Top, *, taker: Arrival | None
    ) -> Iterator[ExchangeEvent]:
        """Tell each fill: its print, then the resting order's part, then the taker's."""
        aggressor = Aggressor.BUYER if side is Side.BUY else Aggressor.SELLER
        left = taker.quantity if taker is not None else 0
        for fill in fills:
            left -= fill.quantity
            yield self._print(fill.price, fill.quantity, aggressor, top)
            if fill.key:
                resting = Side.SELL if side is Side.BUY else Side.BUY
                yield self._teller.executed(fill.key, resting, fill.price, fill.quantity, fill.left)
            if taker is not None:
                yield self._teller.executed(
                    taker.key, side, fill.price, fill.quantity, Shares(left)
                )

    def _print(self, price: Won, size: Shares, aggressor: Aggressor, top: Top) -> TradePrinted:
        if self._stops.asleep:
            self._stops.touch(price)
        return self.tape.print(
            self._teller.at,
            price,
            size,
            aggressor=aggressor,
            phase=self.phase,
            top=top,
            planned_share=(self._flow.planned, self.listing.bar.volume),
        )

    def _gathered(self, step: AuctionStep) -> Iterator[ExchangeEvent]:
        is_opening = step.is_opening
        self.phase = TradingPhase.OPENING_AUCTION if is_opening else TradingPhase.CLOSING_AUCTION
        if not is_opening and self._conditional:
            yield from self._marketed()
        self._flow.gather(step.center, step.size)
        yield self._changed()

    def _marketed(self) -> Iterator[ExchangeEvent]:
        """Turn what is left of conditional orders into market orders, oldest first."""
        for key in self._conditional:
            place = self._book.place(key)
            if place is not None:
                order = Arrival(
                    key=key,
                    side=place.side,
                    kind=OrderKind.MARKET,
                    quantity=self._book.cancel(key),
                    price=Won(0),
                )
                queue_for_auction(self._book, order)
                yield self._teller.rested(order, order.price, order.quantity)
        self._conditional = {}

    def _uncrossed(self, step: UncrossStep) -> Iterator[ExchangeEvent]:
        self._flow.gather_last(step.center, step.size, self.tape.volume)
        outcome = uncross(self._book, reference=self._reference())
        self._flow.withdraw_market_orders()
        price = outcome.price or self._reference()
        self._price_market_orders(price)
        reopened = self._flow.reopen(step.after) if step.after is not None else []
        if outcome.size:
            yield self._print(price, outcome.size, Aggressor.NONE, self._book.top())
        for part in outcome.executions:
            if part.key:
                yield self._teller.executed(part.key, part.side, price, part.quantity, part.left)
        self.phase = TradingPhase.CONTINUOUS if step.is_opening else TradingPhase.CLOSED
        if not step.is_opening:
            yield from self._lapses()
        yield from self._swept(reopened)

    def _lapses(self) -> Iterator[ExchangeEvent]:
        for key in self._book.standing():
            left = self._book.cancel(key)
            yield self._teller.lapsed(key, left, LapseReason.SESSION_END)
        for order in self._stops.clear():
            yield self._teller.lapsed(order.key, order.quantity, LapseReason.SESSION_END)

    def _price_market_orders(self, price: Won) -> None:
        """Let market orders that an auction left over go on as limits at its price (assumed)."""
        for key in self._book.standing():
            place = self._book.place(key)
            if place is not None and place.price in _MARKET_PLACES and not place.is_mid:
                left = self._book.cancel(key)
                self._book.add(key, place.side, price, left)

    def _reference(self) -> Won:
        """Return the last price, put on the grid where mid-price orders made it, or the base."""
        last = Won(self.tape.last)
        if last in self._prices:
            return last
        return self._grid.prices[self._grid.index(last)] if last else self.listing.limits.base

    def _changed(self) -> BookChanged:
        """Return the book after a change; in an auction, what would remain of it."""
        at, volume = self._teller.at, self.tape.volume
        if self.phase not in AUCTIONS:
            return self._view.changed(at, self.phase, self._book.top(), volume, _NOTHING)
        indication = indicate(self._book, reference=self._reference())
        is_closing = self.phase is TradingPhase.CLOSING_AUCTION
        levels_max = CLOSING_LEVELS if is_closing else BOOK_LEVELS
        shown = remaining_top(self._book, indication, levels_max=levels_max)
        return self._view.changed(at, self.phase, shown, volume, indication)


def _no_price(order: Arrival) -> Refusal:
    text = f"kind is {order.kind.value}; the side that would price it is empty"
    return ExchangeRefusal.EMPTY_SIDE, text
