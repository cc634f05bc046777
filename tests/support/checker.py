"""Judges a run by the simulator's own books. It shares no code with the OMS.

None lost: every order at the broker belongs to one of ours, with the same content and fills.
None doubled: no order of ours stands behind two broker numbers.
None invented: every fill, share and won of ours is the broker's, too.
"""

from aipx.engine.account import Account
from aipx.engine.orders import Order
from aipx.model.order import OrderState, TradingState
from aipx.simulator.kis import AccountLedger, LedgerOrder

_NEVER_AT_THE_BROKER = {OrderState.REFUSED, OrderState.REJECTED, OrderState.UNKNOWN}


def violations(account: Account, ledger: AccountLedger) -> list[str]:
    """Return what is wrong, in words; empty is a pass."""
    theirs = {order.number: order for order in ledger.orders if not order.is_cancel}
    found: list[str] = []
    ours = [order for order in account.orders.values() if order.number]
    found += _doubled(ours)
    numbers = {order.number for order in ours}
    unknown = [o for o in account.orders.values() if o.state is OrderState.UNKNOWN]
    for number, order in theirs.items():
        if number not in numbers:
            explained = " (an order of ours is UNKNOWN)" if unknown else ""
            found.append(f"lost: the broker's {number} {order.side} is nobody's{explained}")
    for order in ours:
        if order.number not in theirs:
            found.append(f"invented: {order.order_id} has number {order.number}")
        else:
            found += _compared(order, theirs[order.number])
    for order in account.orders.values():
        if not order.number and order.state not in _NEVER_AT_THE_BROKER:
            found.append(f"{order.order_id} is {order.state.value} without a number")
        if not order.number and order.filled_quantity:
            found.append(f"{order.order_id} has fills without a number")
    return found + _money(account, ledger)


def _doubled(ours: list[Order]) -> list[str]:
    numbers = [order.number for order in ours]
    names = [order.wish.client_order_id for order in ours]
    return [
        f"doubled: {what} {sorted(set(many))}"
        for what, many in (
            ("numbers", [n for n in numbers if numbers.count(n) > 1]),
            ("client order ids", [n for n in names if names.count(n) > 1]),
        )
        if many
    ]


def _compared(ours: Order, theirs: LedgerOrder) -> list[str]:
    pairs = {
        "side": (ours.wish.side, theirs.side),
        "symbol": (ours.wish.symbol, theirs.symbol),
        "quantity": (ours.wish.quantity, theirs.quantity),
        "filled": (ours.filled_quantity, theirs.filled),
        "amount": (ours.filled_amount, theirs.amount),
        "fee": (ours.fee, theirs.fee),
        "tax": (ours.tax, theirs.tax),
    }
    return [
        f"{ours.order_id} ({theirs.number}): {name} is {mine}, the broker's {true}"
        for name, (mine, true) in pairs.items()
        if mine != true
    ]


def _money(account: Account, ledger: AccountLedger) -> list[str]:
    pairs = {
        "cash": (account.ledger.cash, ledger.cash_settled),
        "fees": (account.ledger.fees, ledger.fees),
        "taxes": (account.ledger.taxes, ledger.taxes),
        "holdings": (
            {s: h.quantity for s, h in account.ledger.holdings.items() if h.quantity},
            {held.symbol: held.quantity for held in ledger.holdings},
        ),
    }
    found = [f"{k}: {mine} != {true}" for k, (mine, true) in pairs.items() if mine != true]
    if account.trading_state is TradingState.HALTED:
        found.append(f"halted: {account.state_reason}")
    return found


def still_live(account: Account) -> list[str]:
    """Return the orders that a day's end has left working; UNKNOWN ones wait for an operator."""
    return [
        f"{order.order_id} is {order.state.value}"
        for order in account.live_orders()
        if order.state is not OrderState.UNKNOWN
    ]
