"""`aipx data download` and `aipx doctor --kis` as a user runs them, against the simulator."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.runtime.clocks import SystemWallClock
from aipx.simulator.assemble import assemble
from aipx.simulator.instruments import MASTER
from aipx.simulator.market.history import load
from aipx.simulator.server import serve
from aipx.simulator.settings import SimulatedAccount, SimulatorSettings, simulated_account
from aipx.wire.kis.codes import Environment

pytestmark = pytest.mark.integration

DAY = date(2026, 11, 20)
MINUTES_PASSED = 70


def run(
    arguments: Sequence[str], folder: Path, environment: Environment, **changes: str
) -> tuple[int, str, str]:
    """Serve a morning of the market, run one command against it, and return how it ended."""
    account = simulated_account(1)
    settings = SimulatorSettings(day=DAY, accounts=(account,), environment=environment)
    kis = assemble([Symbol("005930")], settings, events_max=4_000)
    kis.advance(Nanos(kis.session.open + MINUTES_PASSED * NANOS_PER_MINUTE))

    async def story() -> tuple[int, str, str]:
        servers = await serve(kis, wall=SystemWallClock())
        variables = _variables(account, environment, folder) | {
            "AIPX_KIS_REST_URL": servers.rest_url,
            "AIPX_KIS_WS_URL": servers.ws_url,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "import sys; from aipx.cli.app import main; sys.exit(main())"),
            *arguments,
            env=variables | changes,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, errors = await process.communicate()
        await servers.close()
        assert process.returncode is not None
        return process.returncode, out.decode(), errors.decode()

    return asyncio.run(story())


def _variables(account: SimulatedAccount, environment: Environment, folder: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": ":".join(sys.path),
        "AIPX_KIS_ENVIRONMENT": environment.value,
        "AIPX_KIS_APPKEY": account.appkey,
        "AIPX_KIS_APPSECRET": account.appsecret,
        "AIPX_KIS_ACCOUNT": account.cano,
        "AIPX_KIS_PRODUCT": account.product,
        "AIPX_KIS_HTS_ID": account.hts_id,
        "AIPX_KIS_CACHE": str(folder / "cache" / "kis.json"),
    }


@pytest.mark.parametrize("environment", Environment)
def test_doctor_finds_the_simulator_well(tmp_path: Path, environment: Environment) -> None:
    code, out, errors = run(["doctor", "--kis", "--json"], tmp_path, environment)

    found: dict[str, Any] = json.loads(out)
    assert {each["check"]: each["status"] for each in found["findings"]} == dict.fromkeys(
        (
            *("keys", "token", "clock", "quotes", "account", "order permission"),
            *("websocket", "rate"),
        ),
        "ok",
    ), errors
    assert (code, found["ok"]) == (0, True)


def test_doctor_says_what_is_wrong_in_one_line_and_fails(tmp_path: Path) -> None:
    code, out, _ = run(["doctor", "--kis"], tmp_path, Environment.REAL, AIPX_KIS_APPKEY="P" * 36)

    (line,) = [line for line in out.splitlines() if line.startswith("failed")]
    assert code == 1
    assert "real and paper keys differ" in line


def test_key_that_is_not_set_is_named(tmp_path: Path) -> None:
    code, _, errors = run(["doctor", "--kis"], tmp_path, Environment.REAL, AIPX_KIS_ACCOUNT="x")

    assert code == 2
    assert errors.startswith("aipx: AIPX_KIS_ACCOUNT is 'x'")


@pytest.mark.parametrize("environment", Environment)
def test_downloaded_day_is_read_by_the_simulator(tmp_path: Path, environment: Environment) -> None:
    period = ["--from", DAY.isoformat(), "--to", DAY.isoformat()]
    asked = ["data", "download", "--symbols", "005930", *period, "--minutes", "--json"]

    code, out, errors = run([*asked, "--out", str(tmp_path / "out")], tmp_path, environment)

    assert code == 0, errors
    days, minutes = json.loads(out)["files"]
    assert days["rows"] == 1
    # Three pages; a minute without a trade has no row.
    assert 60 < minutes["rows"] <= MINUTES_PASSED
    (bar,) = load(tmp_path / "out", (Symbol("005930"),), DAY)
    assert bar.volume > 0


def test_demo_of_more_symbols_than_a_session_takes_opens_another(tmp_path: Path) -> None:
    symbols = ",".join(row.symbol for row in MASTER[:21])
    asked = ["demo", "--speed", "max", "--seconds", "2", "--headless", "--json"]

    code, out, errors = run(
        [*asked, "--symbols", symbols, "--out", str(tmp_path / "out")], tmp_path, Environment.REAL
    )

    assert code == 0, errors
    found = json.loads(out)
    assert found["ledger_equals_broker"]
    assert found["recorded"]["rows"] > 0
