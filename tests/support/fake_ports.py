"""Small fakes of ports, for tests of services: scripted, in memory, and honest about order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aipx.errors import RemoteError
from aipx.model.ids import OrderId
from aipx.model.order import CancelOrder, SubmitOrder
from aipx.ports.feed import FeedItem
from aipx.ports.gateway import Answer, WishTaken

Step = Sequence[FeedItem] | RemoteError


class ManualClock:
    """A clock that stands still until it is set; serves as any of the clocks."""

    def __init__(self, moment: int = 0) -> None:
        self.moment = moment

    def now(self) -> int:
        return self.moment


class ScriptedFeed:
    """Gives its steps one by one: a batch, or an error; then nothing ever comes."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = list(steps)
        self.is_closed = False

    async def receive(self) -> Sequence[FeedItem]:
        if not self._steps:
            await asyncio.get_running_loop().create_future()
        step = self._steps.pop(0)
        if isinstance(step, RemoteError):
            raise step
        return step

    async def close(self) -> None:
        self.is_closed = True


async def taken(wish: SubmitOrder | CancelOrder) -> Answer:
    """Answer as an OMS that takes everything."""
    return WishTaken(
        client_order_id=wish.client_order_id, order_id=OrderId(f"oms-{wish.client_order_id}")
    )


class FakeGateway:
    """Keeps what it was sent, and answers by a function that a test may replace."""

    def __init__(self) -> None:
        self.sent: list[SubmitOrder | CancelOrder] = []
        self.answer: Callable[[SubmitOrder | CancelOrder], Awaitable[Answer]] = taken

    async def submit(self, wish: SubmitOrder) -> Answer:
        self.sent.append(wish)
        return await self.answer(wish)

    async def cancel(self, wish: CancelOrder) -> Answer:
        self.sent.append(wish)
        return await self.answer(wish)


async def until(is_true: Callable[[], bool], *, turns_max: int = 1_000) -> None:
    """Give the loop turns until a condition holds; a test that needs more of them is wrong."""
    for _ in range(turns_max):
        if is_true():
            return
        await asyncio.sleep(0)
    raise AssertionError(f"not so after {turns_max} turns of the loop")
