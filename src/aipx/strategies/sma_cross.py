"""Follow the trend: hold while the short average of the closes is above the long one.

Long only. It decides when a bar closes, at most once a bar and symbol: below its target it buys at
the best ask, and once the averages cross down it sells what it holds at the best bid.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from aipx.engine.bars import Bar, extended
from aipx.engine.indicators import RollingSum, average_order
from aipx.errors import InputError
from aipx.model.ids import ClientOrderId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import Book, MarketEvent, Trade, TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.signal import CancelWish, OrderWish, Wish
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.strategies.base import StrategySettings, View, WorkingOrder, typed_parameters

NAME = "sma_cross"

_WINDOW_MAX = 1_000


class SmaCrossParameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lengths in bars, ages in seconds."""

    fast: Annotated[int, msgspec.Meta(ge=1, le=_WINDOW_MAX)] = 5
    slow: Annotated[int, msgspec.Meta(ge=2, le=_WINDOW_MAX)] = 20
    bar_seconds: Annotated[int, msgspec.Meta(ge=1, le=3_600)] = 60
    order_age_seconds_max: Annotated[int, msgspec.Meta(ge=1, le=3_600)] = 30


class SymbolState(msgspec.Struct, frozen=True, kw_only=True):
    """One symbol: its running bar, its averages, and the last cancel asked for."""

    bar: Bar | None
    fast: RollingSum
    slow: RollingSum
    canceling: ClientOrderId | None = None
    cancel_asked_at: Nanos = Nanos(0)


SmaCrossState = Mapping[Symbol, SymbolState]


class SmaCross:
    """Two simple moving averages over the closes of equal bars."""

    name = NAME

    def __init__(self, settings: StrategySettings) -> None:
        self._parameters = typed_parameters(settings, SmaCrossParameters, name=NAME)
        if self._parameters.fast >= self._parameters.slow:
            raise InputError(
                f"{NAME} fast is {self._parameters.fast}; "
                f"it must be below slow, {self._parameters.slow}"
            )
        self._symbols = settings.symbols
        self._quantity = settings.quantity
        self._bar_ns = self._parameters.bar_seconds * NANOS_PER_SECOND
        self._order_age_ns_max = self._parameters.order_age_seconds_max * NANOS_PER_SECOND

    def initial(self) -> SmaCrossState:
        fresh = SymbolState(
            bar=None,
            fast=RollingSum(length=self._parameters.fast),
            slow=RollingSum(length=self._parameters.slow),
        )
        return dict.fromkeys(self._symbols, fresh)

    def decide(
        self, state: SmaCrossState, view: View, event: MarketEvent
    ) -> tuple[SmaCrossState, tuple[Wish, ...]]:
        fact = event.fact
        own = state.get(fact.symbol)
        if own is None:
            return state, ()
        if isinstance(fact, Trade):
            return self._on_trade(state, own, view, event.exchange_time, fact)
        if isinstance(fact, Book):
            return self._on_book(state, own, view, event.exchange_time, fact)
        return state, ()

    def _on_trade(
        self, state: SmaCrossState, own: SymbolState, view: View, at: Nanos, trade: Trade
    ) -> tuple[SmaCrossState, tuple[Wish, ...]]:
        bar, closed = extended(
            own.bar,
            symbol=trade.symbol,
            at=at,
            price=trade.price,
            size=trade.size,
            length_ns=self._bar_ns,
        )
        own = _with_bar(own, bar, closed)
        quote = _Quote(trade.symbol, trade.phase, trade.ask_price, trade.bid_price)
        own, wishes = self._wishes(own, view, quote, is_bar_closed=closed is not None)
        return {**state, trade.symbol: own}, wishes

    def _on_book(
        self, state: SmaCrossState, own: SymbolState, view: View, at: Nanos, book: Book
    ) -> tuple[SmaCrossState, tuple[Wish, ...]]:
        is_bar_over = own.bar is not None and at >= own.bar.end
        if not is_bar_over and not view.working:
            return state, ()
        # Nothing traded since the bar ended; the book's time tells that it is over.
        known = _with_bar(own, None, own.bar) if is_bar_over else own
        quote = _Quote(book.symbol, book.phase, Won(book.ask_prices[0]), Won(book.bid_prices[0]))
        after, wishes = self._wishes(known, view, quote, is_bar_closed=is_bar_over)
        return (state if after is own else {**state, book.symbol: after}), wishes

    def _wishes(
        self, own: SymbolState, view: View, quote: "_Quote", *, is_bar_closed: bool
    ) -> tuple[SymbolState, tuple[Wish, ...]]:
        working = next((o for o in view.working if o.symbol == quote.symbol), None)
        if working is not None:
            return self._cancel_if_old(own, view, working)
        if not is_bar_closed or quote.phase is not TradingPhase.CONTINUOUS:
            return own, ()
        return own, self._order(own, view, quote)

    def _cancel_if_old(
        self, own: SymbolState, view: View, order: WorkingOrder
    ) -> tuple[SymbolState, tuple[Wish, ...]]:
        asked_at = own.cancel_asked_at if own.canceling == order.client_order_id else order.since
        if view.at - asked_at <= self._order_age_ns_max:
            return own, ()
        cancel = CancelWish(client_order_id=order.client_order_id, reason="order too old")
        asked = SymbolState(
            bar=own.bar,
            fast=own.fast,
            slow=own.slow,
            canceling=order.client_order_id,
            cancel_asked_at=view.at,
        )
        return asked, (cancel,)

    def _order(self, own: SymbolState, view: View, quote: "_Quote") -> tuple[Wish, ...]:
        if not own.slow.is_full:
            return ()
        trend = average_order(own.fast, own.slow)
        held = view.positions.get(quote.symbol, Shares(0))
        if trend > 0 and held < self._quantity and quote.ask_price:
            missing = Shares(self._quantity - held)
            return (_limit(quote.symbol, Side.BUY, missing, quote.ask_price, "fast above slow"),)
        if trend < 0 and held > 0 and quote.bid_price:
            return (_limit(quote.symbol, Side.SELL, held, quote.bid_price, "fast below slow"),)
        return ()


class _Quote(msgspec.Struct, frozen=True):
    """The best prices that came with an event; 0 where a side is empty."""

    symbol: Symbol
    phase: TradingPhase
    ask_price: Won
    bid_price: Won


def _with_bar(own: SymbolState, bar: Bar | None, closed: Bar | None) -> SymbolState:
    return SymbolState(
        bar=bar,
        fast=own.fast if closed is None else own.fast.add(closed.close),
        slow=own.slow if closed is None else own.slow.add(closed.close),
        canceling=own.canceling,
        cancel_asked_at=own.cancel_asked_at,
    )


def _limit(symbol: Symbol, side: Side, quantity: Shares, price: Won, reason: str) -> OrderWish:
    return OrderWish(
        symbol=symbol,
        side=side,
        kind=OrderKind.LIMIT,
        quantity=quantity,
        price=price,
        reason=reason,
    )
