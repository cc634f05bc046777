"""How fast one liquid symbol-day becomes KIS frames: in the core, and over a socket to a client."""

import asyncio
import statistics
import time
from datetime import date

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.ports.transport import HttpRequest
from aipx.runtime.clocks import SystemMonotonicClock, SystemWallClock
from aipx.simulator.assemble import assemble
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.pacing import Pacer
from aipx.simulator.server import serve
from aipx.simulator.settings import SimulatorSettings, simulated_account
from aipx.wire.kis.control import Registration, format_registration
from aipx.wire.kis.rest.auth import approval_request, parse_approval
from benchmarks.result import BenchResult

SYMBOL = Symbol("005930")
ROUNDS = 3
_CHANNELS = ("H0STCNT0", "H0STASP0")


def measure() -> list[BenchResult]:
    """Return frames a second of the core, and of the servers to a client that only counts."""
    core = [_core_round() for _ in range(ROUNDS)]
    alone = statistics.median(rate for rate, _ in core)
    silent = statistics.median(rate for _, rate in core)
    served = statistics.median(asyncio.run(_socket_round()) for _ in range(ROUNDS))
    return [
        BenchResult(
            name="simulator_frames_core",
            value=round(alone),
            unit="frames/s",
            against="the same day with nobody listening (steps alone)",
            ratio=round(alone / silent, 3),
            goal="a 60,000-frame day in a few seconds",
        ),
        BenchResult(
            name="simulator_frames",
            value=round(served),
            unit="frames/s",
            against="the core without sockets",
            ratio=round(served / alone, 3),
            goal="a 60,000-frame day to one client in a few seconds",
        ),
    ]


def _kis() -> SimulatedKis:
    settings = SimulatorSettings(day=date(2024, 3, 5), accounts=(simulated_account(1),))
    return assemble([SYMBOL], settings)


def _approval(kis: SimulatedKis) -> str:
    account = kis.settings.accounts[0]
    request = approval_request(appkey=account.appkey, appsecret=account.appsecret)
    plain = HttpRequest(method="POST", path=request.path, headers={}, body=request.body)
    response = kis.rest(plain, wall=Nanos(0)).response
    assert response is not None
    return parse_approval(response.body)


def _texts(kis: SimulatedKis) -> list[str]:
    key = _approval(kis)
    return [
        format_registration(Registration(approval_key=key, tr_id=tr_id, tr_key=SYMBOL))
        for tr_id in _CHANNELS
    ]


def _core_round() -> tuple[float, float]:
    """Return frames a second with a listener, and as many over the time of a day without one."""
    silent = _run_steps(_kis())
    kis = _kis()
    session = kis.connect(wall=Nanos(0))
    for text in _texts(kis):
        session.receive(text, wall=Nanos(0))
    seconds = _run_steps(kis)
    frames = kis.frames_sent.frames
    return frames / seconds, frames / silent


def _run_steps(kis: SimulatedKis) -> float:
    began = time.perf_counter()
    while (due := kis.next_time()) is not None:
        kis.advance(Nanos((due // NANOS_PER_SECOND + 1) * NANOS_PER_SECOND))
        for session in kis.sessions:
            session.take()
    return time.perf_counter() - began


class _Counter(WSListener):
    def __init__(self) -> None:
        self.count = 0
        self.expected = 0
        self.reached = asyncio.Event()

    def on_ws_frame(self, _: WSTransport, frame: WSFrame) -> None:
        del frame
        self.count += 1
        if self.count == self.expected:
            self.reached.set()

    async def until(self, expected: int) -> None:
        self.expected = expected
        if self.count < expected:
            self.reached.clear()
            await self.reached.wait()


async def _socket_round() -> float:
    kis = _kis()
    servers = await serve(kis, wall=SystemWallClock())
    transport, client = await ws_connect(_Counter, servers.ws_url)
    for text in _texts(kis):
        transport.send(WSMsgType.TEXT, text.encode())
    await client.until(len(_CHANNELS))
    began = time.perf_counter()
    await Pacer(kis, monotonic=SystemMonotonicClock(), settle=servers.settle).run()
    await client.until(len(_CHANNELS) + kis.frames_sent.frames)
    seconds = time.perf_counter() - began
    transport.disconnect()
    await servers.close()
    return kis.frames_sent.frames / seconds
