"""Facts of the market: trades, ten-level books, gaps. The values of topic `market-data-raw`.

They hold numbers, texts and each other, never a cycle: the garbage collector may leave them out.
"""

from enum import Enum

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.time import Nanos

BOOK_LEVELS = 10


class Aggressor(Enum):
    """Who took liquidity. NONE: a single-price auction, or not told."""

    BUYER = "BUYER"
    SELLER = "SELLER"
    NONE = "NONE"


class TradingPhase(Enum):
    """What the venue does with orders at a moment."""

    CLOSED = "CLOSED"
    OPENING_AUCTION = "OPENING_AUCTION"
    CONTINUOUS = "CONTINUOUS"
    VOLATILITY_AUCTION = "VOLATILITY_AUCTION"
    """The auction of one symbol that moved too fast; also the one that ends a market-wide halt."""
    CLOSING_AUCTION = "CLOSING_AUCTION"
    PRE_MARKET = "PRE_MARKET"
    """NXT's continuous trading before the regular session."""
    PRE_OPEN_CLOSE_PRICE = "PRE_OPEN_CLOSE_PRICE"
    """KRX's trading at the previous close; the opening auction gathers beside it."""
    AFTER_CLOSE_PRICE = "AFTER_CLOSE_PRICE"
    """KRX's trading at today's close."""
    AFTER_MARKET_AUCTION = "AFTER_MARKET_AUCTION"
    """The single price with which NXT's after-market begins."""
    AFTER_MARKET = "AFTER_MARKET"
    """Continuous trading after the regular session: NXT's, and KRX's since 2026-09-14."""
    OVERTIME_SINGLE_PRICE = "OVERTIME_SINGLE_PRICE"
    """KRX's auctions after the close, abolished on 2026-09-14."""
    HALTED_BY_CIRCUIT_BREAKER = "HALTED_BY_CIRCUIT_BREAKER"
    """The whole market stands still, after the index fell too far."""


class Trade(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One print. `price` may lie off the tick grid (mid-price orders).

    `day_volume` and `day_value` count this trade already; a jump between two trades of a symbol
    that is larger than `size` means that prints were missed. Best quotes are those after the
    trade, 0 where a side is empty.
    """

    symbol: Symbol
    venue: Venue
    price: Won
    size: Shares
    aggressor: Aggressor
    phase: TradingPhase
    day_volume: Shares
    day_value: Won
    ask_price: Won
    bid_price: Won


class Book(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A full snapshot of ten levels a side, best first; price 0 and size 0 where there is none.

    `indicative_price` and `indicative_size` are what an auction would trade now, 0 outside one.
    """

    symbol: Symbol
    venue: Venue
    phase: TradingPhase
    ask_prices: tuple[int, ...]
    ask_sizes: tuple[int, ...]
    bid_prices: tuple[int, ...]
    bid_sizes: tuple[int, ...]
    total_ask_size: Shares
    total_bid_size: Shares
    indicative_price: Won
    indicative_size: Shares
    day_volume: Shares


class MarketGap(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Prints of a symbol were missed: the day's volume jumped by `missed` shares more than seen."""

    symbol: Symbol
    venue: Venue
    missed: Shares
    reason: str


MarketFact = Trade | Book | MarketGap


class MarketEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact with its envelope. `event_id` is unique and increases within one source and day."""

    event_id: str
    trace_id: str
    exchange_time: Nanos
    receive_time: Nanos
    fact: MarketFact
