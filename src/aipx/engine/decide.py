"""The OMS's one door: an input and the account in, facts and effects out. Pure.

Only facts are journalled; a fold of them never decides again. What the broker tells (notices,
inquiries) is decided in engine/settle.py.
"""

import hashlib
from typing import assert_never

from aipx.engine import settle
from aipx.engine.account import Account
from aipx.engine.counting import accepted
from aipx.engine.fills import FillCount
from aipx.engine.inputs import (
    Balanced,
    CancelAnswered,
    CancelGiven,
    DayBegan,
    Decision,
    Input,
    Inquire,
    Inquired,
    NoticeGiven,
    Opened,
    OrderAnswered,
    Policy,
    Restarted,
    SendOrder,
    StateWished,
    WishGiven,
)
from aipx.engine.orders import ENDED, UNRESOLVED, WORKING, Order
from aipx.engine.risk import Check, check
from aipx.model.ids import ClientOrderId, OrderId
from aipx.model.order import (
    AccountOpened,
    AnyOrderFact,
    CancelAccepted,
    CancelRefused,
    CancelSending,
    CancelUnknown,
    DayStarted,
    Evidence,
    OrderAccepted,
    OrderExpired,
    OrderRefused,
    OrderRejected,
    OrderSending,
    OrderState,
    OrderSubmitted,
    OrderUnknown,
    SubmitOrder,
    TradingState,
    TradingStateChanged,
)
from aipx.model.outcome import Acceptance, Refusal, UnknownOutcome
from aipx.model.time import Nanos
from aipx.model.verdict import Answer, RefusedByRisk, WishRefused, WishTaken

CLIENT_ORDER_ID_CHARACTERS_MAX = 64


def decide(account: Account, given: Input, *, now: Nanos, policy: Policy) -> Decision:  # noqa: C901, PLR0911 - one branch an input, nothing else
    """Return what follows from an input for an account at market time `now`."""
    match given:
        case WishGiven():
            return _submit(account, given, now, policy)
        case CancelGiven():
            return _cancel(account, given.wish.client_order_id)
        case OrderAnswered():
            return _order_answered(account, given)
        case CancelAnswered():
            return _cancel_answered(account, given)
        case NoticeGiven():
            return settle.notice(account, given.notice)
        case Inquired():
            return settle.inquired(account, given, policy)
        case Balanced():
            return settle.balanced(account, given.balance)
        case Opened():
            return _opened(given)
        case Restarted():
            return _restarted(account)
        case DayBegan():
            return _day_began(account, given)
        case StateWished():
            changed = TradingStateChanged(state=given.state, reason=given.reason)
            return Decision(facts=(changed,))
        case _:
            assert_never(given)


def content_hash(wish: SubmitOrder) -> str:
    """Return a digest of what a wish wants; trace and clock of the sender do not count.

    A trigger counts where there is one, so that digests of before there were any stay as they are.
    """
    trigger = (str(wish.trigger_price),) if wish.trigger_price else ()
    content = "\x1f".join(
        (
            wish.strategy_id,
            wish.symbol,
            wish.side.value,
            wish.kind.value,
            str(wish.quantity),
            str(wish.price),
            wish.venue.value,
            *trigger,
        )
    )
    return hashlib.sha256(content.encode()).hexdigest()


def _submit(account: Account, given: WishGiven, now: Nanos, policy: Policy) -> Decision:
    wish = given.wish
    name = wish.client_order_id
    if not (0 < len(name) <= CLIENT_ORDER_ID_CHARACTERS_MAX and name.isprintable()):
        allowed = f"1 to {CLIENT_ORDER_ID_CHARACTERS_MAX} printable characters"
        return _refuse(name, "CLIENT_ORDER_ID", repr(name[:80]), allowed)
    digest = content_hash(wish)
    known = account.content_by_client_id.get(name)
    if known is not None:
        return _known(account, wish, digest, known)
    order_id = OrderId(f"{account.account}.{account.sequence + 1}")
    submitted = OrderSubmitted(order_id=order_id, wish=wish, content_hash=digest)
    subject = Check(wish=wish, account=account, market=given.market, limits=policy.limits, now=now)
    verdict = check(order_id, subject)
    if isinstance(verdict, RefusedByRisk):
        refused = OrderRefused(
            order_id=order_id, reason=verdict.reason, found=verdict.found, allowed=verdict.allowed
        )
        answer = WishRefused(
            client_order_id=name,
            reason=verdict.reason,
            found=verdict.found,
            allowed=verdict.allowed,
        )
        return Decision(facts=(submitted, refused), answer=answer)
    instrument = given.market.instrument
    assert instrument is not None, "the gate approves known instruments only"
    sending = OrderSending(
        order_id=order_id,
        reserved_price=verdict.reserved_price,
        market=instrument.market,
        instrument_kind=instrument.kind,
    )
    return Decision(
        facts=(submitted, sending),
        effects=(SendOrder(approved=verdict),),
        answer=WishTaken(client_order_id=name, order_id=order_id),
    )


def _known(
    account: Account, wish: SubmitOrder, digest: str, known: tuple[OrderId, str]
) -> Decision:
    """A client order id seen before: the same answer for the same content, no second order."""
    order_id, known_digest = known
    name = wish.client_order_id
    if digest != known_digest:
        return _refuse(
            name, "CLIENT_ORDER_ID_REUSED", f"{name} with other content", "a new client order id"
        )
    order = account.orders[order_id]
    if order.state is OrderState.REFUSED:
        return _refuse(name, *order.refusal)
    return Decision(answer=WishTaken(client_order_id=name, order_id=order_id))


