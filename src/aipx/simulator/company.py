"""What the quote inquiries tell of a company beside its market: invented, consistent, repeatable.

Earnings, book value, foreign holdings and sector are drawn by symbol alone, so that a company is
the same in every run. Only the number of listed shares is real where the built-in master has it.
"""

from datetime import date
from random import Random

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Instrument, Shares, Won
from aipx.model.time import kst_yyyymmdd

PAR_VALUES = (100, 500, 1_000, 5_000)
_SECTORS = ("전기·전자", "운송장비·부품", "IT 서비스", "화학", "금융", "유통", "제약", "기계·장비")
_LISTED_BETWEEN = (date(1976, 1, 1).toordinal(), date(2010, 1, 1).toordinal())
_LISTED_SHARES = (10_000_000, 400_000_000)


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """One issuer. Ratios are in hundredths of a percent."""

    sector: str
    isin: str
    par: Won
    listed_shares: Shares
    eps: Won
    bps: Won
    foreign_ratio: int
    loan_ratio: int
    listed_on: str

    @property
    def capital(self) -> int:
        """Paid-in capital in won."""
        return self.par * self.listed_shares

    @property
    def foreign_shares(self) -> int:
        """Shares that foreigners hold."""
        return self.listed_shares * self.foreign_ratio // 10_000


def shares_drawn(symbol: Symbol) -> Shares:
    """Return a plausible number of listed shares where none is known."""
    random = Random(f"company/{symbol}/shares")  # noqa: S311 - repeatable on purpose
    return Shares(random.randrange(*_LISTED_SHARES) // 1_000 * 1_000)


def company_of(instrument: Instrument, base: Won, listed_shares: Shares) -> Company:
    """Return the company behind a listing whose day began at `base`."""
    random = Random(f"company/{instrument.symbol}")  # noqa: S311 - as above
    par = Won(random.choice(PAR_VALUES))
    price_to_earnings, price_to_book = random.uniform(6, 25), random.uniform(0.6, 3.0)
    return Company(
        sector=random.choice(_SECTORS),
        isin=f"KR7{instrument.symbol}{random.randrange(1_000):03d}",
        par=par,
        listed_shares=listed_shares or shares_drawn(instrument.symbol),
        eps=Won(max(int(base / price_to_earnings), 1)),
        bps=Won(max(int(base / price_to_book), 1)),
        foreign_ratio=random.randrange(300, 6_000),
        loan_ratio=random.randrange(1, 120),
        listed_on=kst_yyyymmdd(date.fromordinal(random.randrange(*_LISTED_BETWEEN))),
    )
