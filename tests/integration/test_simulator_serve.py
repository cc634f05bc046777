"""`aipx simulator serve` as a process: its one line, its ends, and clients that misbehave."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

START = [sys.executable, "-c", "import sys; from aipx.cli.app import main; sys.exit(main())"]
SECONDS_MAX = 60.0
SYMBOL = "005930"
FLOOD_CONNECTIONS = 400
"""More than the host keeps; and this process needs a file descriptor for each, too."""

MEMORY_GROWTH_KIB_MAX = 150_000


@contextmanager
def served(*options: str) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    """Start the command, give its line, and end it."""
    command = [*START, "simulator", "serve", "--start-time", "10:00:00", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline()), process
        finally:
            process.kill()


def memory_kib(process: subprocess.Popen[str]) -> int:
    """Return the resident memory of a process."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@asynccontextmanager
async def approved(ready: dict[str, Any]) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """Give an HTTP session and an approval key."""
    account = ready["accounts"][0]
    body = {
        "grant_type": "client_credentials",
        "appkey": account["appkey"],
        "secretkey": account["appsecret"],
    }
    url = ready["rest"] + "/oauth2/Approval"
    async with aiohttp.ClientSession() as client, client.post(url, json=body) as response:
        yield client, (await response.json())["approval_key"]


def registration(approval_key: str, tr_id: str) -> str:
    header = {"approval_key": approval_key, "custtype": "P", "tr_type": "1"}
    return json.dumps({"header": header, "body": {"input": {"tr_id": tr_id, "tr_key": SYMBOL}}})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_line_when_ready_and_exit_0_on_a_signal(number):
    with served("--environment", "paper", "--layout", "legacy", "--accounts", "2") as (
        ready,
        process,
    ):
        process.send_signal(number)
        rest, _ = process.communicate(timeout=SECONDS_MAX)

    assert (process.returncode, rest) == (0, "")
    assert (ready["environment"], ready["layout"], ready["date"]) == (
        "paper",
        "legacy",
        "2026-11-20",
    )
    assert [(len(each["appkey"]), len(each["appsecret"])) for each in ready["accounts"]] == [
        (36, 180),
        (36, 180),
    ]
    assert len({each["cano"] for each in ready["accounts"]}) == 2
    assert "control" not in ready


@pytest.mark.parametrize(
    "options",
    [
        ["--date", "2026-11-21"],
        ["--date", "yesterday"],
        ["--start-time", "03:00:00"],
        ["--symbols", "nothing"],
        ["--speed", "0"],
        ["--accounts", "0"],
        ["--rest-port", "99999"],
        ["--faults", "missing.json"],
        ["--data", "missing"],
        ["--environment", "live"],
    ],
)
def test_wrong_options_are_one_line_and_exit_2(options):
    done = subprocess.run(
        [*START, "simulator", "serve", *options],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_full_speed_waits_for_a_reader_and_ends_its_day():
    async def last_time(ready: dict[str, Any]) -> str:
        seen = ""
        async with approved(ready) as (client, key), client.ws_connect(ready["ws"]) as socket:
            await socket.send_str(registration(key, "H0STCNT0"))
            async with asyncio.timeout(SECONDS_MAX):
                async for message in socket:
                    if message.data.startswith("0|"):
                        seen = message.data.split("|", 3)[3].split("^")[1]
                    if seen >= "153000":
                        break
        return seen

    with served("--speed", "max", "--start-time", "15:10:00") as (ready, _):
        assert asyncio.run(last_time(ready)) == "153000"


def test_others_are_served_while_clients_flood_and_never_read():
    async def misbehave(ready: dict[str, Any]) -> list[int]:
        statuses = []
        host, port = ready["ws"].removeprefix("ws://").split(":")
        async with approved(ready) as (client, key):
            silent = await client.ws_connect(ready["ws"])
            await silent.send_str(registration(key, "H0STASP0"))
            rest_port = ready["rest"].rpartition(":")[2]
            lines = [
                await asyncio.open_connection(host, each)
                for each in (port, rest_port)
                for _ in range(FLOOD_CONNECTIONS // 2)
            ]
            for _ in range(20):
                async with client.post(
                    ready["rest"] + "/oauth2/tokenP", data=BytesIO(b"x" * 10_000_000)
                ) as response:
                    statuses.append(response.status)
                await _huge_frame(client, ready["ws"])
                for _, writer in lines:
                    writer.write(b"\x00" * 512)
            for _, writer in lines:
                writer.close()
            async with client.get(ready["rest"] + "/uapi/x") as response:
                statuses.append(response.status)
            await silent.close()
        return statuses

    with served("--speed", "600") as (ready, process):
        before = memory_kib(process)
        statuses = asyncio.run(misbehave(ready))
        grown = memory_kib(process) - before

    assert set(statuses[:-1]) == {413}
    assert statuses[-1] == 404
    assert grown < MEMORY_GROWTH_KIB_MAX


async def _huge_frame(client: aiohttp.ClientSession, url: str) -> None:
    """Send 10 MB in one frame; the host ends the connection before it has come."""
    async with client.ws_connect(url, max_msg_size=0) as socket:
        try:
            await socket.send_str("x" * 10_000_000)
        except ConnectionError:
            return
        message = await socket.receive(SECONDS_MAX)
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
