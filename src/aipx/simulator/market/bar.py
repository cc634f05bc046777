"""A symbol's day as its daily bar tells it, and what the exchange lists for that day."""

from datetime import date

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Instrument, PriceLimits, Shares, Won


class DailyBar(msgspec.Struct, frozen=True, kw_only=True):
    """One day of one symbol. Prices may be adjusted, and so lie off the day's tick grid.

    Volume 0 is a day without trading: a halt. `previous_*` are 0 where no day before is known.
    """

    symbol: Symbol
    day: date
    open: Won
    high: Won
    low: Won
    close: Won
    volume: Shares
    previous_close: Won
    previous_volume: Shares
    source: str
    """Where the bar comes from, for people: `file:line` or a synthetic market's seed."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol as the exchange lists it for one day; make one with `market.listing.listing`."""

    instrument: Instrument
    limits: PriceLimits
    bar: DailyBar
    is_halted: bool
    is_synthetic: bool
    is_base_assumed: bool = False
    """True where the bar's range lies outside the limits of its previous close."""
    listed_shares: Shares = Shares(0)
