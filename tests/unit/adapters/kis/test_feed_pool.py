"""One feed out of several sessions."""

import asyncio
from collections.abc import Coroutine, Sequence
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from aipx.adapters.kis.feed_pool import KisFeedPool
from aipx.adapters.kis.settings import KisFeedSettings
from aipx.errors import Refused, SettingsError, Unreachable
from aipx.model.ids import Symbol
from aipx.model.market import Trade
from aipx.ports.feed import FeedFact, FeedItem, FeedReconnected
from aipx.runtime.virtual_time import run_virtual
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.control import parse_registration
from aipx.wire.kis.frames import join_frame
from aipx.wire.kis.layout import Layout
from aipx.wire.kis.records import format_trade
from tests.support.kis_transports import (
    CREDENTIALS,
    WALL_START,
    ScriptedConnection,
    ScriptedHttp,
    ScriptedSockets,
    VirtualClock,
    access,
)
from tests.support.kis_wire import trade

SYMBOLS = [Symbol(f"{number:06d}") for number in range(4)]
TWO_A_SESSION = KisFeedSettings(registrations_max=5, reconnects_max=2)
"""With the notice, or without."""


def pool(
    sockets: ScriptedSockets,
    *,
    keys: int = 2,
    symbols: Sequence[Symbol] = SYMBOLS,
    environments: Sequence[Environment] = (),
) -> KisFeedPool:
    accesses = [
        access(
            ScriptedHttp(lambda _: None),
            credentials=replace(
                CREDENTIALS,
                appkey=SecretStr(f"{place}" * 36),
                environment=environments[place] if environments else Environment.REAL,
            ),
        )
        for place in range(keys)
    ]
    return KisFeedPool(
        accesses=accesses,
        transport=sockets,
        symbols=symbols,
        settings=TWO_A_SESSION,
        market_clock=VirtualClock(WALL_START),
        jitter=Random(1),
    )


def frame(symbol: str, day_volume: int = 100) -> str:
    record = format_trade(trade(symbol=Symbol(symbol), day_volume=day_volume), Layout.CURRENT)
    return join_frame("H0STCNT0", [record])


def registered(connection: ScriptedConnection) -> list[tuple[str, str]]:
    wanted = [parse_registration(text) for text in connection.sent if "approval_key" in text]
    return [(each.tr_id, each.tr_key) for each in wanted]


def symbols_of(items: Sequence[FeedItem]) -> list[str]:
    return [
        item.fact.symbol
        for item in items
        if isinstance(item, FeedFact) and isinstance(item.fact, Trade)
    ]


async def _ready(feed: KisFeedPool) -> asyncio.Task[Sequence[FeedItem]]:
    receiving = asyncio.ensure_future(feed.receive())
    await feed.wait_registered()
    return receiving


def run(story: Coroutine[Any, Any, None]) -> None:
    run_virtual(story)


def test_symbols_are_spread_and_one_session_has_the_notices() -> None:
    sockets = ScriptedSockets()

    async def story() -> None:
        feed = pool(sockets)
        receiving = await _ready(feed)
        first, second = (registered(connection) for connection in sockets.connections)
        assert [len(first), len(second)] == [5, 4]
        assert {key for tr_id, key in first + second if tr_id == "H0STCNT0"} == set(SYMBOLS)
        assert [tr_id for tr_id, _ in first + second].count("H0STCNI0") == 1

        sockets.connections[0].say(frame("000000"))
        sockets.connections[1].say(frame("000001"))
        assert symbols_of(await receiving) == ["000000", "000001"]
        assert feed.counters.trades == 2
        await feed.close()

    run(story())


