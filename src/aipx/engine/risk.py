"""The risk gate: the only maker of `Approved`. What it cannot check, it refuses.

Rules run in the order of RULES and the first "no" is the answer, with a reason code, what was
found and what is allowed. Each rule is a pure function of the wish, the account and the market.
"""

from collections.abc import Callable
from datetime import date

import msgspec

from aipx.engine.account import Account
from aipx.engine.costs import buying_cost_max
from aipx.engine.orders import ENDED, UNRESOLVED, Order
from aipx.model.ids import OrderId
from aipx.model.instrument import Instrument, PriceLimits, Venue, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, OrderState, Side, SubmitOrder, TradingState
from aipx.model.time import Nanos
from aipx.model.verdict import Approved, RefusedByRisk, Verdict
from aipx.rules.kinds import kinds_allowed
from aipx.rules.ticks import tick_size

_BPS = 10_000

VENUES = frozenset({Venue.KRX})
"""Venues whose sessions, quotes and ends of orders the OMS follows."""


class RiskLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What an account may do at most."""

    order_quantity_max: int
    order_value_max: int
    """Won."""
    position_value_max: int
    """Won per symbol: holding and open buys at the order's price."""
    collar_bps: int
    """How far a buy may lie above the best ask, a sell below the best bid."""
    quote_age_ns_max: int
    duplicate_window_ns: int
    """An order like another of its strategy within this time is a duplicate."""
    open_orders_max: int


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """The last known best prices of a symbol; 0 where a side is empty."""

    ask_price: Won
    bid_price: Won
    at: Nanos


