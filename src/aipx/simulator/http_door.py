"""aiohttp's server with KIS's manners: what it cannot read it refuses in KIS's shape, too.

A gateway has no page of aiohttp's to show. And a client that opens connections without end takes
room from its own idle ones first: the oldest connection that asks nothing makes room for the new.
"""

import asyncio
import logging
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from aipx.ports.transport import HttpRequest, HttpResponse
from aipx.simulator.rest.envelope import answer_response, gateway

CONNECTIONS_MAX = 256
"""Open HTTP connections; well below the file descriptors that a process usually may open."""

_CANONICAL = {"content-type": "Content-Type", "date": "Date"}

# A client's broken request is the client's business; the gateway answers it and says no more.
silent = logging.getLogger("aipx.simulator.http")
silent.setLevel(logging.CRITICAL)


class KisHttpServer(web.Server):
    """Makes connections that refuse as KIS does, and keeps their number bounded."""

    def __init__(self, handler: Any, *, connections_max: int = CONNECTIONS_MAX) -> None:
        super().__init__(handler, handler_cancellation=True, logger=silent)
        self._connections_max = connections_max
        self._busy: set[RequestHandler] = set()

    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=self._loop, logger=silent)

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        for other, line in list(self._connections.items()):
            if len(self._connections) <= self._connections_max:
                return
            if other not in self._busy and other is not handler:
                self._connections.pop(other, None)
                line.abort()
        if len(self._connections) > self._connections_max:
            transport.abort()

    def begin(self, request: web.BaseRequest) -> None:
        """Note that a connection has a request in work."""
        self._busy.add(request.protocol)

    def end(self, request: web.BaseRequest) -> None:
        """Note that it has not any more."""
        self._busy.discard(request.protocol)


class _Connection(RequestHandler):
    """One connection."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what could not be read, or not be answered, as the gateway does."""
        del exc, message
        if request.writer.output_size > 0:
            raise ConnectionError("part of an answer is out; the connection ends")
        code = "EGW00002" if status >= 500 else "EGW00101"
        response = outgoing(refusal(code, status=status))
        response.force_close()
        return response


def refusal(code: str, *, status: int) -> HttpResponse:
    """Return a gateway's refusal of a request that nobody has read."""
    return answer_response(
        gateway(code, status=status), HttpRequest(method="", path="", headers={})
    )


def outgoing(response: HttpResponse) -> web.Response:
    """Return an answer with KIS's capitals in its headers."""
    headers = {_CANONICAL.get(name, name): value for name, value in response.headers.items()}
    return web.Response(status=response.status, body=response.body, headers=headers)
