"""A simulated KIS that others connect to: days, sockets, pace and control, put together.

`aipx simulator serve` and `aipx.simulator.testing` are two doors to it.
"""

import asyncio
from datetime import date, time
from pathlib import Path

import msgspec

from aipx.errors import SettingsError
from aipx.model.ids import Symbol
from aipx.model.time import Nanos, kst_moment, kst_time
from aipx.ports.clock import MonotonicClock, WallClock
from aipx.simulator.assemble import Days
from aipx.simulator.faults import Fault, FaultPlan, load_faults
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.pacing import Pacer
from aipx.simulator.server import SimulatorServers, serve
from aipx.simulator.settings import SimulatedAccount, SimulatorSettings, simulated_account
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.layout import Layout

ACCOUNTS_MAX = 100
DAYS_MAX = 250
REQUESTS_PER_SECOND = {Environment.REAL: 18, Environment.PAPER: 1}
"""KIS's limits since April 2026; they count wall-clock seconds at any speed of the market."""

_FIRST_READER_SECONDS = 0.01


class HostSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a host is started. `speed` None is full speed; a manual market waits to be told."""

    symbols: tuple[Symbol, ...]
    day: date
    days: int = 1
    environment: Environment = Environment.REAL
    layout: Layout = Layout.CURRENT
    folder: Path | None = None
    faults: Path | tuple[Fault, ...] = ()
    start_time: time | None = None
    speed: float | None = 1.0
    is_manual: bool = False
    seed: int = 1
    accounts: int = 1
    is_controllable: bool = False
    requests_per_second_max: int | None = None
    events_max: int | None = None
    host: str = "127.0.0.1"
    rest_port: int = 0
    ws_port: int = 0

    def __post_init__(self) -> None:
        for name, value, highest in (
            ("accounts", self.accounts, ACCOUNTS_MAX),
            ("days", self.days, DAYS_MAX),
        ):
            if not 1 <= value <= highest:
                raise SettingsError(f"{name} is {value}; allowed: 1 to {highest}")


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a program needs to log in."""

    cano: str
    product: str
    hts_id: str
    appkey: str
    appsecret: str
    cash: int


