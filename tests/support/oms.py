"""An account driven by hand: inputs in, facts folded at once, as the OMS's shell does it."""

from datetime import date

from aipx.engine.account import Account
from aipx.engine.decide import decide
from aipx.engine.inputs import (
    Decision,
    Input,
    Inquired,
    NoticeGiven,
    Opened,
    OrderAnswered,
    Policy,
    WishGiven,
)
from aipx.engine.orders import Order
from aipx.engine.risk import MarketPicture, Quote, RiskLimits
from aipx.model.ids import (
    AccountId,
    BrokerOrderNumber,
    ClientOrderId,
    OrderId,
    Sequence,
    StrategyId,
    Symbol,
)
from aipx.model.instrument import Instrument, ListingMarket, PriceLimits, Shares, Venue, Won
from aipx.model.market import TradingPhase
from aipx.model.order import (
    AnyOrderFact,
    BrokerBalance,
    BrokerHolding,
    BrokerNotice,
    BrokerOrder,
    NoticeRequest,
    NoticeStage,
    OrderEvent,
    OrderKind,
    Side,
    SubmitOrder,
)
from aipx.model.outcome import Acceptance, Outcome, Refusal, UnknownOutcome
from aipx.model.time import NANOS_PER_SECOND, Nanos
from tests.support.market_facts import DAY, SAMSUNG, at

ACCOUNT = AccountId("12345678-01")
CASH = 100_000_000
LIMITS = RiskLimits(
    order_quantity_max=10_000,
    order_value_max=50_000_000,
    position_value_max=80_000_000,
    collar_bps=300,
    quote_age_ns_max=60 * NANOS_PER_SECOND,
    duplicate_window_ns=NANOS_PER_SECOND,
    open_orders_max=10,
)
POLICY = Policy(limits=LIMITS)
ACCEPTED_AT = "100001"
BROKER_TIME = at("10:00:01")


def wish(
    name: str = "w-1",
    *,
    side: Side = Side.BUY,
    quantity: int = 10,
    price: int = 80_000,
    kind: OrderKind = OrderKind.LIMIT,
    symbol: Symbol = SAMSUNG,
    strategy: str = "tests",
    venue: Venue = Venue.KRX,
) -> SubmitOrder:
    """Return a wish; a test names only what matters to it."""
    return SubmitOrder(
        client_order_id=ClientOrderId(name),
        strategy_id=StrategyId(strategy),
        symbol=symbol,
        side=side,
        kind=kind,
        quantity=Shares(quantity),
        price=Won(price if kind.is_priced else 0),
        venue=venue,
    )


def picture(
    *,
    day: date = DAY,
    phase: TradingPhase = TradingPhase.CONTINUOUS,
    ask: int = 80_100,
    bid: int = 80_000,
    quoted_at: Nanos | None = None,
    is_known: bool = True,
    is_halted: bool = False,
    has_quote: bool = True,
) -> MarketPicture:
    """Return the market of SAMSUNG: 80,000 bid, 80,100 asked, limits 56,000 to 104,000."""
    quote = Quote(
        ask_price=Won(ask),
        bid_price=Won(bid),
        at=at("10:00:00") if quoted_at is None else quoted_at,
    )
    limits = PriceLimits(base=Won(80_000), lower=Won(56_000), upper=Won(104_000))
    instrument = Instrument(symbol=SAMSUNG, name="삼성전자", market=ListingMarket.KOSPI)
    return MarketPicture(
        day=day,
        phase=phase,
        is_paper=False,
        instrument=instrument if is_known else None,
        limits=limits if is_known else None,
        is_halted=is_halted,
        quote=quote if has_quote else None,
    )


def balance(
    *, cash: int = CASH, holdings: dict[Symbol, int] | None = None, cost: int = 0
) -> BrokerBalance:
    """Return a balance whose three cash figures are equal."""
    return BrokerBalance(
        holdings=tuple(
            BrokerHolding(
                symbol=symbol, quantity=Shares(count), sellable=Shares(count), cost=Won(cost)
            )
            for symbol, count in (holdings or {}).items()
        ),
        cash_today=Won(cash),
        cash_next_day=Won(cash),
        cash_settled=Won(cash),
        bought_today=Won(0),
        sold_today=Won(0),
        costs_today=Won(0),
    )


def acceptance(number: str) -> Acceptance:
    """Return the broker's yes."""
    return Acceptance(
        number=BrokerOrderNumber(number),
        organisation="06010",
        order_time=ACCEPTED_AT,
        sent_monotonic_ns=1,
    )


REFUSAL = Refusal(code="APBK0952", message="주문가능금액을 초과 했습니다", sent_monotonic_ns=1)
NO_ANSWER = UnknownOutcome(reason="no answer in 10 s", sent_monotonic_ns=1)


