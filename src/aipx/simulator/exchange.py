"""The simulated exchange: several symbols on one day, background flow and account orders."""

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side
from aipx.simulator.market.bar import DailyBar, Listing
from aipx.simulator.market.events import (
    BookChanged,
    ExchangeEvent,
    ExchangeRefusal,
    LapseReason,
    OrderCanceled,
    OrderExecuted,
    OrderLapsed,
    OrderRefusedByExchange,
    OrderReplaced,
    OrderRested,
    TradePrinted,
)

__all__ = [
    "BookChanged",
    "DailyBar",
    "ExchangeEvent",
    "ExchangeOrder",
    "ExchangeRefusal",
    "LapseReason",
    "Listing",
    "OrderCanceled",
    "OrderExecuted",
    "OrderLapsed",
    "OrderRefusedByExchange",
    "OrderReplaced",
    "OrderRested",
    "TradePrinted",
]


class ExchangeOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An account's order as the exchange takes it; `price` is 0 for kinds that carry none."""

    key: int
    symbol: Symbol
    side: Side
    kind: OrderKind
    quantity: Shares
    price: Won
