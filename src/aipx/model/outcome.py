"""What became of a request to the broker: taken, refused for certain, or unknown."""

import msgspec

from aipx.model.ids import BrokerOrderNumber, Symbol
from aipx.model.instrument import Shares, Venue
from aipx.model.order import OrderKind, Side


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


class CancelTarget(msgspec.Struct, frozen=True, kw_only=True):
    """The order to cancel or to replace, as the broker knows it; the venue is the order's own."""

    number: BrokerOrderNumber
    organisation: str
    kind: OrderKind
    symbol: Symbol
    side: Side
    quantity: Shares
    venue: Venue = Venue.KRX
