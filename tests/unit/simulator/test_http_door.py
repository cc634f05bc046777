"""What comes in by the door that is no request: refused in KIS's shape, and bounded."""

import asyncio
import json

import pytest

from aipx.runtime.clocks import SystemWallClock
from aipx.simulator.http_door import CONNECTIONS_MAX
from aipx.simulator.server import SimulatorServers, serve
from tests.support.kis_user import kis
from tests.unit.simulator.test_server import raw

BROKEN = [
    b"HELLO\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nBad Header: x\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
    b"POST /oauth2/tokenP HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 10_000 + b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
]


def served(act):
    """Run `act(servers)` against both hosts."""

    async def run():
        servers = await serve(kis(), wall=SystemWallClock())
        try:
            return await act(servers)
        finally:
            await servers.close()

    return asyncio.run(run())


@pytest.mark.parametrize("data", BROKEN)
def test_what_is_no_request_is_refused_as_kis_refuses(data):
    answer = served(lambda servers: raw(servers.rest_port, data))

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b" ", 2)[1].startswith(b"4")
    assert json.loads(body)["msg_cd"] == "EGW00101"


def test_header_that_is_no_text_is_not_sent_back():
    request = b"GET /x HTTP/1.1\r\nHost: x\r\ntr_id: \xff\xfe\r\nConnection: close\r\n\r\n"

    answer = served(lambda servers: raw(servers.rest_port, request))

    assert answer.startswith(b"HTTP/1.1 404")
    assert b"tr_id: \r\n" in answer


def test_idle_connections_make_room_for_who_asks():
    async def act(servers: SimulatorServers) -> bytes:
        idle = [
            await asyncio.open_connection("127.0.0.1", servers.rest_port)
            for _ in range(CONNECTIONS_MAX + 20)
        ]
        try:
            return await raw(
                servers.rest_port, b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )
        finally:
            for _, writer in idle:
                writer.close()

    assert served(act).startswith(b"HTTP/1.1 404")
