"""Which kinds of order a venue takes: one dated table by venue, phase and class of instrument.

A kind that no row names is not taken: empty means "none is known to be", never "any".
"""

from datetime import date, timedelta
from functools import lru_cache

import msgspec

from aipx.model.instrument import InstrumentKind, Venue
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind
from aipx.model.time import Nanos
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, check_covered
from aipx.rules.sessions import AFTER_MARKET_FROM, NXT_FROM, open_phases

_CACHED_MAX = 1_024
"""Cached answers; a year's days at one venue and phase fit four times."""

_DAY = timedelta(days=1)
_STOCKS = frozenset({InstrumentKind.STOCK})
_ALL_INSTRUMENTS = frozenset(InstrumentKind)

_IOC_FOK = frozenset(
    {
        OrderKind.LIMIT_IOC,
        OrderKind.LIMIT_FOK,
        OrderKind.MARKET_IOC,
        OrderKind.MARKET_FOK,
        OrderKind.BEST_IOC,
        OrderKind.BEST_FOK,
    }
)
_MID_AND_STOP = frozenset(
    {OrderKind.MID, OrderKind.MID_IOC, OrderKind.MID_FOK, OrderKind.STOP_LIMIT}
)
_AUCTIONED = frozenset({OrderKind.LIMIT, OrderKind.MARKET})
_BY_THE_BOOK = frozenset({OrderKind.LIMIT, OrderKind.BEST, OrderKind.PRIORITY})
_KRX_REGULAR = _BY_THE_BOOK | {OrderKind.MARKET, OrderKind.CONDITIONAL}
_PRE_MARKET = frozenset(
    {
        OrderKind.LIMIT,
        OrderKind.LIMIT_IOC,
        OrderKind.LIMIT_FOK,
        OrderKind.GTP_LIMIT,
        OrderKind.GTP_BEST,
        OrderKind.GTP_PRIORITY,
    }
)
_KRX_AFTER_MARKET = frozenset(
    {
        OrderKind.AFTER_LIMIT,
        OrderKind.AFTER_LIMIT_IOC,
        OrderKind.AFTER_LIMIT_FOK,
        OrderKind.AFTER_BEST,
        OrderKind.AFTER_BEST_IOC,
        OrderKind.AFTER_BEST_FOK,
        OrderKind.AFTER_PRIORITY,
    }
)


class KindRow(msgspec.Struct, frozen=True, kw_only=True):
    """Kinds taken at a venue in some phases; rows that hold at one moment add up."""

    venue: Venue
    phases: frozenset[TradingPhase]
    kinds: frozenset[OrderKind]
    source: str
    confidence: Confidence
    since: date = COVERED_FROM
    to: date = COVERED_TO
    instruments: frozenset[InstrumentKind] = _ALL_INSTRUMENTS


def _in(*phases: TradingPhase) -> frozenset[TradingPhase]:
    return frozenset(phases)


_KIS_TABLE = "KIS's table of ORD_DVSN by venue, workbook of 2026-09-11"

