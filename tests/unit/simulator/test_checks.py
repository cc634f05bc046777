"""KIS's checks of an order, in order and with its codes."""

import pytest

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.simulator.checks import OrderTerms, check_hours, check_terms, worst_price
from tests.support import markets

SESSION = markets.session()
NOON = Nanos(SESSION.open + 180 * NANOS_PER_MINUTE)
LISTING = markets.listed(markets.bar())


def terms(**changes) -> OrderTerms:
    known = {
        "symbol": Symbol("005930"),
        "side": Side.BUY,
        "kind": OrderKind.LIMIT,
        "quantity": Shares(10),
        "price": Won(70_000),
    }
    return OrderTerms(**{**known, **changes})


def code(
    of: OrderTerms, *, at: Nanos = NOON, is_paper: bool = False, listing=LISTING, phase=None
) -> str:
    rejection = check_terms(
        of,
        listing,
        session=SESSION,
        phase=phase or SESSION.phase_at(at),
        is_halted=listing is not None and listing.is_halted,
        now=at,
        is_paper=is_paper,
    )
    return "" if rejection is None else rejection.code


def test_halts_and_interruptions_are_the_symbol_s_own():
    volatile, halted = TradingPhase.VOLATILITY_AUCTION, TradingPhase.HALTED_BY_CIRCUIT_BREAKER

    assert code(terms(), phase=volatile) == ""
    assert code(terms(kind=OrderKind.BEST, price=Won(0)), phase=volatile) == "APBK3013"
    assert code(terms(), phase=halted) == "APBK0918"


def test_good_order_passes():
    assert code(terms()) == ""


@pytest.mark.parametrize(
    ("bad", "real", "paper"),
    [
        (terms(quantity=Shares(0)), "OPSQ2001", "OPSQ2001"),
        (terms(price=Won(70_050)), "40030000", "40030000"),
        (terms(price=Won(99_000)), "40270000", "40270000"),
        (terms(price=Won(0)), "OPSQ2001", "OPSQ2001"),
    ],
)
def test_bad_terms_are_refused_with_each_systems_code(bad, real, paper):
    assert code(bad) == real
    assert code(bad, is_paper=True) == paper


def test_symbol_that_is_not_listed_is_refused_before_anything_else():
    assert code(terms(quantity=Shares(0)), listing=None) == "APBK0656"


def test_halted_symbol_is_refused():
    halted = markets.listed(markets.bar((70_000,) * 4, volume=0))

    assert code(terms(), listing=halted) == "APBK0634"


def test_price_is_not_looked_at_where_the_kind_carries_none():
    assert code(terms(kind=OrderKind.MARKET, price=Won(0))) == ""


def test_auction_takes_limit_and_market_orders_only():
    auction = Nanos(SESSION.closing_auction_start + 1)

    assert code(terms(), at=auction) == ""
    assert code(terms(kind=OrderKind.MARKET), at=auction) == ""
    assert code(terms(kind=OrderKind.LIMIT_IOC), at=auction) == "APBK3013"


def test_a_kind_of_another_hour_is_refused_as_one():
    assert code(terms(kind=OrderKind.AFTER_LIMIT)) == "APBK0918"
    assert code(terms(kind=OrderKind.LIMIT_IOC), is_paper=True) == "40580000"


def test_hours_have_their_own_codes_on_paper():
    before, after = Nanos(SESSION.open - 1), SESSION.close

    assert code(terms(), at=before, is_paper=True) == "40570000"
    assert code(terms(), at=after, is_paper=True) == "40580000"
    assert code(terms(), at=after) == "APBK0918"


def test_real_system_takes_orders_from_the_opening_auction_on():
    start = SESSION.opening_auction_start

    assert check_hours(SESSION, start, is_paper=False) is None
    assert check_hours(SESSION, Nanos(start - 1), is_paper=False) is not None


def test_priceless_order_may_cost_the_upper_limit():
    assert worst_price(terms(), LISTING) == 70_000
    assert worst_price(terms(kind=OrderKind.BEST), LISTING) == LISTING.limits.upper
    assert worst_price(terms(kind=OrderKind.CONDITIONAL), LISTING) == LISTING.limits.upper
