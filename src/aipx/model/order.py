"""Orders: what is wished for, which states it can have, and the facts about it.

wish (`SubmitOrder`, `CancelOrder`) → OMS → facts (`OrderEvent`). The broker's own words about an
order are `BrokerNotice` (pushed) and `BrokerOrder` (inquired).
"""

from datetime import date
from enum import Enum

import msgspec

from aipx.model.ids import (
    AccountId,
    BrokerOrderNumber,
    ClientOrderId,
    OrderId,
    Sequence,
    StrategyId,
    Symbol,
)
from aipx.model.instrument import InstrumentKind, ListingMarket, Shares, Venue, Won
from aipx.model.time import Nanos


class Side(Enum):
    """Buy or sell; a sell beyond the holding is never an order here (no short selling)."""

    BUY = "BUY"
    SELL = "SELL"


class OrderKind(Enum):
    """How an order is priced and how long it stands; KIS's codes are in wire/kis/codes.py."""

    LIMIT = "LIMIT"
    MARKET = "MARKET"
    CONDITIONAL = "CONDITIONAL"
    """Limit in the session; what is left becomes a market order in the closing auction."""
    BEST = "BEST"
    """Limit at the opposite side's best price on arrival."""
    PRIORITY = "PRIORITY"
    """Limit at the own side's best price on arrival."""
    PRE_OPEN_CLOSE_PRICE = "PRE_OPEN_CLOSE_PRICE"
    """At the previous close, before the open."""
    AFTER_CLOSE_PRICE = "AFTER_CLOSE_PRICE"
    """At today's close, after it."""
    OVERTIME_SINGLE_PRICE = "OVERTIME_SINGLE_PRICE"
    """Limit in the overtime auctions that KRX abolished on 2026-09-14."""
    LIMIT_IOC = "LIMIT_IOC"
    LIMIT_FOK = "LIMIT_FOK"
    MARKET_IOC = "MARKET_IOC"
    MARKET_FOK = "MARKET_FOK"
    BEST_IOC = "BEST_IOC"
    BEST_FOK = "BEST_FOK"
    MID = "MID"
    """Halfway between the best bid and ask, off the tick grid where that is half a tick."""
    MID_IOC = "MID_IOC"
    MID_FOK = "MID_FOK"
    STOP_LIMIT = "STOP_LIMIT"
    """A limit order that waits until a trade touches its trigger price."""
    GTP_LIMIT = "GTP_LIMIT"
    """GTP kinds are NXT's for its pre-market, and die with it."""
    GTP_BEST = "GTP_BEST"
    GTP_PRIORITY = "GTP_PRIORITY"
    AFTER_LIMIT = "AFTER_LIMIT"
    """AFTER kinds are KRX's for its after-market, and die with it."""
    AFTER_LIMIT_IOC = "AFTER_LIMIT_IOC"
    AFTER_LIMIT_FOK = "AFTER_LIMIT_FOK"
    AFTER_BEST = "AFTER_BEST"
    AFTER_BEST_IOC = "AFTER_BEST_IOC"
    AFTER_BEST_FOK = "AFTER_BEST_FOK"
    AFTER_PRIORITY = "AFTER_PRIORITY"
    OTHER = "OTHER"
    """A kind of the broker's that is not known here: read in a list, never wished for."""

    @property
    def is_priced(self) -> bool:
        """True where the order itself carries a limit price."""
        return self in _PRICED

    @property
    def is_held_to_price(self) -> bool:
        """True where it can trade at no worse price than the one it carries."""
        return self in _PRICED and self is not OrderKind.CONDITIONAL

    @property
    def is_ioc(self) -> bool:
        """True where what does not trade on arrival is cancelled."""
        return self in _IOC

    @property
    def is_fok(self) -> bool:
        """True where it trades in full on arrival, or not at all."""
        return self in _FOK


_PRICED = frozenset(
    {
        OrderKind.LIMIT,
        OrderKind.CONDITIONAL,
        OrderKind.OVERTIME_SINGLE_PRICE,
        OrderKind.LIMIT_IOC,
        OrderKind.LIMIT_FOK,
        OrderKind.STOP_LIMIT,
        OrderKind.GTP_LIMIT,
        OrderKind.AFTER_LIMIT,
        OrderKind.AFTER_LIMIT_IOC,
        OrderKind.AFTER_LIMIT_FOK,
    }
)
_IOC = frozenset(kind for kind in OrderKind if kind.name.endswith("_IOC"))
_FOK = frozenset(kind for kind in OrderKind if kind.name.endswith("_FOK"))


class OrderState(Enum):
    """Where an order stands; the legal steps are the table in engine/orders.py."""

    NEW = "NEW"
    REFUSED = "REFUSED"
    SENDING = "SENDING"
    UNKNOWN = "UNKNOWN"
    ACCEPTED = "ACCEPTED"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    PENDING_CANCEL = "PENDING_CANCEL"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


