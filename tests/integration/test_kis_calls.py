"""Every call of the client to the simulator, on both systems: ours and theirs agree on KIS."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from aipx.adapters.kis.history import KisHistory
from aipx.adapters.kis.quotes import KisQuotes
from aipx.errors import InputError
from aipx.model.instrument import Shares
from aipx.model.market import TradingPhase
from aipx.model.order import OrderKind, Side
from aipx.model.outcome import Acceptance, CancelTarget, Refusal
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.model.verdict import Approved
from aipx.rules.ticks import next_up
from aipx.wire.kis.codes import Environment
from tests.support.kis_loopback import DAY, SYMBOL, Client

pytestmark = pytest.mark.integration

Story = Callable[[Client], Awaitable[None]]


def live(folder: Path, environment: Environment, story: Story) -> None:
    async def day() -> None:
        async with Client(folder, environment) as client:
            await story(client)

    asyncio.run(day())


async def resting(client: Client, quantity: int) -> tuple[Approved, CancelTarget]:
    approved, taken = await client.order(Side.BUY, quantity=quantity, below=1)
    assert isinstance(taken, Acceptance)
    target = CancelTarget(
        number=taken.number,
        organisation=taken.organisation,
        kind=OrderKind.LIMIT,
        symbol=SYMBOL,
        side=Side.BUY,
        quantity=Shares(quantity),
    )
    return approved, target


@pytest.mark.parametrize("environment", Environment)
def test_order_is_replaced_and_cancelled_in_part(tmp_path: Path, environment: Environment) -> None:
    async def story(client: Client) -> None:
        approved, target = await resting(client, 5)
        instrument = (await client.broker.reference(SYMBOL)).instrument
        price = next_up(
            approved.wish.price, market=instrument.market, kind=instrument.kind, day=DAY
        )
        wish = replace(approved.wish, price=price)

        replaced = await client.broker.replace(
            target, replace(approved, wish=wish, reserved_price=price)
        )
        assert isinstance(replaced, Acceptance)
        moved = replace(target, number=replaced.number)
        cut = await client.broker.cancel_part(moved, Shares(2))
        again = await client.broker.cancel(target)
        client.kis.advance(Nanos(client.kis.market_now + NANOS_PER_MINUTE))

        assert isinstance(cut, Acceptance)
        # What was replaced has nothing left that could be cancelled.
        assert isinstance(again, Refusal)
        rows = {row.number: row for row in await client.broker.orders(DAY)}
        assert (rows[replaced.number].open_quantity, rows[replaced.number].price) == (3, price)

    live(tmp_path, environment, story)


def test_real_system_tells_what_is_open_and_sellable(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        _, target = await resting(client, 5)
        await client.order(Side.BUY, quantity=3)
        client.kis.advance(Nanos(client.kis.market_now + NANOS_PER_MINUTE))

        (order,) = await client.broker.open_orders()
        sellable = await client.broker.sellable(SYMBOL)

        assert (order.number, order.open_quantity, order.organisation) == (
            target.number,
            5,
            target.organisation,
        )
        assert (sellable.held, sellable.sellable) == (3, 3)

    live(tmp_path, Environment.REAL, story)


def test_real_system_tells_of_days_and_listings(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        quotes = KisQuotes(client.access)

        days = {each.day: each.is_open for each in await quotes.holidays(DAY)}
        info = await quotes.stock_info(SYMBOL)

        assert days[DAY]
        assert not days[DAY + timedelta(days=1)]
        assert info.name
        assert await quotes.interruptions(DAY) == ()
        past = await KisHistory(quotes).minutes(SYMBOL, day=DAY - timedelta(days=1))
        assert all(bar.low <= bar.close <= bar.high for bar in past)

    live(tmp_path, Environment.REAL, story)


def test_paper_system_is_not_asked_what_it_does_not_have(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        quotes = KisQuotes(client.access)
        for ask in (
            client.broker.open_orders(),
            client.broker.sellable(SYMBOL),
            quotes.holidays(DAY),
            quotes.stock_info(SYMBOL),
            quotes.interruptions(DAY),
        ):
            with pytest.raises(InputError, match="paper"):
                await ask

    live(tmp_path, Environment.PAPER, story)


@pytest.mark.parametrize("environment", Environment)
def test_quotes_charts_and_past_orders_are_read(tmp_path: Path, environment: Environment) -> None:
    async def story(client: Client) -> None:
        quotes = KisQuotes(client.access)
        history = KisHistory(quotes)

        price = await quotes.price(SYMBOL)
        _, book = await quotes.book(SYMBOL, day=DAY, phase=TradingPhase.CONTINUOUS)
        trades = await quotes.latest_trades(SYMBOL, day=DAY)
        today = await history.minutes_today(SYMBOL, day=DAY)
        bars = await history.days(SYMBOL, first=DAY - timedelta(days=400), last=DAY, adjusted=True)
        await resting(client, 1)
        (row,) = await client.broker.past_orders(DAY, DAY, is_old=False)

        assert price.limits.lower <= price.last_price <= price.limits.upper
        assert book.bid_prices[0] < book.ask_prices[0]
        assert (trades[0].price, bars[-1].close, today[-1].close) == (price.last_price,) * 3
        assert bars[-1].day == DAY
        assert row.quantity == 1

    live(tmp_path, environment, story)


def test_order_with_the_hash_of_its_body_is_taken(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        client.access.settings = replace(client.access.settings, sends_hashkey=True)
        await resting(client, 1)

    live(tmp_path, Environment.REAL, story)
