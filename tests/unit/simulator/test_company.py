"""An invented company is the same in every run."""

from aipx.model.instrument import Shares, Won
from aipx.simulator.company import PAR_VALUES, company_of, shares_drawn
from tests.support import markets


def test_company_is_a_function_of_its_symbol():
    first = company_of(markets.SAMSUNG, Won(70_000), Shares(0))
    again = company_of(markets.SAMSUNG, Won(70_000), Shares(0))

    assert first == again
    assert first.par in PAR_VALUES
    assert first.listed_shares == shares_drawn(markets.SAMSUNG.symbol) > 0


def test_capital_and_foreign_holdings_follow_from_the_shares():
    company = company_of(markets.SAMSUNG, Won(70_000), Shares(1_000_000))

    assert company.capital == company.par * 1_000_000
    assert company.foreign_shares == 100 * company.foreign_ratio