class TradingState(Enum):
    """What an account may do. REDUCING: only orders that reduce a position. HALTED: none."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    HALTED = "HALTED"


class SubmitOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A wish for an order. `price` is 0 for kinds that carry none.

    `trigger_price` is the trade price that wakes a STOP_LIMIT, and 0 for every other kind.
    `sent_monotonic_ns` is the client's monotonic clock when it sent the wish; it means something
    on the same host only, and measures latency, nothing else.
    """

    client_order_id: ClientOrderId
    strategy_id: StrategyId
    symbol: Symbol
    side: Side
    kind: OrderKind
    quantity: Shares
    price: Won
    venue: Venue = Venue.KRX
    trace_id: str = ""
    sent_monotonic_ns: int = 0
    trigger_price: Won = Won(0)


class CancelOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to take back the whole unfilled remainder of an order."""

    client_order_id: ClientOrderId
    trace_id: str = ""


class BrokerNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as the broker pushed it; it may come early, late, twice or never.

    A fill carries no execution id: two real fills can look identical. `quantity` is this
    execution's on a fill, the order's on any other notice. `original_number` is empty for a new
    order. `exchange_time` has KIS's resolution of one second.
    """

    event_id: str
    trace_id: str
    receive_time: Nanos
    exchange_time: Nanos
    account: AccountId
    number: BrokerOrderNumber
    original_number: BrokerOrderNumber
    organisation: str
    side: Side
    request: "NoticeRequest"
    stage: "NoticeStage"
    symbol: Symbol
    quantity: Shares
    price: Won
    order_quantity: Shares
    rejected: bool
    venue: Venue


class NoticeRequest(Enum):
    """Which kind of request the notice speaks of."""

    NEW = "NEW"
    MODIFY = "MODIFY"
    CANCEL = "CANCEL"


class NoticeStage(Enum):
    """What happened to that request."""

    RECEIVED = "RECEIVED"
    CONFIRMED = "CONFIRMED"
    FILLED = "FILLED"
    LAPSED = "LAPSED"
    """The remainder of an IOC or FOK order was cancelled by the exchange."""


class BrokerOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the broker's order inquiry: cumulative, one row per broker number."""

    order_date: date
    number: BrokerOrderNumber
    original_number: BrokerOrderNumber
    organisation: str
    side: Side
    kind: OrderKind
    symbol: Symbol
    quantity: Shares
    price: Won
    order_time: str
    """HHMMSS, KIS's clock."""
    filled_quantity: Shares
    filled_amount: Won
    canceled_quantity: Shares
    rejected_quantity: Shares
    open_quantity: Shares
    is_cancel: bool
    """True for the row of a cancel request itself."""
    venue: Venue


class BrokerHolding(msgspec.Struct, frozen=True, kw_only=True):
    """One holding of the broker's balance inquiry."""

    symbol: Symbol
    quantity: Shares
    sellable: Shares
    cost: Won
    """Amount paid for what is held (`pchs_amt`)."""


class BrokerBalance(msgspec.Struct, frozen=True, kw_only=True):
    """The broker's balance: holdings by trade date, and cash by settlement day."""

    holdings: tuple[BrokerHolding, ...]
    cash_today: Won
    cash_next_day: Won
    cash_settled: Won
    """Cash at D+2 (`prvs_rcdl_excc_amt`): what a cash ledger tracks."""
    bought_today: Won
    sold_today: Won
    costs_today: Won
    """Fees and taxes of today's trades together (`thdt_tlex_amt`)."""


