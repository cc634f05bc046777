"""The broker: orders need an `Approved`; inquiries are free to repeat."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Instrument, PriceLimits, Won
from aipx.model.order import BrokerBalance, BrokerOrder
from aipx.model.outcome import Acceptance, CancelTarget, Outcome, Refusal, UnknownOutcome
from aipx.model.verdict import Approved

__all__ = [
    "Acceptance",
    "Broker",
    "CancelTarget",
    "InstrumentReference",
    "Outcome",
    "Refusal",
    "UnknownOutcome",
]


class InstrumentReference(msgspec.Struct, frozen=True, kw_only=True):
    """What the broker says of an instrument today."""

    instrument: Instrument
    limits: PriceLimits
    last_price: Won
    is_halted: bool


class Broker(Protocol):
    """One account at the broker. No method retries an order; inquiries retry within bounds."""

    async def submit(self, approved: Approved) -> Outcome:
        """Send the order once and tell its outcome; never raises a RemoteError."""
        ...

    async def cancel(self, target: CancelTarget) -> Outcome:
        """Ask once for the whole remainder to be cancelled; never raises a RemoteError."""
        ...

    async def orders(self, day: date) -> Sequence[BrokerOrder]:
        """Return all of the account's orders of `day`, every page, oldest first.

        Raises:
            RemoteError: no complete and consistent listing could be had.
        """
        ...

    async def balance(self) -> BrokerBalance:
        """Return holdings and cash.

        Raises:
            RemoteError: no complete answer could be had.
        """
        ...

    async def reference(self, symbol: Symbol) -> InstrumentReference:
        """Return price limits, base price and state of an instrument today.

        Raises:
            RemoteError: no answer; Refused for a symbol the broker does not know.
        """
        ...
