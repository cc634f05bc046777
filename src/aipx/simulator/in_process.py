"""The simulator behind the transports' ports without sockets, for runs on virtual time.

A request takes effect after its way up and is answered after its way down, each a drawn latency;
frames travel by a way of their own, so notices and answers cross as they do at KIS. A request
that has left takes effect even if its sender dies meanwhile.
"""

import asyncio
from collections.abc import Callable, Sequence
from random import Random

import msgspec

from aipx.errors import Unreachable
from aipx.model.time import NANOS_PER_MICROSECOND, NANOS_PER_SECOND
from aipx.ports.clock import MonotonicClock, WallClock
from aipx.ports.transport import HttpRequest, HttpResponse
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.rest.envelope import RestReply
from aipx.simulator.sessions import SocketSession

INBOX_TEXTS_MAX = 20_000
_TICK_SECONDS = 5.0


class Latencies(msgspec.Struct, frozen=True, kw_only=True):
    """Shortest and longest way, drawn evenly between; `connect_ns` opens a session."""

    up_ns: tuple[int, int] = (200 * NANOS_PER_MICROSECOND, 3_000 * NANOS_PER_MICROSECOND)
    down_ns: tuple[int, int] = (200 * NANOS_PER_MICROSECOND, 3_000 * NANOS_PER_MICROSECOND)
    frame_ns: tuple[int, int] = (100 * NANOS_PER_MICROSECOND, 4_000 * NANOS_PER_MICROSECOND)
    connect_ns: int = 1_000 * NANOS_PER_MICROSECOND


def _nothing() -> None:
    """The market is kept at its time by somebody else."""


class InProcessHttp:
    """`HttpTransport` on the core. `in_flight` counts requests that have not ended.

    `catch_up` brings the market to the present before a request takes effect.
    """

    def __init__(
        self,
        kis: SimulatedKis,
        *,
        wall: WallClock,
        monotonic: MonotonicClock,
        seed: int,
        latencies: Latencies | None = None,
        catch_up: Callable[[], None] = _nothing,
    ) -> None:
        self._kis = kis
        self._wall = wall
        self._monotonic = monotonic
        self._catch_up = catch_up
        self._random = Random(f"{seed}/http-latency")  # noqa: S311 - repeatable on purpose
        self._latencies = latencies or Latencies()
        self._waiting: dict[asyncio.Future[HttpResponse], None] = {}
        self._is_closed = False
        self.in_flight = 0

    async def request(self, request: HttpRequest, *, timeout_ns: int) -> HttpResponse:
        """Send and wait for the answer; raises Unreachable when none comes in time."""
        if self._is_closed:
            raise Unreachable("the transport is closed")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[HttpResponse] = loop.create_future()
        self._waiting[answer] = None
        self._launch(request, answer)
        try:
            async with asyncio.timeout(timeout_ns / NANOS_PER_SECOND):
                return await answer
        except TimeoutError as error:
            raise Unreachable(f"{request.path}: no answer in {timeout_ns} ns") from error
        finally:
            self._waiting.pop(answer, None)

    async def close(self) -> None:
        """End every request in flight as Unreachable; what has left takes effect all the same."""
        self._is_closed = True
        for answer in list(self._waiting):
            if not answer.done():
                answer.set_exception(Unreachable("the transport was closed"))

    def _launch(self, request: HttpRequest, answer: asyncio.Future[HttpResponse]) -> None:
        """Put the request on its way; both latencies are drawn now, in the order of sending."""
        sent = self._monotonic.now()
        up, down = self._draw(self._latencies.up_ns), self._draw(self._latencies.down_ns)
        self.in_flight += 1

        def arrive() -> None:
            self._catch_up()
            reply = self._kis.rest(request, wall=self._wall.now())
            self._answer(reply, answer, sent=sent, down_ns=down)

        asyncio.get_running_loop().call_later(up / NANOS_PER_SECOND, arrive)

    def _answer(
        self, reply: RestReply, answer: asyncio.Future[HttpResponse], *, sent: int, down_ns: int
    ) -> None:
        response = reply.response
        if response is None:
            self.in_flight -= 1
            return
        stamped = msgspec.structs.replace(response, sent_monotonic_ns=sent)

        def deliver() -> None:
            self.in_flight -= 1
            if not answer.done():
                answer.set_result(stamped)

        delay = (down_ns + reply.delay_ns) / NANOS_PER_SECOND
        asyncio.get_running_loop().call_later(delay, deliver)

    def _draw(self, bounds: tuple[int, int]) -> int:
        return self._random.randint(*bounds)


