"""What the OMS decides on, and what it decides: inputs in, facts and effects out."""

from datetime import date

import msgspec

from aipx.engine.risk import MarketPicture, RiskLimits
from aipx.model.ids import OrderId
from aipx.model.order import (
    AnyOrderFact,
    BrokerBalance,
    BrokerNotice,
    BrokerOrder,
    CancelOrder,
    SubmitOrder,
    TradingState,
)
from aipx.model.outcome import CancelTarget, Outcome
from aipx.model.time import NANOS_PER_SECOND
from aipx.model.verdict import Answer, Approved


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What the account's decisions are bound by."""

    limits: RiskLimits
    cancel_attempts_max: int = 3
    order_time_early_ns: int = 2 * NANOS_PER_SECOND
    """KIS writes whole seconds, so its time of an order may lie before ours of sending it."""
    order_time_late_ns: int = 120 * NANOS_PER_SECOND
    """The longest that a request may have been under way before KIS took it."""


class WishGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A client wants an order."""

    wish: SubmitOrder
    market: MarketPicture


class CancelGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A client wants an order's remainder cancelled."""

    wish: CancelOrder


class OrderAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """The broker's answer to an order, or its absence."""

    order_id: OrderId
    outcome: Outcome


class CancelAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """The broker's answer to a cancel, or its absence."""

    order_id: OrderId
    outcome: Outcome


class NoticeGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A notice came."""

    notice: BrokerNotice


class Inquired(msgspec.Struct, frozen=True, kw_only=True):
    """The broker's listing of the day's orders."""

    orders: tuple[BrokerOrder, ...]
    started_sequence: int
    """The journal's last sequence number when the inquiry began."""
    settled: frozenset[OrderId]
    """Orders without outcome whose deadline and quarantine were over when the inquiry began."""
    is_confirmed: bool
    """Two complete inquiries agreed, and nothing happened between."""
    is_session_over: bool


class Balanced(msgspec.Struct, frozen=True, kw_only=True):
    """The broker's balance, confirmed like an inquiry, right after it."""

    balance: BrokerBalance


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The first start of an account: nothing is journalled yet."""

    business_date: date
    balance: BrokerBalance
    orders: tuple[BrokerOrder, ...]


class Restarted(msgspec.Struct, frozen=True):
    """The process has just folded its journal; whatever was in flight is unknown."""


class DayBegan(msgspec.Struct, frozen=True, kw_only=True):
    """A new business date; the last one's inquiry was handled before."""

    business_date: date


class StateWished(msgspec.Struct, frozen=True, kw_only=True):
    """An operator, or a safeguard, sets what the account may do."""

    state: TradingState
    reason: str


Input = (
    WishGiven
    | CancelGiven
    | OrderAnswered
    | CancelAnswered
    | NoticeGiven
    | Inquired
    | Balanced
    | Opened
    | Restarted
    | DayBegan
    | StateWished
)


class SendOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Send the order, once."""

    approved: Approved


class SendCancel(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the whole remainder to be cancelled."""

    order_id: OrderId
    target: CancelTarget


class Inquire(msgspec.Struct, frozen=True, kw_only=True):
    """Ask the broker what it knows, soon."""

    reason: str


Effect = SendOrder | SendCancel | Inquire


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What to journal, then what to do, and what to answer."""

    facts: tuple[AnyOrderFact, ...] = ()
    effects: tuple[Effect, ...] = ()
    answer: Answer | None = None
