"""The order machine: which facts may happen to an order in which state, as one table.

A fill may overtake the acceptance's answer and may cross a cancel on the wire; KIS promises no
order of either, so what is rare is in the table with its reason, and what is not in the table is
a bug or a broker that breaks its own rules: IllegalTransition, and the process stops.
"""

import msgspec

from aipx.errors import IllegalTransition
from aipx.model.ids import BrokerOrderNumber, OrderId
from aipx.model.instrument import InstrumentKind, ListingMarket, Shares
from aipx.model.order import (
    AnyOrderFact,
    CancelAccepted,
    CancelRefused,
    CancelSending,
    CancelUnknown,
    FillAmended,
    OrderAccepted,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderLost,
    OrderRefused,
    OrderRejected,
    OrderSending,
    OrderState,
    OrderUnknown,
    SubmitOrder,
)

_S = OrderState

_LATE_FOR_AN_ENDED_ORDER: dict[type, frozenset[OrderState]] = {
    # The answer of a cancel that crossed the end of its order.
    CancelAccepted: frozenset(),
    CancelRefused: frozenset(),
    CancelUnknown: frozenset(),
    FillAmended: frozenset(),
}
"""Facts that leave an ended order in its state."""

TRANSITIONS: dict[OrderState, dict[type, frozenset[OrderState]]] = {
    _S.NEW: {
        OrderRefused: frozenset({_S.REFUSED}),
        OrderSending: frozenset({_S.SENDING}),
    },
    _S.REFUSED: {},
    _S.SENDING: {
        OrderAccepted: frozenset({_S.ACCEPTED}),
        OrderRejected: frozenset({_S.REJECTED}),
        OrderUnknown: frozenset({_S.UNKNOWN}),
    },
    _S.UNKNOWN: {
        OrderAccepted: frozenset({_S.ACCEPTED}),
        OrderRejected: frozenset({_S.REJECTED}),
        OrderLost: frozenset({_S.REJECTED}),
    },
    _S.ACCEPTED: {
        OrderFilled: frozenset({_S.PARTIALLY_FILLED, _S.FILLED}),
        # KIS took it, the exchange did not.
        OrderRejected: frozenset({_S.REJECTED}),
        CancelSending: frozenset({_S.PENDING_CANCEL}),
        OrderCanceled: frozenset({_S.CANCELED}),
        OrderExpired: frozenset({_S.EXPIRED}),
    },
    _S.PARTIALLY_FILLED: {
        OrderFilled: frozenset({_S.PARTIALLY_FILLED, _S.FILLED}),
        FillAmended: frozenset({_S.PARTIALLY_FILLED}),
        CancelSending: frozenset({_S.PENDING_CANCEL}),
        OrderCanceled: frozenset({_S.CANCELED}),
        OrderExpired: frozenset({_S.EXPIRED}),
    },
    _S.PENDING_CANCEL: {
        # Fills cross the cancel on the wire.
        OrderFilled: frozenset({_S.PENDING_CANCEL, _S.FILLED}),
        FillAmended: frozenset({_S.PENDING_CANCEL}),
        # A cancel of the whole remainder may be repeated.
        CancelSending: frozenset({_S.PENDING_CANCEL}),
        CancelAccepted: frozenset({_S.PENDING_CANCEL}),
        CancelUnknown: frozenset({_S.PENDING_CANCEL}),
        CancelRefused: frozenset({_S.ACCEPTED, _S.PARTIALLY_FILLED}),
        OrderCanceled: frozenset({_S.CANCELED}),
        OrderExpired: frozenset({_S.EXPIRED}),
        OrderRejected: frozenset({_S.REJECTED}),
    },
    # An over-fill: booked, since fills are the truth, and the account is halted.
    _S.FILLED: {OrderFilled: frozenset({_S.FILLED}), **_LATE_FOR_AN_ENDED_ORDER},
    # Fills that happened before the cancel or the close, told after it.
    _S.CANCELED: {OrderFilled: frozenset({_S.CANCELED, _S.FILLED}), **_LATE_FOR_AN_ENDED_ORDER},
    _S.EXPIRED: {OrderFilled: frozenset({_S.EXPIRED, _S.FILLED}), **_LATE_FOR_AN_ENDED_ORDER},
    _S.REJECTED: {
        CancelAccepted: frozenset(),
        CancelRefused: frozenset(),
        CancelUnknown: frozenset(),
    },
}

ENDED = frozenset({_S.REFUSED, _S.FILLED, _S.CANCELED, _S.REJECTED, _S.EXPIRED})
UNRESOLVED = frozenset({_S.SENDING, _S.UNKNOWN})
WORKING = frozenset({_S.ACCEPTED, _S.PARTIALLY_FILLED, _S.PENDING_CANCEL})


class Order(msgspec.Struct, kw_only=True):
    """One order as folded from its facts."""

    order_id: OrderId
    wish: SubmitOrder
    state: OrderState = OrderState.NEW
    sent_at: int = 0
    """Market time of OrderSending, Unix ns."""
    reserved_price: int = 0
    market: ListingMarket = ListingMarket.KOSPI
    instrument_kind: InstrumentKind = InstrumentKind.STOCK
    number: BrokerOrderNumber = BrokerOrderNumber("")
    organisation: str = ""
    accepted_sequence: int = 0
    """Journal sequence of OrderAccepted; an inquiry begun later must list the number."""
    filled_quantity: int = 0
    filled_amount: int = 0
    fee: int = 0
    tax: int = 0
    canceled_quantity: int = 0
    cancel_attempts: int = 0
    is_cancel_unknown: bool = False
    refusal: tuple[str, str, str] = ("", "", "")
    """Reason, found, allowed, where our gate refused the order."""

    @property
    def open_quantity(self) -> Shares:
        """Shares that may still trade; 0 for an order that has ended."""
        if self.state in ENDED:
            return Shares(0)
        return Shares(max(self.wish.quantity - self.filled_quantity - self.canceled_quantity, 0))

    @property
    def missing_quantity(self) -> Shares:
        """Shares of an ended order that neither a fill, a cancel nor the close accounts for."""
        if self.state is not OrderState.CANCELED:
            return Shares(0)
        return Shares(self.wish.quantity - self.filled_quantity - self.canceled_quantity)


def next_state(order: Order, fact: AnyOrderFact) -> OrderState:
    """Return the state after `fact`, given the quantities that the order has after it.

    Raises:
        IllegalTransition: the table has no such step.
    """
    allowed = TRANSITIONS[order.state].get(type(fact))
    if allowed is None:
        raise IllegalTransition(
            f"{order.order_id} is {order.state.value}; {type(fact).__name__} cannot happen to it"
        )
    if not allowed:
        return order.state
    if len(allowed) == 1:
        return next(iter(allowed))
    if isinstance(fact, CancelRefused):
        return OrderState.PARTIALLY_FILLED if order.filled_quantity else OrderState.ACCEPTED
    assert isinstance(fact, OrderFilled), f"{type(fact).__name__} leads to one state"
    if order.filled_quantity >= order.wish.quantity:
        return OrderState.FILLED
    return OrderState.PARTIALLY_FILLED if order.state is OrderState.ACCEPTED else order.state
