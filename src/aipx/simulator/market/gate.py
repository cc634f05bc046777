"""What the exchange itself refuses, whatever the broker let through."""

from aipx.engine.book import OrderBook, Place
from aipx.engine.matching import BEST_KINDS, MATCHED_KINDS, MID_KINDS, Arrival
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind
from aipx.rules.kinds import kinds_allowed
from aipx.simulator.market.bar import Listing
from aipx.simulator.market.events import ExchangeRefusal

AUCTIONS = frozenset(
    {
        TradingPhase.OPENING_AUCTION,
        TradingPhase.VOLATILITY_AUCTION,
        TradingPhase.CLOSING_AUCTION,
    }
)
_SIMULATED = MATCHED_KINDS | {OrderKind.STOP_LIMIT}

Refusal = tuple[ExchangeRefusal, str]


def order_refusal(
    order: Arrival,
    listing: Listing,
    phase: TradingPhase,
    grid: frozenset[int],
    *,
    is_halted: bool,
) -> Refusal | None:
    """Return why an order is not taken in `phase`, or None; `grid` is the day's valid prices."""
    if is_halted:
        return ExchangeRefusal.HALTED, "symbol is halted"
    if phase is TradingPhase.CLOSED:
        return ExchangeRefusal.CLOSED, "session is not open"
    if order.quantity < 1:
        return ExchangeRefusal.QUANTITY, f"quantity is {order.quantity}; it must be at least 1"
    taken = _SIMULATED & kinds_allowed(
        venue=Venue.KRX,
        phase=phase,
        day=listing.bar.day,
        instrument=listing.instrument.kind,
        is_paper=False,
    )
    if order.kind not in taken:
        known = ", ".join(sorted(kind.value for kind in taken))
        text = f"kind is {order.kind.value} in {phase.value}; allowed: {known}"
        return ExchangeRefusal.KIND, text
    if order.kind is OrderKind.STOP_LIMIT:
        refusal = _price_refusal("trigger price", order.trigger_price, listing, grid)
        if refusal is not None:
            return refusal
    return _price_refusal("price", order.price, listing, grid) if order.kind.is_priced else None


def change_refusal(open_size: Shares, quantity: Shares | None) -> Refusal | None:
    """Return why `quantity` of an order (None: all) cannot be canceled or replaced, or None."""
    if not open_size:
        return ExchangeRefusal.UNKNOWN_ORDER, "order is not open"
    if quantity is not None and not 1 <= quantity <= open_size:
        text = f"quantity is {quantity}; it must be between 1 and {open_size}"
        return ExchangeRefusal.QUANTITY, text
    return None


def no_price(order: Arrival) -> Refusal:
    """Return the refusal of an order whose kind finds no price."""
    text = f"kind is {order.kind.value}; the side that would price it is empty"
    return ExchangeRefusal.EMPTY_SIDE, text


def replace_refusal(order: Arrival, place: Place | None, book: OrderBook) -> Refusal | None:
    """Return why a replacing order would find no price once the shares at `place` are off."""
    side = book.side(order.side)
    is_alone = (
        place is not None and len(side.prices) == 1 and side.size_at(place.price) == order.quantity
    )
    is_own_empty = is_alone or not side.prices
    is_other_empty = not book.opposite(order.side).prices
    is_unpriced = {
        OrderKind.PRIORITY: is_own_empty,
        **dict.fromkeys(BEST_KINDS, is_other_empty),
        **dict.fromkeys(MID_KINDS, is_own_empty or is_other_empty),
    }
    return no_price(order) if is_unpriced.get(order.kind) else None


def _price_refusal(name: str, price: Won, listing: Listing, grid: frozenset[int]) -> Refusal | None:
    limits = listing.limits
    if not limits.lower <= price <= limits.upper:
        text = f"{name} is {price}; limits are {limits.lower} to {limits.upper}"
        return ExchangeRefusal.LIMITS, text
    if price not in grid:
        return ExchangeRefusal.TICK, f"{name} is {price}; it is off the tick grid"
    return None
