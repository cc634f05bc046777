"""HTTP requests to one host by aiohttp. No aiohttp type or error leaves this module."""

from types import SimpleNamespace
from typing import Any

import aiohttp
from yarl import URL

from aipx.errors import BadPeerData, SettingsError, Unreachable
from aipx.model.time import NANOS_PER_SECOND
from aipx.ports.clock import MonotonicClock
from aipx.ports.transport import HttpRequest, HttpResponse

CONNECTIONS_MAX = 16
RESPONSE_BYTES_MAX = 8 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_SCHEMES = ("http", "https")


class AiohttpTransport:
    """One host, some connections kept open. Made anywhere, used on one event loop.

    Redirects are not followed: following one could send an order twice. Neither proxies of the
    environment nor cookies are used.
    """

    def __init__(
        self,
        base_url: str,
        *,
        monotonic_clock: MonotonicClock,
        connections_max: int = CONNECTIONS_MAX,
        response_bytes_max: int = RESPONSE_BYTES_MAX,
    ) -> None:
        """Keep the host's address.

        Raises:
            SettingsError: `base_url` is not http(s)://host[:port].
        """
        self._base = _base_url(base_url)
        self._monotonic_clock = monotonic_clock
        self._connections_max = connections_max
        self._response_bytes_max = response_bytes_max
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    async def request(self, request: HttpRequest, *, timeout_ns: int) -> HttpResponse:
        """Send and wait for the whole answer.

        Raises:
            Unreachable: no complete answer in time; the peer may have acted.
            BadPeerData: an answer larger than any that KIS gives.
        """
        if self._is_closed:
            raise Unreachable(f"{self._name(request)}: the transport is closed")
        sent = _Sent()
        try:
            return await self._exchange(request, sent, timeout_ns=timeout_ns)
        except TimeoutError as error:
            seconds = timeout_ns / NANOS_PER_SECOND
            raise Unreachable(f"{self._name(request)}: no answer within {seconds:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            reason = str(error) or type(error).__name__
            raise Unreachable(f"{self._name(request)}: {reason}") from error

    async def close(self) -> None:
        """Give the connections back; a request in flight ends as Unreachable."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _exchange(
        self, request: HttpRequest, sent: "_Sent", *, timeout_ns: int
    ) -> HttpResponse:
        async with self._opened().request(
            request.method,
            self._base.join(URL(request.path)).with_query(list(request.query)),
            headers=dict(request.headers),
            data=request.body or None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=timeout_ns / NANOS_PER_SECOND),
            trace_request_ctx=sent,
        ) as response:
            body = await self._body(response, self._name(request))
            headers = {name.lower(): value for name, value in response.headers.items()}
            return HttpResponse(
                status=response.status, headers=headers, body=body, sent_monotonic_ns=sent.at
            )

    async def _body(self, response: aiohttp.ClientResponse, name: str) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            body += chunk
            if len(body) > self._response_bytes_max:
                response.close()
                raise BadPeerData(f"{name}: answer is longer than {self._response_bytes_max} bytes")
        return bytes(body)

    def _opened(self) -> aiohttp.ClientSession:
        # An aiohttp session belongs to the running loop, so it cannot be made in __init__.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections_max),
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[self._tracing()],
            )
        return self._session

    def _tracing(self) -> aiohttp.TraceConfig:
        async def stamp(_: object, context: SimpleNamespace, __: Any) -> None:
            # Headers, then each chunk of the body: the last stamp is when all had left.
            context.trace_request_ctx.at = self._monotonic_clock.now()

        config = aiohttp.TraceConfig()
        config.on_request_headers_sent.append(stamp)
        config.on_request_chunk_sent.append(stamp)
        return config

    def _name(self, request: HttpRequest) -> str:
        return f"{request.method} {self._base.origin()}{request.path}"


class _Sent:
    """When a request had left, by the monotonic clock; 0 while it has not."""

    def __init__(self) -> None:
        self.at = 0


def _base_url(text: str) -> URL:
    try:
        url = URL(text)
    except ValueError as error:
        raise SettingsError(f"HTTP host is {text!r}: {error}") from error
    if url.scheme not in _SCHEMES or not url.host:
        raise SettingsError(f"HTTP host is {text!r}, must be http(s)://host[:port]")
    return url
