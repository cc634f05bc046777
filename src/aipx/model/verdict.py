"""What the risk gate says. "Yes" is a type without which no broker port can be called."""

import msgspec

from aipx.model.ids import OrderId
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
