"""How wishes reach the OMS, and what comes back."""

from typing import Protocol

from aipx.model.order import CancelOrder, SubmitOrder
from aipx.model.verdict import Answer, WishRefused, WishTaken

__all__ = ["Answer", "TradingGateway", "WishRefused", "WishTaken"]


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
