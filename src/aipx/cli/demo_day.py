"""One demo day: simulator, sockets, services, storage, put together and taken apart again."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr

from aipx.adapters.grpc.client import GrpcTradingGateway
from aipx.adapters.grpc.server import TradingServer
from aipx.adapters.http.aiohttp_transport import AiohttpTransport
from aipx.adapters.http.picows_transport import PicowsTransport
from aipx.adapters.kis.registrations import sessions_needed
from aipx.adapters.kis.settings import KisCredentials, KisFeedSettings, KisRestSettings
from aipx.adapters.kis.token_cache import FileCache
from aipx.adapters.memory.bus import MemoryBus
from aipx.adapters.parquet.lake import ParquetLake
from aipx.adapters.sqlite.journal import SqliteJournal
from aipx.cli import out_folder
from aipx.cli.demo_settings import DemoOmsSettings, DemoStrategySettings
from aipx.cli.observer import ObservedSymbol, Observer
from aipx.cli.platform import Outside, Platform, PlatformSettings
from aipx.cli.result import (
    DataResult,
    DemoResult,
    FramesResult,
    LatencyResult,
    OrdersResult,
    PositionResult,
    RecordedResult,
)
from aipx.cli.snapshot import DemoSnapshot, Latency
from aipx.model.ids import Symbol
from aipx.model.instrument import Won
from aipx.model.time import NANOS_PER_MILLISECOND, NANOS_PER_MINUTE, NANOS_PER_SECOND, Nanos
from aipx.ports.gateway import TradingGateway
from aipx.runtime.clocks import CallableClock, SystemMonotonicClock, SystemWallClock
from aipx.services.data_ingestion.config import IngestionSettings
from aipx.services.data_recorder.config import RecorderSettings
from aipx.services.settings import load_settings
from aipx.simulator.assemble import assemble
from aipx.simulator.kis import AccountLedger, SimulatedKis
from aipx.simulator.pacing import Pacer
from aipx.simulator.server import SimulatorServers, serve
from aipx.simulator.settings import SimulatedAccount, SimulatorSettings, simulated_account
from aipx.strategies import strategy as strategy_named

log = structlog.get_logger(__name__)

SETTLE_SECONDS_MAX = 5.0
"""How long the market waits, at full speed, for a platform that does not become idle."""

KIS_REQUESTS_PER_SECOND = 18
REQUESTS_PER_SECOND_MAX = 1_000
"""KIS's 18 requests in a second of the market, at the market's speed, up to this bound."""

BEFORE_OPEN_NS = NANOS_PER_MINUTE
"""How long before the open the demo's day begins, unless it runs at full speed."""

ORDERS_SHOWN_MAX = 30


