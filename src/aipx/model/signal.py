"""What strategies say: a wish with its reason. The value of topic `trading-signals`."""

import msgspec

from aipx.model.ids import ClientOrderId, StrategyId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side
from aipx.model.time import Nanos


class OrderWish(msgspec.Struct, frozen=True, kw_only=True):
    """What a strategy wants now, before it has a name. `price` is 0 for priceless kinds."""

    symbol: Symbol
    side: Side
    kind: OrderKind
    quantity: Shares
    price: Won
    reason: str


class CancelWish(msgspec.Struct, frozen=True, kw_only=True):
    """A strategy wants an order of its own taken back."""

    client_order_id: ClientOrderId
    reason: str


Wish = OrderWish | CancelWish


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """A wish as published: by whom, when, why, and under which client order id it was sent."""

    event_id: str
    trace_id: str
    at: Nanos
    strategy_id: StrategyId
    client_order_id: ClientOrderId
    wish: Wish
