"""The embedded platform: every service in one process, wired to whatever transports are given.

The demo gives it sockets, gRPC, SQLite and Parquet; tests on virtual time give it the same ports
in process. The services and the KIS adapter are the same in both.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from random import Random
from typing import Any

import msgspec
import structlog

from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.broker import KisBroker
from aipx.adapters.kis.feed import KisFeed
from aipx.adapters.kis.feed_pool import KisFeedPool
from aipx.adapters.kis.settings import KisCredentials, KisFeedSettings, KisRestSettings
from aipx.adapters.memory.bus import MemoryBus
from aipx.engine.inputs import Policy
from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_SECOND
from aipx.ports.cache import Cache
from aipx.ports.clock import MarketClock, MonotonicClock, WallClock
from aipx.ports.feed import FeedReconnected
from aipx.ports.gateway import TradingGateway
from aipx.ports.journal import Journal
from aipx.ports.lake import Lake
from aipx.ports.transport import HttpTransport, WebSocketTransport
from aipx.runtime.tasks import OrderedTasks
from aipx.services.data_ingestion.service import DataIngestion
from aipx.services.data_recorder.service import DataRecorder
from aipx.services.oms.bounds import OmsBounds
from aipx.services.oms.service import OmsService
from aipx.services.strategy_worker.bounds import WorkerBounds
from aipx.services.strategy_worker.service import StrategyWorker
from aipx.strategies.base import AnyStrategy
from aipx.wire.kis.codes import Environment

log = structlog.get_logger(__name__)

DECIDING_CONSUMERS = ("oms", "strategy-worker")
RECONCILE_ATTEMPTS_MAX = 10
QUIET_PAUSE_SECONDS = 0.002
QUIET_SECONDS_MAX = 120.0
"""How long the end of a day waits for all to be handled: longer than any request may take."""

GatewayOf = Callable[[TradingGateway], TradingGateway]


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """All that is not ours: transports, storage, clocks."""

    http: HttpTransport
    websocket: WebSocketTransport
    journal: Journal
    lake: Lake
    cache: Cache
    market_clock: MarketClock
    monotonic_clock: MonotonicClock
    wall_clock: WallClock


class PlatformSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the services are told."""

    credentials: KisCredentials
    symbols: tuple[Symbol, ...]
    more_credentials: tuple[KisCredentials, ...] = ()
    """Further app keys, for more symbols than one session takes."""
    policy: Policy
    bounds: OmsBounds
    rest: KisRestSettings = KisRestSettings()
    feed: KisFeedSettings = KisFeedSettings()
    seed: int = 1
    worker: WorkerBounds = WorkerBounds()
    ingestion_source: str = "kis"
    record_rows_max: int = 20_000
    record_age_ns_max: int = 600 * NANOS_PER_SECOND
    reconcile_pause_seconds: float = 0.5
    """Between attempts to agree with the broker at the end of a day."""