def fill(
    number: str,
    quantity: int,
    price: int,
    *,
    second: int = 2,
    side: Side = Side.BUY,
    account: AccountId = ACCOUNT,
) -> BrokerNotice:
    """Return a fill notice; `second` tells equal ones apart."""
    return notice(
        number,
        stage=NoticeStage.FILLED,
        quantity=quantity,
        price=price,
        second=second,
        side=side,
        account=account,
    )


def notice(
    number: str,
    *,
    stage: NoticeStage,
    request: NoticeRequest = NoticeRequest.NEW,
    original: str = "",
    quantity: int = 10,
    price: int = 80_000,
    second: int = 2,
    side: Side = Side.BUY,
    rejected: bool = False,
    account: AccountId = ACCOUNT,
) -> BrokerNotice:
    """Return any notice."""
    moment = Nanos(at("10:00:00") + second * NANOS_PER_SECOND)
    return BrokerNotice(
        event_id="n",
        trace_id="n",
        receive_time=moment,
        exchange_time=moment,
        account=account,
        number=BrokerOrderNumber(number),
        original_number=BrokerOrderNumber(original),
        organisation="06010",
        side=side,
        request=request,
        stage=stage,
        symbol=SAMSUNG,
        quantity=Shares(quantity),
        price=Won(price),
        order_quantity=Shares(quantity),
        rejected=rejected,
        venue=Venue.KRX,
    )


def row(
    number: str,
    *,
    filled: int = 0,
    amount: int = 0,
    canceled: int = 0,
    rejected: int = 0,
    wished: SubmitOrder | None = None,
    order_time: str = ACCEPTED_AT,
    open_quantity: int | None = None,
    is_cancel: bool = False,
) -> BrokerOrder:
    """Return a row of the day's inquiry for a wish."""
    of = wished or wish()
    rest = of.quantity - filled - canceled - rejected
    return BrokerOrder(
        order_date=DAY,
        number=BrokerOrderNumber(number),
        original_number=BrokerOrderNumber(""),
        organisation="06010",
        side=of.side,
        kind=of.kind,
        symbol=of.symbol,
        quantity=of.quantity,
        price=of.price,
        order_time=order_time,
        filled_quantity=Shares(filled),
        filled_amount=Won(amount),
        canceled_quantity=Shares(canceled),
        rejected_quantity=Shares(rejected),
        open_quantity=Shares(rest if open_quantity is None else open_quantity),
        is_cancel=is_cancel,
        venue=of.venue,
    )


class Desk:
    """An opened account, and time that stands at ten o'clock unless a test moves it."""

    def __init__(
        self,
        *,
        cash: int = CASH,
        holdings: dict[Symbol, int] | None = None,
        policy: Policy = POLICY,
    ) -> None:
        self.account = Account(account=ACCOUNT)
        self.now = at("10:00:00")
        self.events: list[OrderEvent] = []
        self.policy = policy
        opening = balance(cash=cash, holdings=holdings)
        self.give(Opened(business_date=DAY, balance=opening, orders=()))

    def give(self, given: Input) -> Decision:
        """Decide and fold, as the shell does."""
        decision = decide(self.account, given, now=self.now, policy=self.policy)
        for fact in decision.facts:
            self.fold(fact)
        return decision

    def fold(self, fact: AnyOrderFact) -> None:
        """Fold one fact in."""
        event = OrderEvent(
            account=ACCOUNT,
            sequence=Sequence(self.account.sequence + 1),
            at=self.now,
            trace_id="",
            fact=fact,
        )
        self.account.apply(event)
        self.events.append(event)

    def submit(self, order: SubmitOrder | None = None, **market: object) -> Decision:
        """Give a wish."""
        return self.give(WishGiven(wish=order or wish(), market=picture(**market)))  # type: ignore[arg-type]

    def working(self, number: str = "0000000001", order: SubmitOrder | None = None) -> Order:
        """Have an order accepted under a number, and return it."""
        given = order or wish()
        self.submit(given)
        found = self.order(given.client_order_id)
        self.answer(found.order_id, acceptance(number))
        return found

    def answer(self, order_id: OrderId, outcome: Outcome) -> Decision:
        """Give the broker's answer to an order."""
        return self.give(OrderAnswered(order_id=order_id, outcome=outcome))

    def notify(self, given: BrokerNotice) -> Decision:
        """Give a notice."""
        return self.give(NoticeGiven(notice=given))

    def inquire(
        self,
        *rows: BrokerOrder,
        settled: tuple[OrderId, ...] = (),
        is_confirmed: bool = True,
        is_session_over: bool = False,
    ) -> Decision:
        """Give a listing."""
        return self.give(
            Inquired(
                orders=rows,
                started_sequence=self.account.sequence,
                settled=frozenset(settled),
                is_confirmed=is_confirmed,
                is_session_over=is_session_over,
            )
        )

    def order(self, name: str = "w-1") -> Order:
        """Return the order of a client order id."""
        return self.account.orders[self.account.content_by_client_id[ClientOrderId(name)][0]]
