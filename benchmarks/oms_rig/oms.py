"""The OMS as it ships, in a process of its own: gRPC in front, SQLite below, KIS behind.

`python -m benchmarks.oms_rig.oms KIS_URL FOLDER`. What the market and the feed would bring, this
process brings itself: quotes, and a fill notice for each accepted order, over the same bus.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import time
from pathlib import Path

from pydantic import SecretStr

from aipx.adapters.grpc.server import TradingServer
from aipx.adapters.http.aiohttp_transport import AiohttpTransport
from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.broker import KisBroker
from aipx.adapters.kis.settings import KisCredentials, KisRestSettings
from aipx.adapters.memory.bus import MemoryBus
from aipx.adapters.memory.cache import MemoryCache
from aipx.adapters.sqlite.journal import SqliteJournal
from aipx.engine.inputs import Policy
from aipx.engine.risk import RiskLimits
from aipx.model.ids import OrderId
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.market import Book, MarketEvent, TradingPhase
from aipx.model.order import (
    BrokerNotice,
    NoticeRequest,
    NoticeStage,
    OrderAccepted,
    OrderEvent,
    OrderSubmitted,
    SubmitOrder,
)
from aipx.model.outcome import Outcome
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_moment
from aipx.model.verdict import Approved
from aipx.ports.bus import Topic
from aipx.runtime.clocks import CallableClock, SystemMonotonicClock, SystemWallClock
from aipx.runtime.logging import configure_logging
from aipx.services.oms.bounds import OmsBounds
from aipx.services.oms.service import OmsService
from aipx.wire.kis.codes import Environment
from benchmarks.oms_rig.kis import ACCOUNT, DAY, SYMBOL
from benchmarks.oms_rig.process import Served, serve_until_stdin_ends

STARTS_AT = time(10, 0)
QUOTE_PAUSE_SECONDS = 0.05
BOOK_SIZE = 1_000
LEVELS = 10
NEVER_NS = 24 * 3_600 * NANOS_PER_SECOND

LIMITS = RiskLimits(
    order_quantity_max=10_000,
    order_value_max=100_000_000,
    position_value_max=10_000_000_000_000,
    collar_bps=300,
    quote_age_ns_max=60 * NANOS_PER_SECOND,
    duplicate_window_ns=NANOS_PER_SECOND,
    open_orders_max=1_000,
)
"""Wide enough that nothing is refused; every rule is still computed for every wish."""


class TimedBroker(KisBroker):
    """Notes when each wish's request had left for KIS, after its client sent it."""

    def __init__(self, access: KisAccess) -> None:
        super().__init__(access)
        self.wish_to_kis_ns: list[int] = []

    async def submit(self, approved: Approved) -> Outcome:
        outcome = await super().submit(approved)
        self.wish_to_kis_ns.append(outcome.sent_monotonic_ns - approved.wish.sent_monotonic_ns)
        return outcome


class Surroundings:
    """What the market and the feed would do: fresh quotes, and a fill for each accepted order."""

    def __init__(self, bus: MemoryBus, market_now: Callable[[], Nanos], price: Won) -> None:
        self._bus = bus
        self._market_now = market_now
        self._price = price
        self._events = bus.subscribe("rig", (Topic.ORDER_EVENTS,))
        self._wishes: dict[OrderId, SubmitOrder] = {}

    async def quote(self) -> None:
        """Keep the quote fresh, until cancelled."""
        while True:
            now = self._market_now()
            event = MarketEvent(
                event_id=f"rig-{now}",
                trace_id="",
                exchange_time=now,
                receive_time=now,
                fact=_book(self._price),
            )
            await self._bus.publish(Topic.MARKET_DATA_RAW, SYMBOL, event, received_monotonic_ns=now)
            await asyncio.sleep(QUOTE_PAUSE_SECONDS)

    async def fill(self) -> None:
        """Fill each accepted order whole, until cancelled."""
        while True:
            for delivery in await self._events.receive():
                assert isinstance(delivery.fact, OrderEvent), "the topic's type"
                match delivery.fact.fact:
                    case OrderSubmitted(order_id=order_id, wish=wish):
                        self._wishes[order_id] = wish
                    case OrderAccepted() as accepted:
                        await self._fill(accepted)
                    case _:
                        pass

    async def _fill(self, accepted: OrderAccepted) -> None:
        wish = self._wishes.pop(accepted.order_id)
        now = self._market_now()
        notice = BrokerNotice(
            event_id=f"rig-{accepted.number}",
            trace_id=wish.trace_id,
            receive_time=now,
            exchange_time=Nanos(now - now % NANOS_PER_SECOND),
            account=ACCOUNT.account_id,
            number=accepted.number,
            original_number=type(accepted.number)(""),
            organisation=accepted.organisation,
            side=wish.side,
            request=NoticeRequest.NEW,
            stage=NoticeStage.FILLED,
            symbol=wish.symbol,
            quantity=wish.quantity,
            price=wish.price,
            order_quantity=wish.quantity,
            rejected=False,
            venue=wish.venue,
        )
        await self._bus.publish(
            Topic.BROKER_NOTICES, notice.account, notice, received_monotonic_ns=now
        )


