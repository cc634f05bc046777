"""What the exchange itself refuses, whatever the broker let through."""

from aipx.engine.matching import MATCHED_KINDS, Arrival
from aipx.model.instrument import Shares
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind
from aipx.simulator.market.bar import Listing
from aipx.simulator.market.events import ExchangeRefusal

AUCTIONS = frozenset({TradingPhase.OPENING_AUCTION, TradingPhase.CLOSING_AUCTION})
_AUCTION_KINDS = frozenset({OrderKind.LIMIT, OrderKind.MARKET})

Refusal = tuple[ExchangeRefusal, str]


def order_refusal(
    order: Arrival, listing: Listing, phase: TradingPhase, grid: frozenset[int]
) -> Refusal | None:
    """Return why an order is not taken in `phase`, or None; `grid` is the day's valid prices."""
    if listing.is_halted:
        return ExchangeRefusal.HALTED, "symbol is halted for the day"
    if phase is TradingPhase.CLOSED:
        return ExchangeRefusal.CLOSED, "session is not open"
    if order.quantity < 1:
        return ExchangeRefusal.QUANTITY, f"quantity is {order.quantity}; it must be at least 1"
    if order.kind not in MATCHED_KINDS:
        return ExchangeRefusal.KIND, f"kind is {order.kind.value}; this exchange does not match it"
    if phase in AUCTIONS and order.kind not in _AUCTION_KINDS:
        text = f"kind is {order.kind.value}; an auction takes LIMIT and MARKET"
        return ExchangeRefusal.KIND, text
    return _price_refusal(order, listing, grid) if order.kind.is_priced else None


def change_refusal(open_size: Shares, quantity: Shares | None) -> Refusal | None:
    """Return why `quantity` of an order (None: all) cannot be canceled or replaced, or None."""
    if not open_size:
        return ExchangeRefusal.UNKNOWN_ORDER, "order is not open"
    if quantity is not None and not 1 <= quantity <= open_size:
        text = f"quantity is {quantity}; it must be between 1 and {open_size}"
        return ExchangeRefusal.QUANTITY, text
    return None


def _price_refusal(order: Arrival, listing: Listing, grid: frozenset[int]) -> Refusal | None:
    limits = listing.limits
    if not limits.lower <= order.price <= limits.upper:
        text = f"price is {order.price}; limits are {limits.lower} to {limits.upper}"
        return ExchangeRefusal.LIMITS, text
    if order.price not in grid:
        return ExchangeRefusal.TICK, f"price is {order.price}; it is off the tick grid"
    return None
