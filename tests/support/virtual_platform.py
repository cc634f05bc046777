"""The whole platform on virtual time: the services and the KIS client as they ship, no sockets."""

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
from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_MILLISECOND, NANOS_PER_SECOND, Nanos, kst_midnight
from aipx.ports.lake import RecordKind
from aipx.runtime.clocks import CallableClock
from aipx.runtime.virtual_time import VirtualMonotonicClock, run_virtual
from aipx.services.oms.service import OmsBounds
from aipx.simulator.assemble import assemble
from aipx.simulator.faults import FaultPlan
from aipx.simulator.in_process import InProcessHttp, InProcessWebSocket
from aipx.simulator.kis import AccountLedger, SimulatedKis
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
    inquiry_interval_ns=120 * NANOS_PER_SECOND,
    inquiry_delay_ns=500 * NANOS_PER_MILLISECOND,
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


def run(scenario: Scenario) -> Run:
    """Live through a scenario's day on a virtual loop of its own."""
    return run_virtual(_live(scenario))


async def _live(scenario: Scenario) -> Run:
    account = simulated_account(scenario.seed)
    settings = SimulatorSettings(day=scenario.day, accounts=(account,), seed=scenario.seed)
    kis = assemble(
        scenario.symbols,
        settings,
        folder=scenario.folder,
        faults=scenario.faults,
        events_max=scenario.events_max,
    )
    monotonic = VirtualMonotonicClock()
    began = kst_midnight(scenario.day)
    wall = CallableClock(lambda: Nanos(began + monotonic.now()))
    pacer = ExactPacer(kis, monotonic=monotonic)
    lake = MemoryLake()
    credentials = KisCredentials(
        environment=settings.environment,
        appkey=SecretStr(account.appkey),
        appsecret=SecretStr(account.appsecret),
        account=account.cano,
        product=account.product,
        hts_id=account.hts_id,
    )
    platform = Platform(
        PlatformSettings(
            credentials=credentials,
            symbols=scenario.symbols,
            policy=Policy(limits=LIMITS),
            bounds=BOUNDS,
            seed=scenario.seed,
            reconcile_pause_seconds=30.0,
        ),
        Outside(
            http=InProcessHttp(
                kis, wall=wall, monotonic=monotonic, seed=scenario.seed, catch_up=pacer.catch_up
            ),
            websocket=InProcessWebSocket(kis, wall=wall, seed=scenario.seed),
            journal=DiskJournal(Disk()),
            lake=lake,
            cache=MemoryCache(wall),
            market_clock=pacer,
            monotonic_clock=monotonic,
            wall_clock=wall,
        ),
        strategies=[_strategy(scenario)],
        bus=MemoryBus(through_wire=scenario.through_wire),
        gateway_of=lambda oms: oms,
    )
    is_reconciled = await platform.run(pacer.run)
    return _result(scenario, platform, kis, lake, is_reconciled=is_reconciled)


def _strategy(scenario: Scenario) -> AnyStrategy:
    if scenario.strategy == "restless":
        return RestlessStrategy(scenario.seed, scenario.symbols)
    settings = StrategySettings(symbols=scenario.symbols, parameters=scenario.parameters)
    return strategy(scenario.strategy, settings)


def _result(
    scenario: Scenario,
    platform: Platform,
    kis: SimulatedKis,
    lake: MemoryLake,
    *,
    is_reconciled: bool,
) -> Run:
    counters = platform.feed.counters
    return Run(
        scenario=scenario,
        is_reconciled=is_reconciled,
        account=platform.oms.state,
        ledger=kis.ledger(platform.account),
        history_hash=_hash(lake),
        rows={kind: len(rows) for kind, rows in lake.rows.items()},
        trades=counters.trades,
        books=counters.books,
        gaps=counters.gaps,
        bad_frames=counters.bad_frames,
        stopped_strategies=dict(platform.stopped_strategies),
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
