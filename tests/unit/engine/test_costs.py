from datetime import date

from aipx.engine.costs import buying_cost_max, costs_of
from aipx.model.instrument import InstrumentKind, ListingMarket, Won
from aipx.model.order import Side

DAY = date(2021, 12, 29)


def test_buy_pays_the_fee_cut_to_whole_won_and_no_tax():
    costs = costs_of(
        Won(1_000_000),
        side=Side.BUY,
        market=ListingMarket.KOSPI,
        kind=InstrumentKind.STOCK,
        day=DAY,
    )

    # 0.0140527 % of a million is 140.527 won.
    assert (costs.fee, costs.tax) == (140, 0)


def test_sell_on_kospi_pays_both_taxes_each_cut_to_whole_won():
    costs = costs_of(
        Won(1_234_567),
        side=Side.SELL,
        market=ListingMarket.KOSPI,
        kind=InstrumentKind.STOCK,
        day=DAY,
    )

    # 2021: 0.08 % is 987.65 won, 0.15 % is 1,851.85 won.
    assert costs.tax == 987 + 1_851


def test_sell_of_a_fund_pays_no_tax():
    costs = costs_of(
        Won(1_234_567),
        side=Side.SELL,
        market=ListingMarket.KOSPI,
        kind=InstrumentKind.ETF,
        day=DAY,
    )

    assert costs.tax == 0


def test_buying_cost_is_never_less_than_amount_and_fee():
    for amount in (1, 999, 7_116, 1_000_000, 123_456_789):
        fee = costs_of(
            Won(amount),
            side=Side.BUY,
            market=ListingMarket.KOSPI,
            kind=InstrumentKind.STOCK,
            day=DAY,
        ).fee

        assert buying_cost_max(Won(amount), kind=InstrumentKind.STOCK, day=DAY) >= amount + fee
