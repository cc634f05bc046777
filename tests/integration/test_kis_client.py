"""The KIS client as it ships against the simulator's real sockets, on loopback."""

import asyncio
from datetime import date
from pathlib import Path
from random import Random
from typing import Self

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from aipx.adapters.http.aiohttp_transport import AiohttpTransport
from aipx.adapters.http.picows_transport import PicowsTransport
from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.broker import KisBroker
from aipx.adapters.kis.feed import KisFeed
from aipx.adapters.kis.settings import KisCredentials, KisFeedSettings, KisRestSettings
from aipx.adapters.kis.token_cache import FileCache
from aipx.errors import Refused
from aipx.model.ids import ClientOrderId, OrderId, StrategyId, Symbol
from aipx.model.instrument import Shares
from aipx.model.market import Book, Trade
from aipx.model.order import BrokerNotice, NoticeStage, OrderKind, Side, SubmitOrder
from aipx.model.outcome import Acceptance, CancelTarget, Refusal
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.model.verdict import Approved
from aipx.ports.feed import FeedFact, FeedItem
from aipx.runtime.clocks import CallableClock, SystemMonotonicClock, SystemWallClock
from aipx.simulator.assemble import assemble
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.server import serve
from aipx.simulator.settings import SimulatorSettings, simulated_account
from aipx.wire.kis.codes import Environment

pytestmark = pytest.mark.integration

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


async def until(client: Client, wanted: type | NoticeStage) -> list[FeedItem]:
    """Let the market go on, a minute at a time, until the feed has brought what is wanted."""
    items: list[FeedItem] = []
    receiving = asyncio.ensure_future(client.feed.receive())
    while not any(_is(item, wanted) for item in items):
        await asyncio.wait({receiving}, timeout=0.01)
        if receiving.done():
            items += receiving.result()
            receiving = asyncio.ensure_future(client.feed.receive())
        else:
            client.kis.advance(Nanos(client.kis.market_now + NANOS_PER_MINUTE))
    receiving.cancel()
    return items


def _is(item: FeedItem, wanted: type | NoticeStage) -> bool:
    if isinstance(item, BrokerNotice):
        return item.stage is wanted
    return isinstance(wanted, type) and isinstance(item, FeedFact) and isinstance(item.fact, wanted)


def test_day_of_a_client_goes_by_real_sockets(tmp_path: Path) -> None:
    async def story() -> None:
        async with Client(tmp_path, Environment.REAL) as client:
            await until(client, Book)
            await until(client, Trade)

            _, bought = await client.order(Side.BUY, quantity=3)
            items = await until(client, NoticeStage.FILLED)
            balance = await client.broker.balance()
            orders = await client.broker.orders(DAY)

            assert isinstance(bought, Acceptance)
            fills = [item for item in items if isinstance(item, BrokerNotice)]
            assert {notice.number for notice in fills} == {bought.number}
            assert [holding.quantity for holding in balance.holdings] == [3]
            assert [(order.number, order.filled_quantity) for order in orders] == [
                (bought.number, 3)
            ]
            ledger = client.kis.ledger(client.credentials.account_id)
            assert balance.cash_settled == ledger.cash_settled
            assert client.feed.counters.bad_frames == 0
            assert not client.feed.counters.unknown_widths

    asyncio.run(story())


@pytest.mark.parametrize("environment", Environment)
def test_order_is_cancelled_by_the_number_of_its_acceptance(
    tmp_path: Path, environment: Environment
) -> None:
    async def story() -> None:
        async with Client(tmp_path, environment) as client:
            approved, resting = await client.order(Side.BUY, quantity=5, below=1)
            assert isinstance(resting, Acceptance)

            outcome = await client.broker.cancel(
                CancelTarget(
                    number=resting.number,
                    organisation=resting.organisation,
                    kind=approved.wish.kind,
                    symbol=SYMBOL,
                    side=Side.BUY,
                    quantity=approved.wish.quantity,
                )
            )
            client.kis.advance(Nanos(client.kis.market_now + NANOS_PER_MINUTE))
            order, cancel = await client.broker.orders(DAY)

            assert isinstance(outcome, Acceptance)
            assert (order.number, order.canceled_quantity, order.is_cancel) == (
                resting.number,
                5,
                False,
            )
            assert (cancel.number, cancel.original_number, cancel.is_cancel) == (
                outcome.number,
                resting.number,
                True,
            )

    asyncio.run(story())


def test_sale_of_what_is_not_held_is_refused_by_kis(tmp_path: Path) -> None:
    async def story() -> None:
        async with Client(tmp_path, Environment.REAL) as client:
            _, outcome = await client.order(Side.SELL, quantity=1)

            assert isinstance(outcome, Refusal)
            assert outcome.code == "APBK0400"

    asyncio.run(story())


def test_unknown_symbol_is_refused_by_kis(tmp_path: Path) -> None:
    async def story() -> None:
        async with Client(tmp_path, Environment.REAL) as client:
            with pytest.raises(Refused):
                await client.broker.reference(Symbol("999999"))

    asyncio.run(story())


def test_keys_of_the_other_system_are_refused_by_kis(tmp_path: Path) -> None:
    async def story() -> None:
        client = Client(tmp_path, Environment.PAPER)
        client.credentials = replace(client.credentials, environment=Environment.REAL)
        async with client:
            with pytest.raises(Refused, match="EGW02006"):
                await client.broker.balance()

    asyncio.run(story())
