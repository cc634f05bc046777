"""Fees and sell-side taxes as exact ratios; amounts are computed by those who book them.

Engine and simulator each multiply and round for themselves, so that one proves the other.
"""

from datetime import date, timedelta
from functools import lru_cache

import msgspec

from aipx.model.instrument import InstrumentKind, ListingMarket, Venue
from aipx.rules.dated import COVERED_FROM, COVERED_TO, Confidence, check_covered, row_of
from aipx.rules.sessions import NXT_FROM

_RATES_MAX = 1_024
"""Cached commissions; a year's days of two kinds and venues fit."""

_TEN_MILLION = 10_000_000
_DAY = timedelta(days=1)


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an amount, exactly `numerator / denominator`."""

    numerator: int
    denominator: int


class SellTax(msgspec.Struct, frozen=True, kw_only=True):
    """The two taxes on a sale, each on the gross amount."""

    securities: Rate
    rural: Rate


class TaxRow(msgspec.Struct, frozen=True, kw_only=True):
    """Dated tax of one market, in hundred-thousandths of the amount sold (100 is 0.1 %)."""

    since: date
    to: date
    market: ListingMarket
    securities_per_100k: int
    rural_per_100k: int
    source: str
    confidence: Confidence


_PRESS_2019 = "press on the cut of 2019-06-03 and the rates before it"
_SECOND_HAND = "open-source rulebook that calls its rows second-hand; not read in law"
_DECREE_2026 = "several articles on the decree amended at the end of 2025; law not read"
_KONEX_NOTE = "KONEX kept 0.1 % since 2019-06-03; the row before it is from the press"


def _rows(
    market: ListingMarket, steps: tuple[tuple[date, int, int, str], ...]
) -> tuple[TaxRow, ...]:
    """Turn (since, securities, rural, source) steps into rows that end where the next begins."""
    ends = [since - _DAY for since, *_ in steps[1:]] + [COVERED_TO]
    return tuple(
        TaxRow(
            since=since,
            to=to,
            market=market,
            securities_per_100k=securities,
            rural_per_100k=rural,
            source=source,
            confidence=Confidence.REPORTED,
        )
        for (since, securities, rural, source), to in zip(steps, ends, strict=True)
    )


TAX_ROWS = (
    *_rows(
        ListingMarket.KOSPI,
        (
            (COVERED_FROM, 150, 150, _PRESS_2019),
            (date(2019, 6, 3), 100, 150, _SECOND_HAND),
            (date(2021, 1, 1), 80, 150, _SECOND_HAND),
            (date(2023, 1, 1), 50, 150, _SECOND_HAND),
            (date(2024, 1, 1), 30, 150, _SECOND_HAND),
            (date(2025, 1, 1), 0, 150, _SECOND_HAND),
            (date(2026, 1, 1), 50, 150, _DECREE_2026),
        ),
    ),
    *_rows(
        ListingMarket.KOSDAQ,
        (
            (COVERED_FROM, 300, 0, _PRESS_2019),
            (date(2019, 6, 3), 250, 0, _SECOND_HAND),
            (date(2021, 1, 1), 230, 0, _SECOND_HAND),
            (date(2023, 1, 1), 200, 0, _SECOND_HAND),
            (date(2024, 1, 1), 180, 0, _SECOND_HAND),
            (date(2025, 1, 1), 150, 0, _SECOND_HAND),
            (date(2026, 1, 1), 200, 0, _DECREE_2026),
        ),
    ),
    *_rows(
        ListingMarket.KONEX,
        (
            (date(2013, 7, 1), 300, 0, _KONEX_NOTE),
            (date(2019, 6, 3), 100, 0, _KONEX_NOTE),
        ),
    ),
)

_NO_TAX = SellTax(
    securities=Rate(numerator=0, denominator=_TEN_MILLION),
    rural=Rate(numerator=0, denominator=_TEN_MILLION),
)


class CommissionRow(msgspec.Struct, frozen=True, kw_only=True):
    """The broker's fee on either side of a trade, in billionths of its amount."""

    since: date
    to: date
    venues: frozenset[Venue]
    instruments: frozenset[InstrumentKind]
    per_billion: int
    source: str
    confidence: Confidence


_TARIFF_FROM = date(2026, 1, 1)
_TARIFF = "KIS's online tariff of 2026"
_BEFORE = "the tariff of 2026, so that a backtest pays today's fee"
_OTHER_VENUES = (
    "KIS's fee on NXT is a little lower, but its digits are not known: KRX's is the most it can be"
)
_STOCKS = frozenset({InstrumentKind.STOCK})
_FUNDS = frozenset({InstrumentKind.ETF, InstrumentKind.ETN})
_KRX = frozenset({Venue.KRX})


def _tariff(instruments: frozenset[InstrumentKind], per_billion: int) -> tuple[CommissionRow, ...]:
    def row(
        since: date, to: date, venues: frozenset[Venue], source: str, confidence: Confidence
    ) -> CommissionRow:
        return CommissionRow(
            since=since,
            to=to,
            venues=venues,
            instruments=instruments,
            per_billion=per_billion,
            source=source,
            confidence=confidence,
        )

    others = frozenset({Venue.NXT, Venue.SOR})
    return (
        row(_TARIFF_FROM, COVERED_TO, _KRX, _TARIFF, Confidence.REPORTED),
        row(COVERED_FROM, _TARIFF_FROM - _DAY, _KRX, _BEFORE, Confidence.ASSUMED),
        row(NXT_FROM, COVERED_TO, others, _OTHER_VENUES, Confidence.ASSUMED),
    )


COMMISSION_ROWS = (*_tariff(_STOCKS, 140_527), *_tariff(_FUNDS, 146_527))


def sell_tax(*, market: ListingMarket, kind: InstrumentKind, day: date) -> SellTax:
    """Return the taxes on a sale of that day; nothing on funds.

    Raises:
        InputError: the rulebook has no row.
    """
    if kind is not InstrumentKind.STOCK:
        check_covered(day)
        return _NO_TAX
    rows = [row for row in TAX_ROWS if row.market is market]
    row = row_of(rows, day, subject=f"sell tax of {market.value}")
    return SellTax(
        securities=Rate(numerator=row.securities_per_100k * 100, denominator=_TEN_MILLION),
        rural=Rate(numerator=row.rural_per_100k * 100, denominator=_TEN_MILLION),
    )


def commission(*, kind: InstrumentKind, day: date, venue: Venue = Venue.KRX) -> Rate:
    """Return the broker's fee on either side of a trade of that day.

    A smart-routed order pays the fee of the venue where it trades; asked for SOR, the answer is
    the most that it can be.

    Raises:
        InputError: the rulebook does not cover the day, or the venue was not there.
    """
    return _commission(kind, day, venue)


@lru_cache(maxsize=_RATES_MAX)
def _commission(kind: InstrumentKind, day: date, venue: Venue) -> Rate:
    rows = [row for row in COMMISSION_ROWS if venue in row.venues and kind in row.instruments]
    row = row_of(rows, day, subject=f"commission on {venue.value}")
    return Rate(numerator=row.per_billion, denominator=1_000_000_000)
