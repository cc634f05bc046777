"""The examples as their readers run them: programs of their own, told only where KIS is."""

import asyncio
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.runtime.clocks import SystemMonotonicClock, SystemWallClock
from aipx.simulator.assemble import assemble
from aipx.simulator.pacing import Pacer
from aipx.simulator.server import SimulatorServers, serve
from aipx.simulator.settings import SimulatorSettings, simulated_account
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.layout import Layout

pytestmark = pytest.mark.integration

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PROGRAMS = sorted(path.name for path in EXAMPLES.glob("*.py"))
DAY = date(2026, 11, 20)
SPEED = 30.0
ROWS_A_PAGE = {Environment.REAL: 100, Environment.PAPER: 15}


def run(
    program: str, folder: Path, environment: Environment, layout: Layout
) -> tuple[int, str, str]:
    """Serve a running market, and return how the program ended."""
    settings = SimulatorSettings(
        day=DAY,
        accounts=(simulated_account(1),),
        environment=environment,
        layout=layout,
        # Enough for more orders than a page holds; a real key would take a minute for them.
        requests_per_second_max=1_000,
    )
    kis = assemble([Symbol("005930")], settings, events_max=4_000)
    kis.advance(Nanos(kis.session.open + 40 * NANOS_PER_MINUTE))

    async def story() -> tuple[int, str, str]:
        servers = await serve(kis, wall=SystemWallClock())
        passing = asyncio.ensure_future(
            Pacer(kis, monotonic=SystemMonotonicClock(), speed=SPEED).run()
        )
        file = folder / "kis.json"
        file.write_text(json.dumps(_ready_line(servers, settings)))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", str(EXAMPLES / program), str(file)),
            *("--resting", str(ROWS_A_PAGE[environment])),
            env={"PYTHONPATH": ":".join(sys.path)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, errors = await process.communicate()
        passing.cancel()
        await servers.close()
        assert process.returncode is not None
        return process.returncode, out.decode(), errors.decode()

    return asyncio.run(story())


def _ready_line(servers: SimulatorServers, settings: SimulatorSettings) -> dict[str, Any]:
    (account,) = settings.accounts
    return {
        "rest": servers.rest_url,
        "ws": servers.ws_url,
        "environment": settings.environment.value,
        "layout": settings.layout.value,
        "date": settings.day.isoformat(),
        "requests_per_second_max": settings.requests_per_second_max,
        "accounts": [
            {
                "cano": account.cano,
                "product": account.product,
                "hts_id": account.hts_id,
                "appkey": account.appkey,
                "appsecret": account.appsecret,
                "cash": account.cash,
            }
        ],
    }


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("environment", Environment)
@pytest.mark.parametrize("program", PROGRAMS)
def test_program_lives_through_a_day(
    tmp_path: Path, program: str, environment: Environment, layout: Layout
) -> None:
    code, out, errors = run(program, tmp_path, environment, layout)

    assert code == 0, errors
    found = json.loads(out.splitlines()[-1])
    assert found["held"] == 3
    assert found["notice_of_fill"]
    # Resting orders, a modify, a cancel and a buy: three more than a page of the listing.
    assert found["orders"] == ROWS_A_PAGE[environment] + 3
    # AIPX's own client turns pages by itself, and tells nobody.
    assert found.get("pages", 2) == 2
    assert found["minutes"] > 1
    assert found["best_ask"] > 0
    assert min(found["seen"].values()) > 0
