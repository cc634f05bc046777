from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from aipx.model.instrument import Instrument, InstrumentKind, ListingMarket, Shares, Won
from aipx.rules.volatility import VolatilityClass, interrupts
from aipx.simulator.market.bar import Listing
from aipx.simulator.market.grid import Grid
from aipx.simulator.market.guard import TICKS_FREE, Guard, class_of
from aipx.simulator.market.listing import listing
from tests.support.markets import NEW_DAY, SAMSUNG, bar, listed

OF = listed(bar())
GRID = Grid(OF.instrument, OF.limits, OF.bar)
PLACES = st.integers(0, len(GRID) - 1)


def guard(of: Listing = OF) -> Guard:
    return Guard(of, Grid(of.instrument, of.limits, of.bar))


@given(PLACES, PLACES, PLACES)
def test_the_band_is_what_the_rulebook_interrupts(price: int, last: int, reference: int) -> None:
    asked, near, far = GRID.prices[price], GRID.prices[last], GRID.prices[reference]
    low, high = guard().band(last=near, reference=far)

    is_dynamic = interrupts(asked, reference=near, percent=6) and abs(price - last) > TICKS_FREE
    is_static = interrupts(asked, reference=far, percent=10) and abs(price - reference) > TICKS_FREE
    assert (is_dynamic or is_static) == (not low <= asked <= high)
    assert guard().is_static(asked, far) == is_static


def test_a_tick_or_two_of_a_cheap_share_interrupt_nothing() -> None:
    cheap = guard(listed(bar((20, 22, 19, 21), previous_close=20)))

    assert cheap.band(last=Won(20), reference=Won(20)) == (18, 22)


def test_only_large_kospi_shares_are_calm() -> None:
    def of(kind: InstrumentKind, market: ListingMarket, shares: int) -> VolatilityClass:
        instrument = Instrument(symbol=SAMSUNG.symbol, name="", market=market, kind=kind)
        return class_of(listing(instrument, bar(), listed_shares=Shares(shares)))

    stock, kospi = InstrumentKind.STOCK, ListingMarket.KOSPI
    assert of(stock, kospi, 100_000_000) is VolatilityClass.CALM
    assert of(stock, kospi, 1_000_000) is VolatilityClass.ORDINARY
    assert of(stock, ListingMarket.KOSDAQ, 100_000_000) is VolatilityClass.ORDINARY
    assert of(InstrumentKind.ETF, kospi, 100_000_000) is VolatilityClass.ORDINARY


def test_nothing_is_interrupted_before_there_was_a_rule() -> None:
    assert not guard(listed(bar(day=date(2013, 3, 5)))).is_armed
    assert guard(listed(bar(day=NEW_DAY))).is_armed