def test_session_that_breaks_moves_nothing_of_the_others() -> None:
    sockets = ScriptedSockets()

    async def story() -> None:
        feed = pool(sockets)
        receiving = await _ready(feed)
        stays = sockets.connections[0]
        sockets.connections[1].cut()
        for volume in (100, 200):
            stays.say(frame("000000", day_volume=volume))
            assert symbols_of(await receiving) == ["000000"]
            receiving = asyncio.ensure_future(feed.receive())

        assert any(isinstance(item, FeedReconnected) for item in await receiving)
        assert not stays.is_closed
        assert len(sockets.connections) == 3
        assert registered(sockets.connections[2]) == registered(sockets.connections[1])
        await feed.close()

    run(story())


def test_lost_key_is_replaced_by_a_spare_one() -> None:
    # The second session is refused for good: KIS does not take its key any more.
    sockets = ScriptedSockets({}, {"H0STCNT0": "OPSP8993"})

    async def story() -> None:
        feed = pool(sockets, keys=3)
        receiving = await _ready(feed)
        await asyncio.sleep(5)
        assert registered(sockets.connections[2])[0] == ("H0STCNT0", "000001")

        sockets.connections[2].say(frame("000001"))
        assert symbols_of(await receiving) == ["000001"]
        assert not feed.lost_symbols
        await feed.close()

    run(story())


def test_lost_key_without_a_spare_is_tried_again_later_and_the_others_go_on() -> None:
    sockets = ScriptedSockets({}, {"H0STCNT0": "OPSP8993"})

    async def story() -> None:
        feed = pool(sockets)
        receiving = await _ready(feed)
        await asyncio.sleep(1)
        assert feed.lost_symbols == (SYMBOLS[1], SYMBOLS[3])
        sockets.connections[0].say(frame("000000"))
        assert symbols_of(await receiving) == ["000000"]

        receiving = asyncio.ensure_future(feed.receive())
        # The first session lives on what KIS says now and then.
        for minute in range(1, 6):
            await asyncio.sleep(60)
            sockets.connections[0].say(frame("000000", day_volume=100 * (minute + 1)))
        await asyncio.sleep(1)
        sockets.connections[-1].say(frame("000001"))
        seen = symbols_of(await receiving)
        while "000001" not in seen:
            seen += symbols_of(await feed.receive())
        assert not feed.lost_symbols
        await feed.close()

    run(story())


def test_feed_of_which_all_sessions_are_lost_says_so() -> None:
    sockets = ScriptedSockets(*[{"H0STCNT0": "OPSP8993"} for _ in range(2)])

    async def story() -> None:
        feed = pool(sockets)
        with pytest.raises(Refused, match="OPSP8993"):
            await feed.receive()
        await feed.close()

    run(story())


def test_cancelled_wait_loses_nothing() -> None:
    sockets = ScriptedSockets()

    async def story() -> None:
        feed = pool(sockets)
        receiving = await _ready(feed)
        sockets.connections[1].say(frame("000001"))
        receiving.cancel()
        assert symbols_of(await feed.receive()) == ["000001"]
        await feed.close()

    run(story())


def test_closed_feed_ends_whoever_waits() -> None:
    sockets = ScriptedSockets()

    async def story() -> None:
        feed = pool(sockets)
        await (await _ready_and_closed(feed))
        assert all(connection.is_closed for connection in sockets.connections)

    async def _ready_and_closed(feed: KisFeedPool) -> asyncio.Future[Any]:
        receiving = await _ready(feed)
        await feed.close()
        receiving.cancel()
        with pytest.raises(Unreachable, match="closed"):
            await feed.receive()
        return asyncio.gather(receiving, return_exceptions=True)

    run(story())


def test_keys_of_two_systems_or_one_key_twice_are_refused() -> None:
    with pytest.raises(SettingsError, match="paper, real; allowed: one of the two"):
        pool(ScriptedSockets(), environments=(Environment.REAL, Environment.PAPER))
    one = access(ScriptedHttp(lambda _: None))
    with pytest.raises(SettingsError, match="each must be there once"):
        KisFeedPool(
            accesses=[one, one],
            transport=ScriptedSockets(),
            symbols=SYMBOLS,
            settings=TWO_A_SESSION,
            market_clock=VirtualClock(WALL_START),
            jitter=Random(1),
        )
