"""Lean with the book: buy where the best bids outweigh the best asks, sell when they turn.

Small positions, a pause between orders of a symbol, and flat before the closing auction.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from aipx.engine.indicators import imbalance_permille
from aipx.model.ids import ClientOrderId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import BOOK_LEVELS, Book, MarketEvent, TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.signal import CancelWish, OrderWish, Wish
from aipx.model.time import NANOS_PER_DAY, NANOS_PER_SECOND, Nanos, kst_date, kst_midnight
from aipx.rules.sessions import krx_session
from aipx.strategies.base import StrategySettings, View, WorkingOrder, typed_parameters

NAME = "book_imbalance"


class BookImbalanceParameters(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Weights in permille, times in seconds; `lots_max` times the quantity is the position cap."""

    levels: Annotated[int, msgspec.Meta(ge=1, le=BOOK_LEVELS)] = 5
    threshold_permille: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 250
    cool_down_seconds: Annotated[int, msgspec.Meta(ge=1, le=3_600)] = 60
    order_age_seconds_max: Annotated[int, msgspec.Meta(ge=1, le=3_600)] = 10
    lots_max: Annotated[int, msgspec.Meta(ge=1, le=100)] = 3
    flat_seconds_before_auction: Annotated[int, msgspec.Meta(ge=0, le=3_600)] = 600


class SymbolState(msgspec.Struct, frozen=True):
    """One symbol: when it may act again, and the last cancel asked for."""

    next_order_at: Nanos = Nanos(0)
    canceling: ClientOrderId | None = None
    cancel_asked_at: Nanos = Nanos(0)


class BookImbalanceState(msgspec.Struct, frozen=True):
    """Symbols, and the running day: from `flat_from` on positions are only closed."""

    by_symbol: Mapping[Symbol, SymbolState]
    day_end: Nanos = Nanos(0)
    flat_from: Nanos = Nanos(0)


class BookImbalance:
    """Buys and sells on the weight of the best levels of each side."""

    name = NAME

    def __init__(self, settings: StrategySettings) -> None:
        parameters = typed_parameters(settings, BookImbalanceParameters, name=NAME)
        self._symbols = settings.symbols
        self._quantity = settings.quantity
        self._position_max = settings.quantity * parameters.lots_max
        self._levels = parameters.levels
        self._threshold_permille = parameters.threshold_permille
        self._cool_down_ns = parameters.cool_down_seconds * NANOS_PER_SECOND
        self._order_age_ns_max = parameters.order_age_seconds_max * NANOS_PER_SECOND
        self._flat_ns = parameters.flat_seconds_before_auction * NANOS_PER_SECOND

    def initial(self) -> BookImbalanceState:
        return BookImbalanceState(dict.fromkeys(self._symbols, SymbolState()))

    def decide(
        self, state: BookImbalanceState, view: View, event: MarketEvent
    ) -> tuple[BookImbalanceState, tuple[Wish, ...]]:
        book = event.fact
        if not isinstance(book, Book) or book.phase is not TradingPhase.CONTINUOUS:
            return state, ()
        own = state.by_symbol.get(book.symbol)
        if own is None:
            return state, ()
        for order in view.working:
            if order.symbol == book.symbol:
                return self._cancel_if_old(state, own, view, order)
        if view.at < own.next_order_at:
            return state, ()
        if view.at >= state.day_end:
            state = self._day_of(state, view.at)
        wish = self._order(view, book, is_closing=view.at >= state.flat_from)
        if wish is None:
            return state, ()
        acted = SymbolState(Nanos(view.at + self._cool_down_ns))
        return _with_symbol(state, book.symbol, acted), (wish,)

    def _order(self, view: View, book: Book, *, is_closing: bool) -> OrderWish | None:
        held = view.positions.get(book.symbol, Shares(0))
        bid, ask = Won(book.bid_prices[0]), Won(book.ask_prices[0])
        if is_closing:
            if held > 0 and bid:
                return _limit(book.symbol, Side.SELL, held, bid, "flat before the close")
            return None
        weight = imbalance_permille(
            bid_sizes=book.bid_sizes, ask_sizes=book.ask_sizes, levels=self._levels
        )
        if weight >= self._threshold_permille and ask:
            room = Shares(min(self._quantity, self._position_max - held))
            if room > 0:
                return _limit(book.symbol, Side.BUY, room, ask, f"bids outweigh by {weight}‰")
        if weight <= -self._threshold_permille and held > 0 and bid:
            return _limit(book.symbol, Side.SELL, held, bid, f"asks outweigh by {-weight}‰")
        return None

    def _cancel_if_old(
        self, state: BookImbalanceState, own: SymbolState, view: View, order: WorkingOrder
    ) -> tuple[BookImbalanceState, tuple[Wish, ...]]:
        asked_at = own.cancel_asked_at if own.canceling == order.client_order_id else order.since
        if view.at - asked_at <= self._order_age_ns_max:
            return state, ()
        asked = SymbolState(own.next_order_at, order.client_order_id, view.at)
        cancel = CancelWish(client_order_id=order.client_order_id, reason="order too old")
        return _with_symbol(state, order.symbol, asked), (cancel,)

    def _day_of(self, state: BookImbalanceState, at: Nanos) -> BookImbalanceState:
        day = kst_date(at)
        flat_from = krx_session(day).closing_auction_start - self._flat_ns
        return BookImbalanceState(
            state.by_symbol, Nanos(kst_midnight(day) + NANOS_PER_DAY), Nanos(flat_from)
        )


def _with_symbol(state: BookImbalanceState, symbol: Symbol, own: SymbolState) -> BookImbalanceState:
    return BookImbalanceState({**state.by_symbol, symbol: own}, state.day_end, state.flat_from)


def _limit(symbol: Symbol, side: Side, quantity: Shares, price: Won, reason: str) -> OrderWish:
    return OrderWish(
        symbol=symbol,
        side=side,
        kind=OrderKind.LIMIT,
        quantity=quantity,
        price=price,
        reason=reason,
    )
