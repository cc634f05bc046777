"""HTTP over loopback sockets."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from aiohttp import web

from aipx.adapters.http.aiohttp_transport import AiohttpTransport
from aipx.errors import BadPeerData, SettingsError, Unreachable
from aipx.ports.transport import HttpRequest, HttpResponse
from aipx.runtime.clocks import SystemMonotonicClock

_Result = TypeVar("_Result")
_SECOND = 1_000_000_000
CLOCK = SystemMonotonicClock()


def played(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    story: Callable[[AiohttpTransport], Awaitable[_Result]],
    *,
    response_bytes_max: int = 10_000,
) -> _Result:
    """Serve a handler on a free port of loopback, and play a client's story against it."""

    async def main() -> _Result:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        transport = AiohttpTransport(
            f"http://127.0.0.1:{port}",
            monotonic_clock=CLOCK,
            response_bytes_max=response_bytes_max,
        )
        try:
            return await story(transport)
        finally:
            await transport.close()
            await runner.cleanup()

    return asyncio.run(main())


def asked(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    request: HttpRequest,
    *,
    timeout_ns: int = 5 * _SECOND,
) -> HttpResponse:
    async def story(transport: AiohttpTransport) -> HttpResponse:
        return await transport.request(request, timeout_ns=timeout_ns)

    return played(handler, story)


GET = HttpRequest(method="GET", path="/uapi/x", headers={}, query=(("B", "2 &"), ("A", "")))
POST = HttpRequest(method="POST", path="/uapi/y", headers={"tr_id": "T"}, body=b'{"a":"1"}')


async def _echo(request: web.Request) -> web.Response:
    body = await request.read()
    text = f"{request.method} {request.raw_path} {body.decode()}"
    return web.Response(
        text=text, status=500, headers={"Tr_Cont": "M", "X": request.headers.get("tr_id", "")}
    )


def test_request_arrives_as_it_was_made() -> None:
    assert asked(_echo, GET).body == b"GET /uapi/x?B=2+%26&A= "
    assert asked(_echo, POST).body == b'POST /uapi/y {"a":"1"}'


def test_answer_comes_whatever_its_status_with_lower_case_names() -> None:
    found = asked(_echo, POST)

    assert found.status == 500
    assert (found.headers["tr_cont"], found.headers["x"]) == ("M", "T")


def test_answer_tells_when_the_request_had_left() -> None:
    before = CLOCK.now()

    for request in (GET, POST):
        assert before < asked(_echo, request).sent_monotonic_ns < CLOCK.now()


def test_no_answer_in_time_is_unreachable() -> None:
    async def handler(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(Unreachable, match=r"no answer within 0\.05 s"):
        asked(handler, POST, timeout_ns=_SECOND // 20)


def test_broken_connection_is_unreachable_and_not_tried_again() -> None:
    calls = []

    async def handler(request: web.Request) -> web.Response:
        calls.append(await request.read())
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    with pytest.raises(Unreachable):
        asked(handler, POST)
    assert len(calls) == 1


def test_cut_body_is_unreachable() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        reply = web.StreamResponse(headers={"Content-Length": "100"})
        await reply.prepare(request)
        await reply.write(b"only so much")
        assert request.transport is not None
        request.transport.close()
        return reply

    with pytest.raises(Unreachable):
        asked(handler, POST)


def test_endless_body_is_bad_peer_data() -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 20_000)

    with pytest.raises(BadPeerData, match="longer than 10000 bytes"):
        asked(handler, GET)


def test_redirect_is_not_followed() -> None:
    calls = []

    async def handler(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    assert asked(handler, POST).status == 307
    assert calls == ["/uapi/y"]


def test_nobody_there_is_unreachable() -> None:
    async def main() -> None:
        transport = AiohttpTransport("http://127.0.0.1:1", monotonic_clock=CLOCK)
        try:
            await transport.request(POST, timeout_ns=_SECOND)
        finally:
            await transport.close()

    with pytest.raises(Unreachable, match=r"POST http://127\.0\.0\.1:1/uapi/y"):
        asyncio.run(main())


def test_closing_ends_requests_in_flight_as_unreachable() -> None:
    arrived = asyncio.Event()

    async def handler(_: web.Request) -> web.Response:
        arrived.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def story(transport: AiohttpTransport) -> list[object]:
        flying = asyncio.ensure_future(transport.request(POST, timeout_ns=20 * _SECOND))
        await arrived.wait()
        await transport.close()
        late = transport.request(POST, timeout_ns=_SECOND)
        return list(await asyncio.gather(flying, late, return_exceptions=True))

    assert [type(result) for result in played(handler, story)] == [Unreachable, Unreachable]


@pytest.mark.parametrize("url", ["", "127.0.0.1:80", "ftp://host", "http://", "http://host:port"])
def test_wrong_host_is_refused_at_the_door(url: str) -> None:
    with pytest.raises(SettingsError, match="HTTP host is"):
        AiohttpTransport(url, monotonic_clock=CLOCK)
