"""The account as folded from its journal: `apply`, and nothing that decides.

A fold of the same events always gives the same account; what to do next is engine/decisions.py.
"""

from collections.abc import Iterator
from datetime import date
from functools import singledispatchmethod

import msgspec

from aipx.engine.fills import FillCount
from aipx.engine.ledger import Ledger
from aipx.engine.orders import ENDED, Order, next_state
from aipx.errors import IllegalTransition
from aipx.model.ids import AccountId, BrokerOrderNumber, ClientOrderId, OrderId
from aipx.model.order import (
    AccountOpened,
    AnyOrderFact,
    BrokerNotice,
    CancelAccepted,
    CancelRefused,
    CancelSending,
    CancelUnknown,
    DayStarted,
    DifferenceFound,
    FillAmended,
    ForeignOrderSeen,
    NoticeStage,
    NoticeTaken,
    OrderAccepted,
    OrderCanceled,
    OrderEvent,
    OrderExpired,
    OrderFilled,
    OrderInquired,
    OrderLost,
    OrderRefused,
    OrderRejected,
    OrderSending,
    OrderSubmitted,
    OrderUnknown,
    Reconciled,
    TradingState,
    TradingStateChanged,
)

RECENT_ORDERS_MAX = 64
"""How many of the last sent orders the duplicate rule looks at."""


