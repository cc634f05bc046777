"""The order desk against a real exchange: rows, books and notices at every step."""

from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import NoticeRequest, NoticeStage, OrderKind, Side
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.simulator.accounts import BrokerAccount, costs_of
from aipx.simulator.checks import OrderTerms
from aipx.simulator.desk import Change, ChangeTerms, DeskNotice, OrderDesk
from aipx.simulator.exchange import (
    BookChanged,
    ExchangeRefusal,
    OrderRefusedByExchange,
    TradePrinted,
)
from aipx.simulator.orders import OrderLedger, OrderRow
from aipx.simulator.rest.envelope import Rejection
from aipx.simulator.settings import OpeningHolding
from tests.support import markets

OWNER = AccountId("12345678-01")
SYMBOL = markets.SYMBOL


class Broker:
    """A desk with one account, ten minutes into continuous trading."""

    def __init__(self, *, cash: int = 100_000_000, shares: int = 0) -> None:
        self.exchange = markets.exchange()
        self.notices: list[DeskNotice] = []
        holdings = [OpeningHolding(symbol=SYMBOL, quantity=Shares(shares), cost=Won(shares * 100))]
        listing = self.exchange.listing(SYMBOL)
        day = self.exchange.session.day
        self.account = BrokerAccount(
            cash=Won(cash), holdings=holdings if shares else [], next_day=day, settlement_day=day
        )
        self.desk = OrderDesk(
            is_paper=False,
            exchange=self.exchange,
            accounts={OWNER: self.account},
            listings={SYMBOL: listing},
            costs={SYMBOL: costs_of(listing.instrument, day)},
            ledger=OrderLedger(number_base=1),
            on_notice=self.notices.append,
            on_events=self.process,
        )
        self.now = Nanos(self.exchange.session.open + 10 * NANOS_PER_MINUTE)
        self.process(self.exchange.advance(self.now))

    def process(self, events) -> None:
        for event in events:
            if not isinstance(event, TradePrinted | BookChanged):
                self.desk.take(event)

    def run_to(self, at: int) -> None:
        self.now = Nanos(at)
        self.process(self.exchange.advance(self.now))

    @property
    def ask(self) -> int:
        return self.exchange.book(SYMBOL).ask_prices[0]

    @property
    def bid(self) -> int:
        return self.exchange.book(SYMBOL).bid_prices[0]

    def place(self, side=Side.BUY, quantity=10, price=0, kind=OrderKind.LIMIT):
        terms = OrderTerms(
            symbol=Symbol(SYMBOL),
            side=side,
            kind=kind,
            quantity=Shares(quantity),
            price=Won(price),
        )
        return self.desk.place(OWNER, terms, self.now)

    def change(self, row: OrderRow, change: Change, *, quantity=None, price=0):
        terms = ChangeTerms(
            change=change,
            number=row.number,
            quantity=quantity,
            kind=OrderKind.LIMIT,
            price=Won(price),
        )
        return self.desk.change(OWNER, terms, self.now)

    def told(self) -> list[tuple[str, str, int]]:
        return [
            (notice.row.request.value, notice.stage.value, notice.quantity)
            for notice in self.notices
        ]


def test_order_that_crosses_is_accepted_then_filled():
    broker = Broker()

    row = broker.place(price=broker.ask)

    assert broker.told() == [("NEW", "RECEIVED", 10), ("NEW", "FILLED", 10)]
    assert row.state == "FILLED"
    assert broker.account.holding(SYMBOL).quantity == 10


def test_order_below_the_market_rests_and_claims_cash():
    broker = Broker()
    price = broker.exchange.listing(SYMBOL).limits.lower

    row = broker.place(price=price)

    assert row.state == "OPEN"
    assert broker.account.orderable_cash < 100_000_000 - 10 * price


def test_cancel_gets_a_number_of_its_own_and_two_notices():
    broker = Broker()
    row = broker.place(price=broker.exchange.listing(SYMBOL).limits.lower)

    cancel = broker.change(row, Change.CANCEL)

    assert (cancel.number, cancel.original_number) == ("0000000002", row.number)
    assert broker.told()[1:] == [("CANCEL", "RECEIVED", 10), ("CANCEL", "CONFIRMED", 10)]
    assert row.state == "CANCELED"
    assert broker.account.orderable_cash == 100_000_000


