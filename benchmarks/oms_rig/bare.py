"""The limit: no OMS, only what it cannot do without, in the same order, in a process of its own.

For each message of a bidirectional stream: one durable SQLite commit of an order's two records,
the message back, one aiohttp POST of an order's body. `python -m benchmarks.oms_rig.bare KIS_URL
FOLDER`.
"""

import asyncio
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import grpc

from aipx.wire.kis.rest.trading import ORDER_PATH
from benchmarks.oms_rig.process import Served, serve_until_stdin_ends

METHOD = "/bare.Bare/Chain"
STAMP_BYTES = 8
"""A message begins with its sender's monotonic clock, big-endian."""
RECORD_BYTES = (300, 120)
"""About as long as an OrderSubmitted and an OrderSending with their hashes."""
BODY = (
    b'{"CANO":"50000001","ACNT_PRDT_CD":"01","PDNO":"005930","ORD_DVSN":"00","ORD_QTY":"10",'
    b'"ORD_UNPR":"80000","EXCG_ID_DVSN_CD":"KRX"}'
)


class Chain:
    """The bare chain of one process."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url + ORDER_PATH
        self._database = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE TABLE event (sequence INTEGER PRIMARY KEY, payload BLOB)")
        self._records = [(bytes(size),) for size in RECORD_BYTES]
        self._session = aiohttp.ClientSession(trace_configs=[_tracing()])
        self._posts: set[asyncio.Task[None]] = set()
        self.sent_after_ns: list[int] = []

    async def serve(
        self, messages: AsyncIterator[bytes], context: "grpc.aio.ServicerContext[Any, Any]"
    ) -> None:
        """Handle one stream."""
        loop = asyncio.get_running_loop()
        async for message in messages:
            self._commit()
            post = loop.create_task(self._post(int.from_bytes(message[:STAMP_BYTES], "big")))
            self._posts.add(post)
            post.add_done_callback(self._posts.discard)
            await context.write(message)

    def _commit(self) -> None:
        execute = self._database.execute
        execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT INTO event (payload) VALUES (?)", self._records)
        execute("COMMIT")

    async def _post(self, sent_at: int) -> None:
        stamp = SimpleNamespace(at=0)
        async with self._session.post(self._url, data=BODY, trace_request_ctx=stamp) as response:
            await response.read()
        self.sent_after_ns.append(stamp.at - sent_at)

    async def report(self) -> dict[str, object]:
        """Return the times from the client's send to the request's leaving."""
        if self._posts:
            await asyncio.wait(self._posts)
        taken, self.sent_after_ns = self.sent_after_ns, []
        return {"wish_to_kis_ns": taken}

    async def close(self) -> None:
        await self._session.close()
        self._database.close()


def _tracing() -> aiohttp.TraceConfig:
    async def stamp(_: object, context: SimpleNamespace, __: Any) -> None:
        context.trace_request_ctx.at = time.monotonic_ns()

    config = aiohttp.TraceConfig()
    config.on_request_headers_sent.append(stamp)
    config.on_request_chunk_sent.append(stamp)
    return config


class _Handlers(grpc.GenericRpcHandler):
    def __init__(self, chain: Chain) -> None:
        self._handler = grpc.stream_stream_rpc_method_handler(chain.serve)

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        return self._handler if details.method == METHOD else None


async def _served(url: str, folder: Path) -> Served:
    chain = Chain(url, folder)
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((_Handlers(chain),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()

    async def close() -> None:
        await server.stop(None)
        await chain.close()

    return Served({"target": f"127.0.0.1:{port}"}, chain.report, close)


if __name__ == "__main__":
    serve_until_stdin_ends(_served(sys.argv[1], Path(sys.argv[2])))