class Account(msgspec.Struct, kw_only=True):
    """One account's state. Changed by `apply` only."""

    account: AccountId
    sequence: int = 0
    at: int = 0
    """Market time of the last event, Unix ns."""
    business_date: date | None = None
    trading_state: TradingState = TradingState.ACTIVE
    state_reason: str = ""
    ledger: Ledger = msgspec.field(default_factory=Ledger)
    inquired_cash: int | None = None
    """D+2 cash at the last agreement with the broker; None before the first one."""
    orders: dict[OrderId, Order] = msgspec.field(default_factory=dict)
    live: dict[OrderId, None] = msgspec.field(default_factory=dict)
    """Orders that have not ended, in the order of their submission."""
    recent: list[OrderId] = msgspec.field(default_factory=list)
    content_by_client_id: dict[ClientOrderId, tuple[OrderId, str]] = msgspec.field(
        default_factory=dict
    )
    order_by_number: dict[BrokerOrderNumber, OrderId] = msgspec.field(default_factory=dict)
    """Numbers of the business date that are ours: of orders, and of our cancels."""
    foreign: dict[BrokerOrderNumber, None] = msgspec.field(default_factory=dict)
    fills: dict[BrokerOrderNumber, FillCount] = msgspec.field(default_factory=dict)
    parked: dict[BrokerOrderNumber, list[BrokerNotice]] = msgspec.field(default_factory=dict)
    """Notices of numbers that are nobody's yet: they came before the answer."""
    differences: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)

    def live_orders(self) -> Iterator[Order]:
        """Return the orders that have not ended, oldest first."""
        return (self.orders[order_id] for order_id in self.live)

    def recent_orders(self) -> Iterator[Order]:
        """Return the orders last sent, oldest first."""
        return (self.orders[order_id] for order_id in self.recent)

    def apply(self, event: OrderEvent) -> None:
        """Fold one event in.

        Raises:
            IllegalTransition: the event does not continue this account's journal, or the order
                machine's table has no such step.
        """
        if event.account != self.account or event.sequence != self.sequence + 1:
            raise IllegalTransition(
                f"event {event.account}/{event.sequence} does not follow "
                f"{self.account}/{self.sequence}"
            )
        self.sequence = event.sequence
        self.at = event.at
        # The method's own lookup makes a closure at each call; this one finds the same function.
        _fold_of(type(event.fact))(self, event.fact)

    @singledispatchmethod
    def _fold(self, fact: AnyOrderFact) -> None:
        raise AssertionError(f"no fold for {type(fact).__name__}")

    @_fold.register
    def _(self, fact: AccountOpened) -> None:
        self.business_date = fact.business_date
        self.ledger.open(fact.cash, fact.holdings)
        self.foreign = dict.fromkeys(fact.foreign_numbers)
        self.inquired_cash = fact.cash

    @_fold.register
    def _(self, fact: DayStarted) -> None:
        self.business_date = fact.business_date
        self.order_by_number.clear()
        self.foreign.clear()
        self.fills.clear()
        self.parked.clear()

    @_fold.register
    def _(self, fact: OrderSubmitted) -> None:
        order = Order(order_id=fact.order_id, wish=fact.wish)
        self.orders[fact.order_id] = order
        self.live[fact.order_id] = None
        self.content_by_client_id[fact.wish.client_order_id] = (fact.order_id, fact.content_hash)

    @_fold.register
    def _(self, fact: OrderSending) -> None:
        order = self._step(fact)
        order.sent_at = self.at
        order.reserved_price = fact.reserved_price
        order.market = fact.market
        order.instrument_kind = fact.instrument_kind
        self.recent.append(fact.order_id)
        del self.recent[:-RECENT_ORDERS_MAX]

    @_fold.register
    def _(self, fact: OrderAccepted) -> None:
        order = self._step(fact)
        order.number = fact.number
        order.organisation = fact.organisation
        order.accepted_sequence = self.sequence
        self.order_by_number[fact.number] = fact.order_id
        self.parked.pop(fact.number, None)

    @_fold.register
    def _(self, fact: OrderRefused) -> None:
        self._step(fact).refusal = (fact.reason, fact.found, fact.allowed)

    @_fold.register(OrderRejected)
    @_fold.register(OrderUnknown)
    @_fold.register(OrderLost)
    def _(
        self,
        fact: OrderRejected | OrderUnknown | OrderLost,
    ) -> None:
        self._step(fact)

    @_fold.register
    def _(self, fact: OrderFilled) -> None:
        order = self.orders[fact.order_id]
        order.filled_quantity += fact.quantity
        order.filled_amount += fact.amount
        order.fee += fact.fee
        order.tax += fact.tax
        self.ledger.trade(order.wish.symbol, order.wish.side, fact.quantity, fact.amount)
        self.ledger.pay(fee=fact.fee, tax=fact.tax)
        self._step(fact)

    @_fold.register
    def _(self, fact: FillAmended) -> None:
        order = self._step(fact)
        order.filled_amount += fact.amount
        order.fee += fact.fee
        order.tax += fact.tax
        self.ledger.amend(order.wish.symbol, order.wish.side, fact.amount)
        self.ledger.pay(fee=fact.fee, tax=fact.tax)

    @_fold.register
    def _(self, fact: CancelSending) -> None:
        order = self._step(fact)
        order.cancel_attempts += 1
        order.is_cancel_unknown = False

    @_fold.register
    def _(self, fact: CancelAccepted) -> None:
        self._step(fact)
        self.order_by_number[fact.number] = fact.order_id

    @_fold.register
    def _(self, fact: CancelRefused) -> None:
        self._step(fact).is_cancel_unknown = False

    @_fold.register
    def _(self, fact: CancelUnknown) -> None:
        self._step(fact).is_cancel_unknown = True

    @_fold.register(OrderCanceled)
    @_fold.register(OrderExpired)
    def _(self, fact: OrderCanceled | OrderExpired) -> None:
        self._step(fact).canceled_quantity += fact.quantity

    @_fold.register
    def _(self, fact: NoticeTaken) -> None:
        notice = fact.notice
        if notice.stage is NoticeStage.FILLED:
            self.fills.setdefault(notice.number, FillCount()).take_notice(notice)
        if notice.number not in self.order_by_number:
            self.parked.setdefault(notice.number, []).append(notice)

    @_fold.register
    def _(self, fact: OrderInquired) -> None:
        count = self.fills.setdefault(fact.number, FillCount())
        count.inquired_quantity = fact.filled_quantity
        count.inquired_amount = fact.filled_amount

    @_fold.register
    def _(self, fact: TradingStateChanged) -> None:
        self.trading_state = fact.state
        self.state_reason = fact.reason

    @_fold.register
    def _(self, fact: ForeignOrderSeen) -> None:
        self.foreign[fact.number] = None
        self.parked.pop(fact.number, None)

    @_fold.register
    def _(self, fact: DifferenceFound) -> None:
        self.differences[fact.subject] = (fact.ours, fact.theirs)

    @_fold.register
    def _(self, fact: Reconciled) -> None:
        self.inquired_cash = fact.cash
        self.differences.clear()

    def _step(self, fact: "_FactOfOrder") -> Order:
        order = self.orders[fact.order_id]
        order.state = next_state(order, fact)
        if order.state in ENDED:
            self.live.pop(fact.order_id, None)
        return order


_FactOfOrder = (
    OrderRefused
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
)

_fold_of = Account.__dict__["_fold"].dispatcher.dispatch
