"""Serves a `TradingGateway` as `TradingService.Trade`."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import structlog

from aipx.errors import AipxError, BadPeerData, SettingsError
from aipx.model.verdict import Answer, WishTaken
from aipx.ports.gateway import TradingGateway
from aipx.runtime.tasks import OrderedTasks
from aipx.wire.facts import CANCEL_ORDER, SUBMIT_ORDER
from aipx_api.oms.v1 import oms_pb2, oms_pb2_grpc

log = structlog.get_logger(__name__)

IN_FLIGHT_MAX = 1_000
"""Wishes of one stream without an answer; beyond it the stream is not read, and flow control
makes the client wait."""


class TradingServicer(oms_pb2_grpc.TradingServiceServicer):
    """One stream's wishes run side by side; each answer names its request."""

    def __init__(self, gateway: TradingGateway) -> None:
        self._gateway = gateway

    async def Trade(  # noqa: N802 - the name is the contract's
        self,
        request_iterator: AsyncIterator[oms_pb2.TradeRequest],
        context: grpc.aio.ServicerContext[Any, Any],
    ) -> None:
        """Answer each wish of a stream, until the client ends it."""
        async with OrderedTasks() as tasks:
            stream = _Stream(context)
            # A failed answer must end the stream, else its client would wait in vain.
            await tasks.until(self._read(request_iterator, stream, tasks))

    async def _read(
        self,
        requests: AsyncIterator[oms_pb2.TradeRequest],
        stream: "_Stream",
        tasks: OrderedTasks,
    ) -> None:
        async for request in requests:
            await stream.places.acquire()
            tasks.start(self._answer(request, stream), name="grpc.wish")

    async def _answer(self, request: oms_pb2.TradeRequest, stream: "_Stream") -> None:
        try:
            response = await self._response(request)
        except AipxError as error:
            await stream.context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
        finally:
            stream.places.release()
        async with stream.writing:
            await stream.context.write(response)

    async def _response(self, request: oms_pb2.TradeRequest) -> oms_pb2.TradeResponse:
        case = request.WhichOneof("wish")
        try:
            if case == "submit_order":
                answer = await self._gateway.submit(SUBMIT_ORDER.from_message(request.submit_order))
            elif case == "cancel_order":
                answer = await self._gateway.cancel(CANCEL_ORDER.from_message(request.cancel_order))
            else:
                return _refused(request, "WISH", "none, or of a newer version")
        except BadPeerData as error:
            return _refused(request, "MALFORMED", str(error))
        return _response_of(request.request_id, answer)


class _Stream:
    """One client's stream: gRPC takes one message at a time, and the client so many wishes."""

    def __init__(self, context: "grpc.aio.ServicerContext[Any, Any]") -> None:
        self.context = context
        self.writing = asyncio.Lock()
        self.places = asyncio.Semaphore(IN_FLIGHT_MAX)


def _response_of(request_id: int, answer: Answer) -> oms_pb2.TradeResponse:
    if isinstance(answer, WishTaken):
        return oms_pb2.TradeResponse(
            request_id=request_id,
            wish_taken=oms_pb2.WishTaken(
                client_order_id=answer.client_order_id, order_id=answer.order_id
            ),
        )
    return oms_pb2.TradeResponse(
        request_id=request_id,
        wish_refused=oms_pb2.WishRefused(
            client_order_id=answer.client_order_id,
            reason=answer.reason,
            found=answer.found,
            allowed=answer.allowed,
        ),
    )


def _refused(request: oms_pb2.TradeRequest, reason: str, found: str) -> oms_pb2.TradeResponse:
    name = request.submit_order.client_order_id or request.cancel_order.client_order_id
    log.warning("wish.malformed", reason=reason, found=found)
    return oms_pb2.TradeResponse(
        request_id=request.request_id,
        wish_refused=oms_pb2.WishRefused(
            client_order_id=name,
            reason=reason,
            found=found,
            allowed="a wish as proto/aipx_api/oms/v1/oms.proto has it",
        ),
    )


class TradingServer:
    """The listening server; `port` is what it got."""

    def __init__(self, gateway: TradingGateway, *, host: str, port: int) -> None:
        self._server = grpc.aio.server(options=(("grpc.so_reuseport", 0),))
        oms_pb2_grpc.add_TradingServiceServicer_to_server(TradingServicer(gateway), self._server)
        try:
            self.port = self._server.add_insecure_port(f"{host}:{port}")
        except RuntimeError as error:
            raise SettingsError(f"gRPC port is {host}:{port}; it is taken, or not ours") from error

    async def start(self) -> None:
        """Begin to listen."""
        await self._server.start()

    async def stop(self, *, grace_seconds: float = 1.0) -> None:
        """End the streams and stop to listen."""
        await self._server.stop(grace_seconds)