class OrderFact(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What happened, once: the body of an `OrderEvent`."""


class AccountOpened(OrderFact, frozen=True, kw_only=True):
    """The journal's first record: what the broker said the account holds."""

    business_date: date
    cash: Won
    holdings: tuple[BrokerHolding, ...]
    foreign_numbers: tuple[BrokerOrderNumber, ...]
    """Orders of the day that were there before us; they are not ours."""


class DayStarted(OrderFact, frozen=True, kw_only=True):
    """A new business date: day orders of the last one are over, numbers start anew."""

    business_date: date


class OrderSubmitted(OrderFact, frozen=True, kw_only=True):
    """A wish was taken in and named."""

    order_id: OrderId
    wish: SubmitOrder
    content_hash: str


class OrderRefused(OrderFact, frozen=True, kw_only=True):
    """Our own gate said no."""

    order_id: OrderId
    reason: str
    found: str
    allowed: str


class OrderSending(OrderFact, frozen=True, kw_only=True):
    """The order is about to leave; durable before the request is on the wire."""

    order_id: OrderId
    reserved_price: Won
    """Won per share that a buy reserves: the limit, or the day's upper limit where none holds."""
    market: ListingMarket
    instrument_kind: InstrumentKind
    """What the fees and taxes of its fills depend on."""


class OrderAccepted(OrderFact, frozen=True, kw_only=True):
    """The broker gave the order a number; `by` tells how we learnt it."""

    order_id: OrderId
    number: BrokerOrderNumber
    organisation: str
    order_time: str
    by: "Evidence"


class OrderRejected(OrderFact, frozen=True, kw_only=True):
    """The broker, or the exchange after it, refused the order."""

    order_id: OrderId
    code: str
    message: str


class OrderUnknown(OrderFact, frozen=True, kw_only=True):
    """No answer told the outcome: the order may live at the broker, and is never sent again."""

    order_id: OrderId
    reason: str


class OrderLost(OrderFact, frozen=True, kw_only=True):
    """The absence of an UNKNOWN order was proven: it never reached the broker."""

    order_id: OrderId
    reason: str


class OrderFilled(OrderFact, frozen=True, kw_only=True):
    """Shares changed hands; `quantity` and `amount` are this step's, the rest the order's."""

    order_id: OrderId
    number: BrokerOrderNumber
    quantity: Shares
    amount: Won
    cumulative_quantity: Shares
    cumulative_amount: Won
    fee: Won
    tax: Won
    by: "Evidence"


class FillAmended(OrderFact, frozen=True, kw_only=True):
    """The inquiry's total amount corrects what notices had said; quantities were right."""

    order_id: OrderId
    number: BrokerOrderNumber
    amount: Won
    fee: Won
    tax: Won


class CancelSending(OrderFact, frozen=True, kw_only=True):
    """A cancel of the whole remainder is about to leave."""

    order_id: OrderId


class CancelAccepted(OrderFact, frozen=True, kw_only=True):
    """The broker took the cancel and gave it a number of its own; not yet a cancellation."""

    order_id: OrderId
    number: BrokerOrderNumber


class CancelRefused(OrderFact, frozen=True, kw_only=True):
    """The broker refused the cancel; the order goes on."""

    order_id: OrderId
    code: str
    message: str


class CancelUnknown(OrderFact, frozen=True, kw_only=True):
    """No answer told whether the cancel was taken; it may be repeated."""

    order_id: OrderId
    reason: str


class OrderCanceled(OrderFact, frozen=True, kw_only=True):
    """The remainder is off the market by our wish or by its kind (IOC, FOK)."""

    order_id: OrderId
    quantity: Shares


class OrderExpired(OrderFact, frozen=True, kw_only=True):
    """The remainder ended with its session."""

    order_id: OrderId
    quantity: Shares


class NoticeTaken(OrderFact, frozen=True, kw_only=True):
    """A notice was counted. It is journalled, since the broker never says it again."""

    notice: BrokerNotice


class OrderInquired(OrderFact, frozen=True, kw_only=True):
    """An inquiry told more of a number than was known before."""

    number: BrokerOrderNumber
    filled_quantity: Shares
    filled_amount: Won


class TradingStateChanged(OrderFact, frozen=True, kw_only=True):
    """What the account may do changed, and why."""

    state: TradingState
    reason: str


class ForeignOrderSeen(OrderFact, frozen=True, kw_only=True):
    """The broker knows an order that AIPX did not send."""

    number: BrokerOrderNumber
    symbol: Symbol
    side: Side
    quantity: Shares


class DifferenceFound(OrderFact, frozen=True, kw_only=True):
    """Ledger and broker disagree, twice and with nothing in flight between."""

    subject: str
    ours: int
    theirs: int


class Reconciled(OrderFact, frozen=True, kw_only=True):
    """Ledger and broker were compared and agree: shares exactly, cash exactly."""

    cash: Won
    holdings_count: int


class Evidence(Enum):
    """How we know."""

    ANSWER = "ANSWER"
    NOTICE = "NOTICE"
    INQUIRY = "INQUIRY"


AnyOrderFact = (
    AccountOpened
    | DayStarted
    | OrderSubmitted
    | OrderRefused
    | OrderSending
    | OrderAccepted
    | OrderRejected
    | OrderUnknown
    | OrderLost
    | OrderFilled
    | FillAmended
    | CancelSending
    | CancelAccepted
    | CancelRefused
    | CancelUnknown
    | OrderCanceled
    | OrderExpired
    | NoticeTaken
    | OrderInquired
    | TradingStateChanged
    | ForeignOrderSeen
    | DifferenceFound
    | Reconciled
)


class OrderEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One record of an account's journal, and the value of topic `order-events`.

    `sequence` has no holes within an account; consumers drop repeats by (account, sequence).
    """

    account: AccountId
    sequence: Sequence
    at: Nanos
    trace_id: str
    fact: AnyOrderFact