class Ready(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The line that says where a host is and how to log in."""

    rest: str
    ws: str
    environment: str
    layout: str
    date: str
    accounts: tuple[AccountRow, ...]
    control: str = ""


class SimulatorHost:
    """One host from start to end. All of it belongs to one event loop."""

    def __init__(
        self, settings: HostSettings, *, wall: WallClock, monotonic: MonotonicClock
    ) -> None:
        """Prepare the first day.

        Raises:
            InputError: a symbol, a day, a folder or a file of faults cannot be used.
            SettingsError: a start time outside the day.
        """
        self.settings = settings
        self._wall = wall
        self._monotonic = monotonic
        self._days = Days(
            settings.symbols,
            _simulator_settings(settings),
            folder=settings.folder,
            faults=_faults(settings),
            events_max=settings.events_max,
        )
        self._pacer = self._new_pacer()
        self._days_begun = 1
        self._day_begun = asyncio.Event()
        self._servers: SimulatorServers | None = None
        if settings.start_time is not None:
            self.kis.advance(_start(self.kis, settings.start_time, self._pacer.end))

    @property
    def kis(self) -> SimulatedKis:
        return self._days.kis

    async def start(self) -> None:
        """Open both ports.

        Raises:
            SettingsError: a port cannot be had.
        """
        self._servers = await serve(
            self.kis,
            wall=self._wall,
            host=self.settings.host,
            rest_port=self.settings.rest_port,
            ws_port=self.settings.ws_port,
        )

    def ready(self, *, control: str = "") -> Ready:
        """Return where the host is, and its accounts."""
        assert self._servers is not None, "a host that has started is ready"
        return Ready(
            rest=self._servers.rest_url,
            ws=self._servers.ws_url,
            environment=self.settings.environment.value,
            layout=self.settings.layout.value,
            date=self.settings.day.isoformat(),
            accounts=tuple(_row(account) for account in self.kis.settings.accounts),
            control=control,
        )

    async def run(self) -> None:
        """Let the days pass until cancelled; after the last one the host goes on answering.

        A manual market needs nobody to run it.
        """
        if self.settings.is_manual:
            return
        if self.settings.speed is None:
            await self._wait_for_a_reader()
        while True:
            pacer = self._pacer
            await pacer.run()
            if pacer is not self._pacer:
                continue  # somebody has begun the next day meanwhile
            if self._days_begun < self.settings.days:
                self.begin_next_day()
            else:
                self._day_begun.clear()
                await self._day_begun.wait()

    def skip(self, duration_ns: int) -> None:
        """Let market time go on at once by so much, no further than the day's end."""
        self._pacer.skip(duration_ns)

    def skip_to(self, at: time) -> None:
        """Let market time go on to a Korean time of the day.

        Raises:
            SettingsError: that time has passed, or lies after the day's end.
        """
        until = _start(self.kis, at, self._pacer.end)
        self._pacer.skip(until - self.kis.market_now)

    def begin_next_day(self) -> None:
        """Begin the next session; the rest of this one passes first.

        Raises:
            InputError: no day follows.
        """
        self._pacer.skip(self._pacer.end)
        while (due := self.kis.late_notice_time()) is not None:
            self.kis.advance(max(due, self.kis.market_now))
        self._days.begin_next()
        self._pacer = self._new_pacer()
        self._days_begun += 1
        self._day_begun.set()

    def expire_tokens(self) -> None:
        """End every access token."""
        self.kis.expire_tokens(wall=self._wall.now())

    async def close(self) -> None:
        """End all sessions and give the ports back."""
        if self._servers is not None:
            await self._servers.close()

    def _new_pacer(self) -> Pacer:
        return Pacer(
            self.kis,
            monotonic=self._monotonic,
            speed=self.settings.speed,
            settle=self._settle,
        )

    async def _settle(self) -> None:
        assert self._servers is not None, "the market starts after its servers"
        await self._servers.settle()

    async def _wait_for_a_reader(self) -> None:
        """At full speed a day is over in seconds: it begins when somebody has registered."""
        while not any(session.keys for session in self.kis.sessions):  # noqa: ASYNC110 - it comes by a socket
            await asyncio.sleep(_FIRST_READER_SECONDS)


def _simulator_settings(settings: HostSettings) -> SimulatorSettings:
    rate = settings.requests_per_second_max or REQUESTS_PER_SECOND[settings.environment]
    return SimulatorSettings(
        day=settings.day,
        accounts=tuple(
            simulated_account(settings.seed, index=index) for index in range(settings.accounts)
        ),
        environment=settings.environment,
        layout=settings.layout,
        seed=settings.seed,
        requests_per_second_max=rate,
    )


def _faults(settings: HostSettings) -> FaultPlan:
    if isinstance(settings.faults, Path):
        return load_faults(
            settings.faults, seed=settings.seed, is_controllable=settings.is_controllable
        )
    return FaultPlan(settings.faults, seed=settings.seed, is_controllable=settings.is_controllable)


def _start(kis: SimulatedKis, at: time, end: Nanos) -> Nanos:
    """Return the moment of a Korean time of the day."""
    until = kst_moment(kis.settings.day, at)
    if not kis.market_now <= until <= end:
        raise SettingsError(
            f"time is {at}; allowed: {_clock(kis.market_now)} to {_clock(end)},"
            f" the rest of {kis.settings.day}"
        )
    return until


def _clock(at: Nanos) -> str:
    return f"{kst_time(at):%H:%M:%S}"


def _row(account: SimulatedAccount) -> AccountRow:
    return AccountRow(
        cano=account.cano,
        product=account.product,
        hts_id=account.hts_id,
        appkey=account.appkey,
        appsecret=account.appsecret,
        cash=account.cash,
    )
