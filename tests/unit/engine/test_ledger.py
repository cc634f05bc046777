from aipx.engine.ledger import Ledger
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import BrokerHolding, Side

S = Symbol("005930")


def opened(cash: int = 1_000_000, quantity: int = 0, cost: int = 0) -> Ledger:
    ledger = Ledger()
    held = BrokerHolding(
        symbol=S, quantity=Shares(quantity), sellable=Shares(quantity), cost=Won(cost)
    )
    ledger.open(Won(cash), (held,))
    return ledger


def test_buy_turns_cash_into_shares_at_cost():
    ledger = opened()

    ledger.trade(S, Side.BUY, Shares(10), Won(800_000))

    assert (ledger.cash, ledger.quantity(S), ledger.holdings[S].cost) == (200_000, 10, 800_000)


def test_sale_of_a_part_takes_its_share_of_the_cost_and_books_the_rest_as_profit():
    ledger = opened(quantity=10, cost=1_000)

    ledger.trade(S, Side.SELL, Shares(3), Won(450))

    assert ledger.holdings[S].cost == 700
    assert ledger.holdings[S].realised_profit == 150


def test_position_sold_out_leaves_no_cost_whatever_the_rounding():
    ledger = opened(quantity=3, cost=100)

    for _ in range(3):
        ledger.trade(S, Side.SELL, Shares(1), Won(40))

    assert (ledger.holdings[S].quantity, ledger.holdings[S].cost) == (0, 0)
    assert ledger.holdings[S].realised_profit == 20


def test_more_sold_than_held_shows_as_a_negative_holding():
    ledger = opened(quantity=1, cost=100)

    ledger.trade(S, Side.SELL, Shares(2), Won(300))

    assert ledger.quantity(S) == -1


def test_amended_amount_moves_cash_but_no_shares():
    ledger = opened()
    ledger.trade(S, Side.BUY, Shares(10), Won(800_000))

    ledger.amend(S, Side.BUY, Won(-1_000))

    assert (ledger.cash, ledger.holdings[S].cost, ledger.quantity(S)) == (201_000, 799_000, 10)


def test_amended_sale_is_profit():
    ledger = opened(quantity=10, cost=1_000)
    ledger.trade(S, Side.SELL, Shares(10), Won(1_500))

    ledger.amend(S, Side.SELL, Won(5))

    assert ledger.holdings[S].realised_profit == 505
    assert ledger.sold == 1_505


def test_costs_leave_the_cash_and_are_counted():
    ledger = opened()

    ledger.pay(fee=Won(14), tax=Won(200))

    assert (ledger.cash, ledger.fees, ledger.taxes) == (999_786, 14, 200)


def test_positions_come_in_the_order_of_their_symbols():
    ledger = opened(quantity=1, cost=5)
    ledger.trade(Symbol("000660"), Side.BUY, Shares(2), Won(10))

    assert [position.symbol for position in ledger.positions()] == ["000660", "005930"]
