"""A `TradingGateway` over one bidirectional stream, opened anew when it breaks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from aipx.errors import BadPeerData, Unreachable
from aipx.model.ids import ClientOrderId, OrderId
from aipx.model.order import CancelOrder, SubmitOrder
from aipx.model.verdict import Answer, WishRefused, WishTaken
from aipx.wire.facts import CANCEL_ORDER, SUBMIT_ORDER
from aipx_api.oms.v1 import oms_pb2, oms_pb2_grpc

ANSWER_TIMEOUT_SECONDS = 30.0
IN_FLIGHT_MAX = 1_000


class GrpcTradingGateway:
    """The OMS at `target` (host:port). A broken stream fails the wishes on it as Unreachable.

    The same wish may then be sent again: its client order id is idempotent for ever.
    """

    def __init__(self, target: str) -> None:
        self._channel = grpc.aio.insecure_channel(
            target,
            # A channel of its own, so that closing it closes the connection with it.
            options=(("grpc.use_local_subchannel_pool", 1),),
        )
        self._stub = oms_pb2_grpc.TradingServiceStub(self._channel)
        self._call: grpc.aio.StreamStreamCall[Any, Any] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[oms_pb2.TradeResponse]] = {}
        self._next_id = 0
        self._writing = asyncio.Lock()
        self._places = asyncio.Semaphore(IN_FLIGHT_MAX)

    @property
    def is_idle(self) -> bool:
        """True while no wish waits for its answer."""
        return not self._waiting

    async def submit(self, wish: SubmitOrder) -> Answer:
        message = SUBMIT_ORDER.to_message(wish)
        return await self._ask(
            lambda request_id: oms_pb2.TradeRequest(request_id=request_id, submit_order=message)
        )

    async def cancel(self, wish: CancelOrder) -> Answer:
        message = CANCEL_ORDER.to_message(wish)
        return await self._ask(
            lambda request_id: oms_pb2.TradeRequest(request_id=request_id, cancel_order=message)
        )

    async def close(self) -> None:
        """End the stream; wishes on it fail as Unreachable."""
        if self._call is not None:
            self._call.cancel()
        if self._reader is not None:
            await asyncio.wait([self._reader])
        await self._channel.close(None)

    async def _ask(self, request_of: Callable[[int], oms_pb2.TradeRequest]) -> Answer:
        async with self._places:
            self._next_id += 1
            request = request_of(self._next_id)
            future: asyncio.Future[oms_pb2.TradeResponse] = (
                asyncio.get_running_loop().create_future()
            )
            self._waiting[request.request_id] = future
            try:
                async with asyncio.timeout(ANSWER_TIMEOUT_SECONDS):
                    await self._write(request)
                    return _answer_of(await future)
            except TimeoutError as error:
                raise Unreachable(
                    f"the OMS did not answer in {ANSWER_TIMEOUT_SECONDS} s"
                ) from error
            except grpc.RpcError as error:
                raise Unreachable(f"the OMS cannot be reached: {error}") from error
            finally:
                self._waiting.pop(request.request_id, None)

    async def _write(self, request: oms_pb2.TradeRequest) -> None:
        async with self._writing:
            if self._call is None or self._call.done():
                call = self._call = self._stub.Trade()
                self._reader = asyncio.get_running_loop().create_task(self._read(call))
            write: Callable[[oms_pb2.TradeRequest], Awaitable[None]] = self._call.write
            try:
                await write(request)
            except asyncio.InvalidStateError as error:
                raise Unreachable("the OMS ended the stream") from error

    async def _read(self, call: "grpc.aio.StreamStreamCall[Any, Any]") -> None:
        reason = "the OMS ended the stream"
        try:
            async for response in call:
                future = self._waiting.get(response.request_id)
                if future is not None and not future.done():
                    future.set_result(response)
        except (grpc.RpcError, asyncio.CancelledError) as error:
            reason = f"the stream to the OMS broke: {error!r}"
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Unreachable(reason))


def _answer_of(response: oms_pb2.TradeResponse) -> Answer:
    case = response.WhichOneof("answer")
    if case == "wish_taken":
        taken = response.wish_taken
        return WishTaken(
            client_order_id=ClientOrderId(taken.client_order_id), order_id=OrderId(taken.order_id)
        )
    if case == "wish_refused":
        refused = response.wish_refused
        return WishRefused(
            client_order_id=ClientOrderId(refused.client_order_id),
            reason=refused.reason,
            found=refused.found,
            allowed=refused.allowed,
        )
    raise BadPeerData("the OMS's answer is neither taken nor refused")