def _book(price: Won) -> Book:
    return Book(
        symbol=SYMBOL,
        venue=Venue.KRX,
        phase=TradingPhase.CONTINUOUS,
        ask_prices=tuple(Won(price + 100 * level) for level in range(LEVELS)),
        ask_sizes=(BOOK_SIZE,) * LEVELS,
        bid_prices=tuple(Won(price - 100 * level) for level in range(LEVELS)),
        bid_sizes=(BOOK_SIZE,) * LEVELS,
        total_ask_size=Shares(BOOK_SIZE * LEVELS),
        total_bid_size=Shares(BOOK_SIZE * LEVELS),
        indicative_price=Won(0),
        indicative_size=Shares(0),
        day_volume=Shares(1),
    )


def _market_clock(monotonic: SystemMonotonicClock) -> CallableClock:
    began, opened = monotonic.now(), kst_moment(DAY, STARTS_AT)
    return CallableClock(lambda: opened + monotonic.now() - began)


def _broker(transport: AiohttpTransport, monotonic: SystemMonotonicClock) -> TimedBroker:
    wall = SystemWallClock()
    access = KisAccess(
        transport=transport,
        credentials=KisCredentials(
            environment=Environment.REAL,
            appkey=SecretStr(ACCOUNT.appkey),
            appsecret=SecretStr(ACCOUNT.appsecret),
            account=ACCOUNT.cano,
            product=ACCOUNT.product,
            hts_id=ACCOUNT.hts_id,
        ),
        # KIS's own rate would be the only thing that is measured.
        settings=KisRestSettings(requests_per_window_max=1_000_000),
        cache=MemoryCache(wall_clock=wall),
        wall_clock=wall,
        monotonic_clock=monotonic,
    )
    return TimedBroker(access)


def _die(task: "asyncio.Task[None]") -> None:
    """End the process, so that whoever measures learns at once that there is nothing to measure."""
    if not task.cancelled() and (error := task.exception()) is not None:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)


async def _served(url: str, folder: Path) -> Served:
    configure_logging(level="WARNING", stream=sys.stderr)
    monotonic, bus = SystemMonotonicClock(), MemoryBus()
    market_clock = _market_clock(monotonic)
    transport = AiohttpTransport(url, monotonic_clock=monotonic)
    broker = _broker(transport, monotonic)
    journal = SqliteJournal(folder / "journal.sqlite", ACCOUNT.account_id)
    oms = OmsService(
        account=ACCOUNT.account_id,
        symbols=(SYMBOL,),
        is_paper=False,
        policy=Policy(limits=LIMITS),
        bounds=OmsBounds(
            inbox_max=10_000,
            # The bare KIS knows no fills; asking it would end the run with a difference.
            inquiry_interval_ns=NEVER_NS,
            inquiry_delay_ns=NANOS_PER_SECOND,
            inquiry_attempts_max=5,
            quarantine_ns=NEVER_NS,
        ),
        journal=journal,
        broker=broker,
        bus=bus,
        market_clock=market_clock,
        monotonic_clock=monotonic,
    )
    price = (await broker.reference(SYMBOL)).limits.base
    surroundings = Surroundings(bus, market_clock.now, price)
    tasks = [
        asyncio.ensure_future(work)
        for work in (oms.run(), surroundings.quote(), surroundings.fill())
    ]
    for task in tasks:
        task.add_done_callback(_die)
    await oms.wait_ready()
    server = TradingServer(oms, host="127.0.0.1", port=0)
    await server.start()

    async def report() -> dict[str, object]:
        while not oms.is_idle or not bus.is_idle:  # noqa: ASYNC110 - idleness has no event
            await asyncio.sleep(0.001)
        taken, broker.wish_to_kis_ns = broker.wish_to_kis_ns, []
        return {
            "wish_to_kis_ns": taken,
            "wishes_refused": oms.counters.wishes_refused,
            "live_orders": len(oms.state.live),
            "events": oms.state.sequence,
        }

    async def close() -> None:
        await server.stop(grace_seconds=0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await transport.close()
        journal.close()

    return Served({"target": f"127.0.0.1:{server.port}", "price": price}, report, close)


if __name__ == "__main__":
    serve_until_stdin_ends(_served(sys.argv[1], Path(sys.argv[2])))
