"""The whole platform on virtual time: the services and the KIS client as they ship, no sockets."""

import asyncio
import contextlib
import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
from pydantic import SecretStr

from aipx.adapters.kis.settings import KisCredentials
from aipx.adapters.memory.bus import MemoryBus
from aipx.adapters.memory.cache import MemoryCache
from aipx.cli.platform import Outside, Platform, PlatformSettings
from aipx.engine.account import Account
from aipx.engine.inputs import Policy
from aipx.engine.risk import RiskLimits
from aipx.model.ids import Sequence as SequenceNumber
from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_SECOND, kst_midnight
from aipx.ports.lake import RecordKind
from aipx.runtime.clocks import CallableClock
from aipx.runtime.virtual_time import VirtualMonotonicClock, run_virtual
from aipx.services.oms.bounds import OmsBounds
from aipx.simulator.assemble import assemble
from aipx.simulator.faults import FaultPlan
from aipx.simulator.in_process import InProcessHttp, InProcessWebSocket
from aipx.simulator.kis import AccountLedger
from aipx.simulator.pacing import ExactPacer
from aipx.simulator.settings import SimulatorSettings, simulated_account
from aipx.strategies import strategy
from aipx.strategies.base import AnyStrategy, StrategySettings
from aipx.wire.facts import encode_fact
from tests.support.disk import Disk, DiskJournal
from tests.support.memory_lake import MemoryLake
from tests.support.restless import RestlessStrategy

DAY = date(2026, 11, 20)
LIMITS = RiskLimits(
    order_quantity_max=10_000,
    order_value_max=20_000_000,
    position_value_max=40_000_000,
    collar_bps=300,
    quote_age_ns_max=300 * NANOS_PER_SECOND,
    duplicate_window_ns=NANOS_PER_SECOND,
    open_orders_max=50,
)
BOUNDS = OmsBounds(
    inbox_max=10_000,
    inquiry_interval_ns=600 * NANOS_PER_SECOND,
    inquiry_delay_ns=2 * NANOS_PER_SECOND,
    inquiry_attempts_max=5,
    quarantine_ns=60 * NANOS_PER_SECOND,
)


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One run: everything that it depends on."""

    seed: int
    strategy: str = "book_imbalance"
    parameters: dict[str, int] = {}
    symbols: tuple[Symbol, ...] = (Symbol("005930"),)
    day: date = DAY
    folder: Path | None = None
    events_max: int | None = 2_000
    faults: FaultPlan | None = None
    through_wire: bool = True
    crashes: tuple[float, ...] = ()
    """Parts of the day, ascending, at which the platform is killed and started again."""


class Run(msgspec.Struct, kw_only=True):
    """What a run left behind, for checkers."""

    scenario: Scenario
    is_reconciled: bool
    account: Account
    ledger: AccountLedger
    history_hash: str
    rows: dict[RecordKind, int]
    trades: int
    books: int
    gaps: int
    bad_frames: int
    stopped_strategies: dict[str, str]
    folded: Account
    """The account folded anew from what is on the disk."""


class Crash(Exception):
    """The process is gone: nothing of it runs any more, and nothing was put in order."""


def run(scenario: Scenario) -> Run:
    """Live through a scenario's day on a virtual loop of its own."""
    return run_virtual(_live(scenario))


