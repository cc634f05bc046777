"""From what is known of a broker number to the facts that book it."""

from collections.abc import Sequence

from aipx.engine.account import Account
from aipx.engine.costs import costs_of
from aipx.engine.fills import FillCount
from aipx.engine.orders import Order
from aipx.model.ids import BrokerOrderNumber
from aipx.model.instrument import Shares, Won
from aipx.model.order import (
    AnyOrderFact,
    BrokerNotice,
    Evidence,
    FillAmended,
    NoticeStage,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    TradingState,
    TradingStateChanged,
)

EXCHANGE_REJECT = "EXCHANGE"
"""Code of a rejection that came as a notice or in an inquiry, where KIS gives none."""


def accepted(
    account: Account,
    order: Order,
    acceptance: OrderAccepted,
    count: FillCount,
) -> list[AnyOrderFact]:
    """Return the facts of an acceptance, with all that came to its number before it."""
    parked = account.parked.get(acceptance.number, [])
    by = Evidence.NOTICE if parked else acceptance.by
    facts: list[AnyOrderFact] = [
        acceptance,
        *booked(account, order, acceptance.number, count, by=by),
    ]
    filled = max(count.total()[0], order.filled_quantity)
    return facts + ending(order, parked, filled_quantity=filled)


def booked(
    account: Account, order: Order, number: BrokerOrderNumber, count: FillCount, *, by: Evidence
) -> list[AnyOrderFact]:
    """Return the facts that bring an order's booked fills up to what is counted, or none."""
    quantity, amount = count.total()
    new_quantity = Shares(quantity - order.filled_quantity)
    new_amount = Won(amount - order.filled_amount)
    if new_quantity < 0 or (new_quantity == 0 and new_amount == 0):
        return []
    assert account.business_date is not None, "an account that trades was opened"
    costs = costs_of(
        amount,
        side=order.wish.side,
        market=order.market,
        kind=order.instrument_kind,
        day=account.business_date,
    )
    fee, tax = Won(costs.fee - order.fee), Won(costs.tax - order.tax)
    if new_quantity == 0:
        amended = FillAmended(
            order_id=order.order_id, number=number, amount=new_amount, fee=fee, tax=tax
        )
        return [amended]
    filled = OrderFilled(
        order_id=order.order_id,
        number=number,
        quantity=new_quantity,
        amount=new_amount,
        cumulative_quantity=quantity,
        cumulative_amount=amount,
        fee=fee,
        tax=tax,
        by=by,
    )
    return [filled, *_over_filled(order, quantity)]


def _over_filled(order: Order, quantity: Shares) -> list[AnyOrderFact]:
    if quantity + order.canceled_quantity <= order.wish.quantity:
        return []
    reason = (
        f"over-fill: {order.order_id} traded {quantity} and was cancelled for "
        f"{order.canceled_quantity} of {order.wish.quantity}"
    )
    return [TradingStateChanged(state=TradingState.HALTED, reason=reason)]


def ending(
    order: Order, notices: Sequence[BrokerNotice], *, filled_quantity: int
) -> list[AnyOrderFact]:
    """Return the fact that ends an order by its notices, or none; fills were booked before."""
    for notice in notices:
        rest = Shares(order.wish.quantity - filled_quantity - order.canceled_quantity)
        if rest <= 0:
            return []
        if notice.rejected and filled_quantity == 0:
            return [
                OrderRejected(
                    order_id=order.order_id, code=EXCHANGE_REJECT, message="refused by the exchange"
                )
            ]
        if notice.rejected or notice.stage is NoticeStage.LAPSED:
            quantity = rest if notice.rejected else Shares(min(notice.quantity, rest))
            return [OrderCanceled(order_id=order.order_id, quantity=quantity)]
    return []
