"""WebSocket sessions by picows. No picows type or error leaves this module."""

import asyncio
import logging
from collections.abc import Sequence

from picows import WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from aipx.errors import SettingsError, Unreachable
from aipx.model.time import NANOS_PER_SECOND

INBOX_MESSAGES_MAX = 20_000
MESSAGE_BYTES_MAX = 1024 * 1024
_CLOSING_SECONDS_MAX = 1.0
_SCHEMES = ("ws://", "wss://")

# What picows would print of a broken session is told by Unreachable, once, where it is handled.
logging.getLogger("picows").addHandler(logging.NullHandler())


class PicowsTransport:
    """Opens sessions at one address."""

    def __init__(
        self,
        url: str,
        *,
        inbox_messages_max: int = INBOX_MESSAGES_MAX,
        message_bytes_max: int = MESSAGE_BYTES_MAX,
    ) -> None:
        """Keep the address.

        Raises:
            SettingsError: `url` is not ws(s)://….
        """
        if not url.startswith(_SCHEMES):
            raise SettingsError(f"WebSocket address is {url!r}, must begin with ws:// or wss://")
        self._url = url
        self._inbox_messages_max = inbox_messages_max
        self._message_bytes_max = message_bytes_max

    async def connect(self, *, timeout_ns: int) -> "PicowsConnection":
        """Open a session.

        Raises:
            Unreachable: no session within `timeout_ns`.
        """
        inbox = _Inbox(
            self._url,
            messages_max=self._inbox_messages_max,
            message_bytes_max=self._message_bytes_max,
        )
        try:
            async with asyncio.timeout(timeout_ns / NANOS_PER_SECOND):
                await ws_connect(
                    lambda: inbox,
                    self._url,
                    websocket_handshake_timeout=None,
                    max_frame_size=self._message_bytes_max,
                    max_redirects=0,
                )
        except TimeoutError as error:
            seconds = timeout_ns / NANOS_PER_SECOND
            raise Unreachable(f"{self._url}: no session within {seconds:g} s") from error
        except (WSError, OSError) as error:
            raise Unreachable(f"{self._url}: {error or type(error).__name__}") from error
        return PicowsConnection(inbox)


class PicowsConnection:
    """One open session."""

    def __init__(self, inbox: "_Inbox") -> None:
        self._inbox = inbox

    async def receive(self) -> Sequence[str]:
        """Wait for messages and return all that have come, in order.

        Raises:
            Unreachable: the session is over, and all that came before was returned.
        """
        return await self._inbox.take()

    async def send(self, text: str) -> None:
        """Queue a message.

        Raises:
            Unreachable: the session is over.
        """
        self._inbox.send(text)

    async def close(self) -> None:
        """End the session; what has come and was not taken is lost."""
        await self._inbox.close()


class _Inbox(WSListener):
    """What a session has received.

    When it is full the socket is no longer read, and the peer's own buffers fill; nothing is
    dropped. picows hands over all frames of one read at once, so that what the kernel's buffer
    held may come on top.
    """

    def __init__(self, url: str, *, messages_max: int, message_bytes_max: int) -> None:
        super().__init__()
        self._url = url
        self._messages_max = messages_max
        self._message_bytes_max = message_bytes_max
        self._messages: list[str] = []
        self._fragments = bytearray()
        self._has_fragments = False
        self._arrival = asyncio.Event()
        self._transport: WSTransport | None = None
        self._over = ""
        self._is_paused = False

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind == WSMsgType.TEXT and frame.fin and not self._has_fragments:
            self._deliver(transport, frame.get_payload_as_memoryview())
        elif kind in (WSMsgType.TEXT, WSMsgType.CONTINUATION):
            self._assemble(transport, frame)
        elif kind == WSMsgType.CLOSE:
            self._end(f"closed by the peer ({frame.get_close_code()})")
            transport.send_close()
            transport.disconnect()
        elif kind == WSMsgType.BINARY:
            self._break_off(transport, "a binary message, only text is spoken")

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002 - picows' signature
        self._end("connection lost")

    async def take(self) -> list[str]:
        while not self._messages:
            if self._over:
                raise Unreachable(f"{self._url}: {self._over}")
            self._arrival.clear()
            await self._arrival.wait()
        messages, self._messages = self._messages, []
        if self._is_paused and self._transport is not None and not self._over:
            self._is_paused = False
            self._transport.underlying_transport.resume_reading()
        return messages

    def send(self, text: str) -> None:
        if self._over or self._transport is None:
            raise Unreachable(f"{self._url}: {self._over or 'no session'}")
        self._transport.send(WSMsgType.TEXT, text.encode())

    async def close(self) -> None:
        if self._transport is None or self._transport.is_disconnected:
            self._end("closed by us")
            return
        if not self._over:
            self._transport.send_close()
        self._end("closed by us")
        self._messages.clear()
        self._transport.disconnect()
        try:
            async with asyncio.timeout(_CLOSING_SECONDS_MAX):
                await self._transport.wait_disconnected()
        except (TimeoutError, WSError, OSError):
            # picows tells here once more what broke the session; it is over either way.
            self._transport.disconnect(graceful=False)

    def _deliver(self, transport: WSTransport, payload: memoryview | bytearray) -> None:
        # picows refuses such frames too, but then takes up to a moment to stop handing them over.
        if len(payload) > self._message_bytes_max:
            self._break_off(transport, f"a message of over {self._message_bytes_max} bytes")
            return
        try:
            text = str(payload, "utf-8")
        except UnicodeDecodeError as error:
            self._break_off(transport, f"a text message that is no UTF-8 ({error.reason})")
            return
        if self._over:
            return
        self._messages.append(text)
        self._arrival.set()
        if len(self._messages) >= self._messages_max and not self._is_paused:
            self._is_paused = True
            transport.underlying_transport.pause_reading()

    def _assemble(self, transport: WSTransport, frame: WSFrame) -> None:
        is_first = frame.msg_type == WSMsgType.TEXT
        if is_first == self._has_fragments:
            self._break_off(transport, "fragments out of order")
            return
        self._fragments += frame.get_payload_as_memoryview()
        self._has_fragments = not frame.fin
        if len(self._fragments) > self._message_bytes_max:
            self._break_off(transport, f"a message of over {self._message_bytes_max} bytes")
        elif frame.fin:
            self._deliver(transport, self._fragments)
            self._fragments = bytearray()

    def _break_off(self, transport: WSTransport, reason: str) -> None:
        self._end(f"the peer sent {reason}")
        transport.disconnect(graceful=False)

    def _end(self, reason: str) -> None:
        # The first reason is the cause; what follows is its consequence.
        self._over = self._over or reason
        self._arrival.set()
