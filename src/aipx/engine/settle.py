"""What follows from the broker's own words: notices, inquiries, balances.

Design: an inquiry proves presence by exactly one candidate that nobody owns, and absence only
when a quarantine is over, two complete inquiries agree, and the listing shows itself alive by
showing another order of ours. Everything else stays unknown, and counts at its worst.
"""

from collections.abc import Iterable
from datetime import time

from aipx.engine.account import Account
from aipx.engine.counting import EXCHANGE_REJECT, accepted, booked, ending
from aipx.engine.fills import FillCount
from aipx.engine.inputs import Decision, Effect, Inquire, Inquired, Policy, SendCancel
from aipx.engine.orders import ENDED, UNRESOLVED, Order
from aipx.model.ids import BrokerOrderNumber, OrderId, Symbol
from aipx.model.instrument import Shares
from aipx.model.order import (
    AnyOrderFact,
    BrokerBalance,
    BrokerNotice,
    BrokerOrder,
    CancelRefused,
    CancelSending,
    DifferenceFound,
    Evidence,
    ForeignOrderSeen,
    NoticeRequest,
    NoticeStage,
    NoticeTaken,
    OrderAccepted,
    OrderCanceled,
    OrderExpired,
    OrderInquired,
    OrderLost,
    OrderRejected,
    OrderState,
    Reconciled,
    TradingState,
    TradingStateChanged,
)
from aipx.model.outcome import CancelTarget
from aipx.model.time import kst_moment

CASH = "cash"
"""Subject of a difference in D+2 cash; other subjects are symbols."""


def send_cancel(order: Order) -> SendCancel:
    """Return the effect that asks for an order's whole remainder to be cancelled."""
    target = CancelTarget(
        number=order.number,
        organisation=order.organisation,
        kind=order.wish.kind,
        symbol=order.wish.symbol,
        side=order.wish.side,
        quantity=order.open_quantity,
        venue=order.wish.venue,
    )
    return SendCancel(order_id=order.order_id, target=target)


def notice(account: Account, given: BrokerNotice) -> Decision:
    """Return what follows from a notice."""
    if given.account != account.account:
        # One registration delivers the notices of all accounts of the HTS id.
        return Decision()
    if given.stage is NoticeStage.FILLED:
        return _fill_notice(account, given)
    if given.request is NoticeRequest.NEW:
        return _new_order_notice(account, given)
    order = _order_of(account, given.original_number)
    if order is None:
        return Decision(effects=(Inquire(reason=f"a notice of {given.original_number}"),))
    if given.request is NoticeRequest.MODIFY:
        reason = f"{order.order_id} was modified outside AIPX"
        halted = TradingStateChanged(state=TradingState.HALTED, reason=reason)
        return Decision(facts=(halted,), effects=(Inquire(reason=reason),))
    return _cancel_notice(order, given)


def _fill_notice(account: Account, given: BrokerNotice) -> Decision:
    if given.number in account.foreign:
        return Decision()
    count = _copy(account.fills.get(given.number, FillCount()))
    if not count.is_distinct(given):
        return Decision(effects=(Inquire(reason=f"a repeated notice of {given.number}"),))
    taken = NoticeTaken(notice=given)
    order = _order_of(account, given.number)
    if order is None:
        return Decision(facts=(taken,), effects=_whose(account, given.number))
    count.take_notice(given)
    facts = booked(account, order, given.number, count, by=Evidence.NOTICE)
    # No growth: an inquiry was faster, or this is a fill that an inquiry of equal size hid.
    effects = () if facts else (Inquire(reason=f"a late notice of {given.number}"),)
    return Decision(facts=(taken, *facts), effects=effects)


def _copy(count: FillCount) -> FillCount:
    return FillCount(
        distinct=dict(count.distinct),
        noticed_quantity=count.noticed_quantity,
        noticed_amount=count.noticed_amount,
        inquired_quantity=count.inquired_quantity,
        inquired_amount=count.inquired_amount,
    )


def _whose(account: Account, number: BrokerOrderNumber) -> tuple[Effect, ...]:
    """An answer in flight will name the number; if there is none, the broker must be asked."""
    if any(order.state is OrderState.SENDING for order in account.live_orders()):
        return ()
    return (Inquire(reason=f"a notice of {number}, which is nobody's"),)


def _new_order_notice(account: Account, given: BrokerNotice) -> Decision:
    tells_end = given.rejected or given.stage is NoticeStage.LAPSED
    order = _order_of(account, given.number)
    if order is None:
        if given.number in account.foreign:
            return Decision()
        facts = (NoticeTaken(notice=given),) if tells_end else ()
        return Decision(facts=facts, effects=_whose(account, given.number))
    if order.state in ENDED or not tells_end:
        return Decision()
    facts_of_end = ending(order, [given], filled_quantity=order.filled_quantity)
    return Decision(facts=tuple(facts_of_end))


