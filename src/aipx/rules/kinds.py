"""Which kinds of order a venue takes in which phase.

Source: KRX matching rules as KIS documents them; on the paper host the kinds beyond limit, market,
best and priority are said to be refused by one client's author (REPORTED).
"""

from aipx.model.instrument import Venue
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind

_ALL = frozenset(OrderKind)
_AUCTION = frozenset({OrderKind.LIMIT, OrderKind.MARKET})
_NONE: frozenset[OrderKind] = frozenset()

_KRX_BY_PHASE = {
    TradingPhase.CLOSED: _NONE,
    TradingPhase.OPENING_AUCTION: _AUCTION,
    TradingPhase.CONTINUOUS: _ALL,
    TradingPhase.VOLATILITY_AUCTION: _AUCTION,
    TradingPhase.CLOSING_AUCTION: _AUCTION,
}


def kinds_allowed(*, venue: Venue, phase: TradingPhase, is_paper: bool) -> frozenset[OrderKind]:
    """Return the kinds of order that `venue` takes in `phase`; empty where none is known to be.

    The paper host knows KRX only, and takes the same kinds there as far as known.
    """
    del is_paper  # No difference is confirmed for KRX; a table of its own goes here when one is.
    if venue is not Venue.KRX:
        return _NONE
    return _KRX_BY_PHASE[phase]
