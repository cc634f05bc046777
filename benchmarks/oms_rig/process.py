"""Processes that answer: a first JSON line when ready, then one for each line on their stdin."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import msgspec
import uvloop

READY_SECONDS_MAX = 60.0
LINE_BYTES_MAX = 64 * 1024 * 1024


class Served(NamedTuple):
    """What a server process says first, its later reports, and how it ends."""

    first: dict[str, object]
    report: Callable[[], Awaitable[dict[str, object]]]
    close: Callable[[], Awaitable[None]]


def serve_until_stdin_ends(starting: Coroutine[Any, Any, Served]) -> None:
    """Run a server process: say its first line, then a report whenever one is asked for."""
    uvloop.run(_serve(starting))


async def _serve(starting: Coroutine[Any, Any, Served]) -> None:
    served = await starting
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    _say(served.first)
    while await reader.readline():
        _say(await served.report())
    await served.close()


def _say(line: dict[str, object]) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


class Child:
    """A server process as its parent sees it."""

    def __init__(self, process: asyncio.subprocess.Process, first: dict[str, Any]) -> None:
        self._process = process
        self.first = first

    async def report(self) -> dict[str, Any]:
        """Ask for what happened since the last report."""
        assert self._process.stdin is not None, "started with pipes"
        self._process.stdin.write(b"report\n")
        return await _line(self._process)


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None, "started with pipes"
    async with asyncio.timeout(READY_SECONDS_MAX):
        text = await process.stdout.readline()
    if not text:
        raise RuntimeError(f"a process of the benchmark ended with {await process.wait()}")
    return msgspec.json.decode(text, type=dict[str, Any])


@asynccontextmanager
async def started(module: str, *arguments: str) -> AsyncIterator[Child]:
    """Start `python -m module arguments`, and end it afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES_MAX,
    )
    try:
        yield Child(process, await _line(process))
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
