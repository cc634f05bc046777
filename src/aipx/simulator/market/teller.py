"""Tells what became of the account orders of one symbol."""

from aipx.engine.matching import Arrival
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import Side
from aipx.model.time import Nanos
from aipx.simulator.market.events import (
    LapseReason,
    OrderCanceled,
    OrderExecuted,
    OrderLapsed,
    OrderRefusedByExchange,
    OrderReplaced,
    OrderRested,
    OrderTriggered,
)
from aipx.simulator.market.gate import Refusal


class Teller:
    """Makes events of one symbol; `at` is the moment they are told to happen at."""

    __slots__ = ("_symbol", "at")

    def __init__(self, symbol: Symbol) -> None:
        self._symbol = symbol
        self.at = Nanos(0)

    def refused(self, key: int, refusal: Refusal) -> OrderRefusedByExchange:
        """Tell that a request was not taken."""
        reason, text = refusal
        return OrderRefusedByExchange(
            at=self.at, key=key, symbol=self._symbol, reason=reason, text=text
        )

    def rested(self, order: Arrival, price: Won, quantity: Shares) -> OrderRested:
        """Tell that an order, or what is left of it, stands in the book."""
        return OrderRested(
            at=self.at,
            key=order.key,
            symbol=self._symbol,
            side=order.side,
            price=price,
            quantity=quantity,
        )

    def triggered(self, key: int) -> OrderTriggered:
        """Tell that a stop-limit order woke."""
        return OrderTriggered(at=self.at, key=key, symbol=self._symbol)

    def executed(
        self, key: int, side: Side, price: Won, quantity: Shares, remaining: Shares
    ) -> OrderExecuted:
        """Tell of an order's part in a trade."""
        return OrderExecuted(
            at=self.at,
            key=key,
            symbol=self._symbol,
            side=side,
            price=price,
            quantity=quantity,
            remaining=remaining,
        )

    def lapsed(self, key: int, quantity: Shares, reason: LapseReason) -> OrderLapsed:
        """Tell that the exchange took an order's remainder off."""
        return OrderLapsed(
            at=self.at, key=key, symbol=self._symbol, quantity=quantity, reason=reason
        )

    def canceled(self, key: int, quantity: Shares, remaining: Shares) -> OrderCanceled:
        """Tell that a cancel was carried out."""
        return OrderCanceled(
            at=self.at, key=key, symbol=self._symbol, quantity=quantity, remaining=remaining
        )

    def replaced(self, key: int, order: Arrival, remaining: Shares) -> OrderReplaced:
        """Tell that shares of order `key` go on as `order`."""
        return OrderReplaced(
            at=self.at,
            key=key,
            new_key=order.key,
            symbol=self._symbol,
            kind=order.kind,
            price=order.price,
            quantity=order.quantity,
            remaining=remaining,
        )
