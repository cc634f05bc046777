"""The KIS client as it ships against the simulator's real sockets, on loopback."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from aipx.errors import Refused
from aipx.model.ids import Symbol
from aipx.model.market import Book, Trade
from aipx.model.order import BrokerNotice, NoticeStage, Side
from aipx.model.outcome import Acceptance, CancelTarget, Refusal
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.ports.feed import FeedFact, FeedItem
from aipx.wire.kis.codes import Environment
from tests.support.kis_loopback import DAY, SYMBOL, Client

pytestmark = pytest.mark.integration


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
