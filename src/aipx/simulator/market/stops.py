"""Stop-limit orders that sleep until a trade touches their trigger price."""

import msgspec

from aipx.engine.matching import Arrival
from aipx.model.instrument import Shares
from aipx.model.order import OrderKind, Side


class Stops:
    """One symbol's sleeping orders, and those that a print has woken, both in order of arrival.

    A buy wakes at its trigger or above, a sell at it or below.
    """

    __slots__ = ("asleep", "woken")

    def __init__(self) -> None:
        self.asleep: dict[int, Arrival] = {}
        self.woken: dict[int, Arrival] = {}

    def add(self, order: Arrival) -> None:
        """Let an order sleep."""
        assert order.kind is OrderKind.STOP_LIMIT
        self.asleep[order.key] = order

    def touch(self, price: int) -> None:
        """Wake whom a trade at `price` wakes."""
        touched = [order for order in self.asleep.values() if is_touched(order, price)]
        for order in touched:
            self.woken[order.key] = self.asleep.pop(order.key)

    def next_woken(self) -> Arrival:
        """Take out the woken order that came first, as the limit order that it now is."""
        order = self.woken.pop(next(iter(self.woken)))
        return as_limit(order)

    def order(self, key: int) -> Arrival | None:
        """Return an order that waits here, or None."""
        return self.asleep.get(key) or self.woken.get(key)

    def open_size(self, key: int) -> Shares:
        """Return the shares of an order that waits here, 0 for any other."""
        order = self.order(key)
        return Shares(0) if order is None else order.quantity

    def cancel(self, key: int, quantity: Shares | None) -> Shares:
        """Take an order out, or `quantity` of it; return what was taken, 0 for no such order."""
        waiting = self.asleep if key in self.asleep else self.woken
        order = waiting.get(key)
        if order is None:
            return Shares(0)
        taken = order.quantity if quantity is None else Shares(min(quantity, order.quantity))
        if taken == order.quantity:
            del waiting[key]
        else:
            left = Shares(order.quantity - taken)
            waiting[key] = msgspec.structs.replace(order, quantity=left)
        return taken

    def clear(self) -> list[Arrival]:
        """Take all out: the session is over."""
        waited = [*self.woken.values(), *self.asleep.values()]
        self.asleep, self.woken = {}, {}
        return waited


def is_touched(order: Arrival, price: int) -> bool:
    """Return whether a trade at `price` wakes an order."""
    if order.side is Side.BUY:
        return price >= order.trigger_price
    return price <= order.trigger_price


def as_limit(order: Arrival) -> Arrival:
    """Return the limit order that a stop-limit order becomes."""
    return msgspec.structs.replace(order, kind=OrderKind.LIMIT)
