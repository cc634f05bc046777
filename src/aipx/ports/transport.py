"""HTTP and WebSocket, cut to what a KIS client needs; the virtual-time tests swap these only."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec


class HttpRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request to the peer's one host. `query` keeps its order; `body` is bytes as sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class HttpResponse(msgspec.Struct, frozen=True, kw_only=True):
    """An answer. Header names are lower case here, whatever the wire had.

    `sent_monotonic_ns` is when the request was handed to the wire.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    sent_monotonic_ns: int = 0


class HttpTransport(Protocol):
    """One peer host."""

    async def request(self, request: HttpRequest, *, timeout_ns: int) -> HttpResponse:
        """Send and wait for the answer.

        Raises:
            Unreachable: no complete answer within `timeout_ns`; the peer may have acted.
        """
        ...

    async def close(self) -> None:
        """Give the connections back; a request in flight ends as Unreachable."""
        ...


class WebSocketConnection(Protocol):
    """One open session."""

    async def receive(self) -> Sequence[str]:
        """Wait for text messages and return all that have come, in order, at least one.

        Raises:
            Unreachable: the connection is gone; what came before was returned before.
        """
        ...

    async def send(self, text: str) -> None:
        """Queue a text message.

        Raises:
            Unreachable: the connection is gone.
        """
        ...

    async def close(self) -> None:
        """End the session; later calls raise Unreachable."""
        ...


class WebSocketTransport(Protocol):
    """Where sessions come from."""

    async def connect(self, *, timeout_ns: int) -> WebSocketConnection:
        """Open a session.

        Raises:
            Unreachable: no session within `timeout_ns`.
        """
        ...
