"""A port that somebody else has is one line that names it."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import date

import pytest

from aipx.adapters.grpc.server import TradingServer
from aipx.errors import SettingsError
from aipx.model.ids import Symbol
from aipx.runtime.clocks import SystemWallClock
from aipx.simulator.assemble import assemble
from aipx.simulator.server import serve
from aipx.simulator.settings import SimulatorSettings, simulated_account
from tests.support.fake_ports import FakeGateway

pytestmark = pytest.mark.integration


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


@pytest.mark.parametrize("port", ["rest_port", "ws_port"])
def test_the_simulator_names_the_port_it_cannot_have(port: str, busy: int):
    settings = SimulatorSettings(day=date(2026, 11, 20), accounts=(simulated_account(1),))
    kis = assemble([Symbol("005930")], settings, events_max=100)

    with pytest.raises(SettingsError, match=str(busy)) as raised:
        asyncio.run(serve(kis, wall=SystemWallClock(), **{port: busy}))

    assert "\n" not in str(raised.value)


def test_the_oms_names_the_port_it_cannot_have(busy: int):
    async def story() -> None:
        with pytest.raises(SettingsError, match=f"127.0.0.1:{busy}; it is taken") as raised:
            TradingServer(FakeGateway(), host="127.0.0.1", port=busy)
        assert "\n" not in str(raised.value)

    asyncio.run(story())
