"""How wishes reach the OMS, and what comes back."""

from typing import Protocol

import msgspec

from aipx.model.ids import ClientOrderId, OrderId
from aipx.model.order import CancelOrder, SubmitOrder


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


class TradingGateway(Protocol):
    """The OMS as its clients see it."""

    async def submit(self, wish: SubmitOrder) -> Answer:
        """Send a wish and wait for the answer.

        Raises:
            Unreachable: no answer; the same wish may be sent again, its client order id is
                idempotent for ever.
        """
        ...

    async def cancel(self, wish: CancelOrder) -> Answer:
        """Ask for the remainder of an order to be cancelled, and wait for the answer.

        Raises:
            Unreachable: no answer; may be sent again.
        """
        ...