KIND_ROWS = (
    KindRow(
        venue=Venue.KRX,
        phases=_in(TradingPhase.CONTINUOUS),
        kinds=_KRX_REGULAR | _IOC_FOK,
        source=_KIS_TABLE,
        confidence=Confidence.CONFIRMED,
    ),
    KindRow(
        venue=Venue.KRX,
        phases=_in(TradingPhase.CONTINUOUS),
        kinds=_MID_AND_STOP,
        since=NXT_FROM,
        source=_KIS_TABLE + "; that KRX has had them since NXT's first day is assumed",
        confidence=Confidence.ASSUMED,
    ),
    KindRow(
        venue=Venue.KRX,
        phases=_in(
            TradingPhase.OPENING_AUCTION,
            TradingPhase.VOLATILITY_AUCTION,
            TradingPhase.CLOSING_AUCTION,
        ),
        kinds=_AUCTIONED,
        source="KRX's call auctions refuse best, priority, IOC and FOK kinds",
        confidence=Confidence.CONFIRMED,
    ),
    KindRow(
        venue=Venue.KRX,
        phases=_in(TradingPhase.OPENING_AUCTION),
        kinds=frozenset({OrderKind.CONDITIONAL}),
        source="a limit order until the closing auction, hence taken before the open; no text",
        confidence=Confidence.ASSUMED,
    ),
    KindRow(
        venue=Venue.KRX,
        phases=_in(TradingPhase.PRE_OPEN_CLOSE_PRICE),
        kinds=frozenset({OrderKind.PRE_OPEN_CLOSE_PRICE}),
        source=_KIS_TABLE,
        confidence=Confidence.CONFIRMED,
    ),
    KindRow(
        venue=Venue.KRX,
        phases=_in(TradingPhase.AFTER_CLOSE_PRICE),
        kinds=frozenset({OrderKind.AFTER_CLOSE_PRICE}),
        source=_KIS_TABLE,
        confidence=Confidence.CONFIRMED,
    ),
    KindRow(
        venue=Venue.KRX,
        phases=_in(TradingPhase.OVERTIME_SINGLE_PRICE),
        kinds=frozenset({OrderKind.OVERTIME_SINGLE_PRICE}),
        to=AFTER_MARKET_FROM - _DAY,
        source=_KIS_TABLE + ": abolished with the after-market's first day",
        confidence=Confidence.CONFIRMED,
    ),
    KindRow(
        venue=Venue.KRX,
        phases=_in(TradingPhase.AFTER_MARKET),
        kinds=_KRX_AFTER_MARKET,
        since=AFTER_MARKET_FROM,
        instruments=_STOCKS,
        source=_KIS_TABLE + ": kinds of its own, no funds",
        confidence=Confidence.CONFIRMED,
    ),
    KindRow(
        venue=Venue.NXT,
        phases=_in(TradingPhase.PRE_MARKET),
        kinds=_PRE_MARKET,
        since=NXT_FROM,
        instruments=_STOCKS,
        source=_KIS_TABLE + "; limit kinds only",
        confidence=Confidence.REPORTED,
    ),
    KindRow(
        venue=Venue.NXT,
        phases=_in(TradingPhase.CONTINUOUS),
        kinds=_BY_THE_BOOK | _IOC_FOK | _MID_AND_STOP,
        since=NXT_FROM,
        instruments=_STOCKS,
        source=_KIS_TABLE + ": no plain market order, no conditional one; no funds (press)",
        confidence=Confidence.REPORTED,
    ),
    KindRow(
        venue=Venue.NXT,
        phases=_in(TradingPhase.VOLATILITY_AUCTION, TradingPhase.AFTER_MARKET_AUCTION),
        kinds=frozenset({OrderKind.LIMIT}),
        since=NXT_FROM,
        instruments=_STOCKS,
        source="KIS's refusal APBK3013 in a single-price phase, seen by users",
        confidence=Confidence.REPORTED,
    ),
    KindRow(
        venue=Venue.NXT,
        phases=_in(TradingPhase.AFTER_MARKET),
        kinds=_BY_THE_BOOK,
        since=NXT_FROM,
        instruments=_STOCKS,
        source="KIS's refusal APBK3013 in the after-market names the three kinds, seen by users",
        confidence=Confidence.REPORTED,
    ),
    KindRow(
        venue=Venue.SOR,
        phases=_in(TradingPhase.CONTINUOUS),
        kinds=_BY_THE_BOOK | {OrderKind.MARKET} | _IOC_FOK,
        since=NXT_FROM,
        instruments=_STOCKS,
        source=_KIS_TABLE + "; outside continuous trading nothing is known",
        confidence=Confidence.REPORTED,
    ),
)

PAPER_KIND_ROWS = (
    KindRow(
        venue=Venue.KRX,
        phases=_in(TradingPhase.CONTINUOUS),
        kinds=_KRX_REGULAR,
        source="the paper host knows KRX only; IOC and FOK are refused there by one client's word",
        confidence=Confidence.REPORTED,
    ),
    KindRow(
        venue=Venue.KRX,
        phases=_in(TradingPhase.VOLATILITY_AUCTION, TradingPhase.CLOSING_AUCTION),
        kinds=_AUCTIONED,
        source="as on the real host; before 09:00 paper refuses all, in the afternoon unknown",
        confidence=Confidence.ASSUMED,
    ),
)

_NOTHING = frozenset({TradingPhase.CLOSED, TradingPhase.HALTED_BY_CIRCUIT_BREAKER})
"""Phases that take no new order on any day; a circuit breaker still takes cancels (KRX)."""


def kinds_allowed(
    *, venue: Venue, phase: TradingPhase, day: date, instrument: InstrumentKind, is_paper: bool
) -> frozenset[OrderKind]:
    """Return the kinds of order that `venue` takes in `phase`; empty where none is known to be.

    Raises:
        InputError: the venue is open, and the rulebook does not cover the day.
    """
    if phase in _NOTHING:
        return frozenset()
    return _allowed(venue, phase, day, instrument, is_paper)


def kinds_at(
    *, venue: Venue, day: date, now: Nanos, instrument: InstrumentKind, is_paper: bool
) -> frozenset[OrderKind]:
    """Return the kinds that `venue` takes at a moment, in all that is open then.

    Raises:
        InputError: the rulebook does not know the venue's sessions on that day.
    """
    taken: frozenset[OrderKind] = frozenset()
    for phase in open_phases(venue, day, now):
        taken |= _allowed(venue, phase, day, instrument, is_paper)
    return taken


@lru_cache(maxsize=_CACHED_MAX)
def _allowed(
    venue: Venue,
    phase: TradingPhase,
    day: date,
    instrument: InstrumentKind,
    is_paper: bool,  # noqa: FBT001 - a key of the cache, not an interface
) -> frozenset[OrderKind]:
    check_covered(day)
    taken: frozenset[OrderKind] = frozenset()
    for row in PAPER_KIND_ROWS if is_paper else KIND_ROWS:
        holds = row.venue is venue and phase in row.phases and row.since <= day <= row.to
        if holds and instrument in row.instruments:
            taken |= row.kinds
    return taken