class Platform:
    """The wired services. `run` is the life of them all."""

    def __init__(
        self,
        settings: PlatformSettings,
        outside: Outside,
        *,
        strategies: Sequence[AnyStrategy],
        bus: MemoryBus,
        gateway_of: GatewayOf,
    ) -> None:
        credentials = settings.credentials
        self.bus = bus
        self.account = credentials.account_id
        access = _access(settings, outside, credentials)
        self.oms = OmsService(
            account=self.account,
            symbols=settings.symbols,
            is_paper=credentials.environment is Environment.PAPER,
            policy=settings.policy,
            bounds=settings.bounds,
            journal=outside.journal,
            broker=KisBroker(access),
            bus=bus,
            market_clock=outside.market_clock,
            monotonic_clock=outside.monotonic_clock,
        )
        self.recorder = DataRecorder(
            bus,
            outside.lake,
            rows_max=settings.record_rows_max,
            age_ns_max=settings.record_age_ns_max,
        )
        self.gateway = gateway_of(self.oms)
        self.worker = StrategyWorker(
            bus=bus,
            gateway=self.gateway,
            strategies=strategies,
            monotonic_clock=outside.monotonic_clock,
            bounds=settings.worker,
        )
        self.feed = _feed(settings, outside, access)
        self.ingestion = DataIngestion(
            feed=self.feed,
            bus=bus,
            symbols=settings.symbols,
            market_clock=outside.market_clock,
            monotonic_clock=outside.monotonic_clock,
            source=settings.ingestion_source,
        )
        self.ingestion.on_reconnect.append(self._ask_after_reconnect)
        self._reconcile_pause_seconds = settings.reconcile_pause_seconds
        self._tasks = OrderedTasks()

    @property
    def is_idle(self) -> bool:
        """True while all that decides and sends has handled what it was given.

        What only watches (the recorder, a view) may lag behind, within its bounded inbox.
        """
        return (
            self.ingestion.is_idle
            and self.worker.is_idle
            and self.oms.is_idle
            and self.bus.is_idle_for(DECIDING_CONSUMERS)
        )

    @property
    def busy_parts(self) -> tuple[str, ...]:
        """The names of what is not idle, for whoever waited in vain."""
        parts = {
            "ingestion": self.ingestion.is_idle,
            "strategy worker": self.worker.is_idle,
            "OMS": self.oms.is_idle,
            "bus": self.bus.is_idle_for(DECIDING_CONSUMERS),
        }
        return tuple(name for name, is_idle in parts.items() if not is_idle)

    @property
    def stopped_strategies(self) -> Mapping[str, str]:
        """Strategies that raised, and what."""
        return {str(name): reason for name, reason in self.worker.stopped.items()}

    async def run(self, day: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Start the services, let `day` pass, end them in order; True where the books agree.

        Nothing is traded before the OMS has reconciled and the feed is registered. At the end
        wishes stop first, then the OMS settles with the broker, then the recorder writes.

        Raises:
            AipxError: a service could not start, or failed.
        """
        async with self._tasks as tasks:
            tasks.start(self.oms.run(), name="oms")
            recorder = tasks.start(self.recorder.run(), name="recorder")
            tasks.start(self.ingestion.run(), name="ingestion")
            await tasks.until(self.oms.wait_ready())
            await tasks.until(self.feed.wait_registered())
            worker = tasks.start(self.worker.run(), name="worker")
            await tasks.until(day())
            await _ended(worker)
            is_reconciled = await tasks.until(self._reconciled())
            await tasks.until(self._quiet())
            await _ended(recorder)
            await tasks.cancel()
        return is_reconciled

    async def _reconciled(self) -> bool:
        for _ in range(RECONCILE_ATTEMPTS_MAX):
            await self._quiet()
            if await self.oms.reconcile():
                return True
            await asyncio.sleep(self._reconcile_pause_seconds)
        log.warning("day.not_reconciled", attempts=RECONCILE_ATTEMPTS_MAX)
        return False

    async def _quiet(self) -> None:
        """Wait until the bus and the OMS have handled all there is, or for as long as allowed."""
        try:
            async with asyncio.timeout(QUIET_SECONDS_MAX):
                # Idleness is a condition over three services; none of them has an event for it.
                while not (  # noqa: ASYNC110 - see above
                    self.ingestion.is_idle and self.bus.is_idle and self.oms.is_idle
                ):
                    await asyncio.sleep(QUIET_PAUSE_SECONDS)
        except TimeoutError:
            busy = self.busy_parts or ("a consumer that only watches",)
            log.warning("day.not_quiet", busy=busy, seconds=QUIET_SECONDS_MAX)

    async def _ask_after_reconnect(self, item: FeedReconnected) -> None:
        # What was filled while the session was down is never told again.
        self.oms.request_inquiry(f"the feed reconnected: {item.reason}")


def _feed(settings: PlatformSettings, outside: Outside, access: KisAccess) -> KisFeed | KisFeedPool:
    """Return one session where the account's key will do, and several where more keys are given."""
    jitter = Random(f"{settings.seed}/feed")  # noqa: S311 - jitter, repeatable on purpose
    if not settings.more_credentials:
        return KisFeed(
            access=access,
            transport=outside.websocket,
            symbols=settings.symbols,
            settings=settings.feed,
            market_clock=outside.market_clock,
            jitter=jitter,
        )
    return KisFeedPool(
        accesses=[
            access,
            *(_access(settings, outside, each) for each in settings.more_credentials),
        ],
        transport=outside.websocket,
        symbols=settings.symbols,
        settings=settings.feed,
        market_clock=outside.market_clock,
        jitter=jitter,
    )


def _access(settings: PlatformSettings, outside: Outside, credentials: KisCredentials) -> KisAccess:
    return KisAccess(
        transport=outside.http,
        credentials=credentials,
        settings=settings.rest,
        cache=outside.cache,
        wall_clock=outside.wall_clock,
        monotonic_clock=outside.monotonic_clock,
    )


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end; its own failure is the group's to raise."""
    task.cancel()
    await asyncio.wait([task])
