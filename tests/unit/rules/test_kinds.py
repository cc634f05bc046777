"""Order kinds by venue, phase, day, instrument and system."""

from datetime import date, time

import pytest

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, Venue
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind
from aipx.model.time import kst_moment
from aipx.rules.kinds import KIND_ROWS, PAPER_KIND_ROWS, kinds_allowed, kinds_at

BEFORE_NXT = date(2024, 1, 5)
WITH_NXT = date(2026, 3, 4)
WITH_AFTER_MARKET = date(2026, 9, 14)
STOCK = InstrumentKind.STOCK
EVERY_PHASE = list(TradingPhase)


def taken(
    venue: Venue,
    phase: TradingPhase,
    day: date = WITH_NXT,
    *,
    instrument: InstrumentKind = STOCK,
    is_paper: bool = False,
) -> frozenset[OrderKind]:
    return kinds_allowed(
        venue=venue, phase=phase, day=day, instrument=instrument, is_paper=is_paper
    )


def test_continuous_trading_takes_no_kind_of_another_market():
    kinds = taken(Venue.KRX, TradingPhase.CONTINUOUS)

    assert {OrderKind.LIMIT, OrderKind.MARKET, OrderKind.CONDITIONAL, OrderKind.MID} <= kinds
    assert not any(kind.name.startswith(("AFTER_", "GTP_", "PRE_")) for kind in kinds)


def test_mid_price_and_stop_orders_came_with_the_second_venue():
    assert OrderKind.STOP_LIMIT not in taken(Venue.KRX, TradingPhase.CONTINUOUS, date(2025, 2, 28))
    assert OrderKind.STOP_LIMIT in taken(Venue.KRX, TradingPhase.CONTINUOUS, date(2025, 3, 4))


@pytest.mark.parametrize(
    "phase", [TradingPhase.VOLATILITY_AUCTION, TradingPhase.CLOSING_AUCTION], ids=str
)
@pytest.mark.parametrize("is_paper", [False, True])
def test_auctions_take_limit_and_market_orders_only(phase: TradingPhase, is_paper: bool):  # noqa: FBT001 - a case, not an interface
    assert taken(Venue.KRX, phase, is_paper=is_paper) == {OrderKind.LIMIT, OrderKind.MARKET}


def test_nxt_takes_no_market_order_but_immediate_ones():
    kinds = taken(Venue.NXT, TradingPhase.CONTINUOUS)

    assert OrderKind.MARKET not in kinds
    assert OrderKind.CONDITIONAL not in kinds
    assert {OrderKind.MARKET_IOC, OrderKind.MID, OrderKind.STOP_LIMIT} <= kinds


def test_the_after_market_of_krx_takes_its_own_kinds_for_shares_only():
    kinds = taken(Venue.KRX, TradingPhase.AFTER_MARKET, WITH_AFTER_MARKET)

    assert len(kinds) == 7
    assert all(kind.name.startswith("AFTER_") for kind in kinds)
    assert not taken(
        Venue.KRX,
        TradingPhase.AFTER_MARKET,
        WITH_AFTER_MARKET,
        instrument=InstrumentKind.ETF,
    )


def test_paper_takes_neither_immediate_orders_nor_the_opening_auction():
    continuous = taken(Venue.KRX, TradingPhase.CONTINUOUS, is_paper=True)

    assert continuous == {
        OrderKind.LIMIT,
        OrderKind.MARKET,
        OrderKind.CONDITIONAL,
        OrderKind.BEST,
        OrderKind.PRIORITY,
    }
    assert not taken(Venue.KRX, TradingPhase.OPENING_AUCTION, is_paper=True)


@pytest.mark.parametrize("phase", EVERY_PHASE, ids=str)
@pytest.mark.parametrize("venue", [Venue.NXT, Venue.SOR], ids=str)
def test_other_venues_take_nothing_on_paper_or_before_the_second_opened(
    venue: Venue, phase: TradingPhase
):
    assert not taken(venue, phase, is_paper=True)
    assert not taken(venue, phase, BEFORE_NXT)


@pytest.mark.parametrize(
    "phase", [TradingPhase.CLOSED, TradingPhase.HALTED_BY_CIRCUIT_BREAKER], ids=str
)
@pytest.mark.parametrize("day", [WITH_NXT, date(2031, 1, 6)], ids=str)
def test_a_venue_that_stands_still_takes_nothing_on_any_day(phase: TradingPhase, day: date):
    assert not taken(Venue.KRX, phase, day)


def test_an_unknown_day_is_refused_while_the_venue_is_open():
    with pytest.raises(InputError, match="the rulebook covers"):
        taken(Venue.KRX, TradingPhase.CONTINUOUS, date(2031, 1, 6))


def test_what_is_open_at_one_moment_adds_up():
    def at(text: str) -> frozenset[OrderKind]:
        now = kst_moment(WITH_NXT, time.fromisoformat(text))
        return kinds_at(venue=Venue.KRX, day=WITH_NXT, now=now, instrument=STOCK, is_paper=False)

    auction = {OrderKind.LIMIT, OrderKind.MARKET, OrderKind.CONDITIONAL}
    assert at("08:35") == auction | {OrderKind.PRE_OPEN_CLOSE_PRICE}
    assert at("08:45") == auction
    assert at("15:35") == {OrderKind.AFTER_CLOSE_PRICE}
    assert at("20:00") == set()


def test_no_row_takes_a_kind_that_is_not_known():
    assert not any(OrderKind.OTHER in row.kinds for row in (*KIND_ROWS, *PAPER_KIND_ROWS))
