"""Rates of fees and taxes."""

from datetime import date
from fractions import Fraction

import pytest

from aipx.errors import InputError
from aipx.model.instrument import InstrumentKind, ListingMarket, Venue
from aipx.rules.costs import Rate, commission, sell_tax
from tests.support.tables import shared_rows

STOCK = InstrumentKind.STOCK


def _fraction(rate: Rate) -> Fraction:
    return Fraction(rate.numerator, rate.denominator)


@pytest.mark.parametrize(
    ("market", "day", "securities", "rural"),
    [
        (ListingMarket.KOSPI, date(2019, 5, 31), "0.0015", "0.0015"),
        (ListingMarket.KOSPI, date(2019, 6, 3), "0.0010", "0.0015"),
        (ListingMarket.KOSPI, date(2021, 12, 29), "0.0008", "0.0015"),
        (ListingMarket.KOSPI, date(2025, 6, 2), "0", "0.0015"),
        (ListingMarket.KOSPI, date(2026, 1, 2), "0.0005", "0.0015"),
        (ListingMarket.KOSDAQ, date(2019, 5, 31), "0.0030", "0"),
        (ListingMarket.KOSDAQ, date(2026, 1, 2), "0.0020", "0"),
        (ListingMarket.KONEX, date(2026, 1, 2), "0.0010", "0"),
    ],
)
def test_sell_tax_is_exact_by_market_and_day(
    market: ListingMarket, day: date, securities: str, rural: str
):
    tax = sell_tax(market=market, kind=STOCK, day=day)

    assert _fraction(tax.securities) == Fraction(securities)
    assert _fraction(tax.rural) == Fraction(rural)


@pytest.mark.parametrize("kind", [InstrumentKind.ETF, InstrumentKind.ETN])
def test_funds_pay_no_sell_tax(kind: InstrumentKind):
    tax = sell_tax(market=ListingMarket.KOSPI, kind=kind, day=date(2021, 12, 29))

    assert tax.securities.numerator == 0
    assert tax.rural.numerator == 0


def test_konex_before_its_first_day_is_refused():
    with pytest.raises(InputError, match="sell tax of KONEX on 2013-06-28"):
        sell_tax(market=ListingMarket.KONEX, kind=STOCK, day=date(2013, 6, 28))


def test_a_fund_outside_the_rulebook_is_refused_too():
    with pytest.raises(InputError, match="the rulebook covers"):
        sell_tax(market=ListingMarket.KOSPI, kind=InstrumentKind.ETF, day=date(2009, 1, 5))


@pytest.mark.parametrize(
    ("kind", "rate"),
    [
        (STOCK, "0.000140527"),
        (InstrumentKind.ETF, "0.000146527"),
        (InstrumentKind.ETN, "0.000146527"),
    ],
)
def test_commission_is_exact_by_kind(kind: InstrumentKind, rate: str):
    assert _fraction(commission(kind=kind, day=date(2021, 12, 29))) == Fraction(rate)


def test_other_venues_cost_at_most_what_krx_does_from_their_first_day_on():
    for venue in (Venue.NXT, Venue.SOR):
        rate = commission(kind=STOCK, day=date(2025, 3, 4), venue=venue)
        assert _fraction(rate) == Fraction("0.000140527")
    with pytest.raises(InputError, match="commission on NXT on 2025-02-28"):
        commission(kind=STOCK, day=date(2025, 2, 28), venue=Venue.NXT)


def test_commission_of_an_unknown_day_is_refused():
    with pytest.raises(InputError, match="the rulebook covers"):
        commission(kind=STOCK, day=date(2027, 1, 4))


def test_rates_equal_the_reference_table():
    rows = shared_rows("data/krx_reference/krx_sell_tax.csv")

    assert len(rows) == 6
    for row in rows:
        day = date.fromisoformat(row["effective_from"])
        kospi = sell_tax(market=ListingMarket.KOSPI, kind=STOCK, day=day)
        kosdaq = sell_tax(market=ListingMarket.KOSDAQ, kind=STOCK, day=day)
        assert _fraction(kospi.securities) == Fraction(row["kospi_securities_tax"])
        assert _fraction(kospi.rural) == Fraction(row["kospi_rural_special_tax"])
        assert _fraction(kosdaq.securities) == Fraction(row["kosdaq_securities_tax"])
