"""What the risk gate says. "Yes" is a type without which no broker port can be called."""

import msgspec

from aipx.model.ids import ClientOrderId, OrderId
from aipx.model.instrument import Won
from aipx.model.order import SubmitOrder


class Approved(msgspec.Struct, frozen=True, kw_only=True):
    """A checked order. Made in engine/risk.py and nowhere else (held by a check of the tree)."""

    order_id: OrderId
    wish: SubmitOrder
    reserved_price: Won


class RefusedByRisk(msgspec.Struct, frozen=True, kw_only=True):
    """No, and why: a reason code, what was found, and what would have been allowed."""

    reason: str
    found: str
    allowed: str


Verdict = Approved | RefusedByRisk


class WishTaken(msgspec.Struct, frozen=True, kw_only=True):
    """The wish passed the gate and is durable; what becomes of it is told by order events."""

    client_order_id: ClientOrderId
    order_id: OrderId


class WishRefused(msgspec.Struct, frozen=True, kw_only=True):
    """The wish was refused: reason code, what was found, what is allowed."""

    client_order_id: ClientOrderId
    reason: str
    found: str
    allowed: str


Answer = WishTaken | WishRefused