def test_part_of_an_order_can_be_canceled():
    broker = Broker()
    row = broker.place(price=broker.exchange.listing(SYMBOL).limits.lower)

    broker.change(row, Change.CANCEL, quantity=Shares(4))

    assert (row.open_quantity, row.canceled_quantity, row.state) == (6, 4, "OPEN")


def test_filled_order_can_not_be_canceled():
    broker = Broker()
    row = broker.place(price=broker.ask)

    answer = broker.change(row, Change.CANCEL)

    assert isinstance(answer, Rejection)
    assert answer.code == "IGW00022"


def test_modify_moves_the_remainder_to_a_new_number_at_a_new_price():
    broker = Broker()
    lower = broker.exchange.listing(SYMBOL).limits.lower
    row = broker.place(price=lower)

    modified = broker.change(row, Change.MODIFY, price=lower + 100)

    assert (row.open_quantity, row.canceled_quantity) == (0, 10)
    assert (modified.open_quantity, modified.price) == (10, lower + 100)
    assert modified.request is NoticeRequest.MODIFY
    assert broker.told()[1:] == [("MODIFY", "RECEIVED", 10), ("MODIFY", "CONFIRMED", 10)]


def test_modify_into_the_market_is_filled_under_the_new_number():
    broker = Broker()
    row = broker.place(price=broker.exchange.listing(SYMBOL).limits.lower)

    modified = broker.change(row, Change.MODIFY, price=broker.ask)

    assert (modified.filled_quantity, row.filled_quantity) == (10, 0)


def test_partial_modify_splits_the_order():
    broker = Broker()
    lower = broker.exchange.listing(SYMBOL).limits.lower
    row = broker.place(price=lower)

    modified = broker.change(row, Change.MODIFY, quantity=Shares(3), price=lower + 100)

    assert (row.open_quantity, modified.open_quantity) == (7, 3)


def test_modify_beyond_the_cash_is_refused_and_changes_nothing():
    broker = Broker(cash=600_000)
    row = broker.place(price=50_000)
    assert isinstance(row, OrderRow)

    answer = broker.change(row, Change.MODIFY, price=70_000)

    assert isinstance(answer, Rejection)
    assert answer.code == "APBK0952"
    assert row.open_quantity == 10


def test_buy_beyond_the_cash_is_refused_with_result_7():
    answer = Broker(cash=100_000).place(price=70_000)

    assert isinstance(answer, Rejection)
    assert (answer.code, answer.result) == ("APBK0952", "7")


def test_market_buy_needs_cash_at_the_upper_limit():
    broker = Broker(cash=10 * 71_000)

    answer = broker.place(kind=OrderKind.MARKET)

    assert isinstance(answer, Rejection)


def test_sale_beyond_the_holding_is_refused():
    broker = Broker(shares=5)
    broker.place(Side.SELL, 3, broker.exchange.listing(SYMBOL).limits.upper)

    answer = broker.place(Side.SELL, 3, broker.bid)

    assert isinstance(answer, Rejection)
    assert answer.code == "APBK0400"


def test_remainder_of_an_ioc_order_lapses_with_a_notice():
    broker = Broker(cash=100_000_000_000)
    size = sum(broker.exchange.book(SYMBOL).ask_sizes[:1]) + 5

    row = broker.place(price=broker.ask, quantity=size, kind=OrderKind.LIMIT_IOC)

    assert (row.canceled_quantity, row.open_quantity) == (5, 0)
    assert broker.notices[-1].stage is NoticeStage.LAPSED
    assert broker.notices[-1].quantity == 5


def test_session_end_expires_an_order_without_a_notice():
    broker = Broker()
    row = broker.place(price=broker.exchange.listing(SYMBOL).limits.lower)
    told = len(broker.notices)

    broker.run_to(broker.exchange.session.close + NANOS_PER_MINUTE)

    assert row.state == "EXPIRED"
    assert len(broker.notices) == told
    assert broker.account.orderable_cash == 100_000_000


def test_order_that_the_exchange_refuses_is_told_as_rejected():
    broker = Broker()
    row = broker.place(price=broker.exchange.listing(SYMBOL).limits.lower)

    broker.desk.take(
        OrderRefusedByExchange(
            at=broker.now,
            key=int(row.number),
            symbol=SYMBOL,
            reason=ExchangeRefusal.CLOSED,
            text="",
        )
    )

    assert row.state == "REJECTED"
    assert broker.notices[-1].is_rejected
    assert broker.account.orderable_cash == 100_000_000
