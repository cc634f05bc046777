"""Laws of the tick grid and the price limits, over all markets, kinds and covered days."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from aipx.model.instrument import InstrumentKind, ListingMarket, Won
from aipx.rules.calendar import is_open
from aipx.rules.dated import COVERED_FROM, COVERED_TO
from aipx.rules.limits import price_limits
from aipx.rules.settlement import settlement_date
from aipx.rules.ticks import tick_table

CLASSES = (
    *((market, InstrumentKind.STOCK) for market in ListingMarket),
    (ListingMarket.KOSPI, InstrumentKind.ETF),
    (ListingMarket.KOSPI, InstrumentKind.ETN),
)
classes = st.sampled_from(CLASSES)
days = st.dates(COVERED_FROM, COVERED_TO)
prices = st.integers(5, 5_000_000)


@given(classes, days, prices)
def test_floor_and_ceil_enclose_a_price_and_are_valid(
    pair: tuple[ListingMarket, InstrumentKind], day: date, price: int
):
    table = tick_table(market=pair[0], kind=pair[1], day=day)

    floor, ceil = table.floor(Won(price)), table.ceil(Won(price))

    assert floor <= price <= ceil
    assert table.is_valid(floor)
    assert table.is_valid(ceil)
    assert (floor == price == ceil) == table.is_valid(Won(price))


@given(classes, days, prices)
def test_no_valid_price_lies_between_a_price_and_its_neighbours(
    pair: tuple[ListingMarket, InstrumentKind], day: date, price: int
):
    table = tick_table(market=pair[0], kind=pair[1], day=day)

    above = table.next_up(Won(price))

    assert table.is_valid(above)
    assert above > price
    assert not any(table.is_valid(Won(p)) for p in range(price + 1, above))
    assert table.next_down(above) == table.floor(Won(price))


@given(classes, days, prices)
def test_limits_are_on_tick_and_contain_the_base(
    pair: tuple[ListingMarket, InstrumentKind], day: date, base: int
):
    market, kind = pair
    table = tick_table(market=market, kind=kind, day=day)

    limits = price_limits(Won(base), market=market, kind=kind, day=day)

    assert table.is_valid(limits.lower)
    assert table.is_valid(limits.upper)
    assert limits.lower <= table.ceil(Won(base))
    assert limits.upper >= table.floor(Won(base))
    assert limits.lower <= limits.upper


@given(st.dates(COVERED_FROM, date(2026, 12, 20)).filter(is_open))
def test_settlement_is_an_open_day_after_the_trade(day: date):
    settled = settlement_date(day)

    assert settled > day
    assert is_open(settled)
