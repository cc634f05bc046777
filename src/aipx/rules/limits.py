"""The daily price limit: how far from the base price an order may be priced.

The broker's own figures win where they are known; these are for simulation and checks.
"""

from datetime import date, timedelta
from enum import Enum

import msgspec

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket, PriceLimits, Won
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, row_of
from aipx.rules.ticks import tick_table

_WIDER = date(2015, 6, 15)
_FREER_FIRST_DAY = date(2023, 6, 26)
_DAY = timedelta(days=1)
_REGULAR = frozenset({ListingMarket.KOSPI, ListingMarket.KOSDAQ})
_ALL_INSTRUMENTS = frozenset(InstrumentKind)
_FUNDS = frozenset({InstrumentKind.ETF, InstrumentKind.ETN})


class ListingStage(Enum):
    """Where an instrument is in its listed life; only the ordinary stage has ordinary limits."""

    ORDINARY = "ORDINARY"
    FIRST_DAY = "FIRST_DAY"
    """The day of listing; the base is the offer price."""
    LIQUIDATION = "LIQUIDATION"
    """The last days before delisting, traded without limits."""


class LimitRow(msgspec.Struct, frozen=True, kw_only=True):
    """One dated pair of limits, in percent of the base price."""

    since: date
    to: date
    markets: frozenset[ListingMarket]
    instruments: frozenset[InstrumentKind]
    stage: ListingStage
    lower_percent: int
    upper_percent: int
    source: str
    confidence: Confidence


LIMIT_ROWS = (
    LimitRow(
        since=_WIDER,
        to=COVERED_TO,
        markets=_REGULAR,
        instruments=_ALL_INSTRUMENTS,
        stage=ListingStage.ORDINARY,
        lower_percent=70,
        upper_percent=130,
        source="widened on 2015-06-15, press; daily prices of many shares agree",
        confidence=Confidence.CONFIRMED,
    ),
    LimitRow(
        since=COVERED_FROM,
        to=_WIDER - _DAY,
        markets=_REGULAR,
        instruments=_ALL_INSTRUMENTS,
        stage=ListingStage.ORDINARY,
        lower_percent=85,
        upper_percent=115,
        source="the width before 2015-06-15, press",
        confidence=Confidence.CONFIRMED,
    ),
    LimitRow(
        since=COVERED_FROM,
        to=COVERED_TO,
        markets=frozenset({ListingMarket.KONEX}),
        instruments=_ALL_INSTRUMENTS,
        stage=ListingStage.ORDINARY,
        lower_percent=85,
        upper_percent=115,
        source="KONEX kept 15 % when the other markets went to 30 %; no text at hand",
        confidence=Confidence.ASSUMED,
    ),
    LimitRow(
        since=_FREER_FIRST_DAY,
        to=COVERED_TO,
        markets=_REGULAR,
        instruments=frozenset({InstrumentKind.STOCK}),
        stage=ListingStage.FIRST_DAY,
        lower_percent=60,
        upper_percent=400,
        source="60 to 400 % of the offer price since 2023-06-26, not on KONEX; press, six papers",
        confidence=Confidence.CONFIRMED,
    ),
)
"""Before 2023-06-26 a first day's base came out of the opening auction: no row, hence refused."""

LEVERAGES = frozenset({1, 2})
"""What a fund may be geared by; an inverse fund counts as its size. KRX lists no other."""


def price_limits(
    base: Won,
    *,
    market: ListingMarket,
    kind: InstrumentKind,
    day: date,
    stage: ListingStage = ListingStage.ORDINARY,
    leverage: int = 1,
) -> PriceLimits:
    """Return the lowest and highest order price of a day with base price `base`, both on tick.

    The ordinary width is cut to the tick of the base, at least one tick; then the upper limit goes
    down and the lower limit up to a valid price. A geared fund has its leverage times the width.

    Raises:
        InputError: `base` is not positive, or the rulebook has no row; so always in liquidation,
            where there is no limit: take what the broker says.
    """
    if base <= 0:
        raise InputError(f"base price is {base} won; it must be at least 1")
    _check_leverage(leverage, kind)
    rows = [
        row
        for row in LIMIT_ROWS
        if market in row.markets and kind in row.instruments and row.stage is stage
    ]
    subject = f"price limit of {market.value} {kind.value} ({stage.value})"
    row = row_of(rows, day, subject=subject)
    table = tick_table(market=market, kind=kind, day=day)
    if stage is ListingStage.ORDINARY:
        tick = table.size(base)
        raw_width = base * (row.upper_percent - 100) * leverage // 100
        width = max(tick, raw_width - raw_width % tick)
        lowest, highest = base - width, max(base + width, tick)
    else:
        # Rounded outwards here and inwards by the ticks below: the lower limit never undercuts.
        lowest, highest = -(-base * row.lower_percent // 100), base * row.upper_percent // 100
    lower = table.ceil(Won(max(1, lowest)))
    # A fund's base below its tick has no valid price under it: the one valid price is both limits.
    upper = max(lower, table.floor(Won(highest)))
    return PriceLimits(base=base, lower=lower, upper=upper)


def _check_leverage(leverage: int, kind: InstrumentKind) -> None:
    allowed = LEVERAGES if kind in _FUNDS else frozenset({1})
    if leverage not in allowed:
        texts = ", ".join(map(str, sorted(allowed)))
        raise InputError(f"leverage is {leverage}; {kind.value} has {texts}")
