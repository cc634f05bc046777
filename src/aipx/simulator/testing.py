"""A simulated KIS for other people's tests: `with running_simulator() as kis: ...`.

It serves on free ports of this machine from a thread of its own, so that the program under test may
be of any kind: blocking or asynchronous, in this process or in another. Market time stands still
until the test lets it pass, unless a speed is given.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import TypeVar

from aipx.errors import SettingsError, Unreachable
from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_SECOND
from aipx.runtime.clocks import SystemMonotonicClock, SystemWallClock
from aipx.simulator.control import HostState, host_state, strike
from aipx.simulator.faults import Fault
from aipx.simulator.host import AccountRow, HostSettings, Ready, SimulatorHost
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.layout import Layout

__all__ = ["AccountRow", "Fault", "RunningSimulator", "running_simulator"]

SYMBOLS = ("005930", "000660")
DAY = date(2026, 11, 20)
START = time(10, 0)
EVENTS_MAX = 3_000
"""Market events of a symbol and day: enough for a test, and planned in no time."""

REQUESTS_PER_SECOND_MAX = 1_000
"""Tests are in a hurry; give KIS's own 18 (or 1 on paper) to test a limiter."""

STARTED_SECONDS_MAX = 60.0
_CALL_SECONDS_MAX = 60.0

_Result = TypeVar("_Result")


class RunningSimulator:
    """A host that runs in its thread; its methods may be called from any other."""

    def __init__(self, loop: asyncio.AbstractEventLoop, host: SimulatorHost) -> None:
        self._loop = loop
        self._host = host
        self._ready = host.ready()

    @property
    def rest_url(self) -> str:
        return self._ready.rest

    @property
    def ws_url(self) -> str:
        return self._ready.ws

    @property
    def accounts(self) -> tuple[AccountRow, ...]:
        """The accounts, each with the key that opens it."""
        return self._ready.accounts

    @property
    def ready(self) -> Ready:
        """What `aipx simulator serve` prints."""
        return self._ready

    def state(self) -> HostState:
        """Return the truth: market time, sessions, every account with its orders."""
        return self._call(lambda: host_state(self._host))

    def advance(self, seconds: float) -> None:
        """Let so many seconds of market time pass, no further than the day's end."""
        self._call(lambda: self._host.skip(round(seconds * NANOS_PER_SECOND)))

    def advance_to(self, at: time) -> None:
        """Let market time pass until a Korean time of the day.

        Raises:
            SettingsError: that time has passed, or lies after the day's end.
        """
        self._call(lambda: self._host.skip_to(at))

    def begin_next_day(self) -> None:
        """Begin the next session, with what the accounts hold.

        Raises:
            InputError: no day follows.
        """
        self._call(self._host.begin_next_day)

    def strike(self, fault: str, count: int = 1) -> None:
        """Let a fault strike at its next opportunities; docs/concepts names all of them.

        Raises:
            SettingsError: no such fault.
        """
        self._call(lambda: strike(self._host, fault, count))

    def expire_tokens(self) -> None:
        """End every access token, as maintenance does."""
        self._call(self._host.expire_tokens)

    def drop_sockets(self) -> int:
        """Cut every WebSocket session; return how many there were."""
        return self._call(self._host.kis.drop_sessions)

    def _call(self, action: Callable[[], _Result]) -> _Result:
        async def act() -> _Result:
            return action()

        return asyncio.run_coroutine_threadsafe(act(), self._loop).result(_CALL_SECONDS_MAX)


@contextmanager
def running_simulator(  # noqa: PLR0913 - one an option of `aipx simulator serve`
    *,
    symbols: Sequence[str] = SYMBOLS,
    environment: str = "real",
    layout: str = "current",
    day: date = DAY,
    start_time: time | None = START,
    speed: float | None = None,
    days: int = 1,
    seed: int = 1,
    accounts: int = 1,
    folder: Path | None = None,
    faults: Sequence[Fault] = (),
    requests_per_second_max: int = REQUESTS_PER_SECOND_MAX,
    events_max: int | None = EVENTS_MAX,
) -> Iterator[RunningSimulator]:
    """Run a simulated KIS on loopback until the block ends; `speed` None: time stands still.

    Raises:
        InputError, SettingsError: it cannot be started so; the text says why.
    """
    settings = HostSettings(
        symbols=tuple(Symbol(symbol) for symbol in symbols),
        day=day,
        days=days,
        environment=_named(Environment, environment, "environment"),
        layout=_named(Layout, layout, "layout"),
        folder=folder,
        faults=tuple(faults),
        start_time=start_time,
        speed=1.0 if speed is None else speed,
        is_manual=speed is None,
        seed=seed,
        accounts=accounts,
        is_controllable=True,
        requests_per_second_max=requests_per_second_max,
        events_max=events_max,
    )
    thread = _HostThread(settings)
    thread.start()
    try:
        yield thread.running()
    finally:
        thread.stop()


class _HostThread:
    """The thread that a host lives in."""

    def __init__(self, settings: HostSettings) -> None:
        self._settings = settings
        self._thread = threading.Thread(target=self._live, name="kis-simulator", daemon=True)
        self._started = threading.Event()
        self._running: RunningSimulator | None = None
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None

    def start(self) -> None:
        self._thread.start()

    def running(self) -> RunningSimulator:
        """Wait until the host serves, and return it."""
        if not self._started.wait(STARTED_SECONDS_MAX):
            raise Unreachable(f"the simulator did not start within {STARTED_SECONDS_MAX:g} s")
        if self._running is None:
            assert self._failure is not None, "what did not start has failed"
            raise self._failure
        return self._running

    def stop(self) -> None:
        """End the host, and wait for its thread."""
        if self._loop is not None and self._stopped is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _live(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits
            self._failure = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        host = SimulatorHost(
            self._settings, wall=SystemWallClock(), monotonic=SystemMonotonicClock()
        )
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        await host.start()
        market = asyncio.create_task(host.run(), name="market")
        try:
            self._running = RunningSimulator(self._loop, host)
            self._started.set()
            await self._stopped.wait()
        finally:
            market.cancel()
            await asyncio.gather(market, return_exceptions=True)
            await host.close()


_Named = TypeVar("_Named", Environment, Layout)


def _named(kind: type[_Named], text: str, name: str) -> _Named:
    try:
        return kind(text)
    except ValueError as error:
        known = ", ".join(each.value for each in kind)
        raise SettingsError(f"{name} is {text!r}; allowed: {known}") from error
