"""AIPX's own client of KIS, without the rest of the platform: typed, bounded, async.

python examples/aipx_client.py kis.json [--symbol 005930] [--resting 1]

A real program lets AIPX's OMS check, journal and send its orders. This one is its own gate, and
shows what the client below the OMS does.
"""

import argparse
import asyncio
import json
from collections import Counter
from pathlib import Path
from random import Random

from msgspec.structs import replace
from pydantic import SecretStr

from aipx.adapters.http.aiohttp_transport import AiohttpTransport
from aipx.adapters.http.picows_transport import PicowsTransport
from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.broker import KisBroker
from aipx.adapters.kis.feed import KisFeed
from aipx.adapters.kis.history import KisHistory
from aipx.adapters.kis.quotes import KisQuotes
from aipx.adapters.kis.settings import KisCredentials, KisFeedSettings, KisRestSettings
from aipx.adapters.memory.cache import MemoryCache
from aipx.model.ids import ClientOrderId, OrderId, StrategyId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import TradingPhase
from aipx.model.order import BrokerNotice, NoticeStage, OrderKind, Side, SubmitOrder
from aipx.model.outcome import Acceptance, CancelTarget, Outcome
from aipx.model.verdict import Approved
from aipx.ports.feed import FeedFact
from aipx.rules.ticks import next_up
from aipx.runtime.clocks import SystemMonotonicClock, SystemWallClock
from aipx.wire.kis.codes import Environment

TRIES_MAX = 30
SECONDS_MAX = 60


class Day:
    """A client of one account, and what its feed has brought."""

    def __init__(self, known: dict, symbol: Symbol) -> None:
        account = known["accounts"][0]
        self.symbol = symbol
        wall, monotonic = SystemWallClock(), SystemMonotonicClock()
        self.access = KisAccess(
            transport=AiohttpTransport(known["rest"], monotonic_clock=monotonic),
            credentials=KisCredentials(
                environment=Environment(known["environment"]),
                appkey=SecretStr(account["appkey"]),
                appsecret=SecretStr(account["appsecret"]),
                account=account["cano"],
                product=account["product"],
                hts_id=account["hts_id"],
            ),
            # The documented rate, unless the file says what a simulator allows.
            settings=KisRestSettings(requests_per_window_max=known.get("requests_per_second_max")),
            cache=MemoryCache(wall),
            wall_clock=wall,
            monotonic_clock=monotonic,
        )
        self.broker = KisBroker(self.access)
        self.quotes = KisQuotes(self.access)
        self.feed = KisFeed(
            access=self.access,
            transport=PicowsTransport(known["ws"]),
            symbols=[symbol],
            settings=KisFeedSettings(),
            market_clock=wall,
            jitter=Random(1),  # noqa: S311 - spreads reconnects, no secret
        )
        self.seen: Counter[str] = Counter()
        self.filled: set[str] = set()

    async def listen(self) -> None:
        while True:
            for item in await self.feed.receive():
                match item:
                    case FeedFact(fact=fact):
                        self.seen[type(fact).__name__] += 1
                    case BrokerNotice(stage=NoticeStage.FILLED):
                        self.seen["Fill"] += 1
                        self.filled.add(item.number)

    def wish(self, number: int, kind: OrderKind, quantity: int, price: int) -> Approved:
        wish = SubmitOrder(
            client_order_id=ClientOrderId(f"example-{number}"),
            strategy_id=StrategyId("example"),
            symbol=self.symbol,
            side=Side.BUY,
            kind=kind,
            quantity=Shares(quantity),
            price=Won(price),
        )
        return Approved(order_id=OrderId(f"o-{number}"), wish=wish, reserved_price=Won(price))

    def target(self, approved: Approved, taken: Acceptance) -> CancelTarget:
        return CancelTarget(
            number=taken.number,
            organisation=taken.organisation,
            kind=approved.wish.kind,
            symbol=self.symbol,
            side=Side.BUY,
            quantity=approved.wish.quantity,
        )


def taken(outcome: Outcome) -> Acceptance:
    """Return an acceptance; a refusal or an unknown outcome ends this program."""
    if not isinstance(outcome, Acceptance):
        raise SystemExit(str(outcome))
    return outcome


async def trade(day: Day, resting: int) -> dict:
    broker, quotes, symbol = day.broker, day.quotes, day.symbol
    history = KisHistory(quotes)
    price = await quotes.price(symbol)
    today = await history.chart_day(symbol)
    if today is None:
        raise SystemExit(f"{symbol} has not traded today")
    _, book = await quotes.book(symbol, day=today, phase=TradingPhase.CONTINUOUS)
    minutes = await history.minutes_today(symbol, day=today)
    await history.days(symbol, first=today.replace(month=1, day=2), last=today, adjusted=True)

    low = day.wish(0, OrderKind.LIMIT, 1, price.limits.lower)
    orders = [taken(await broker.submit(low)) for _ in range(resting)]
    instrument = price.instrument
    higher = next_up(low.wish.price, market=instrument.market, kind=instrument.kind, day=today)
    raised = replace(low, wish=replace(low.wish, price=higher), reserved_price=higher)
    modified = taken(await broker.replace(day.target(low, orders[0]), raised))
    taken(await broker.cancel(day.target(raised, modified)))
    bought = taken(await broker.submit(day.wish(1, OrderKind.MARKET, 3, 0)))

    held = 0
    for _ in range(TRIES_MAX):
        balance = await broker.balance()
        held = sum(each.quantity for each in balance.holdings if each.symbol == symbol)
        if held >= 3:
            break
        await asyncio.sleep(0.2)
    executions = await broker.orders(today)
    return {
        "best_ask": book.ask_prices[0],
        "minutes": len(minutes),
        "bought": bought.number,
        "held": held,
        "orders": len(executions),
    }


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--symbol", default="005930")
    parser.add_argument("--resting", type=int, default=1, help="Orders far from the market.")
    wanted = parser.parse_args()

    day = Day(json.loads(wanted.file.read_text()), Symbol(wanted.symbol))
    listening = asyncio.create_task(day.listen())
    await day.feed.wait_registered()
    result = await trade(day, wanted.resting)
    async with asyncio.timeout(SECONDS_MAX):
        while not (result["bought"] in day.filled and day.seen["Trade"] and day.seen["Book"]):
            await asyncio.wait({listening}, timeout=0.1)
            if listening.done():
                listening.result()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await day.feed.close()
    await day.access.close()
    print(json.dumps(result | {"seen": day.seen, "notice_of_fill": True}))


if __name__ == "__main__":
    asyncio.run(main())