def _refuse(name: ClientOrderId, reason: str, found: str, allowed: str) -> Decision:
    answer: Answer = WishRefused(client_order_id=name, reason=reason, found=found, allowed=allowed)
    return Decision(answer=answer)


def _cancel(account: Account, name: ClientOrderId) -> Decision:
    known = account.content_by_client_id.get(name)
    if known is None:
        return _refuse(name, "ORDER_UNKNOWN", str(name), "a client order id of this account")
    order = account.orders[known[0]]
    taken = WishTaken(client_order_id=name, order_id=order.order_id)
    if order.state in ENDED:
        return _refuse(name, "ORDER_ENDED", order.state.value, "a working order")
    if order.state in UNRESOLVED or not order.number:
        return _refuse(name, "ORDER_UNRESOLVED", order.state.value, "after its outcome is known")
    if order.state is OrderState.PENDING_CANCEL:
        return Decision(answer=taken)
    sending = CancelSending(order_id=order.order_id)
    return Decision(facts=(sending,), effects=(settle.send_cancel(order),), answer=taken)


def _order_answered(account: Account, given: OrderAnswered) -> Decision:
    order = account.orders[given.order_id]
    outcome = given.outcome
    if order.state not in UNRESOLVED:
        return _late_answer(order, outcome)
    if isinstance(outcome, Acceptance):
        return _accepted(account, order, outcome)
    if isinstance(outcome, Refusal):
        rejected = OrderRejected(
            order_id=order.order_id, code=outcome.code, message=outcome.message
        )
        return Decision(facts=(rejected,))
    reason = Inquire(reason=f"{order.order_id} has no outcome")
    if order.state is OrderState.UNKNOWN:
        return Decision(effects=(reason,))
    unknown = OrderUnknown(order_id=order.order_id, reason=outcome.reason)
    return Decision(facts=(unknown,), effects=(reason,))


def _accepted(account: Account, order: Order, outcome: Acceptance) -> Decision:
    owner = account.order_by_number.get(outcome.number)
    if owner is not None or outcome.number in account.foreign:
        # Numbers are unique per day; believing either owner could book fills twice.
        unknown = OrderUnknown(
            order_id=order.order_id, reason=f"answered with {outcome.number}, which is {owner}'s"
        )
        halted = TradingStateChanged(
            state=TradingState.HALTED, reason=f"broker number {outcome.number} came twice"
        )
        return Decision(facts=(unknown, halted) if order.state is OrderState.SENDING else (halted,))
    acceptance = OrderAccepted(
        order_id=order.order_id,
        number=outcome.number,
        organisation=outcome.organisation,
        order_time=outcome.order_time,
        by=Evidence.ANSWER,
    )
    count = account.fills.get(outcome.number, FillCount())
    return Decision(facts=tuple(accepted(account, order, acceptance, count)))


def _late_answer(order: Order, outcome: Acceptance | Refusal | UnknownOutcome) -> Decision:
    """An answer for an order whose outcome an inquiry has told already: they must agree."""
    if isinstance(outcome, UnknownOutcome):
        return Decision()
    if isinstance(outcome, Acceptance) and outcome.number == order.number:
        return Decision()
    reason = f"{order.order_id} is {order.number or order.state.value}; answered {outcome!r}"
    return Decision(
        facts=(TradingStateChanged(state=TradingState.HALTED, reason=reason),),
        effects=(Inquire(reason="an answer contradicts an inquiry"),),
    )


def _cancel_answered(account: Account, given: CancelAnswered) -> Decision:
    order_id, outcome = given.order_id, given.outcome
    state = account.orders[order_id].state
    if state is not OrderState.PENDING_CANCEL and state not in ENDED:
        # A notice has told the refusal before this answer; what the broker knows decides.
        return Decision(effects=(Inquire(reason=f"the cancel of {order_id} was told twice"),))
    if isinstance(outcome, Acceptance):
        return Decision(facts=(CancelAccepted(order_id=order_id, number=outcome.number),))
    if isinstance(outcome, Refusal):
        # It has most likely traded in the meantime: an inquiry tells, the refusal does not.
        refused = CancelRefused(order_id=order_id, code=outcome.code, message=outcome.message)
        reason = Inquire(reason=f"the cancel of {order_id} was refused")
        return Decision(facts=(refused,), effects=(reason,))
    unknown = CancelUnknown(order_id=order_id, reason=outcome.reason)
    reason = Inquire(reason=f"the cancel of {order_id} has no outcome")
    return Decision(facts=(unknown,), effects=(reason,))


def _opened(given: Opened) -> Decision:
    opened = AccountOpened(
        business_date=given.business_date,
        cash=given.balance.cash_settled,
        holdings=given.balance.holdings,
        foreign_numbers=tuple(row.number for row in given.orders),
    )
    return Decision(facts=(opened,))


def _restarted(account: Account) -> Decision:
    reason = "the process ended before the outcome was journalled"
    facts: list[AnyOrderFact] = []
    for order in account.live_orders():
        if order.state is OrderState.SENDING:
            facts.append(OrderUnknown(order_id=order.order_id, reason=reason))
        elif order.state is OrderState.PENDING_CANCEL:
            facts.append(CancelUnknown(order_id=order.order_id, reason=reason))
    return Decision(facts=tuple(facts), effects=(Inquire(reason="restart"),))


def _day_began(account: Account, given: DayBegan) -> Decision:
    expired = [
        OrderExpired(order_id=order.order_id, quantity=order.open_quantity)
        for order in account.live_orders()
        if order.state in WORKING
    ]
    return Decision(facts=(*expired, DayStarted(business_date=given.business_date)))
