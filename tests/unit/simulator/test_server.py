"""Both hosts over real loopback sockets: headers, order, slow readers, ports."""

import asyncio
import json
import socket

import aiohttp
import pytest
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from aipx.errors import SettingsError
from aipx.runtime.clocks import SystemMonotonicClock, SystemWallClock
from aipx.simulator.faults import Fault, FaultName, FaultPlan
from aipx.simulator.pacing import Pacer
from aipx.simulator.server import BODY_BYTES_MAX, SimulatorServers, serve, text_frames
from aipx.simulator.settings import simulated_account
from aipx.wire.kis.frames import split_frame
from tests.support.kis_user import SYMBOL, KisUser, kis, open_kis, registration, settings

SECONDS_MAX = 20.0


class Client(WSListener):
    """Keeps what it gets."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.is_over = asyncio.Event()
        self.closed_by_frame = False

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.CLOSE:
            self.closed_by_frame = True
            transport.disconnect()
            return
        self.texts.append(frame.get_payload_as_utf8_text())

    def on_ws_disconnected(self, _: WSTransport) -> None:
        self.is_over.set()


async def connected(servers: SimulatorServers, path: str = "/tryitout"):
    return await ws_connect(Client, servers.ws_url + path)


async def until(condition) -> None:
    """Wait for a condition, a bounded time; the loop runs meanwhile."""
    async with asyncio.timeout(SECONDS_MAX):
        while not condition():  # noqa: ASYNC110 - what is awaited is behind a socket
            await asyncio.sleep(0.001)


def send(transport: WSTransport, text: str) -> None:
    transport.send(WSMsgType.TEXT, text.encode())


async def raw(port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    answer = await asyncio.wait_for(reader.read(), SECONDS_MAX)
    writer.close()
    await writer.wait_closed()
    return answer


def test_kis_headers_are_lower_case_and_standard_ones_capitalised():
    async def run() -> bytes:
        servers = await serve(kis(), wall=SystemWallClock())
        try:
            request = b"GET //uapi/x HTTP/1.1\r\nHost: x\r\ntr_id: ABC\r\nConnection: close\r\n\r\n"
            return await raw(servers.rest_port, request)
        finally:
            await servers.close()

    head = asyncio.run(run()).split(b"\r\n\r\n")[0].split(b"\r\n")

    names = [line.split(b":")[0].decode() for line in head[1:]]
    assert head[0].startswith(b"HTTP/1.1 404")
    assert [name for name in names if name.islower()] == ["tr_id", "tr_cont", "gt_uid"]
    assert {"Content-Type", "Content-Length", "Date"} <= set(names)
    assert b"tr_id: ABC" in head


def test_any_body_gets_an_answer_and_a_huge_one_is_refused():
    async def run() -> list[tuple[int, dict]]:
        servers = await serve(kis(), wall=SystemWallClock())
        answers = []
        try:
            async with aiohttp.ClientSession(servers.rest_url) as client:
                for body in (b"", b"\xff\x00", b"{" * 1_000, b"x" * (BODY_BYTES_MAX + 1)):
                    async with client.post("/oauth2/tokenP", data=body) as answer:
                        answers.append((answer.status, await answer.json()))
        finally:
            await servers.close()
        return answers

    answers = asyncio.run(run())

    assert [status for status, _ in answers] == [403, 403, 403, 413]
    assert all("error_code" in body or "msg_cd" in body for _, body in answers)


def test_program_for_kis_works_over_the_wire():
    async def run():
        host = open_kis()
        account = host.settings.accounts[0]
        servers = await serve(host, wall=SystemWallClock())
        keys = {"grant_type": "client_credentials", "appkey": account.appkey}
        try:
            async with aiohttp.ClientSession(servers.rest_url) as client:
                body = json.dumps({**keys, "appsecret": account.appsecret})
                async with client.post("/oauth2/tokenP", data=body) as answer:
                    token = (await answer.json())["access_token"]
                headers = {
                    "Authorization": f"Bearer {token}",
                    "appKey": account.appkey,
                    "appSecret": account.appsecret,
                    "tr_id": "FHKST01010100",
                }
                query = {"fid_cond_mrkt_div_code": "J", "fid_input_iscd": SYMBOL}
                path = "/uapi/domestic-stock/v1/quotations/inquire-price"
                async with client.get(path, params=query, headers=headers) as answer:
                    return answer.headers["tr_id"], await answer.json()
        finally:
            await servers.close()

    tr_id, body = asyncio.run(run())

    assert (tr_id, body["rt_cd"], body["output"]["stck_shrn_iscd"]) == (
        "FHKST01010100",
        "0",
        SYMBOL,
    )


def test_unanswered_request_stays_open_until_the_client_gives_up():
    async def run() -> int:
        plan = FaultPlan([Fault(name=FaultName.ORDER_TIMEOUT, probability=1)])
        host = open_kis(faults=plan)
        user = KisUser(host).log_in()
        request = user.order_request("buy", 1, host.listings[SYMBOL].limits.lower)
        servers = await serve(host, wall=SystemWallClock())
        try:
            async with aiohttp.ClientSession(servers.rest_url) as client:
                sending = asyncio.create_task(
                    client.post(request.path, data=request.body, headers=dict(request.headers))
                )
                await until(lambda: host.ledger(user.account.account_id).orders)
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
        finally:
            await servers.close()
        return len(host.ledger(user.account.account_id).orders)

    assert asyncio.run(run()) == 1


def test_whole_day_arrives_in_order_over_the_socket():
    async def run():
        host = kis()
        servers = await serve(host, wall=SystemWallClock())
        key = KisUser(host).oauth("Approval", secretkey=host.settings.accounts[0].appsecret)
        try:
            transport, client = await connected(servers, "/")
            for tr_id in ("H0STCNT0", "H0STASP0"):
                send(transport, registration(key["approval_key"], tr_id, SYMBOL))
            await until(lambda: len(client.texts) == 2)
            await Pacer(host, monotonic=SystemMonotonicClock(), settle=servers.settle).run()
            await until(lambda: len(client.texts) == 2 + host.frames_sent.frames)
            transport.disconnect()
        finally:
            await servers.close()
        return client.texts[2:]

    frames = [split_frame(text) for text in asyncio.run(run())]

    volumes = [int(f.payload.split("^")[13]) for f in frames if f.tr_id == "H0STCNT0"]
    assert volumes == sorted(volumes)
    assert {frame.tr_id for frame in frames} == {"H0STCNT0", "H0STASP0"}


def test_reader_that_stands_still_stalls_nobody_else():
    accounts = (simulated_account(1), simulated_account(1, index=1))

    async def run() -> tuple[int, int, bool]:
        host = kis(of=settings(accounts=accounts, outbox_frames_max=50))
        servers = await serve(host, wall=SystemWallClock())
        users = [KisUser(host, account=account) for account in accounts]
        keys = [u.oauth("Approval", secretkey=u.account.appsecret)["approval_key"] for u in users]
        # A socket with tiny buffers that never reads: its session must fill and be dropped.
        still = socket.create_connection(("127.0.0.1", servers.ws_port))
        try:
            transport, client = await connected(servers)
            await asyncio.get_running_loop().run_in_executor(None, _shake_hands, still)
            await until(lambda: len(host.sessions) == 2)
            stuck = host.sessions[1]
            for tr_id in ("H0STCNT0", "H0STASP0"):
                send(transport, registration(keys[0], tr_id, SYMBOL))
                stuck.receive(registration(keys[1], tr_id, SYMBOL), wall=users[1].wall)
            await until(lambda: len(client.texts) == 2)
            stuck.on_output = None  # as a socket that takes nothing more
            await Pacer(host, monotonic=SystemMonotonicClock(), settle=servers.settle).run()
            await until(lambda: len(client.texts) > 200)
            transport.disconnect()
            return len(client.texts), host.frames_sent.sessions_dropped, stuck.is_closed
        finally:
            still.close()
            await servers.close()

    count, dropped, is_closed = asyncio.run(run())

    assert count > 200
    assert (dropped, is_closed) == (1, True)


def _shake_hands(client: socket.socket) -> None:
    client.sendall(
        b"GET /tryitout HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    client.recv(1_024)


def test_session_that_kis_ends_closes_the_connection_without_a_close_frame():
    async def run() -> tuple[str, bool]:
        host = kis()
        servers = await serve(host, wall=SystemWallClock())
        key = KisUser(host).oauth("Approval", secretkey=host.settings.accounts[0].appsecret)
        text = registration(key["approval_key"], "H0STCNT0", SYMBOL)
        try:
            holder, first = await connected(servers)
            newcomer, second = await connected(servers)
            send(holder, text)
            await until(lambda: first.texts)
            send(newcomer, text)
            await until(second.is_over.is_set)
            holder.disconnect()
        finally:
            await servers.close()
        return json.loads(second.texts[0])["body"]["msg_cd"], second.closed_by_frame

    assert asyncio.run(run()) == ("OPSP8996", False)


def test_text_in_fragments_and_pong_frames_are_taken():
    async def run() -> str:
        host = kis()
        servers = await serve(host, wall=SystemWallClock())
        try:
            transport, client = await connected(servers)
            transport.send(WSMsgType.PONG, b"ignored")
            transport.send(WSMsgType.TEXT, b'{"header"', fin=False)
            transport.send(WSMsgType.CONTINUATION, b":{}}")
            await until(lambda: client.texts)
            transport.disconnect()
        finally:
            await servers.close()
        code: str = json.loads(client.texts[0])["body"]["msg_cd"]
        return code

    assert asyncio.run(run()) == "OPSP9992"


@pytest.mark.parametrize("which", ["rest_port", "ws_port"])
def test_busy_port_is_one_clear_line(which):
    async def run() -> str:
        with socket.create_server(("127.0.0.1", 0)) as busy:
            port = busy.getsockname()[1]
            with pytest.raises(SettingsError) as caught:
                await serve(kis(), wall=SystemWallClock(), **{which: port})
            return str(caught.value)

    text = asyncio.run(run())

    assert "in use" in text
    assert "\n" not in text


def test_frames_of_every_length_have_the_right_head():
    short, middle, long = "a" * 125, "b" * 126, "c" * 70_000

    assert text_frames([short])[:2] == bytes((0x81, 125))
    assert text_frames([middle])[:4] == bytes((0x81, 126, 0, 126))
    assert text_frames([long])[:10] == bytes((0x81, 127)) + (70_000).to_bytes(8, "big")
    assert text_frames([short, middle]).endswith(middle.encode())
