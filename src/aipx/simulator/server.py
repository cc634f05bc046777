"""The simulator on loopback sockets: KIS's REST host and its WebSocket host, as thin shells.

REST is HTTP/1.1 by aiohttp, which keeps the capitals that KIS's headers have. Market data is
written in batches, many frames a system call; a reader that is slow fills its own session's
outbox and nobody else's.
"""

import asyncio
import struct
from collections.abc import Callable, Iterable

from aiohttp import web
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server

from aipx.errors import SettingsError
from aipx.model.time import NANOS_PER_SECOND
from aipx.ports.clock import WallClock
from aipx.ports.transport import HttpRequest
from aipx.simulator.http_door import KisHttpServer, outgoing, refusal
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.sessions import SocketSession

BODY_BYTES_MAX = 64 * 1024
CLIENT_FRAME_BYTES_MAX = 64 * 1024
TEXTS_A_WRITE_MAX = 2_048
UNANSWERED_SECONDS_MAX = 120.0
LAG_SECONDS_MAX = 1.0
_SHUTDOWN_SECONDS = 0.2
_TICK_SECONDS = 1.0


class SimulatorServers:
    """Both hosts of one simulated KIS; made by `serve`."""

    def __init__(self, kis: SimulatedKis, *, wall: WallClock, host: str) -> None:
        self._kis = kis
        self._wall = wall
        self._host = host
        self._listeners: dict[_Listener, None] = {}
        self._runner: web.ServerRunner | None = None
        self._door: KisHttpServer | None = None
        self._sockets: asyncio.Server | None = None
        self._ticker: asyncio.Task[None] | None = None
        self.rest_port = 0
        self.ws_port = 0

    @property
    def rest_url(self) -> str:
        return f"http://{self._host}:{self.rest_port}"

    @property
    def ws_url(self) -> str:
        return f"ws://{self._host}:{self.ws_port}"

    async def start(self, *, rest_port: int, ws_port: int) -> None:
        """Bind both ports, 0 for any.

        Raises:
            SettingsError: a port cannot be had.
        """
        server = self._door = KisHttpServer(self._respond)
        self._runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, rest_port)
        try:
            await site.start()
            self.rest_port = self._runner.addresses[0][1]
        except (OSError, OverflowError) as error:
            await self.close()
            raise SettingsError(_port_text("REST", self._host, rest_port, error)) from error
        try:
            self._sockets = await ws_create_server(
                self._accept,
                self._host,
                ws_port,
                max_frame_size=CLIENT_FRAME_BYTES_MAX,
                enable_auto_pong=True,
            )
        except (OSError, OverflowError) as error:
            await self.close()
            raise SettingsError(_port_text("WebSocket", self._host, ws_port, error)) from error
        self.ws_port = self._sockets.sockets[0].getsockname()[1]
        self._ticker = asyncio.create_task(self._tick(), name="simulator-tick")

    async def settle(self) -> None:
        """Wait until what was sent has left, for the pacer at full speed.

        A reader that does not drain within `LAG_SECONDS_MAX` is waited for no more until it has.
        """
        for listener in list(self._listeners):
            listener.flush()
        await asyncio.sleep(0)
        for listener in list(self._listeners):
            await listener.drained(seconds_max=LAG_SECONDS_MAX)

    async def close(self) -> None:
        """End all sessions and give the ports back."""
        if self._ticker is not None:
            self._ticker.cancel()
            await asyncio.gather(self._ticker, return_exceptions=True)
        for listener in list(self._listeners):
            listener.end()
        if self._sockets is not None:
            self._sockets.close()
            await self._sockets.wait_closed()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            self._kis.tick(wall=self._wall.now())

    def _accept(self, _: WSUpgradeRequest) -> "_Listener":
        """Take a session on any path: clients in use ask for `/` and for `/tryitout`."""
        listener = _Listener(self._open, self._wall, on_end=self._forget)
        self._listeners[listener] = None
        return listener

    def _open(self) -> SocketSession:
        return self._kis.connect(wall=self._wall.now())

    def _forget(self, listener: "_Listener") -> None:
        self._listeners.pop(listener, None)

    async def _respond(self, incoming: web.BaseRequest) -> web.StreamResponse:
        assert self._door is not None, "a request comes by the door"
        self._door.begin(incoming)
        try:
            return await self._answer(incoming)
        finally:
            self._door.end(incoming)

    async def _answer(self, incoming: web.BaseRequest) -> web.StreamResponse:
        request = await _request_of(incoming)
        if request is None:
            return outgoing(refusal("EGW00101", status=413))
        reply = self._kis.rest(request, wall=self._wall.now())
        if reply.response is None:
            await asyncio.sleep(UNANSWERED_SECONDS_MAX)
            if incoming.transport is not None:
                incoming.transport.abort()
            return web.Response(status=504)
        if reply.delay_ns:
            await asyncio.sleep(reply.delay_ns / NANOS_PER_SECOND)
        return outgoing(reply.response)


