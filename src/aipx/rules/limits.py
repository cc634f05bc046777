"""The daily price limit: how far from the base price an order may be priced.

The broker's own figures win where they are known; these are for simulation and checks.
"""

from datetime import date, timedelta

import msgspec

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket, PriceLimits, Won
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, row_of
from aipx.rules.ticks import tick_table

_WIDER = date(2015, 6, 15)
_REGULAR = frozenset({ListingMarket.KOSPI, ListingMarket.KOSDAQ})


class LimitRow(msgspec.Struct, frozen=True, kw_only=True):
    """One dated width, in percent of the base price."""

    since: date
    to: date
    markets: frozenset[ListingMarket]
    width_percent: int
    source: str
    confidence: Confidence


LIMIT_ROWS = (
    LimitRow(
        since=_WIDER,
        to=COVERED_TO,
        markets=_REGULAR,
        width_percent=30,
        source="widened on 2015-06-15, press; daily prices of many shares agree",
        confidence=Confidence.CONFIRMED,
    ),
    LimitRow(
        since=COVERED_FROM,
        to=_WIDER - timedelta(days=1),
        markets=_REGULAR,
        width_percent=15,
        source="the width before 2015-06-15, press",
        confidence=Confidence.CONFIRMED,
    ),
    LimitRow(
        since=COVERED_FROM,
        to=COVERED_TO,
        markets=frozenset({ListingMarket.KONEX}),
        width_percent=15,
        source="KONEX kept 15 % when the other markets went to 30 %; no text at hand",
        confidence=Confidence.ASSUMED,
    ),
)


def price_limits(
    base: Won, *, market: ListingMarket, kind: InstrumentKind, day: date
) -> PriceLimits:
    """Return the lowest and highest order price of a day with base price `base`, both on tick.

    The width is cut to the tick of the base, at least one tick; the upper limit goes down and the
    lower limit up to a valid price.

    Raises:
        InputError: `base` is not positive, or the rulebook has no row.
    """
    if base <= 0:
        raise InputError(f"base price is {base} won; it must be at least 1")
    rows = [row for row in LIMIT_ROWS if market in row.markets]
    row = row_of(rows, day, subject=f"price limit of {market.value}")
    table = tick_table(market=market, kind=kind, day=day)
    tick = table.size(base)
    raw_width = base * row.width_percent // 100
    width = max(tick, raw_width - raw_width % tick)
    lower = table.ceil(Won(max(1, base - width)))
    # A fund's base below its tick has no valid price under it: the one valid price is both limits.
    upper = max(lower, table.floor(Won(max(base + width, tick))))
    return PriceLimits(base=base, lower=lower, upper=upper)
