"""What is traded, and where."""

from enum import Enum
from typing import NewType

import msgspec

from aipx.model.ids import Symbol

Won = NewType("Won", int)
"""Korean won, whole: prices, amounts, fees, taxes."""

Shares = NewType("Shares", int)
"""A number of shares, whole."""


class Venue(Enum):
    """Where an order goes or a print happened. SOR is KIS's smart routing, for orders only."""

    KRX = "KRX"
    NXT = "NXT"
    SOR = "SOR"


class ListingMarket(Enum):
    """Market on which an instrument is listed; ticks and taxes depend on it."""

    KOSPI = "KOSPI"
    KOSDAQ = "KOSDAQ"
    KONEX = "KONEX"


class InstrumentKind(Enum):
    """Class of instrument; ticks, taxes and fees depend on it."""

    STOCK = "STOCK"
    ETF = "ETF"
    ETN = "ETN"


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """One listed instrument."""

    symbol: Symbol
    name: str
    market: ListingMarket
    kind: InstrumentKind = InstrumentKind.STOCK


class PriceLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The prices between which orders are taken on one day, both included, on tick."""

    base: Won
    lower: Won
    upper: Won
