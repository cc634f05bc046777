"""A strategy that does everything an order can meet: it buys, sells, rests, crosses, cancels.

What it does depends on the event's id and its seed alone, so a run repeats.
"""

from zlib import crc32

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import Book, MarketEvent
from aipx.model.order import OrderKind, Side
from aipx.model.signal import CancelWish, OrderWish, Wish
from aipx.model.time import NANOS_PER_SECOND
from aipx.strategies.base import View

QUANTITY = 10
ACT_IN = 25
"""One of so many books is acted on."""
WORKING_MAX = 6
CANCEL_AFTER_NS = 120 * NANOS_PER_SECOND


class RestlessState(msgspec.Struct, frozen=True):
    """Wishes so far."""

    count: int = 0


class RestlessStrategy:
    """See the module."""

    def __init__(self, seed: int, symbols: tuple[Symbol, ...], *, orders_max: int = 30) -> None:
        self.name = "restless"
        self._seed = seed
        self._symbols = symbols
        self._orders_max = orders_max

    def initial(self) -> RestlessState:
        return RestlessState()

    def decide(
        self, state: RestlessState, view: View, event: MarketEvent
    ) -> tuple[RestlessState, tuple[Wish, ...]]:
        book = event.fact
        if not isinstance(book, Book) or book.symbol not in self._symbols:
            return state, ()
        wishes: list[Wish] = [
            CancelWish(client_order_id=order.client_order_id, reason="rested long enough")
            for order in view.working
            if view.at - order.since > CANCEL_AFTER_NS and order.symbol == book.symbol
        ]
        draw = crc32(f"{self._seed}/{event.event_id}".encode())
        is_due = draw % ACT_IN == 0 and len(view.working) < WORKING_MAX
        if is_due and state.count < self._orders_max and book.ask_prices[0] and book.bid_prices[0]:
            wishes.append(self._order(draw // ACT_IN, view, book))
            state = RestlessState(state.count + 1)
        return state, tuple(wishes)

    def _order(self, draw: int, view: View, book: Book) -> OrderWish:
        held = view.positions.get(book.symbol, 0)
        side = Side.SELL if held and draw % 2 else Side.BUY
        near, far = (
            (book.ask_prices, book.bid_prices)
            if side is Side.BUY
            else (book.bid_prices, book.ask_prices)
        )
        # Crossing, at the touch, one level behind, and now and then a market or IOC order.
        how = draw // 2 % 6
        kind = {4: OrderKind.MARKET, 5: OrderKind.LIMIT_IOC}.get(how, OrderKind.LIMIT)
        price = (near[0], near[0], far[0], far[1] or far[0], 0, near[0])[how]
        quantity = QUANTITY + draw // 12 % 3
        return OrderWish(
            symbol=book.symbol,
            side=side,
            kind=kind,
            quantity=Shares(min(quantity, held) if side is Side.SELL else quantity),
            price=Won(price),
            reason=f"draw {draw}",
        )
