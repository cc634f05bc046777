"""A KIS that costs next to nothing: orders get a number at once, the simulator answers the rest.

`python -m benchmarks.oms_rig.kis` serves until its stdin ends; its first line is its address.
"""

import asyncio
import itertools
from collections.abc import Callable
from datetime import date

from aiohttp import web

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.time import Nanos
from aipx.ports.transport import HttpRequest
from aipx.runtime.clocks import SystemWallClock
from aipx.simulator.assemble import assemble
from aipx.simulator.kis import SimulatedKis
from aipx.simulator.settings import OpeningHolding, SimulatorSettings, simulated_account
from aipx.wire.kis.rest.trading import ORDER_PATH
from benchmarks.oms_rig.process import Served, serve_until_stdin_ends

DAY = date(2021, 12, 29)
SYMBOL = Symbol("005930")
HELD = Shares(10_000_000)
"""Sells never run short of shares, whatever the order in which fills come."""
COST = Won(80_000 * HELD)
ACCOUNT = simulated_account(
    1,
    cash=Won(10_000_000_000_000),
    holdings=(OpeningHolding(symbol=SYMBOL, quantity=HELD, cost=COST),),
)
RECEIPT = (
    '{{"rt_cd":"0","msg_cd":"APBK0013","msg1":"OK",'
    '"output":{{"KRX_FWDG_ORD_ORGNO":"06010","ODNO":"{number:010d}","ORD_TMD":"100000"}}}}'
)
_DROPPED_HEADERS = frozenset({"content-type", "content-length"})


def kis_of_the_rig() -> SimulatedKis:
    """Return the simulated KIS whose account the rig trades; its market stands still."""
    return assemble([SYMBOL], SimulatorSettings(day=DAY, accounts=(ACCOUNT,)))


class BareKis:
    """One listening server. `orders_count` is how many orders reached it."""

    def __init__(self, *, on_order: Callable[[], None] = lambda: None) -> None:
        self._on_order = on_order
        self._numbers = itertools.count(1)
        self._kis = kis_of_the_rig()
        self._wall = SystemWallClock()
        self._runner = web.ServerRunner(web.Server(self._respond))
        self.orders_count = 0
        self.url = ""

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _respond(self, incoming: web.BaseRequest) -> web.StreamResponse:
        body = await incoming.read()
        if incoming.path == ORDER_PATH:
            self.orders_count += 1
            self._on_order()
            text = RECEIPT.format(number=next(self._numbers))
            return web.Response(text=text, content_type="application/json")
        if incoming.path == "/orders-count":
            return web.Response(text=str(self.orders_count))
        return self._simulated(incoming, body)

    def _simulated(self, incoming: web.BaseRequest, body: bytes) -> web.Response:
        request = HttpRequest(
            method=incoming.method,
            path=incoming.path,
            headers=dict(incoming.headers),
            query=tuple(incoming.query.items()),
            body=body,
        )
        response = self._kis.rest(request, wall=Nanos(self._wall.now())).response
        assert response is not None, "no fault is planned here"
        headers = {
            name: value
            for name, value in response.headers.items()
            if name.lower() not in _DROPPED_HEADERS
        }
        return web.Response(status=response.status, headers=headers, body=response.body)


async def _served() -> Served:
    kis = BareKis()
    await kis.start()

    async def report() -> dict[str, object]:
        await asyncio.sleep(0)
        return {"orders": kis.orders_count}

    return Served({"url": kis.url}, report, kis.close)


if __name__ == "__main__":
    serve_until_stdin_ends(_served())
