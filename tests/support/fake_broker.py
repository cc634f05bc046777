"""A broker that answers by script, and remembers what it was asked."""

import asyncio
from collections.abc import Sequence
from datetime import date

from aipx.errors import RemoteError, Unreachable
from aipx.model.ids import Symbol
from aipx.model.instrument import Instrument, ListingMarket, PriceLimits, Won
from aipx.model.order import BrokerBalance, BrokerOrder
from aipx.model.outcome import CancelTarget, Outcome
from aipx.model.verdict import Approved
from aipx.ports.broker import InstrumentReference
from tests.support.oms import acceptance, balance


class FakeBroker:
    """Takes every order under the next number, unless told otherwise."""

    def __init__(self) -> None:
        self.submitted: list[Approved] = []
        self.cancels: list[CancelTarget] = []
        self.order_outcome: Outcome | None = None
        """What orders are answered with; None is an acceptance."""
        self.cancel_outcome: Outcome = acceptance("0000009000")
        self.is_answering = asyncio.Event()
        self.is_answering.set()
        """While clear, orders wait for their answer."""
        self.listings: list[Sequence[BrokerOrder]] = []
        """Listings to come; the last one stays."""
        self.listed: Sequence[BrokerOrder] = ()
        self.balance_now: BrokerBalance = balance()
        self.inquiries = 0
        self.days: list[date] = []
        self.error: RemoteError | None = None
        """What inquiries raise."""

    async def submit(self, approved: Approved) -> Outcome:
        self.submitted.append(approved)
        number = f"{len(self.submitted):010d}"
        await self.is_answering.wait()
        return self.order_outcome or acceptance(number)

    async def cancel(self, target: CancelTarget) -> Outcome:
        self.cancels.append(target)
        await asyncio.sleep(0)
        return self.cancel_outcome

    async def orders(self, day: date) -> Sequence[BrokerOrder]:
        self.inquiries += 1
        self.days.append(day)
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        if self.listings:
            self.listed = self.listings.pop(0)
        return self.listed

    async def balance(self) -> BrokerBalance:
        if self.error is not None:
            raise self.error
        return self.balance_now

    async def reference(self, symbol: Symbol) -> InstrumentReference:
        if self.error is not None:
            raise self.error
        return reference(symbol)

    def fall_silent(self) -> None:
        """Answer no inquiry any more."""
        self.error = Unreachable("no answer within 3 s")


def reference(symbol: Symbol, *, is_halted: bool = False) -> InstrumentReference:
    """Return an instrument of 80,000 won."""
    return InstrumentReference(
        instrument=Instrument(symbol=symbol, name="삼성전자", market=ListingMarket.KOSPI),
        limits=PriceLimits(base=Won(80_000), lower=Won(56_000), upper=Won(104_000)),
        last_price=Won(80_000),
        is_halted=is_halted,
    )
