"""The broker's own books, won for won, by hand-reckoned examples."""

from datetime import date

from aipx.model.ids import BrokerOrderNumber, Symbol
from aipx.model.instrument import Instrument, InstrumentKind, ListingMarket, Shares, Won
from aipx.model.order import Side
from aipx.simulator.accounts import BrokerAccount, buy_claim, buy_quantity_max, costs_of
from aipx.simulator.settings import OpeningHolding

SAMSUNG = Symbol("005930")
DAY = date(2021, 12, 29)
COSTS = costs_of(
    Instrument(symbol=SAMSUNG, name="", market=ListingMarket.KOSPI), DAY
)  # 0.0140527 %; sale 0.08 % + 0.15 %
BUY = BrokerOrderNumber("0000000001")
SELL = BrokerOrderNumber("0000000002")


def account(cash: int = 10_000_000, *holdings: OpeningHolding) -> BrokerAccount:
    return BrokerAccount(
        cash=Won(cash),
        holdings=holdings,
        next_day=date(2021, 12, 30),
        settlement_day=date(2022, 1, 3),
    )


def claim(of: BrokerAccount, number: BrokerOrderNumber, side: Side, price: int, quantity: int):
    of.claim(
        number,
        symbol=SAMSUNG,
        side=side,
        worst_price=Won(price),
        quantity=Shares(quantity),
        costs=COSTS,
    )


def test_buy_costs_its_amount_and_the_fee_cut_to_won():
    books = account()
    claim(books, BUY, Side.BUY, 80_000, 10)

    booked = books.fill(BUY, quantity=Shares(10), price=Won(79_500))

    # 795,000 x 0.000140527 = 111.7
    assert (booked.amount, booked.fee, booked.tax) == (795_000, 111, 0)
    assert books.cash_settled == 10_000_000 - 795_000 - 111


def test_sale_pays_fee_and_two_taxes_each_cut_to_won():
    books = account(0, OpeningHolding(symbol=SAMSUNG, quantity=Shares(10), cost=Won(700_000)))
    claim(books, SELL, Side.SELL, 79_500, 7)

    booked = books.fill(SELL, quantity=Shares(7), price=Won(79_501))

    # 556,507: fee 78.2; securities tax 445.2056; rural tax 834.7605
    assert (booked.fee, booked.tax) == (78, 445 + 834)
    assert books.cash_settled == 556_507 - 78 - 445 - 834


def test_costs_do_not_depend_on_how_an_order_is_filled():
    whole, split = account(), account()
    claim(whole, BUY, Side.BUY, 80_000, 10)
    claim(split, BUY, Side.BUY, 80_000, 10)

    whole.fill(BUY, quantity=Shares(10), price=Won(79_500))
    for quantity in (1, 3, 1, 5):
        split.fill(BUY, quantity=Shares(quantity), price=Won(79_500))

    assert split.fees == whole.fees == 111
    assert split.cash_settled == whole.cash_settled


def test_cash_moves_on_the_settlement_day_only():
    books = account()
    claim(books, BUY, Side.BUY, 80_000, 10)
    books.fill(BUY, quantity=Shares(10), price=Won(80_000))

    assert books.opening_cash == books.cash_next_day == 10_000_000
    assert books.cash_settled == 10_000_000 - 800_000 - 112


def test_open_buy_claims_price_and_fee_and_gives_them_back():
    books = account()
    claim(books, BUY, Side.BUY, 80_000, 10)

    assert books.orderable_cash == 10_000_000 - 800_000 - 112

    books.release(BUY, Shares(10))

    assert books.orderable_cash == 10_000_000


def test_fill_below_the_limit_frees_the_difference():
    books = account()
    claim(books, BUY, Side.BUY, 80_000, 10)

    books.fill(BUY, quantity=Shares(4), price=Won(79_000))

    # 316,000 paid and fee 44; six more at 80,000 with the fee on 796,000 in all, 111 less 44
    assert books.orderable_cash == 10_000_000 - 316_000 - 44 - 480_000 - 67


def test_proceeds_of_a_sale_can_be_used_the_same_day():
    books = account(0, OpeningHolding(symbol=SAMSUNG, quantity=Shares(10), cost=Won(700_000)))
    claim(books, SELL, Side.SELL, 80_000, 10)

    books.fill(SELL, quantity=Shares(10), price=Won(80_000))

    assert books.orderable_cash == 800_000 - 112 - 640 - 1_200


def test_open_sale_locks_shares():
    books = account(0, OpeningHolding(symbol=SAMSUNG, quantity=Shares(10), cost=Won(700_000)))
    claim(books, SELL, Side.SELL, 80_000, 7)

    assert books.holding(SAMSUNG).sellable == 3

    books.fill(SELL, quantity=Shares(2), price=Won(80_000))
    books.release(SELL, Shares(5))

    assert books.holding(SAMSUNG).sellable == books.holding(SAMSUNG).quantity == 8


def test_cost_of_what_is_held_falls_by_the_average_and_ends_at_zero():
    books = account(0, OpeningHolding(symbol=SAMSUNG, quantity=Shares(3), cost=Won(100)))
    claim(books, SELL, Side.SELL, 80_000, 3)

    books.fill(SELL, quantity=Shares(1), price=Won(80_000))
    after_one = books.holding(SAMSUNG).cost
    books.fill(SELL, quantity=Shares(2), price=Won(80_000))

    assert (after_one, books.holding(SAMSUNG).cost) == (67, 0)


def test_symbol_sold_out_today_stays_on_the_list_with_none():
    books = account(0, OpeningHolding(symbol=SAMSUNG, quantity=Shares(1), cost=Won(100)))
    claim(books, SELL, Side.SELL, 80_000, 1)
    books.fill(SELL, quantity=Shares(1), price=Won(80_000))

    (held,) = books.holdings

    assert (held.quantity, held.sold_today) == (0, 1)


def test_fund_pays_no_tax():
    fund = Instrument(
        symbol=Symbol("069500"), name="", market=ListingMarket.KOSPI, kind=InstrumentKind.ETF
    )

    assert [rate.numerator for rate in costs_of(fund, DAY).sell_taxes] == [0, 0]


def test_quantity_that_cash_buys_is_the_largest_whose_claim_fits():
    for cash in (0, 79_999, 80_011, 80_012, 1_000_000, 9_999_999):
        quantity = buy_quantity_max(Won(cash), Won(80_000), COSTS)

        assert buy_claim(quantity, Won(80_000), COSTS) <= cash or quantity == 0
        assert buy_claim(Shares(quantity + 1), Won(80_000), COSTS) > cash


def test_release_of_a_part_frees_what_it_said_it_would():
    books = account()
    claim(books, BUY, Side.BUY, 80_000, 10)
    before = books.orderable_cash

    freed = books.freed_by(BUY, Shares(4))
    books.release(BUY, Shares(4))

    assert books.orderable_cash == before + freed