class _World:
    """What outlives a crash of the platform: KIS, the clocks, the disk, what was recorded."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.account = simulated_account(scenario.seed)
        settings = SimulatorSettings(day=scenario.day, accounts=(self.account,), seed=scenario.seed)
        self.kis = assemble(
            scenario.symbols,
            settings,
            folder=scenario.folder,
            faults=scenario.faults,
            events_max=scenario.events_max,
        )
        self.monotonic = VirtualMonotonicClock()
        # The host lives in its own time, whatever day the market replays.
        began = kst_midnight(DAY)
        self.wall = CallableClock(lambda: began + self.monotonic.now())
        self.pacer = ExactPacer(self.kis, monotonic=self.monotonic)
        self.disk = Disk()
        self.lake = MemoryLake()
        self.cache = MemoryCache(self.wall)
        self.lives = 0

    def platform(self) -> Platform:
        """Return a platform that has just been started."""
        scenario, account = self.scenario, self.account
        self.lives += 1
        seed = scenario.seed + 1_000_000 * self.lives
        settings = PlatformSettings(
            credentials=KisCredentials(
                environment=self.kis.settings.environment,
                appkey=SecretStr(account.appkey),
                appsecret=SecretStr(account.appsecret),
                account=account.cano,
                product=account.product,
                hts_id=account.hts_id,
            ),
            symbols=scenario.symbols,
            policy=Policy(limits=LIMITS),
            bounds=BOUNDS,
            seed=seed,
            reconcile_pause_seconds=30.0,
        )
        outside = Outside(
            http=InProcessHttp(
                self.kis,
                wall=self.wall,
                monotonic=self.monotonic,
                seed=seed,
                catch_up=self.pacer.catch_up,
            ),
            websocket=InProcessWebSocket(self.kis, wall=self.wall, seed=seed),
            journal=DiskJournal(self.disk),
            lake=self.lake,
            cache=self.cache,
            market_clock=self.pacer,
            monotonic_clock=self.monotonic,
            wall_clock=self.wall,
        )
        return Platform(
            settings,
            outside,
            strategies=[_strategy(scenario)],
            bus=MemoryBus(through_wire=scenario.through_wire),
            gateway_of=lambda oms: oms,
        )

    def crash_at(self, part: float) -> int:
        """Return nanoseconds from now to a part of the session."""
        session = self.kis.session
        moment = session.open + round((session.close - session.open) * part)
        return max(moment - self.pacer.now(), 0)


async def _live(scenario: Scenario) -> Run:
    world = _World(scenario)
    market = asyncio.ensure_future(world.pacer.run())
    for part in scenario.crashes:
        with contextlib.suppress(Crash):
            await world.platform().run(lambda part=part: _crashing(world, part))
    platform = world.platform()

    async def rest_of_day() -> None:
        await market

    is_reconciled = await platform.run(rest_of_day)
    return _result(world, platform, is_reconciled=is_reconciled)


async def _crashing(world: _World, part: float) -> None:
    await asyncio.sleep(world.crash_at(part) / NANOS_PER_SECOND)
    raise Crash


def _strategy(scenario: Scenario) -> AnyStrategy:
    if scenario.strategy == "restless":
        return RestlessStrategy(scenario.seed, scenario.symbols)
    settings = StrategySettings(symbols=scenario.symbols, parameters=scenario.parameters)
    return strategy(scenario.strategy, settings)


def _result(world: _World, platform: Platform, *, is_reconciled: bool) -> Run:
    counters = platform.feed.counters
    folded = Account(account=platform.account)
    for event in DiskJournal(world.disk).read(after=SequenceNumber(0)):
        folded.apply(event)
    return Run(
        scenario=world.scenario,
        is_reconciled=is_reconciled,
        account=platform.oms.state,
        ledger=world.kis.ledger(platform.account),
        history_hash=_hash(world.lake),
        rows={kind: len(rows) for kind, rows in world.lake.rows.items()},
        trades=counters.trades,
        books=counters.books,
        gaps=counters.gaps,
        bad_frames=counters.bad_frames,
        stopped_strategies=dict(platform.stopped_strategies),
        folded=folded,
    )


def _hash(lake: MemoryLake) -> str:
    """Return a digest of all that was recorded, in its order."""
    digest = hashlib.sha256()
    for kind in RecordKind:
        for delivery in lake.rows[kind]:
            digest.update(encode_fact(delivery.topic.value, delivery.fact))
    return digest.hexdigest()


def orders_of(account: Account) -> Sequence[tuple[str, str, int, int]]:
    """Return (client order id, state, filled quantity, filled amount) of each order."""
    return [
        (o.wish.client_order_id, o.state.value, o.filled_quantity, o.filled_amount)
        for o in account.orders.values()
    ]
