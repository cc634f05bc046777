"""The broker's own list of the day's orders: one row per number, cumulative, never forgotten.

A modify or cancel is a row of its own, with a number of its own, linked by `original_number`.
Of a row, `quantity = filled + canceled + rejected + open + expired` holds at any time. Shares
that a modify moved to its new number count as canceled on the old one (assumed); a row that
expired with the session keeps neither open nor canceled shares (assumed).
"""

from collections import deque
from collections.abc import Iterator
from datetime import date

import msgspec

from aipx.model.ids import AccountId, BrokerOrderNumber, Symbol
from aipx.model.instrument import Won
from aipx.model.order import NoticeRequest, OrderKind, Side
from aipx.model.time import Nanos

PAST_ROWS_MAX = 10_000
"""Rows of earlier days that inquiries still find, over all accounts; the oldest are dropped."""


class OrderRow(msgspec.Struct, kw_only=True):
    """One number; the desk changes it as the exchange speaks."""

    number: BrokerOrderNumber
    original_number: BrokerOrderNumber
    account: AccountId
    side: Side
    kind: OrderKind
    symbol: Symbol
    quantity: int
    price: Won
    at: Nanos
    request: NoticeRequest
    open_quantity: int
    worst_price: Won = Won(0)
    trigger_price: Won = Won(0)
    triggered_at: Nanos = Nanos(0)
    """When a stop-limit order became a limit order; 0 while it sleeps, and for all others."""
    filled_quantity: int = 0
    filled_amount: int = 0
    canceled_quantity: int = 0
    rejected_quantity: int = 0
    expired_quantity: int = 0

    @property
    def is_cancel(self) -> bool:
        """True for the row of a cancel request itself."""
        return self.request is NoticeRequest.CANCEL

    @property
    def average_price_x10000(self) -> int:
        """Average fill price in ten-thousandths of a won, cut; 0 without a fill."""
        if self.filled_quantity == 0:
            return 0
        return self.filled_amount * 10_000 // self.filled_quantity

    @property
    def state(self) -> str:
        """One word for people and checkers."""
        if self.is_cancel:
            return "CANCEL_REQUEST"
        if self.open_quantity:
            return "PARTIALLY_FILLED" if self.filled_quantity else "OPEN"
        if self.filled_quantity == self.quantity:
            return "FILLED"
        if self.rejected_quantity:
            return "REJECTED"
        return "EXPIRED" if self.expired_quantity else "CANCELED"


class OrderLedger:
    """All rows of the day, by number, in the order in which the numbers were given."""

    def __init__(self, *, number_base: int) -> None:
        self._next = number_base
        self._rows: dict[BrokerOrderNumber, OrderRow] = {}

    def next_number(self) -> BrokerOrderNumber:
        """Give out the next number: ten digits, increasing."""
        number = BrokerOrderNumber(f"{self._next:010d}")
        self._next += 1
        return number

    def __iter__(self) -> Iterator[OrderRow]:
        return iter(self._rows.values())

    def add(self, row: OrderRow) -> None:
        assert row.number not in self._rows, "a number is given once"
        self._rows[row.number] = row

    def find(self, number: str, account: AccountId) -> OrderRow | None:
        """Return an account's row; the number may come without its leading zeros."""
        row = self._rows.get(BrokerOrderNumber(number.strip().rjust(10, "0")))
        return row if row is not None and row.account == account else None

    def by_key(self, key: int) -> OrderRow:
        """Return the row of an exchange key, which is the number as an integer."""
        return self._rows[BrokerOrderNumber(f"{key:010d}")]

    def of_account(self, account: AccountId) -> Iterator[OrderRow]:
        """Return an account's rows, oldest first."""
        return (row for row in self._rows.values() if row.account == account)


class DatedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A row with its day, and the costs that it has booked."""

    day: date
    row: OrderRow
    costs: Won


class PastOrders:
    """The orders of earlier days, oldest first."""

    def __init__(self) -> None:
        self._rows: deque[DatedOrder] = deque(maxlen=PAST_ROWS_MAX)

    def add(self, order: DatedOrder) -> None:
        self._rows.append(order)

    def of_account(self, account: AccountId) -> Iterator[DatedOrder]:
        """Return an account's rows, oldest first."""
        return (each for each in self._rows if each.row.account == account)
