import asyncio

import pytest

from aipx.adapters.grpc.client import GrpcTradingGateway
from aipx.adapters.grpc.server import TradingServer
from aipx.errors import SettingsError, Unreachable
from aipx.model.ids import ClientOrderId, OrderId
from aipx.model.order import CancelOrder, SubmitOrder
from aipx.model.verdict import Answer, WishRefused, WishTaken
from tests.support.oms import wish


class Oms:
    """Takes buys of up to ten shares; the slower the larger, so that answers overtake."""

    def __init__(self) -> None:
        self.seen: list[SubmitOrder] = []

    async def submit(self, order: SubmitOrder) -> Answer:
        self.seen.append(order)
        await asyncio.sleep(order.quantity / 100)
        if order.quantity > 10:
            return WishRefused(
                client_order_id=order.client_order_id, reason="QUANTITY", found="11", allowed="10"
            )
        if order.quantity == 7:
            raise ArithmeticError("a bug")
        if order.quantity == 9:
            raise Unreachable("the OMS stopped")
        return WishTaken(client_order_id=order.client_order_id, order_id=OrderId("o"))

    async def cancel(self, order: CancelOrder) -> Answer:
        return WishRefused(
            client_order_id=order.client_order_id, reason="ORDER_UNKNOWN", found="", allowed="x"
        )


async def with_gateway(use):
    oms = Oms()
    server = TradingServer(oms, host="127.0.0.1", port=0)
    await server.start()
    gateway = GrpcTradingGateway(f"127.0.0.1:{server.port}")
    try:
        return await use(gateway, oms, server)
    finally:
        await gateway.close()
        await server.stop(grace_seconds=0)


def test_answers_find_their_wishes_though_they_overtake():
    async def use(gateway, oms, _):
        return await asyncio.gather(
            gateway.submit(wish("slow", quantity=8)),
            gateway.submit(wish("fast", quantity=1)),
            gateway.submit(wish("no", quantity=11)),
            gateway.cancel(CancelOrder(client_order_id=ClientOrderId("c"))),
        ), oms.seen

    answers, seen = asyncio.run(with_gateway(use))

    assert [type(answer).__name__ for answer in answers] == [
        "WishTaken",
        "WishTaken",
        "WishRefused",
        "WishRefused",
    ]
    assert [answer.client_order_id for answer in answers] == ["slow", "fast", "no", "c"]
    assert seen[0] == wish("slow", quantity=8)


def test_every_wish_of_a_crowd_is_answered():
    async def use(gateway, oms, _):
        wishes = (gateway.submit(wish(f"w{number}", quantity=1)) for number in range(300))
        return await asyncio.gather(*wishes), len(oms.seen)

    answers, seen_count = asyncio.run(with_gateway(use))

    assert [answer.client_order_id for answer in answers] == [f"w{n}" for n in range(300)]
    assert seen_count == 300


def test_bug_behind_a_wish_ends_the_stream_instead_of_leaving_its_client_to_wait():
    async def use(gateway, *_):
        with pytest.raises(Unreachable, match="the stream to the OMS broke"):
            await gateway.submit(wish("bug", quantity=7))

    asyncio.run(with_gateway(use))


def test_broken_stream_fails_its_wishes_and_the_next_wish_opens_another():
    async def use(gateway, *_):
        with pytest.raises(Unreachable):
            await gateway.submit(wish("broken", quantity=9))
        return await gateway.submit(wish("next", quantity=1))

    assert isinstance(asyncio.run(with_gateway(use)), WishTaken)


def test_server_that_is_not_there_is_unreachable():
    async def main() -> None:
        gateway = GrpcTradingGateway("127.0.0.1:1")
        with pytest.raises(Unreachable):
            await gateway.submit(wish())
        await gateway.close()

    asyncio.run(main())


def test_port_that_is_taken_is_one_line():
    async def main() -> None:
        first = TradingServer(Oms(), host="127.0.0.1", port=0)
        with pytest.raises(SettingsError, match="is taken"):
            TradingServer(Oms(), host="127.0.0.1", port=first.port)
        await first.stop(grace_seconds=0)

    asyncio.run(main())