class InProcessSocket:
    """`WebSocketConnection` on one session. The inbox is bounded: what is over waits at KIS."""

    def __init__(
        self, kis: SimulatedKis, session: SocketSession, *, wall: WallClock, draw: Callable[[], int]
    ) -> None:
        self._kis = kis
        self._session = session
        self._wall = wall
        self._draw = draw
        self._loop = asyncio.get_running_loop()
        self._inbox: list[str] = []
        self._arrived = asyncio.Event()
        self._is_flushing = False
        self._is_gone = False
        self._ticker: asyncio.TimerHandle | None = None
        session.on_output = self._schedule
        self._tick()

    @property
    def is_idle(self) -> bool:
        """True when nothing is on its way to the client, and the client has taken all."""
        return not self._inbox and self._session.queued == 0 and not self._is_flushing

    async def receive(self) -> Sequence[str]:
        """Wait for texts; raises Unreachable when the session is over and all was taken."""
        while not self._inbox:
            if self._is_gone:
                raise Unreachable("the session is gone")
            self._arrived.clear()
            await self._arrived.wait()
        taken, self._inbox = self._inbox, []
        if self._session.queued:
            self._schedule()
        return taken

    async def send(self, text: str) -> None:
        """Send a text; it reaches KIS after its way up."""
        if self._is_gone or self._session.is_closed:
            raise Unreachable("the session is gone")
        self._loop.call_later(self._draw() / NANOS_PER_SECOND, self._reach, text)

    async def close(self) -> None:
        """End the session."""
        self._is_gone = True
        self._session.close()
        self._stop_ticker()
        self._arrived.set()

    def _reach(self, text: str) -> None:
        self._session.receive(text, wall=self._wall.now())

    def _schedule(self) -> None:
        """Put what is queued on its way; what is queued until it arrives comes along, in order."""
        if self._is_flushing:
            return
        self._is_flushing = True
        self._loop.call_later(self._draw() / NANOS_PER_SECOND, self._flush)

    def _flush(self) -> None:
        self._is_flushing = False
        if len(self._inbox) < INBOX_TEXTS_MAX or self._session.is_closed:
            self._inbox += self._session.take()
        if self._session.is_closed:
            self._is_gone = True
            self._stop_ticker()
        if self._inbox or self._is_gone:
            self._arrived.set()

    def _tick(self) -> None:
        """Let the hub ask PINGPONG; every connection ticks, which is harmless."""
        self._kis.tick(wall=self._wall.now())
        if not self._session.is_closed:
            self._ticker = self._loop.call_later(_TICK_SECONDS, self._tick)

    def _stop_ticker(self) -> None:
        if self._ticker is not None:
            self._ticker.cancel()
            self._ticker = None


class InProcessWebSocket:
    """`WebSocketTransport` on the core."""

    def __init__(
        self,
        kis: SimulatedKis,
        *,
        wall: WallClock,
        seed: int,
        latencies: Latencies | None = None,
    ) -> None:
        self._kis = kis
        self._wall = wall
        self._random = Random(f"{seed}/socket-latency")  # noqa: S311 - repeatable on purpose
        self._latencies = latencies or Latencies()
        self._connections: list[InProcessSocket] = []

    @property
    def is_idle(self) -> bool:
        """True when no connection has anything on its way or untaken."""
        return all(connection.is_idle for connection in self._connections)

    async def connect(self, *, timeout_ns: int) -> InProcessSocket:
        """Open a session; raises Unreachable when KIS closes it at once, or it takes too long."""
        if self._latencies.connect_ns > timeout_ns:
            await asyncio.sleep(timeout_ns / NANOS_PER_SECOND)
            raise Unreachable(f"no session in {timeout_ns} ns")
        await asyncio.sleep(self._latencies.connect_ns / NANOS_PER_SECOND)
        session = self._kis.connect(wall=self._wall.now())
        if session.is_closed:
            raise Unreachable("KIS closed the session at once")
        connection = InProcessSocket(self._kis, session, wall=self._wall, draw=self._frame_ns)
        live = [each for each in self._connections if not each._is_gone]  # noqa: SLF001 - ours
        self._connections = [*live, connection]
        return connection

    def _frame_ns(self) -> int:
        return self._random.randint(*self._latencies.frame_ns)
