"""The control endpoint, over its socket."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from aipx.simulator.control import ControlServer
from tests.unit.simulator.test_host import host_of

Calls = list[tuple[str, str, Any]]


def answers(*calls: tuple[str, str, Any]) -> list[tuple[int, Any]]:
    """Send each call (method, path, JSON body or raw bytes) to one control endpoint."""

    async def run() -> list[tuple[int, Any]]:
        host = host_of(is_controllable=True)
        control = ControlServer(host)
        await control.start()
        try:
            async with aiohttp.ClientSession() as client:
                return [await answer(client, control.url + path, *call) for path, *call in calls]
        finally:
            await control.close()

    async def answer(client: aiohttp.ClientSession, url: str, method: str, body: Any):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with client.request(method, url, data=data) as response:
            return response.status, await response.json()

    return asyncio.run(run())


def test_state_tells_the_truth_of_market_and_accounts():
    ((status, state),) = answers(("/state", "GET", {}))

    assert (status, state["date"], state["phase"]) == (200, "2026-11-17", "CLOSED")
    assert state["accounts"][0]["cash_settled"] == 100_000_000
    assert state["sessions"] == 0


def test_time_passes_by_seconds_or_until_a_time():
    first, second = answers(
        ("/advance", "POST", {"seconds": 60}), ("/advance", "POST", {"until": "09:30:00"})
    )

    assert first == (200, {"market_time": "2026-11-17T08:30:00.000+09:00"})
    assert second == (200, {"market_time": "2026-11-17T09:30:00.000+09:00"})


def test_trading_can_be_halted_resumed_and_broken():
    results = answers(
        ("/advance", "POST", {"until": "10:00:00"}),
        ("/halt", "POST", {"symbol": "005930"}),
        ("/resume", "POST", {"symbol": "005930"}),
        ("/breaker", "POST", {"stage": 1}),
        ("/breaker", "POST", {"stage": 3}),
        ("/halt", "POST", {"symbol": "1"}),
    )

    assert results[1:4] == [
        (200, {"symbol": "005930"}),
        (200, {"symbol": "005930"}),
        (200, {"stage": 1}),
    ]
    assert results[4] == (400, {"error": "stage is 3; the day's next is 2"})
    assert results[5][0] == 400


def test_next_day_begins_on_demand():
    assert answers(("/day", "POST", {})) == [(200, {"date": "2026-11-18"})]


def test_faults_tokens_and_sockets_are_at_hand():
    results = answers(
        ("/faults", "POST", {"name": "slow", "count": 2}),
        ("/tokens/expire", "POST", {}),
        ("/sockets/drop", "POST", {}),
    )

    assert results == [(200, {"name": "slow", "count": 2}), (200, {}), (200, {"dropped": 0})]


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/faults", {"name": "flood"}, "allowed:"),
        ("/faults", {"name": "slow", "count": -1}, "allowed: 0 to"),
        ("/faults", {"fault": "slow"}, "unknown field"),
        ("/faults", b"{", "truncated"),
        ("/advance", {"seconds": -5}, "allowed: above 0"),
        ("/advance", {"until": "25:00"}, "allowed: HH:MM:SS"),
        ("/advance", {"until": "03:00:00"}, "allowed: 08:29:00"),
    ],
)
def test_wrong_demands_are_refused_with_a_line(path, body, reason):
    ((status, answer),) = answers((path, "POST", body))

    assert status == 400
    assert reason in answer["error"]