class _Listener(WSListener):
    """One WebSocket connection and its session."""

    def __init__(
        self,
        open_session: Callable[[], SocketSession],
        wall: WallClock,
        *,
        on_end: Callable[["_Listener"], None],
    ) -> None:
        self._open_session = open_session
        self._wall = wall
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._session: SocketSession | None = None
        self._transport: WSTransport | None = None
        self._parts: list[bytes] = []
        self._is_paused = False
        self._scheduled: asyncio.Handle | None = None
        self._is_given_up = False
        self._drained = asyncio.Event()
        self._drained.set()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._session = self._open_session()
        self._session.on_output = self._wake
        if self._session.is_closed:
            transport.disconnect()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        session = self._session
        if session is None:
            return
        kind = frame.msg_type
        if kind is WSMsgType.PONG:
            session.pong(wall=self._wall.now())
        elif kind is WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif kind in (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION):
            self._take_part(session, frame)

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002 - picows's signature
        self.end()
        self._drained.set()
        self._on_end(self)

    def pause_writing(self) -> None:
        self._is_paused = True
        self._drained.clear()

    def resume_writing(self) -> None:
        self._is_paused = False
        self._is_given_up = False
        self._drained.set()
        self._wake()

    async def drained(self, *, seconds_max: float) -> None:
        """Wait until the socket takes more; give up on a reader that is too slow."""
        if self._is_given_up or self._drained.is_set():
            return
        try:
            async with asyncio.timeout(seconds_max):
                await self._drained.wait()
        except TimeoutError:
            self._is_given_up = True

    def end(self) -> None:
        """End the session; the connection follows when what was queued is out."""
        if self._session is not None:
            self._session.close()

    def _take_part(self, session: SocketSession, frame: WSFrame) -> None:
        self._parts.append(frame.get_payload_as_bytes())
        if sum(map(len, self._parts)) > CLIENT_FRAME_BYTES_MAX:
            session.close()
        elif frame.fin:
            text = b"".join(self._parts).decode("utf-8", "replace")
            self._parts.clear()
            session.receive(text, wall=self._wall.now())

    def _wake(self) -> None:
        """Write soon: what the same step still queues goes along."""
        if self._scheduled is None:
            self._scheduled = self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Write what waits to be written now, as far as the socket takes it."""
        if self._scheduled is None:
            return
        self._scheduled.cancel()
        self._scheduled = None
        session, transport = self._session, self._transport
        if session is None or transport is None or transport.is_disconnected:
            return
        while not self._is_paused and session.queued:
            transport.underlying_transport.write(text_frames(session.take(TEXTS_A_WRITE_MAX)))
        if session.is_closed:
            # KIS drops a connection without a close frame; who does not read loses the rest.
            transport.disconnect(graceful=not self._is_paused)


async def serve(
    kis: SimulatedKis,
    *,
    wall: WallClock,
    host: str = "127.0.0.1",
    rest_port: int = 0,
    ws_port: int = 0,
) -> SimulatorServers:
    """Start both hosts and return them; their ports are in the result.

    Raises:
        SettingsError: a port cannot be had.
    """
    servers = SimulatorServers(kis, wall=wall, host=host)
    await servers.start(rest_port=rest_port, ws_port=ws_port)
    return servers


def text_frames(texts: Iterable[str]) -> bytes:
    """Return texts as WebSocket frames of a server (RFC 6455, 5.2: unmasked, final)."""
    parts: list[bytes] = []
    for text in texts:
        payload = text.encode()
        length = len(payload)
        if length < 126:
            parts.append(bytes((0x81, length)))
        elif length < 65_536:
            parts.append(struct.pack("!BBH", 0x81, 126, length))
        else:
            parts.append(struct.pack("!BBQ", 0x81, 127, length))
        parts.append(payload)
    return b"".join(parts)


async def _request_of(incoming: web.BaseRequest) -> HttpRequest | None:
    """Read a request; None is a body beyond the bound."""
    if (incoming.content_length or 0) > BODY_BYTES_MAX:
        return None
    body = b""
    async for chunk in incoming.content.iter_chunked(BODY_BYTES_MAX):
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            return None
    return HttpRequest(
        method=incoming.method,
        path=incoming.rel_url.raw_path,
        headers={name.lower(): value for name, value in incoming.headers.items()},
        query=tuple(incoming.rel_url.query.items()),
        body=body,
    )


def _port_text(name: str, host: str, port: int, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{name} port is {port} on {host}: {reason}; allowed: a free port, or 0 for any"
