"""Laws of the rulebook, over all markets, kinds, venues and covered days."""

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from aipx.model.instrument import InstrumentKind, ListingMarket, Venue, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.time import NANOS_PER_DAY, Nanos, kst_midnight
from aipx.rules.calendar import is_open
from aipx.rules.dated import COVERED_FROM, COVERED_TO
from aipx.rules.kinds import kinds_allowed, kinds_at
from aipx.rules.limits import ListingStage, price_limits
from aipx.rules.sessions import NXT_FROM, krx_session, open_phases, phase_of, sessions_of
from aipx.rules.settlement import settlement_date
from aipx.rules.ticks import TICK_ROWS, TickTable, tick_table
from aipx.rules.volatility import interrupts

CLASSES = (
    *((market, InstrumentKind.STOCK) for market in ListingMarket),
    (ListingMarket.KOSPI, InstrumentKind.ETF),
    (ListingMarket.KOSPI, InstrumentKind.ETN),
)
classes = st.sampled_from(CLASSES)
days = st.dates(COVERED_FROM, COVERED_TO)
prices = st.integers(5, 5_000_000)
EDGES = sorted({start for row in TICK_ROWS for start in row.starts if start})
prices_at_edges = st.builds(int.__add__, st.sampled_from(EDGES), st.integers(-3, 3))
venues = st.sampled_from([Venue.KRX, Venue.NXT])
times_of_day = st.integers(0, NANOS_PER_DAY - 1)


def nearest(table: TickTable, price: int, side: Side) -> Won:
    """Return the valid price next to `price` at which an order of `side` gives nothing away."""
    return table.floor(Won(price)) if side is Side.BUY else table.ceil(Won(price))


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


@given(classes, days, st.one_of(prices, prices_at_edges), st.sampled_from(Side))
def test_a_price_is_valid_or_its_neighbours_are_and_no_side_gives_anything_away(
    pair: tuple[ListingMarket, InstrumentKind], day: date, price: int, side: Side
):
    table = tick_table(market=pair[0], kind=pair[1], day=day)

    found = nearest(table, price, side)

    assert table.is_valid(found)
    assert found <= price if side is Side.BUY else found >= price
    assert abs(found - price) < table.size(Won(price))
    if not table.is_valid(Won(price)):
        assert table.is_valid(table.next_down(Won(price)))
        assert table.is_valid(table.next_up(Won(price)))


@given(classes, days, st.sampled_from(EDGES))
def test_a_band_begins_on_both_grids(
    pair: tuple[ListingMarket, InstrumentKind], day: date, edge: int
):
    table = tick_table(market=pair[0], kind=pair[1], day=day)

    assert table.is_valid(Won(edge))
    assert table.next_up(table.next_down(Won(edge))) == edge
    assert edge % table.size(Won(edge - 1)) == 0


@given(classes, days, prices)
def test_prices_beyond_the_limits_lie_outside_the_width(
    pair: tuple[ListingMarket, InstrumentKind], day: date, base: int
):
    market, kind = pair
    limits = price_limits(Won(base), market=market, kind=kind, day=day)
    table = tick_table(market=market, kind=kind, day=day)
    is_wide = day >= date(2015, 6, 15) and market is not ListingMarket.KONEX
    width = base * (30 if is_wide else 15) // 100

    assert limits.upper <= base + max(width, table.size(Won(base)))
    assert limits.lower >= base - max(width, table.size(Won(base)))
    # No more than what the two roundings take: a tick of the base, and one at the limit.
    slack = table.size(Won(base)) + table.size(limits.upper)
    assert limits.upper > base + width - slack


@given(st.integers(100, 5_000_000), st.dates(date(2023, 6, 26), COVERED_TO))
def test_a_first_day_never_leaves_sixty_to_four_hundred_percent(offer: int, day: date):
    limits = price_limits(
        Won(offer),
        market=ListingMarket.KOSDAQ,
        kind=InstrumentKind.STOCK,
        day=day,
        stage=ListingStage.FIRST_DAY,
    )
    table = tick_table(market=ListingMarket.KOSDAQ, kind=InstrumentKind.STOCK, day=day)

    assert 60 * offer <= 100 * limits.lower
    assert limits.upper <= 4 * offer
    assert 100 * table.next_down(limits.lower) < 60 * offer
    assert table.next_up(limits.upper) > 4 * offer


def known(venue: Venue, day: date) -> bool:
    return venue is Venue.KRX or day >= NXT_FROM


@given(venues, days, times_of_day)
def test_sessions_partition_the_day(venue: Venue, day: date, time_of_day: int):
    assume(known(venue, day))
    now = Nanos(kst_midnight(day) + time_of_day)
    beside = TradingPhase.PRE_OPEN_CLOSE_PRICE

    phases = open_phases(venue, day, now)

    books = [phase for phase in phases if phase is not beside]
    assert len(books) <= 1
    assert phase_of(venue, day, now) is (phases[0] if phases else TradingPhase.CLOSED)
    assert not books or phase_of(venue, day, now) is books[0]


@given(venues, days)
def test_windows_lie_within_the_day_and_trade_within_themselves(venue: Venue, day: date):
    assume(known(venue, day))
    midnight = kst_midnight(day)

    windows = sessions_of(venue, day)

    assert bool(windows) == is_open(day)
    for window in windows:
        assert midnight < window.start < window.end < midnight + NANOS_PER_DAY
        assert window.start <= window.matching_start <= window.end
        assert window.phase in open_phases(venue, day, window.start)
        assert window.phase in open_phases(venue, day, Nanos(window.end - 1))
        assert window.phase not in open_phases(venue, day, window.end)


@given(days.filter(is_open), times_of_day)
def test_the_regular_session_is_part_of_the_day(day: date, time_of_day: int):
    now = Nanos(kst_midnight(day) + time_of_day)
    regular = krx_session(day).phase_at(now)

    if regular is not TradingPhase.CLOSED:
        assert phase_of(Venue.KRX, day, now) is regular


@given(venues, days, times_of_day, st.sampled_from(InstrumentKind))
def test_paper_takes_no_more_than_the_real_host(
    venue: Venue, day: date, time_of_day: int, instrument: InstrumentKind
):
    assume(known(venue, day))
    now = Nanos(kst_midnight(day) + time_of_day)

    real = kinds_at(venue=venue, day=day, now=now, instrument=instrument, is_paper=False)
    paper = kinds_at(venue=venue, day=day, now=now, instrument=instrument, is_paper=True)

    assert paper <= real
    assert OrderKind.OTHER not in real
    assert real == frozenset().union(
        *(
            kinds_allowed(venue=venue, phase=phase, day=day, instrument=instrument, is_paper=False)
            for phase in open_phases(venue, day, now)
        )
    )


@given(prices, st.integers(1, 30), st.integers(0, 2_000_000))
def test_an_interruption_is_symmetric_and_monotonic(reference: int, percent: int, distance: int):
    up = interrupts(Won(reference + distance), reference=Won(reference), percent=percent)
    down = interrupts(Won(reference - distance), reference=Won(reference), percent=percent)

    assert up == down
    if up:
        assert interrupts(Won(reference + distance + 1), reference=Won(reference), percent=percent)
