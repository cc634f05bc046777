"""Account orders on the book of one symbol, in whatever phase its day is."""

from collections.abc import Iterable, Iterator
from random import Random

import msgspec

from aipx.engine.book import Fill, OrderBook, Top
from aipx.engine.matching import (
    MID_KINDS,
    Arrival,
    Indication,
    Matched,
    Remainder,
    arrive,
    indicate,
    queue_for_auction,
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
    LapseReason,
    TradePrinted,
)
from aipx.simulator.market.flow import Flow
from aipx.simulator.market.gate import (
    AUCTIONS,
    Refusal,
    change_refusal,
    no_price,
    order_refusal,
    replace_refusal,
)
from aipx.simulator.market.grid import Grid
from aipx.simulator.market.guard import Band
from aipx.simulator.market.mids import HiddenMids
from aipx.simulator.market.pauses import Pauses
from aipx.simulator.market.plan import (
    plan,
)
from aipx.simulator.market.schedule import Schedule
from aipx.simulator.market.stops import Stops, as_limit, is_touched
from aipx.simulator.market.tape import Tape
from aipx.simulator.market.teller import Teller
from aipx.simulator.market.view import CLOSING_LEVELS, BookView, remaining_top

_NOTHING = Indication(Won(0), Shares(0))
_LAPSES = {
    Remainder.LAPSED_IOC: LapseReason.IOC_REMAINDER,
    Remainder.LAPSED_FOK: LapseReason.FOK,
}


class Trading:
    """One symbol's book, tape and standing orders; the day itself goes on in `SymbolMarket`."""

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
        self._closing_auction_start = session.closing_auction_start
        self._prices = frozenset(grid.prices)
        self._book = OrderBook()
        self._view = BookView(bar.symbol)
        self._teller = Teller(bar.symbol)
        self._flow = Flow(rng, self._book, grid, bar.volume)
        self._schedule = Schedule(
            plan(rng, listing, grid, session, events_max=events_max), session.closing_auction_start
        )
        self.is_halted = listing.is_halted
        # Of their own, so that a day without either is the same as if neither were known.
        pause_rng = Random(f"{seed}/{bar.symbol}/{bar.day}/pause")  # noqa: S311 - as above
        self._pauses = Pauses(listing, grid, self._schedule, pause_rng)
        mid_rng = Random(f"{seed}/{bar.symbol}/{bar.day}/mid")  # noqa: S311 - as above
        self._mids = HiddenMids(mid_rng, self._book, self._flow.depth)
        self._safe = (0, 0, 0)
        """A last price and the band around it, to be asked for again when either has changed."""
        self._stops = Stops()
        self._conditional: dict[int, None] = {}
        """Conditional orders that may still be limit orders in the book."""

    def submit(self, order: Arrival, at: Nanos) -> list[ExchangeEvent]:
        """Take an account order: it may trade at once, rest, lapse, or be refused."""
        assert order.key > 0
        self._teller.at = at
        refusal = self._refusal(order)
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
            refusal = self._refusal(order) or replace_refusal(order, place, self._book)
        if refusal is not None:
            return [self._teller.refused(order.key, refusal)]
        if order.kind is OrderKind.LIMIT and place is not None and place.price == order.price:
            self._book.relabel(key, order.key, order.quantity)
            remaining = self._book.open_size(key)
            return [self._teller.replaced(key, order, remaining), self._changed()]
        self._take_off(key, order.quantity)
        told = self._teller.replaced(key, order, self._open_size(key))
        return [told, *self._taken(order), *self._triggered()]

    def _refusal(self, order: Arrival) -> Refusal | None:
        return order_refusal(
            order, self.listing, self.phase, self._prices, is_halted=self.is_halted
        )

    def _replacing(self, key: int, order: Arrival, quantity: Shares) -> Arrival:
        """Return `order` with what it takes over from the standing order `key`."""
        waiting, place = self._stops.order(key), self._book.place(key)
        trigger = order.trigger_price or (waiting.trigger_price if waiting else Won(0))
        standing = waiting or place
        assert standing is not None
        return msgspec.structs.replace(
            order, side=standing.side, quantity=quantity, trigger_price=trigger
        )

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
            self._mids.lend(other, step=self._schedule.place)
        matched = arrive(
            self._book,
            order,
            limits=self.listing.limits,
            last_price=self._reference(),
            band=self._band(self._teller.at),
        )
        if is_mid:
            self._mids.take_back(other)
        if matched.remainder is Remainder.NO_PRICE:
            yield self._teller.refused(order.key, no_price(order))
        else:
            yield from self._matched(order, matched)

    def _matched(self, order: Arrival, matched: Matched) -> Iterator[ExchangeEvent]:
        left, is_resting = matched.quantity_left, matched.remainder is Remainder.RESTED
        yield from self._prints(order.side, matched.fills, self._book.top(), taker=order)
        if is_resting:
            yield self._teller.rested(order, matched.resting_price, left)
        elif matched.remainder in _LAPSES:
            yield self._teller.lapsed(order.key, left, _LAPSES[matched.remainder])
        elif matched.remainder is Remainder.INTERRUPTED:
            yield from self._kept(order, matched)
            return
        if matched.fills or is_resting:
            yield self._changed()

    def _kept(self, order: Arrival, matched: Matched) -> Iterator[ExchangeEvent]:
        """Let the rest of an order that would trade beyond the band wait for the auction."""
        is_market = order.kind is OrderKind.MARKET
        waiting = msgspec.structs.replace(
            order,
            kind=OrderKind.MARKET if is_market else OrderKind.LIMIT,
            quantity=matched.quantity_left,
            price=Won(0) if is_market else matched.resting_price,
        )
        met = self._book.opposite(order.side).prices[0]
        queue_for_auction(self._book, waiting)
        yield self._teller.rested(waiting, waiting.price, waiting.quantity)
        yield from self._interrupted(Won(met))

    def _triggered(self) -> Iterator[ExchangeEvent]:
        """Let woken orders arrive; one of them may wake others, each only once."""
        while self._stops.woken and self.phase is TradingPhase.CONTINUOUS:
            order = self._stops.next_woken()
            yield self._teller.triggered(order.key)
            yield from self._taken(order)

    def _band(self, at: Nanos) -> Band | None:
        reference = Won(self.tape.reference)
        return self._pauses.band(at, last=self._reference(), reference=reference)

    def _is_beyond(self, price: Won, at: Nanos) -> bool:
        """Return whether a trade of the background at `price` would be interrupted at `at`."""
        last, low, high = self._safe
        if last == self.tape.last and low <= price <= high:
            return False
        band = self._band(at)
        if band is None:
            return False
        self._safe = (self.tape.last, *band)
        return not band[0] <= price <= band[1]

    def _interrupted(self, price: Won) -> Iterator[ExchangeEvent]:
        """Begin a volatility auction: somebody would have traded at `price`."""
        reference = Won(self.tape.reference)
        self._pauses.interrupt(self._teller.at, price, last=self._reference(), reference=reference)
        self.phase = TradingPhase.VOLATILITY_AUCTION
        yield self._changed()

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

    def _lapses(self) -> Iterator[ExchangeEvent]:
        for key in self._book.standing():
            left = self._book.cancel(key)
            yield self._teller.lapsed(key, left, LapseReason.SESSION_END)
        for order in self._stops.clear():
            yield self._teller.lapsed(order.key, order.quantity, LapseReason.SESSION_END)

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
