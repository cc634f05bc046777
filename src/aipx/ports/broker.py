"""The broker: orders need an `Approved`; inquiries are free to repeat."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import msgspec

from aipx.model.ids import BrokerOrderNumber, Symbol
from aipx.model.instrument import Instrument, PriceLimits, Shares, Won
from aipx.model.order import BrokerBalance, BrokerOrder, OrderKind, Side
from aipx.model.verdict import Approved


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """The broker took the request and numbered it. `order_time` is HHMMSS of its clock."""

    number: BrokerOrderNumber
    organisation: str
    order_time: str
    sent_monotonic_ns: int


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """The broker did not take the request, for certain."""

    code: str
    message: str
    sent_monotonic_ns: int


class UnknownOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The request may or may not have been taken."""

    reason: str
    sent_monotonic_ns: int


Outcome = Acceptance | Refusal | UnknownOutcome


class InstrumentReference(msgspec.Struct, frozen=True, kw_only=True):
    """What the broker says of an instrument today."""

    instrument: Instrument
    limits: PriceLimits
    last_price: Won
    is_halted: bool


class CancelTarget(msgspec.Struct, frozen=True, kw_only=True):
    """The order to cancel, as the broker knows it."""

    number: BrokerOrderNumber
    organisation: str
    kind: OrderKind
    symbol: Symbol
    side: Side
    quantity: Shares


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
