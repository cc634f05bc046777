"""One strategy's orders and positions, folded from order events: what its view is made of."""

from collections.abc import Mapping

import msgspec
import structlog

from aipx.model.ids import ClientOrderId, OrderId, StrategyId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import (
    AnyOrderFact,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderLost,
    OrderRefused,
    OrderRejected,
    OrderSubmitted,
    Side,
    SubmitOrder,
)
from aipx.model.time import Nanos
from aipx.strategies.base import WorkingOrder

log = structlog.get_logger(__name__)

ENDINGS = OrderRefused | OrderRejected | OrderLost | OrderCanceled | OrderExpired


class _Order(msgspec.Struct, kw_only=True):
    """What is known of one order; `is_over` does not exclude a late fill, which is booked."""

    client_order_id: ClientOrderId
    symbol: Symbol
    side: Side
    quantity: Shares
    price: Won
    since: Nanos
    order_id: OrderId | None = None
    filled: int = 0
    is_over: bool = False


class OwnOrders:
    """The orders of one strategy, from wish to end, and the positions that their fills made."""

    def __init__(
        self,
        strategy_id: StrategyId,
        *,
        positions: Mapping[Symbol, Shares],
        orders_kept_max: int,
    ) -> None:
        self.strategy_id = strategy_id
        self.positions: Mapping[Symbol, Shares] = dict(positions)
        self.working: tuple[WorkingOrder, ...] = ()
        self.last_number = 0
        self._orders: dict[ClientOrderId, _Order] = {}
        self._live: dict[ClientOrderId, _Order] = {}
        self._id_by_order: dict[OrderId, ClientOrderId] = {}
        self._orders_kept_max = orders_kept_max

    def is_live(self, client_order_id: ClientOrderId) -> bool:
        """Return whether the order may still trade, as far as we know."""
        return client_order_id in self._live

    def next_number(self) -> int:
        """Return the next number of the strategy's count, from 1."""
        self.last_number += 1
        return self.last_number

    def wished(self, wish: SubmitOrder, *, at: Nanos) -> None:
        """Take an order as working from the moment it is wished for."""
        order = _Order(
            client_order_id=wish.client_order_id,
            symbol=wish.symbol,
            side=wish.side,
            quantity=wish.quantity,
            price=wish.price,
            since=at,
        )
        self._orders[wish.client_order_id] = order
        self._live[wish.client_order_id] = order
        self._forget_oldest()
        self._rebuild_working()

    def ended(self, client_order_id: ClientOrderId) -> None:
        """Take an order as not working: refused, or never answered."""
        order = self._live.pop(client_order_id, None)
        if order is not None:
            order.is_over = True
            self._rebuild_working()

    def fold(self, fact: AnyOrderFact, *, at: Nanos) -> None:
        """Take one order event's fact in; facts of other strategies' orders change nothing."""
        if isinstance(fact, OrderSubmitted):
            if fact.wish.strategy_id == self.strategy_id:
                self._submitted(fact, at)
        elif isinstance(fact, OrderFilled):
            self._filled(fact)
        elif isinstance(fact, ENDINGS):
            client_order_id = self._id_by_order.get(fact.order_id)
            if client_order_id is not None:
                self.ended(client_order_id)

    def _submitted(self, fact: OrderSubmitted, at: Nanos) -> None:
        client_order_id = fact.wish.client_order_id
        self._id_by_order[fact.order_id] = client_order_id
        self._learn_number(client_order_id)
        order = self._orders.get(client_order_id)
        if order is None:
            # A former run of this worker wished for it.
            self.wished(fact.wish, at=at)
            order = self._orders[client_order_id]
        order.order_id = fact.order_id
        if order.is_over and order.filled < order.quantity:
            # It was given up as unanswered, but the OMS had it.
            order.is_over = False
            self._live[client_order_id] = order
            self._rebuild_working()

    def _filled(self, fact: OrderFilled) -> None:
        client_order_id = self._id_by_order.get(fact.order_id)
        order = None if client_order_id is None else self._orders.get(client_order_id)
        if order is None:
            return
        order.filled += fact.quantity
        signed = fact.quantity if order.side is Side.BUY else -fact.quantity
        held = self.positions.get(order.symbol, 0) + signed
        positions = {**self.positions, order.symbol: Shares(held)}
        if held == 0:
            del positions[order.symbol]
        self.positions = positions
        if order.filled >= order.quantity:
            self.ended(order.client_order_id)
        else:
            self._rebuild_working()

    def _learn_number(self, client_order_id: ClientOrderId) -> None:
        # A number of a former run must not be given again: the OMS would take it for a repeat.
        number = client_order_id.rpartition("-")[2]
        if number.isdecimal():
            self.last_number = max(self.last_number, int(number))

    def _rebuild_working(self) -> None:
        self.working = tuple(
            WorkingOrder(
                client_order_id=order.client_order_id,
                symbol=order.symbol,
                side=order.side,
                quantity=Shares(order.quantity - order.filled),
                price=order.price,
                since=order.since,
            )
            for order in self._live.values()
        )

    def _forget_oldest(self) -> None:
        if len(self._orders) <= self._orders_kept_max:
            return
        oldest = next((o for o in self._orders.values() if o.is_over), None)
        if oldest is None:
            log.warning("orders.all_live", strategy_id=self.strategy_id, count=len(self._orders))
            return
        del self._orders[oldest.client_order_id]
        if oldest.order_id is not None:
            del self._id_by_order[oldest.order_id]