def _cancel_notice(order: Order, given: BrokerNotice) -> Decision:
    if order.state in ENDED:
        return Decision()
    if given.rejected:
        if order.state is not OrderState.PENDING_CANCEL:
            return Decision()
        refused = CancelRefused(
            order_id=order.order_id, code=EXCHANGE_REJECT, message="refused by the exchange"
        )
        return Decision(facts=(refused,), effects=(Inquire(reason="a cancel was refused"),))
    if given.stage is not NoticeStage.CONFIRMED:
        return Decision()
    quantity = Shares(min(given.quantity, order.open_quantity))
    canceled = OrderCanceled(order_id=order.order_id, quantity=quantity)
    # Fewer shares cancelled than we think are open: the rest has traded, and was not told yet.
    is_short = quantity < order.open_quantity
    effects = (Inquire(reason=f"{order.order_id} ended with shares untold"),) if is_short else ()
    return Decision(facts=(canceled,), effects=effects)


def inquired(account: Account, given: Inquired, policy: Policy) -> Decision:
    """Return what follows from a listing of the day's orders."""
    row_by_number = {row.number: row for row in given.orders if not row.is_cancel}
    facts: list[AnyOrderFact] = []
    effects: list[Effect] = []
    for number, order_id in account.order_by_number.items():
        row = row_by_number.get(number)
        order = account.orders[order_id]
        if row is not None and order.number == number:
            _known_row(account, order, row, given, policy, facts, effects)
    if not any(order.state is OrderState.SENDING for order in account.live_orders()):
        # Only now can a number that nobody owns not be one whose answer is still under way.
        unowned = [
            row
            for number, row in row_by_number.items()
            if number not in account.order_by_number and number not in account.foreign
        ]
        facts += _unknown_orders(account, unowned, row_by_number, given, policy)
    return Decision(facts=tuple(facts), effects=tuple(effects))


def _known_row(
    account: Account,
    order: Order,
    row: BrokerOrder,
    given: Inquired,
    policy: Policy,
    facts: list[AnyOrderFact],
    effects: list[Effect],
) -> None:
    count = _copy(account.fills.get(row.number, FillCount()))
    fills = _counted(account, order, row, count)
    facts += fills
    filled = max(count.total()[0], order.filled_quantity)
    if order.state in ENDED or filled >= order.wish.quantity:
        return
    rest = Shares(order.wish.quantity - filled - order.canceled_quantity)
    if row.rejected_quantity > 0 and filled == 0:
        facts.append(
            OrderRejected(
                order_id=order.order_id, code=EXCHANGE_REJECT, message="refused by the exchange"
            )
        )
    elif row.canceled_quantity > 0 and row.open_quantity == 0:
        quantity = Shares(min(row.canceled_quantity, rest))
        facts.append(OrderCanceled(order_id=order.order_id, quantity=quantity))
    elif given.is_session_over and given.is_confirmed:
        facts.append(OrderExpired(order_id=order.order_id, quantity=rest))
    elif _is_cancel_due(order, row, policy):
        facts.append(CancelSending(order_id=order.order_id))
        effects.append(send_cancel(order))


def _is_cancel_due(order: Order, row: BrokerOrder, policy: Policy) -> bool:
    return (
        order.is_cancel_unknown
        and order.state is OrderState.PENDING_CANCEL
        and row.open_quantity > 0
        and order.cancel_attempts < policy.cancel_attempts_max
    )


def _counted(
    account: Account, order: Order, row: BrokerOrder, count: FillCount
) -> list[AnyOrderFact]:
    told = (row.filled_quantity, row.filled_amount)
    if row.filled_quantity < count.inquired_quantity or told == (
        count.inquired_quantity,
        count.inquired_amount,
    ):
        # Nothing new; or older than what an inquiry said before, since totals only grow.
        return []
    count.inquired_quantity, count.inquired_amount = told
    inquired_fact = OrderInquired(
        number=row.number, filled_quantity=row.filled_quantity, filled_amount=row.filled_amount
    )
    return [inquired_fact, *booked(account, order, row.number, count, by=Evidence.INQUIRY)]


def _unknown_orders(
    account: Account,
    unowned: list[BrokerOrder],
    row_by_number: dict[BrokerOrderNumber, BrokerOrder],
    given: Inquired,
    policy: Policy,
) -> list[AnyOrderFact]:
    facts: list[AnyOrderFact] = []
    unknown = [order for order in account.live_orders() if order.state is OrderState.UNKNOWN]
    suspects: dict[BrokerOrderNumber, list[OrderId]] = {row.number: [] for row in unowned}
    candidates: dict[OrderId, list[BrokerOrder]] = {}
    for order in unknown:
        rows = [row for row in unowned if _could_be(account, order, row, policy)]
        candidates[order.order_id] = rows
        for row in rows:
            suspects[row.number].append(order.order_id)
    is_alive = _is_alive(account, row_by_number, given)
    for order in unknown:
        rows = candidates[order.order_id]
        if len(rows) == 1 and len(suspects[rows[0].number]) == 1:
            facts += _present(account, order, rows[0])
        elif not rows and is_alive and given.is_confirmed and order.order_id in given.settled:
            reason = "two agreeing inquiries after the quarantine do not list it"
            facts.append(OrderLost(order_id=order.order_id, reason=reason))
    if given.is_confirmed:
        facts += _foreign(row for row in unowned if not suspects[row.number])
    return facts


