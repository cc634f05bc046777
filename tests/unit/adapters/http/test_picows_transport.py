"""WebSocket sessions over loopback sockets."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from aiohttp import WSMsgType, web

from aipx.adapters.http.picows_transport import PicowsConnection, PicowsTransport
from aipx.errors import SettingsError, Unreachable

_Result = TypeVar("_Result")
_SECOND = 1_000_000_000
Server = Callable[[web.WebSocketResponse, web.Request], Awaitable[None]]


def played(
    server: Server,
    story: Callable[[PicowsConnection], Awaitable[_Result]],
    *,
    inbox_messages_max: int = 1_000,
    message_bytes_max: int = 10_000,
) -> _Result:
    """Serve sessions on a free port of loopback, and play a client's story on one."""

    async def handler(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        await server(socket, request)
        return socket

    async def main() -> _Result:
        app = web.Application()
        app.router.add_get("/{path:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        transport = PicowsTransport(
            f"ws://127.0.0.1:{runner.addresses[0][1]}/tryitout",
            inbox_messages_max=inbox_messages_max,
            message_bytes_max=message_bytes_max,
        )
        connection = await transport.connect(timeout_ns=5 * _SECOND)
        try:
            return await story(connection)
        finally:
            await connection.close()
            await runner.cleanup()

    return asyncio.run(main())


async def collected(connection: PicowsConnection, count: int) -> list[str]:
    texts: list[str] = []
    while len(texts) < count:
        texts += await connection.receive()
    return texts


async def until_lost(connection: PicowsConnection) -> list[str]:
    """Return all that comes before the session is over."""
    texts: list[str] = []
    while True:
        try:
            texts += await connection.receive()
        except Unreachable:
            return texts


async def _listen(socket: web.WebSocketResponse) -> list[str]:
    return [message.data async for message in socket if message.type == WSMsgType.TEXT]


def test_messages_go_both_ways_in_order() -> None:
    async def echo(socket: web.WebSocketResponse, _: web.Request) -> None:
        async for message in socket:
            await socket.send_str(f"<{message.data}>")

    async def story(connection: PicowsConnection) -> list[str]:
        for text in ("하나", "two", ""):
            await connection.send(text)
        return await collected(connection, 3)

    assert played(echo, story) == ["<하나>", "<two>", "<>"]


def test_message_in_fragments_is_put_together() -> None:
    async def server(socket: web.WebSocketResponse, request: web.Request) -> None:
        assert request.transport is not None
        # "가나" cut within a character: text, continuation with a ping between, final.
        whole = "가나".encode()
        for head, part in ((0x01, whole[:2]), (0x89, b""), (0x00, whole[2:4]), (0x80, whole[4:])):
            request.transport.write(bytes([head, len(part)]) + part)
        await _listen(socket)

    assert played(server, lambda connection: collected(connection, 1)) == ["가나"]


def test_what_came_before_an_abrupt_end_is_given_first() -> None:
    async def server(socket: web.WebSocketResponse, request: web.Request) -> None:
        for number in range(5):
            await socket.send_str(str(number))
        assert request.transport is not None
        request.transport.close()

    assert played(server, until_lost) == ["0", "1", "2", "3", "4"]


def test_orderly_close_is_unreachable_too() -> None:
    async def server(socket: web.WebSocketResponse, _: web.Request) -> None:
        await socket.send_str("last")
        await socket.close()

    assert played(server, until_lost) == ["last"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(bytes([0x81, 126, 0x40, 0x00]) + b"x" * 0x4000, id="too long"),
        pytest.param(bytes([0x01, 1]) + b"x" + bytes([0x81, 1]) + b"y", id="text within text"),
        pytest.param(bytes([0x80, 1]) + b"x", id="continuation of nothing"),
        pytest.param(bytes([0x82, 1]) + b"x", id="binary"),
        pytest.param(bytes([0x81, 2]) + b"\xff\xfe", id="no utf-8"),
        pytest.param(b"\xff\xff\xff\xff", id="no frame"),
    ],
)
def test_what_breaks_the_rules_ends_the_session(raw: bytes) -> None:
    async def server(socket: web.WebSocketResponse, request: web.Request) -> None:
        await socket.send_str("before")
        assert request.transport is not None
        request.transport.write(raw)
        await _listen(socket)

    assert played(server, until_lost) == ["before"]


def test_fragments_without_end_are_bounded() -> None:
    async def server(socket: web.WebSocketResponse, request: web.Request) -> None:
        assert request.transport is not None
        piece = bytes([126]) + (5_000).to_bytes(2, "big") + b"x" * 5_000
        for head in (0x01, 0x00, 0x00, 0x00):
            request.transport.write(bytes([head]) + piece)
        await _listen(socket)

    assert played(server, until_lost) == []


def test_full_inbox_stops_reading_and_loses_nothing() -> None:
    # More than a kernel holds for a socket, so that one read cannot take it all.
    count = 60_000

    async def server(socket: web.WebSocketResponse, _: web.Request) -> None:
        for number in range(count):
            await socket.send_str(f"{number:0200d}")
        await _listen(socket)

    async def story(connection: PicowsConnection) -> tuple[list[str], int]:
        texts, most = [], 0
        while len(texts) < count:
            batch = await connection.receive()
            most = max(most, len(batch))
            texts += batch
            await asyncio.sleep(0)
        return texts, most

    texts, most = played(server, story, inbox_messages_max=50)

    assert [int(text) for text in texts] == list(range(count))
    assert most < count


def test_closed_session_takes_and_gives_nothing() -> None:
    async def server(socket: web.WebSocketResponse, _: web.Request) -> None:
        await _listen(socket)

    async def story(connection: PicowsConnection) -> None:
        await connection.close()
        await connection.close()
        with pytest.raises(Unreachable):
            await connection.send("x")
        with pytest.raises(Unreachable):
            await connection.receive()

    played(server, story)


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"ws://127\.0\.0\.1:1"):
        asyncio.run(PicowsTransport("ws://127.0.0.1:1").connect(timeout_ns=_SECOND))


def test_answer_that_is_no_session_is_unreachable() -> None:
    async def main() -> None:
        app = web.Application()
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            url = f"ws://127.0.0.1:{runner.addresses[0][1]}/"
            await PicowsTransport(url).connect(timeout_ns=5 * _SECOND)
        finally:
            await runner.cleanup()

    with pytest.raises(Unreachable):
        asyncio.run(main())


def test_no_answer_in_time_is_unreachable() -> None:
    async def main() -> None:
        async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await over.wait()
            writer.close()

        over = asyncio.Event()
        server = await asyncio.start_server(never, "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        try:
            await PicowsTransport(url).connect(timeout_ns=_SECOND // 20)
        finally:
            over.set()
            server.close()

    with pytest.raises(Unreachable, match=r"no session within 0\.05 s"):
        asyncio.run(main())


def test_wrong_address_is_refused_at_the_door() -> None:
    with pytest.raises(SettingsError, match="must begin with ws://"):
        PicowsTransport("http://127.0.0.1")
