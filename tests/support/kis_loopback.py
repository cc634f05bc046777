"""A simulator on loopback at ten past nine, and AIPX's client of it."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Self

from pydantic import SecretStr

from aipx.adapters.http.aiohttp_transport import AiohttpTransport
from aipx.adapters.http.picows_transport import PicowsTransport
from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.broker import KisBroker
from aipx.adapters.kis.feed import KisFeed
from aipx.adapters.kis.settings import KisCredentials, KisFeedSettings, KisRestSettings
from aipx.adapters.kis.token_cache import FileCache
from aipx.model.ids import ClientOrderId, OrderId, StrategyId, Symbol
from aipx.model.instrument import Shares
from aipx.model.order import OrderKind, Side, SubmitOrder
from aipx.model.outcome import Acceptance, Refusal
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.model.verdict import Approved
from aipx.runtime.clocks import CallableClock, SystemMonotonicClock, SystemWallClock
from aipx.simulator.assemble import assemble
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.server import serve
from aipx.simulator.settings import SimulatorSettings, simulated_account
from aipx.wire.kis.codes import Environment

DAY = date(2026, 11, 20)
SYMBOL = Symbol("005930")


class Client:
    """A simulator on free ports at ten past nine, and a client of it."""

    def __init__(self, folder: Path, environment: Environment) -> None:
        account = simulated_account(1)
        self.kis: SimulatedKis = assemble(
            [SYMBOL],
            SimulatorSettings(
                day=DAY,
                accounts=(account,),
                environment=environment,
                requests_per_second_max=1_000,
            ),
            events_max=2_000,
        )
        self.kis.advance(Nanos(self.kis.session.open + 10 * NANOS_PER_MINUTE))
        self.credentials = KisCredentials(
            environment=environment,
            appkey=SecretStr(account.appkey),
            appsecret=SecretStr(account.appsecret),
            account=account.cano,
            product=account.product,
            hts_id=account.hts_id,
        )
        self.folder = folder

    async def __aenter__(self) -> Self:
        wall, monotonic = SystemWallClock(), SystemMonotonicClock()
        self.servers = await serve(self.kis, wall=wall)
        self.access = KisAccess(
            transport=AiohttpTransport(self.servers.rest_url, monotonic_clock=monotonic),
            credentials=self.credentials,
            settings=KisRestSettings(requests_per_window_max=1_000),
            cache=FileCache(self.folder / "token.json", wall_clock=wall),
            wall_clock=wall,
            monotonic_clock=monotonic,
        )
        self.broker = KisBroker(self.access)
        self.feed = KisFeed(
            access=self.access,
            transport=PicowsTransport(self.servers.ws_url),
            symbols=[SYMBOL],
            settings=KisFeedSettings(registration_pause_ns=0),
            market_clock=CallableClock(lambda: self.kis.market_now),
            jitter=Random(1),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.feed.close()
        await self.access.close()
        await self.servers.close()

    async def order(
        self, side: Side, *, quantity: int, below: int = 0
    ) -> tuple[Approved, Acceptance | Refusal]:
        """Send a limit order `below` the upper limit, the price of a buyer in haste."""
        reference = await self.broker.reference(SYMBOL)
        price = reference.limits.upper if not below else reference.limits.lower
        wish = SubmitOrder(
            client_order_id=ClientOrderId("c-1"),
            strategy_id=StrategyId("s"),
            symbol=SYMBOL,
            side=side,
            kind=OrderKind.LIMIT,
            quantity=Shares(quantity),
            price=price,
        )
        approved = Approved(order_id=OrderId("o-1"), wish=wish, reserved_price=price)
        outcome = await self.broker.submit(approved)
        assert isinstance(outcome, Acceptance | Refusal)
        return approved, outcome
