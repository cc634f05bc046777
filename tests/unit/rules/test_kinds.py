"""Order kinds by venue and phase."""

import pytest

from aipx.model.instrument import Venue
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind
from aipx.rules.kinds import kinds_allowed


@pytest.mark.parametrize("is_paper", [False, True])
def test_continuous_trading_takes_every_kind(is_paper: bool):  # noqa: FBT001 - a case, not an interface
    allowed = kinds_allowed(venue=Venue.KRX, phase=TradingPhase.CONTINUOUS, is_paper=is_paper)

    assert allowed == frozenset(OrderKind)


@pytest.mark.parametrize(
    "phase",
    [
        TradingPhase.OPENING_AUCTION,
        TradingPhase.VOLATILITY_AUCTION,
        TradingPhase.CLOSING_AUCTION,
    ],
)
def test_auctions_take_limit_and_market_orders_only(phase: TradingPhase):
    allowed = kinds_allowed(venue=Venue.KRX, phase=phase, is_paper=False)

    assert allowed == {OrderKind.LIMIT, OrderKind.MARKET}


def test_a_closed_venue_takes_nothing():
    assert not kinds_allowed(venue=Venue.KRX, phase=TradingPhase.CLOSED, is_paper=False)


@pytest.mark.parametrize("venue", [Venue.NXT, Venue.SOR])
@pytest.mark.parametrize("phase", list(TradingPhase))
def test_other_venues_take_nothing_yet(venue: Venue, phase: TradingPhase):
    assert not kinds_allowed(venue=venue, phase=phase, is_paper=False)