def _could_be(account: Account, order: Order, row: BrokerOrder, policy: Policy) -> bool:
    wish = order.wish
    if (row.symbol, row.side, row.kind, row.quantity, row.venue) != (
        wish.symbol,
        wish.side,
        wish.kind,
        wish.quantity,
        wish.venue,
    ) or (wish.kind.is_priced and row.price != wish.price):
        return False
    assert account.business_date is not None, "an account that trades was opened"
    digits = row.order_time
    at = kst_moment(
        account.business_date, time(int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    )
    return -policy.order_time_early_ns <= at - order.sent_at <= policy.order_time_late_ns


def _present(account: Account, order: Order, row: BrokerOrder) -> list[AnyOrderFact]:
    acceptance = OrderAccepted(
        order_id=order.order_id,
        number=row.number,
        organisation=row.organisation,
        order_time=row.order_time,
        by=Evidence.INQUIRY,
    )
    count = _copy(account.fills.get(row.number, FillCount()))
    facts: list[AnyOrderFact] = []
    if row.filled_quantity:
        count.inquired_quantity = row.filled_quantity
        count.inquired_amount = row.filled_amount
        facts.append(
            OrderInquired(
                number=row.number,
                filled_quantity=row.filled_quantity,
                filled_amount=row.filled_amount,
            )
        )
    return facts + accepted(account, order, acceptance, count)


def _is_alive(
    account: Account, row_by_number: dict[BrokerOrderNumber, BrokerOrder], given: Inquired
) -> bool:
    """A listing is believed about what it lacks only if it has what it must, and has something."""
    due = [
        order.number
        for order_id in account.order_by_number.values()
        for order in (account.orders[order_id],)
        if order.accepted_sequence <= given.started_sequence
    ]
    return bool(due) and all(number in row_by_number for number in due)


def _foreign(rows: Iterable[BrokerOrder]) -> list[AnyOrderFact]:
    facts: list[AnyOrderFact] = []
    for row in rows:
        facts.append(
            ForeignOrderSeen(
                number=row.number, symbol=row.symbol, side=row.side, quantity=row.quantity
            )
        )
        reason = f"the broker knows {row.number} of {row.symbol}, which AIPX did not send"
        facts.append(TradingStateChanged(state=TradingState.HALTED, reason=reason))
    return facts


def balanced(account: Account, balance: BrokerBalance) -> Decision:
    """Compare ledger and broker, shares and D+2 cash exactly; what differs twice halts."""
    if any(order.state in UNRESOLVED for order in account.live_orders()):
        return Decision()
    differences = _differences(account, balance)
    if not differences:
        if account.inquired_cash == balance.cash_settled and not account.differences:
            return Decision()
        return Decision(
            facts=(
                Reconciled(
                    cash=balance.cash_settled,
                    holdings_count=sum(1 for held in balance.holdings if held.quantity),
                ),
            )
        )
    if all(account.differences.get(who) == what for who, what in differences.items()):
        if account.trading_state is TradingState.HALTED:
            return Decision()
        told = ", ".join(
            f"{who}: {ours} != {theirs}" for who, (ours, theirs) in differences.items()
        )
        reason = f"ledger and broker differ: {told}"
        return Decision(facts=(TradingStateChanged(state=TradingState.HALTED, reason=reason),))
    facts = tuple(
        DifferenceFound(subject=subject, ours=ours, theirs=theirs)
        for subject, (ours, theirs) in differences.items()
    )
    return Decision(facts=facts, effects=(Inquire(reason="ledger and broker differ"),))


def _differences(account: Account, balance: BrokerBalance) -> dict[str, tuple[int, int]]:
    theirs: dict[Symbol, int] = {}
    for held in balance.holdings:
        # The balance may list a symbol twice (fault `holding_ghost`); the same row is one holding.
        theirs[held.symbol] = max(theirs.get(held.symbol, 0), held.quantity)
    found: dict[str, tuple[int, int]] = {}
    for symbol in sorted({*theirs, *account.ledger.holdings}):
        ours = account.ledger.quantity(symbol)
        if ours != theirs.get(symbol, 0):
            found[symbol] = (ours, theirs.get(symbol, 0))
    if account.ledger.cash != balance.cash_settled:
        found[CASH] = (account.ledger.cash, balance.cash_settled)
    return found


def _order_of(account: Account, number: BrokerOrderNumber) -> Order | None:
    """Return our order whose own number this is; a number of one of our cancels is none."""
    order_id = account.order_by_number.get(number)
    if order_id is None:
        return None
    order = account.orders[order_id]
    return order if order.number == number else None
