"""The feed on a KIS session."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from aipx.adapters.kis.feed import KisFeed
from aipx.adapters.kis.settings import KisFeedSettings
from aipx.errors import Refused, SettingsError, Unreachable
from aipx.model.market import MarketGap, Trade
from aipx.model.order import BrokerNotice
from aipx.ports.feed import FeedFact, FeedItem, FeedReconnected
from aipx.runtime.virtual_time import run_virtual
from aipx.wire.kis.control import format_pingpong, parse_registration
from aipx.wire.kis.crypto import encrypt
from aipx.wire.kis.frames import join_frame
from aipx.wire.kis.layout import Layout
from aipx.wire.kis.notices import format_notice
from aipx.wire.kis.records import format_trade
from tests.support.kis_transports import KEY, SILENT, ScriptedHttp, ScriptedSockets, feed
from tests.support.kis_wire import notice, trade

_Result = TypeVar("_Result")


def trade_text(volume: int) -> str:
    return join_frame("H0STCNT0", [format_trade(trade(day_volume=volume), Layout.CURRENT)])


def play(
    sockets: ScriptedSockets,
    story: Callable[[KisFeed], Awaitable[_Result]],
    settings: KisFeedSettings | None = None,
) -> _Result:
    async def main() -> _Result:
        return await story(feed(sockets, settings=settings))

    return run_virtual(main())


async def once_open(sockets: ScriptedSockets, number: int, *texts: str) -> None:
    """Wait until a session is there and registered, then let KIS speak on it."""
    while len(sockets.connections) < number or len(sockets.connections[number - 1].sent) < 3:  # noqa: ASYNC110 - KIS's side of the story has no event of its own
        await asyncio.sleep(0.01)  # virtual seconds
    sockets.connections[number - 1].say(*texts)


async def receive_for_ever(of: KisFeed) -> None:
    while True:
        await of.receive()


def kinds(items: list[FeedItem]) -> list[type]:
    return [type(item.fact) if isinstance(item, FeedFact) else type(item) for item in items]


def test_notices_trades_and_books_are_registered_with_the_approval_key() -> None:
    sockets = ScriptedSockets()

    async def story(of: KisFeed) -> list[FeedItem]:
        speaking = asyncio.ensure_future(once_open(sockets, 1, trade_text(100)))
        items = list(await of.receive())
        await speaking
        return items

    assert kinds(play(sockets, story)) == [Trade]
    wanted = [parse_registration(text) for text in sockets.connections[0].sent]
    assert [(one.tr_id, one.tr_key) for one in wanted] == [
        ("H0STCNI0", "TESTID01"),
        ("H0STCNT0", "005930"),
        ("H0STASP0", "005930"),
    ]
    assert {one.approval_key for one in wanted} == {"approval-1"}


def test_notice_is_decrypted_with_the_key_of_its_answer() -> None:
    sockets = ScriptedSockets()
    secret = encrypt(format_notice(notice(), Layout.CURRENT), KEY)

    async def story(of: KisFeed) -> list[FeedItem]:
        frame = join_frame("H0STCNI0", [secret], encrypted=True)
        speaking = asyncio.ensure_future(once_open(sockets, 1, frame))
        items = list(await of.receive())
        await speaking
        return items

    assert kinds(play(sockets, story)) == [BrokerNotice]


def test_pingpong_is_answered_with_its_own_text() -> None:
    sockets = ScriptedSockets()
    ping = format_pingpong("20260915093000")

    async def story(of: KisFeed) -> int:
        speaking = asyncio.ensure_future(once_open(sockets, 1, ping, trade_text(1)))
        await of.receive()
        await speaking
        return of.counters.pings

    assert play(sockets, story) == 1
    assert sockets.connections[0].sent[-1] == ping


def test_lost_session_comes_back_registered_and_gaps_are_told() -> None:
    sockets = ScriptedSockets()

    async def story(of: KisFeed) -> list[FeedItem]:
        async def kis() -> None:
            await once_open(sockets, 1, trade_text(100))
            sockets.connections[0].cut()
            await once_open(sockets, 2, trade_text(190))

        speaking = asyncio.ensure_future(kis())
        items: list[FeedItem] = []
        while len(items) < 4:
            items += await of.receive()
        await speaking
        return items

    assert kinds(play(sockets, story)) == [Trade, FeedReconnected, MarketGap, Trade]
    assert len(sockets.connections[1].sent) == 3


def test_what_came_before_the_loss_is_given_first() -> None:
    sockets = ScriptedSockets()

    async def story(of: KisFeed) -> tuple[list[type], float]:
        speaking = asyncio.ensure_future(once_open(sockets, 1, trade_text(100)))
        await asyncio.sleep(0)
        first = asyncio.ensure_future(of.receive())
        await speaking
        sockets.connections[0].cut()
        items = list(await first)
        return kinds(items), asyncio.get_running_loop().time()

    found, seconds = play(sockets, story)
    assert found == [Trade]
    assert seconds < 1


def test_silent_socket_is_given_up() -> None:
    sockets = ScriptedSockets()

    async def story(of: KisFeed) -> tuple[list[type], float]:
        return kinds(list(await of.receive())), asyncio.get_running_loop().time()

    found, seconds = play(sockets, story)
    assert found == [FeedReconnected]
    assert 90 < seconds < 95
    assert sockets.connections[0].is_closed


def test_appkey_in_use_is_waited_for() -> None:
    sockets = ScriptedSockets({"H0STCNI0": "OPSP8996"})

    async def story(of: KisFeed) -> float:
        speaking = asyncio.ensure_future(once_open(sockets, 2, trade_text(1)))
        await of.receive()
        await speaking
        return sockets.connected_at[1] - sockets.connected_at[0]

    assert play(sockets, story) >= 10


def test_unknown_approval_key_is_replaced() -> None:
    http = ScriptedHttp(lambda _: None)
    sockets = ScriptedSockets({"H0STCNI0": "OPSP0011"})

    async def main() -> None:
        of = feed(sockets, http=http)
        speaking = asyncio.ensure_future(once_open(sockets, 2, trade_text(1)))
        await of.receive()
        await speaking

    run_virtual(main())
    assert http.approvals_count == 2
    assert parse_registration(sockets.connections[1].sent[0]).approval_key == "approval-2"


@pytest.mark.parametrize("code", ["OPSP0008", "OPSP8992", "OPSP9999", "OPSP7777"])
def test_registration_that_kis_will_not_have_is_refused(code: str) -> None:
    sockets = ScriptedSockets({"H0STASP0": code})

    async def story(of: KisFeed) -> None:
        with pytest.raises(Refused, match=code):
            await of.receive()

    play(sockets, story)
    assert sockets.connections[0].is_closed


def test_attempts_are_bounded_and_their_pauses_grow() -> None:
    sockets = ScriptedSockets(*[Unreachable("no route")] * 20)

    async def story(of: KisFeed) -> None:
        with pytest.raises(Unreachable, match="no route"):
            await of.receive()

    play(sockets, story, KisFeedSettings(reconnects_max=8))
    pauses = [
        later - earlier
        for earlier, later in zip(sockets.connected_at, sockets.connected_at[1:], strict=False)
    ]
    assert len(sockets.connected_at) == 8
    assert all(
        2**place / 2 <= round(pause, 6) <= min(2**place, 60) for place, pause in enumerate(pauses)
    )


def test_sessions_that_die_at_once_are_failures_too() -> None:
    sockets = ScriptedSockets()

    async def story(of: KisFeed) -> int:
        async def kis() -> None:
            for number in range(1, 100):
                await once_open(sockets, number)
                await asyncio.sleep(0.2)
                sockets.connections[number - 1].cut()

        speaking = asyncio.ensure_future(kis())
        with pytest.raises(Unreachable):
            await receive_for_ever(of)
        speaking.cancel()
        return len(sockets.connections)

    assert play(sockets, story, KisFeedSettings(reconnects_max=4)) == 4


def test_unanswered_registration_is_a_failure() -> None:
    sockets = ScriptedSockets({"H0STASP0": SILENT})

    async def story(of: KisFeed) -> float:
        speaking = asyncio.ensure_future(once_open(sockets, 2, trade_text(1)))
        await of.receive()
        await speaking
        return sockets.connected_at[1]

    assert 10 < play(sockets, story) < 12


def test_wait_that_is_cancelled_leaves_no_half_registered_session() -> None:
    sockets = ScriptedSockets({"H0STASP0": SILENT})

    async def story(of: KisFeed) -> list[type]:
        waiting = asyncio.ensure_future(of.receive())
        await once_open(sockets, 1, trade_text(100))
        await asyncio.sleep(1)
        waiting.cancel()
        await asyncio.wait({waiting})
        speaking = asyncio.ensure_future(once_open(sockets, 2, trade_text(150)))
        items: list[FeedItem] = []
        while len(items) < 3:
            items += await of.receive()
        await speaking
        return kinds(items)

    assert play(sockets, story) == [Trade, MarketGap, Trade]
    assert sockets.connections[0].is_closed


def test_closed_feed_is_over() -> None:
    async def story(of: KisFeed) -> None:
        await of.close()
        with pytest.raises(Unreachable, match="closed"):
            await of.receive()

    play(ScriptedSockets(), story)


def test_more_symbols_than_a_session_takes_are_refused_at_the_door() -> None:
    with pytest.raises(SettingsError, match="21 symbols need 43 registrations"):
        feed(ScriptedSockets(), symbols=[f"{number:06d}" for number in range(21)])


def test_symbol_twice_is_refused_at_the_door() -> None:
    with pytest.raises(SettingsError, match="each must be there once"):
        feed(ScriptedSockets(), symbols=["005930", "005930"])
