"""Asking the broker twice: only what two complete inquiries agree on is believed to be whole."""

from collections.abc import Callable
from datetime import date

from aipx.engine.inputs import Inquired
from aipx.model.ids import OrderId
from aipx.model.order import BrokerBalance, BrokerOrder
from aipx.ports.broker import Broker


class Inquirer:
    """Order listing and balance, read in pairs until a pair agrees."""

    def __init__(self, broker: Broker, *, attempts_max: int) -> None:
        self._broker = broker
        self._attempts_max = attempts_max

    async def ask(
        self,
        day: date,
        *,
        sequence: Callable[[], int],
        settled: frozenset[OrderId],
        is_session_over: bool,
    ) -> tuple[Inquired, BrokerBalance]:
        """Return the newest listing and balance, and whether a pair of them agreed.

        Agreement means: equal twice in a row, with nothing journalled from before the first to
        after the second. After the last attempt the newest is returned unconfirmed.

        Raises:
            RemoteError: an inquiry was not answered.
        """
        started = sequence()
        last = await self._read(day)
        for attempt in range(self._attempts_max):
            newest = await self._read(day)
            is_confirmed = newest == last and sequence() == started
            if is_confirmed or attempt == self._attempts_max - 1:
                orders, balance = newest
                inquired = Inquired(
                    orders=orders,
                    started_sequence=started,
                    settled=settled,
                    is_confirmed=is_confirmed,
                    is_session_over=is_session_over,
                )
                return inquired, balance
            started, last = sequence(), newest
        raise AssertionError("attempts_max is positive")

    async def _read(self, day: date) -> tuple[tuple[BrokerOrder, ...], BrokerBalance]:
        return tuple(await self._broker.orders(day)), await self._broker.balance()