class MarketPicture(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate sees of the market of one symbol; None is "not known", hence "no"."""

    day: date
    phase: TradingPhase
    is_paper: bool
    instrument: Instrument | None
    limits: PriceLimits | None
    is_halted: bool
    quote: Quote | None


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """All that a rule may look at."""

    wish: SubmitOrder
    account: Account
    market: MarketPicture
    limits: RiskLimits
    now: Nanos


def check(order_id: OrderId, subject: Check) -> Verdict:
    """Return the verdict on a wish."""
    for rule in RULES:
        refusal = rule(subject)
        if refusal is not None:
            return refusal
    return Approved(order_id=order_id, wish=subject.wish, reserved_price=_reserving_price(subject))


def _no(reason: str, *, found: object, allowed: object) -> RefusedByRisk:
    return RefusedByRisk(reason=reason, found=str(found), allowed=str(allowed))


def _trading_state(subject: Check) -> RefusedByRisk | None:
    state = subject.account.trading_state
    if state is TradingState.ACTIVE:
        return None
    if state is TradingState.REDUCING and subject.wish.side is Side.SELL:
        return None
    return _no(
        "TRADING_STATE",
        found=f"{state.value}: {subject.account.state_reason}",
        allowed="ACTIVE, or sells while REDUCING",
    )


def _reconciled(subject: Check) -> RefusedByRisk | None:
    if subject.account.inquired_cash is None:
        return _no("NOT_RECONCILED", found="no inquiry yet", allowed="after the first inquiry")
    return None


def _symbol(subject: Check) -> RefusedByRisk | None:
    if subject.market.instrument is None or subject.market.limits is None:
        return _no("SYMBOL", found=subject.wish.symbol, allowed="symbols the broker knows today")
    if subject.market.is_halted:
        return _no("HALTED", found=f"{subject.wish.symbol} is halted", allowed="traded symbols")
    return None


def _venue(subject: Check) -> RefusedByRisk | None:
    if subject.wish.venue in VENUES:
        return None
    allowed = ", ".join(sorted(venue.value for venue in VENUES))
    return _no("VENUE", found=subject.wish.venue.value, allowed=allowed)


def _kind(subject: Check) -> RefusedByRisk | None:
    wish, market = subject.wish, subject.market
    assert market.instrument is not None, "the symbol rule came before"
    allowed = kinds_allowed(
        venue=wish.venue,
        phase=market.phase,
        day=market.day,
        instrument=market.instrument.kind,
        is_paper=market.is_paper,
    )
    if wish.kind in allowed:
        return None
    return _no(
        "ORDER_KIND",
        found=f"{wish.kind.value} on {wish.venue.value} in {market.phase.value}",
        allowed=", ".join(sorted(kind.value for kind in allowed)) or "nothing now",
    )


def _quantity(subject: Check) -> RefusedByRisk | None:
    if 1 <= subject.wish.quantity <= subject.limits.order_quantity_max:
        return None
    return _no(
        "QUANTITY",
        found=subject.wish.quantity,
        allowed=f"1 to {subject.limits.order_quantity_max}",
    )


def _trigger(subject: Check) -> RefusedByRisk | None:
    wish, limits = subject.wish, subject.market.limits
    assert limits is not None, "the symbol rule came before"
    if wish.kind is not OrderKind.STOP_LIMIT:
        if wish.trigger_price == 0:
            return None
        return _no("TRIGGER", found=wish.trigger_price, allowed=f"0 for {wish.kind.value}")
    if not limits.lower <= wish.trigger_price <= limits.upper:
        return _no("TRIGGER", found=wish.trigger_price, allowed=f"{limits.lower} to {limits.upper}")
    return _off_tick(subject, wish.trigger_price)


def _tick(subject: Check) -> RefusedByRisk | None:
    wish = subject.wish
    if not wish.kind.is_priced:
        if wish.price == 0:
            return None
        return _no("PRICE", found=wish.price, allowed=f"0 for {wish.kind.value}")
    if wish.price <= 0:
        return _no("PRICE", found=wish.price, allowed="a positive price")
    return _off_tick(subject, wish.price)


def _off_tick(subject: Check, price: Won) -> RefusedByRisk | None:
    instrument, day = subject.market.instrument, subject.market.day
    assert instrument is not None, "the symbol rule came before"
    tick = tick_size(price, market=instrument.market, kind=instrument.kind, day=day)
    return None if price % tick == 0 else _no("TICK", found=price, allowed=f"multiples of {tick}")


def _price_limit(subject: Check) -> RefusedByRisk | None:
    limits = subject.market.limits
    assert limits is not None, "the symbol rule came before"
    if not subject.wish.kind.is_priced or limits.lower <= subject.wish.price <= limits.upper:
        return None
    return _no("PRICE_LIMIT", found=subject.wish.price, allowed=f"{limits.lower} to {limits.upper}")


def _collar(subject: Check) -> RefusedByRisk | None:
    wish, quote = subject.wish, subject.market.quote
    if quote is None:
        return _no("NO_QUOTE", found=f"no quote of {wish.symbol}", allowed="a fresh quote")
    age_ns = subject.now - quote.at
    if not 0 <= age_ns <= subject.limits.quote_age_ns_max:
        return _no(
            "STALE_QUOTE",
            found=f"{age_ns / 1e9:.1f} s old",
            allowed=f"0 to {subject.limits.quote_age_ns_max / 1e9:.1f} s",
        )
    best = quote.ask_price if wish.side is Side.BUY else quote.bid_price
    if best == 0:
        return _no("NO_QUOTE", found="the opposite side is empty", allowed="a two-sided quote")
    if not wish.kind.is_priced:
        return None
    return _within_collar(wish, best, subject.limits.collar_bps)


def _within_collar(wish: SubmitOrder, best: Won, collar_bps: int) -> RefusedByRisk | None:
    if wish.side is Side.BUY:
        bound = best * (_BPS + collar_bps) // _BPS
        if wish.price <= bound:
            return None
        return _no("COLLAR", found=wish.price, allowed=f"at most {bound}")
    bound = -(-best * (_BPS - collar_bps) // _BPS)
    if wish.price >= bound:
        return None
    return _no("COLLAR", found=wish.price, allowed=f"at least {bound}")


def _order_value(subject: Check) -> RefusedByRisk | None:
    value = subject.wish.quantity * _reserving_price(subject)
    if value <= subject.limits.order_value_max:
        return None
    return _no("ORDER_VALUE", found=value, allowed=f"at most {subject.limits.order_value_max}")


def _open_orders(subject: Check) -> RefusedByRisk | None:
    count = len(subject.account.live)
    if count < subject.limits.open_orders_max:
        return None
    return _no("OPEN_ORDERS", found=count, allowed=f"under {subject.limits.open_orders_max}")


def _position(subject: Check) -> RefusedByRisk | None:
    wish = subject.wish
    if wish.side is Side.SELL:
        return None
    shares = subject.account.ledger.quantity(wish.symbol) + wish.quantity
    shares += sum(
        order.open_quantity
        for order in subject.account.live_orders()
        if order.wish.symbol == wish.symbol and order.wish.side is Side.BUY
    )
    value = shares * _reserving_price(subject)
    if value <= subject.limits.position_value_max:
        return None
    return _no("POSITION", found=value, allowed=f"at most {subject.limits.position_value_max}")


def _identical_unresolved(subject: Check) -> RefusedByRisk | None:
    """At most one order that looks the same on the wire may be without an outcome.

    Else an inquiry could not tell which of them it shows.
    """
    for order in subject.account.live_orders():
        if order.state in UNRESOLVED and _looks_like(order.wish, subject.wish):
            return _no(
                "IDENTICAL_UNRESOLVED",
                found=f"{order.wish.client_order_id} is {order.state.value}",
                allowed="after its outcome is known",
            )
    return None


def _duplicate(subject: Check) -> RefusedByRisk | None:
    for order in subject.account.recent_orders():
        if (
            order.state not in (OrderState.REFUSED, OrderState.REJECTED)
            and order.wish.strategy_id == subject.wish.strategy_id
            and _looks_like(order.wish, subject.wish)
            and subject.now - order.sent_at < subject.limits.duplicate_window_ns
        ):
            return _no(
                "DUPLICATE",
                found=f"like {order.wish.client_order_id}",
                allowed=f"{subject.limits.duplicate_window_ns / 1e9:.1f} s after it",
            )
    return None


def _buying_power(subject: Check) -> RefusedByRisk | None:
    wish, account = subject.wish, subject.account
    if wish.side is Side.SELL:
        return None
    assert account.inquired_cash is not None, "the reconciled rule came before"
    free = min(account.ledger.cash, account.inquired_cash) - sum(
        reserved_cash(order, subject.market.day) for order in account.live_orders()
    )
    instrument = subject.market.instrument
    assert instrument is not None, "the symbol rule came before"
    need = buying_cost_max(
        Won(wish.quantity * _reserving_price(subject)),
        kind=instrument.kind,
        day=subject.market.day,
    )
    return None if need <= free else _no("BUYING_POWER", found=need, allowed=f"at most {free}")


def _sellable(subject: Check) -> RefusedByRisk | None:
    wish, account = subject.wish, subject.account
    if wish.side is Side.BUY:
        return None
    free = account.ledger.quantity(wish.symbol) - sum(
        order.open_quantity
        for order in account.live_orders()
        if order.wish.symbol == wish.symbol and order.wish.side is Side.SELL
    )
    if wish.quantity <= free:
        return None
    return _no("SELLABLE", found=wish.quantity, allowed=f"at most {max(free, 0)}")


def reserved_cash(order: Order, day: date) -> Won:
    """Return what an order may still take out of the cash: its open part at its worst price."""
    if order.wish.side is Side.SELL or order.state in ENDED:
        return Won(0)
    return buying_cost_max(
        Won(order.open_quantity * order.reserved_price), kind=order.instrument_kind, day=day
    )


def _reserving_price(subject: Check) -> Won:
    """Return won per share at worst: the limit, or the day's upper limit where none holds."""
    limits = subject.market.limits
    assert limits is not None, "the symbol rule came before"
    return subject.wish.price if subject.wish.kind.is_held_to_price else limits.upper


def _looks_like(one: SubmitOrder, other: SubmitOrder) -> bool:
    return (
        one.symbol == other.symbol
        and one.side is other.side
        and one.kind is other.kind
        and one.quantity == other.quantity
        and one.price == other.price
        and one.trigger_price == other.trigger_price
        and one.venue is other.venue
    )


RULES: tuple[Callable[[Check], RefusedByRisk | None], ...] = (
    _trading_state,
    _reconciled,
    _symbol,
    _venue,
    _kind,
    _quantity,
    _trigger,
    _tick,
    _price_limit,
    _collar,
    _order_value,
    _open_orders,
    _position,
    _identical_unresolved,
    _duplicate,
    _buying_power,
    _sellable,
)
