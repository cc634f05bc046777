"""What the simulated exchange tells: prints, books, and what became of account orders.

All events of a symbol come in time order. `key` is the caller's own number of an order, positive.
"""

from enum import Enum

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import Aggressor, TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import Nanos


class TradePrinted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One print, with the day's figures after it and the quotes after the order that caused it.

    Quotes and totals are 0 where a side is empty. `buy_*` and `sell_*` count prints by who took
    liquidity; an auction counts as neither. `previous_volume_by_now` is what the day before had
    traded at this time, estimated from its volume. `reference_price` is the static volatility
    reference: the opening price, later that of the last volatility auction. `listed_shares` is 0
    where it is not known.
    """

    at: Nanos
    symbol: Symbol
    price: Won
    size: Shares
    aggressor: Aggressor
    phase: TradingPhase
    ask_price: Won
    bid_price: Won
    ask_size: Shares
    bid_size: Shares
    total_ask_size: Shares
    total_bid_size: Shares
    day_volume: Shares
    day_value: Won
    buy_count: int
    sell_count: int
    buy_volume: Shares
    sell_volume: Shares
    open: Won
    open_at: Nanos
    high: Won
    high_at: Nanos
    low: Won
    low_at: Nanos
    previous_close: Won
    previous_volume: Shares
    previous_volume_by_now: Shares
    reference_price: Won
    listed_shares: Shares


class BookChanged(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A full snapshot: ten levels a side, best first, zeros where there is none.

    In an auction the levels are what would remain after it, and `indicative_*` what it would
    trade; the closing auction shows three levels. Totals are the sums of the levels shown,
    `total_*_change` their difference to the snapshot before.
    """

    at: Nanos
    symbol: Symbol
    phase: TradingPhase
    ask_prices: tuple[int, ...]
    ask_sizes: tuple[int, ...]
    bid_prices: tuple[int, ...]
    bid_sizes: tuple[int, ...]
    total_ask_size: Shares
    total_bid_size: Shares
    total_ask_change: int
    total_bid_change: int
    indicative_price: Won
    indicative_size: Shares
    day_volume: Shares


class OrderRested(msgspec.Struct, frozen=True, kw_only=True):
    """An account order, or what is left of it, now stands in the book at `price`.

    `price` is 0 for a market order that waits for an auction, and at the mid-price. A stop-limit
    order sleeps, and stands in the book at `price` once it is triggered.
    """

    at: Nanos
    key: int
    symbol: Symbol
    side: Side
    price: Won
    quantity: Shares


class OrderTriggered(msgspec.Struct, frozen=True, kw_only=True):
    """A trade touched the trigger price of a stop-limit order: it now is a limit order."""

    at: Nanos
    key: int
    symbol: Symbol


class OrderExecuted(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of an account order changed hands; `remaining` are still open after it."""

    at: Nanos
    key: int
    symbol: Symbol
    side: Side
    price: Won
    quantity: Shares
    remaining: Shares


class OrderCanceled(msgspec.Struct, frozen=True, kw_only=True):
    """A cancel took `quantity` off the market; `remaining` stay, with their place in the queue."""

    at: Nanos
    key: int
    symbol: Symbol
    quantity: Shares
    remaining: Shares


class OrderReplaced(msgspec.Struct, frozen=True, kw_only=True):
    """`quantity` of order `key` now is order `new_key`; `remaining` stay under `key`."""

    at: Nanos
    key: int
    new_key: int
    symbol: Symbol
    kind: OrderKind
    price: Won
    quantity: Shares
    remaining: Shares


class LapseReason(Enum):
    """Why the exchange itself took an order off."""

    IOC_REMAINDER = "IOC_REMAINDER"
    FOK = "FOK"
    SESSION_END = "SESSION_END"


class OrderLapsed(msgspec.Struct, frozen=True, kw_only=True):
    """The open remainder of an order ended by its kind or with the session."""

    at: Nanos
    key: int
    symbol: Symbol
    quantity: Shares
    reason: LapseReason


class ExchangeRefusal(Enum):
    """Why the exchange did not take a request."""

    UNKNOWN_SYMBOL = "UNKNOWN_SYMBOL"
    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    HALTED = "HALTED"
    CLOSED = "CLOSED"
    KIND = "KIND"
    QUANTITY = "QUANTITY"
    TICK = "TICK"
    LIMITS = "LIMITS"
    EMPTY_SIDE = "EMPTY_SIDE"


class OrderRefusedByExchange(msgspec.Struct, frozen=True, kw_only=True):
    """A submit, cancel or replace was not taken and changed nothing; `text` is for a person."""

    at: Nanos
    key: int
    symbol: Symbol
    reason: ExchangeRefusal
    text: str


ExchangeEvent = (
    TradePrinted
    | BookChanged
    | OrderRested
    | OrderTriggered
    | OrderExecuted
    | OrderCanceled
    | OrderReplaced
    | OrderLapsed
    | OrderRefusedByExchange
)