class DemoDay:
    """The parts of one demo. `live` is their life; `snapshot` may be called at any moment of it."""

    def __init__(
        self,
        *,
        folder: Path | None,
        symbols: tuple[Symbol, ...],
        day: date,
        speed: float | None,
        seconds: float | None,
        seed: int,
        strategy: str,
        out: Path,
    ) -> None:
        self._symbols, self._day, self._speed, self._seconds = symbols, day, speed, seconds
        self._seed, self._strategy, self._out = seed, strategy, out
        self.source = "synthetic market" if folder is None else str(folder)
        self._is_synthetic = folder is None
        # A session takes a score of symbols; more of them need the keys of more accounts.
        self._account, *self._more_accounts = (
            simulated_account(seed, index=index) for index in range(sessions_needed(len(symbols)))
        )
        self._rate = _rate(speed)
        settings = SimulatorSettings(
            day=day,
            accounts=(self._account, *self._more_accounts),
            seed=seed,
            requests_per_second_max=self._rate,
        )
        self._kis = assemble(symbols, settings, folder=folder)
        if speed is not None:
            self._kis.advance(Nanos(self._kis.session.open - BEFORE_OPEN_NS))
        self._monotonic = SystemMonotonicClock()
        self._bus = MemoryBus()
        self._oms_settings = load_settings(DemoOmsSettings)
        self._ingestion_settings = load_settings(IngestionSettings, symbols=symbols)
        self._recorder_settings = load_settings(RecorderSettings)
        self._strategy_settings = load_settings(
            DemoStrategySettings, names=(strategy,), symbols=symbols
        )
        self._strategies = [strategy_named(strategy, self._strategy_settings.strategy_settings)]
        self.observer = Observer(self._bus, self._account.account_id, _observed(self._kis))
        self._platform: Platform | None = None
        self._servers: SimulatorServers | None = None
        self._started_at = self._monotonic.now()
        self._market_started_at = self._kis.market_now
        self._is_stopped = asyncio.Event()

    async def live(self, *, view: Callable[[], Coroutine[Any, Any, None]] | None) -> DemoResult:
        """Run the day, with a view beside it, until its end, its time or a signal."""
        self._stop_on_signals()
        wall = SystemWallClock()
        servers = self._servers = await serve(self._kis, wall=wall)
        journal = SqliteJournal(self._out / out_folder.JOURNAL, self._account.account_id)
        http = AiohttpTransport(servers.rest_url, monotonic_clock=self._monotonic)
        trading: list[tuple[TradingServer, GrpcTradingGateway]] = []

        def gateway_of(oms: TradingGateway) -> TradingGateway:
            server = TradingServer(oms, host="127.0.0.1", port=0)
            gateway = GrpcTradingGateway(f"127.0.0.1:{server.port}")
            trading.append((server, gateway))
            return gateway

        outside = Outside(
            http=http,
            websocket=PicowsTransport(servers.ws_url),
            journal=journal,
            lake=ParquetLake(self._out),
            cache=FileCache(self._out / out_folder.TOKENS, wall_clock=wall),
            market_clock=CallableClock(lambda: self._kis.market_now),
            monotonic_clock=self._monotonic,
            wall_clock=wall,
        )
        platform = self._platform = Platform(
            self._settings(),
            outside,
            strategies=self._strategies,
            bus=self._bus,
            gateway_of=gateway_of,
        )
        ((server, gateway),) = trading
        await server.start()
        beside = [asyncio.ensure_future(self.observer.run())]
        if view is not None:
            beside.append(asyncio.ensure_future(view()))
        try:
            await platform.run(self._pass)
            await asyncio.sleep(0)
            return self._result(platform)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await gateway.close()
            await server.stop(grace_seconds=0)
            await http.close()
            await servers.close()
            journal.close()

    def _credentials(self, account: SimulatedAccount) -> KisCredentials:
        return KisCredentials(
            environment=self._kis.settings.environment,
            appkey=SecretStr(account.appkey),
            appsecret=SecretStr(account.appsecret),
            account=account.cano,
            product=account.product,
            hts_id=account.hts_id,
        )

    def _settings(self) -> PlatformSettings:
        return PlatformSettings(
            credentials=self._credentials(self._account),
            more_credentials=tuple(self._credentials(each) for each in self._more_accounts),
            symbols=self._symbols,
            policy=self._oms_settings.policy,
            bounds=self._oms_settings.bounds,
            worker=self._strategy_settings.bounds,
            ingestion_source=self._ingestion_settings.source,
            record_rows_max=self._recorder_settings.rows_max,
            record_age_ns_max=self._recorder_settings.age_ns_max,
            rest=KisRestSettings(requests_per_window_max=self._rate),
            feed=KisFeedSettings(registration_pause_ns=NANOS_PER_MILLISECOND),
            seed=self._seed,
        )

    async def _pass(self) -> None:
        """Let the market's day pass, or as much of it as there is time for."""
        self._started_at = self._monotonic.now()
        pacer = Pacer(self._kis, monotonic=self._monotonic, speed=self._speed, settle=self._settle)
        pacing = asyncio.ensure_future(pacer.run())
        stopping = asyncio.ensure_future(self._is_stopped.wait())
        try:
            await asyncio.wait(
                (pacing, stopping), timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if pacing.done():
                pacing.result()
        finally:
            for task in (pacing, stopping):
                task.cancel()
            await asyncio.gather(pacing, stopping, return_exceptions=True)

    def _stop_on_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._is_stopped.set)

    async def _settle(self) -> None:
        """At full speed the market waits here until everything that it sent has been handled."""
        assert self._platform is not None, "the market starts after the platform"
        assert self._servers is not None, "the market starts after its servers"
        await self._servers.settle()
        counters = self._platform.feed.counters
        give_up_at = self._monotonic.now() + round(SETTLE_SECONDS_MAX * NANOS_PER_SECOND)
        while counters.frames < self._kis.frames_sent.frames or not self._platform.is_idle:
            if self._monotonic.now() > give_up_at:
                log.warning(
                    "market.went_on",
                    busy=self._platform.busy_parts,
                    frames_sent=self._kis.frames_sent.frames,
                    frames_seen=counters.frames,
                )
                return
            await asyncio.sleep(0)

    def snapshot(self) -> DemoSnapshot:
        """Return what the view shows now."""
        observer, platform = self.observer, self._platform
        assert platform is not None, "the view starts after the platform"
        feed = platform.feed.counters
        seconds = max((self._monotonic.now() - self._started_at) / NANOS_PER_SECOND, 0.001)
        ledger = observer.account.ledger
        return DemoSnapshot(
            now=self._kis.market_now,
            opens_at=self._kis.session.open,
            closes_at=self._kis.session.close,
            day=self._day,
            source=self.source,
            is_synthetic=self._is_synthetic,
            strategy=self._strategy,
            speed="max" if self._speed is None else f"{self._speed:g}x",
            quotes=observer.quotes(),
            orders=observer.newest_orders(ORDERS_SHOWN_MAX),
            positions=observer.positions(),
            cash=Won(ledger.cash),
            profit=observer.profit,
            fees=Won(ledger.fees),
            taxes=Won(ledger.taxes),
            counters=observer.counters(
                frames=feed.frames,
                trades=feed.trades,
                books=feed.books,
                gaps=feed.gaps,
                bad=feed.bad_frames,
                rows_recorded=platform.recorder.recorded.rows,
            ),
            frames_per_second=feed.frames / seconds,
            latencies=(
                Latency(name="tick→wish", summary=platform.worker.latencies.tick_to_wish.summary()),
                Latency(
                    name="wish→answer", summary=platform.worker.latencies.wish_to_answer.summary()
                ),
                Latency(name="wish→KIS", summary=platform.oms.wish_to_kis.summary()),
            ),
            trading_state=observer.account.trading_state,
            messages=tuple(
                f"strategy {name} stopped: {reason}"
                for name, reason in platform.stopped_strategies.items()
            ),
        )

    def _result(self, platform: Platform) -> DemoResult:
        observer, feed = self.observer, platform.feed.counters
        totals, ledger = observer.totals(), platform.oms.state.ledger
        recorded = platform.recorder.recorded
        broker = self._kis.ledger(platform.account)
        return DemoResult(
            data=DataResult(
                source=self.source,
                synthetic=self._is_synthetic,
                date=self._day.isoformat(),
                symbols=self._symbols,
            ),
            frames=FramesResult(
                received=feed.frames,
                trades=feed.trades,
                books=feed.books,
                gaps=feed.gaps,
                bad=feed.bad_frames,
            ),
            orders=OrdersResult(
                submitted=totals.submitted,
                accepted=totals.accepted,
                filled=totals.filled,
                partially_filled=totals.partially_filled,
                canceled=totals.canceled,
                expired=totals.expired,
                rejected=totals.rejected,
                refused_by_risk=totals.refused_by_risk,
                unknown=totals.unknown,
            ),
            fills=observer.fills,
            positions=tuple(
                PositionResult(
                    symbol=row.symbol,
                    quantity=row.quantity,
                    average_cost=row.average_cost,
                    last=row.last,
                    unrealised=row.unrealised,
                )
                for row in observer.positions()
            ),
            cash=Won(ledger.cash),
            fees=Won(ledger.fees),
            taxes=Won(ledger.taxes),
            profit=observer.profit,
            ledger_equals_broker=equals_broker(platform, broker),
            recorded=RecordedResult(files=recorded.files, rows=recorded.rows, bytes=recorded.bytes),
            latency_us=LatencyResult(
                tick_to_wish=platform.worker.latencies.tick_to_wish.summary(),
                wish_to_answer=platform.worker.latencies.wish_to_answer.summary(),
                wish_to_kis=platform.oms.wish_to_kis.summary(),
            ),
            wall_seconds=(self._monotonic.now() - self._started_at) / NANOS_PER_SECOND,
            market_seconds=(self._kis.market_now - self._market_started_at) / NANOS_PER_SECOND,
            strategy=self._strategy,
            seed=self._seed,
            out=str(self._out),
            stopped_strategies=dict(platform.stopped_strategies),
        )


def equals_broker(platform: Platform, broker: AccountLedger) -> bool:
    """Compare our books with the simulator's own, not with its answers: won for won."""
    ours = platform.oms.state.ledger
    holdings = {symbol: held.quantity for symbol, held in ours.holdings.items() if held.quantity}
    return (
        (ours.cash, ours.fees, ours.taxes, ours.bought, ours.sold)
        == (broker.cash_settled, broker.fees, broker.taxes, broker.bought, broker.sold)
    ) and holdings == {held.symbol: held.quantity for held in broker.holdings}


def _rate(speed: float | None) -> int:
    if speed is None:
        return REQUESTS_PER_SECOND_MAX
    scaled = round(KIS_REQUESTS_PER_SECOND * max(speed, 1.0))
    return min(scaled, REQUESTS_PER_SECOND_MAX)


def _observed(kis: SimulatedKis) -> dict[Symbol, ObservedSymbol]:
    return {
        symbol: ObservedSymbol(name=listing.instrument.name, previous_close=listing.limits.base)
        for symbol, listing in kis.listings.items()
    }
