"""Whatever the market's side or a strategy does wrong, the day goes on and the books agree."""

import functools
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from aipx.adapters.http.picows_transport import PicowsTransport
from aipx.cli import app, demo_day
from aipx.ports.transport import WebSocketConnection
from aipx.simulator.faults import Fault, FaultName, FaultPlan
from aipx.strategies.base import AnyStrategy, StrategySettings
from tests.support.restless import RestlessStrategy

pytestmark = pytest.mark.integration

EVENTS_MAX = 2_000
MALFORMED = (
    "<html><body>502 Bad Gateway</body></html>",
    "0|H0STCNT0|001|005930^090000",
    "0|H0STCNT0|002|" + "^".join(["005930", "090000", "NaN", *["0"] * 43]),
    "0|H0STCNT0|001|" + "^".join(["005930", "", "", *[""] * 43]),
    "0|H0STASP0|xyz|005930",
    "0|H0STXXX9|001|005930^1",
    "1|H0STCNI0|001|bm90IGVuY3J5cHRlZA==",
    "|||",
    '{"header": {"tr_id": ',
    "",
)
"""HTML, wrong width, NaN, empty fields, no count, an unknown TR, no cipher text, nothing."""


@pytest.fixture(autouse=True)
def _short_day(monkeypatch: pytest.MonkeyPatch) -> None:
    short = functools.partial(demo_day.assemble, events_max=EVENTS_MAX)
    monkeypatch.setattr(demo_day, "assemble", short)


def live(capsys: pytest.CaptureFixture[str], out: Path) -> tuple[int, dict, str]:
    """Run the demo in this process; return exit code, document and stderr."""
    options = ["--symbols", "005930", "--speed", "max", "--headless", "--json"]
    code = app.main(["demo", *options, "--out", str(out)])
    stdout, stderr = capsys.readouterr()
    assert "Traceback" not in stderr
    return code, json.loads(stdout), stderr


def trade_restlessly(monkeypatch: pytest.MonkeyPatch) -> None:
    def restless(_: str, settings: StrategySettings) -> AnyStrategy:
        return RestlessStrategy(1, settings.symbols)

    monkeypatch.setattr(demo_day, "strategy_named", restless)


class _Raising(RestlessStrategy):
    """Trades restlessly until it has wished for enough."""

    def decide(self, state, view, event):
        if state.count >= 3:
            raise ZeroDivisionError("division by zero")
        return super().decide(state, view, event)


def test_a_strategy_that_raises_is_stopped_and_named_and_the_day_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def raising(_: str, settings: StrategySettings) -> AnyStrategy:
        return _Raising(1, settings.symbols)

    monkeypatch.setattr(demo_day, "strategy_named", raising)

    code, document, stderr = live(capsys, tmp_path)

    assert code == 0
    assert document["stopped_strategies"] == {"restless": "ZeroDivisionError: division by zero"}
    assert document["orders"]["submitted"] == 3
    assert document["orders"]["unknown"] == 0
    assert document["ledger_equals_broker"] is True
    assert document["market_seconds"] > 6 * 3_600
    assert '"strategy.stopped"' in stderr


class _MalformedConnection:
    """A session into which something unreadable is mixed with every batch."""

    def __init__(self, inner: WebSocketConnection) -> None:
        self._inner = inner
        self._count = 0

    async def receive(self) -> Sequence[str]:
        messages = await self._inner.receive()
        self._count += 1
        return [*messages, MALFORMED[self._count % len(MALFORMED)]]

    async def send(self, text: str) -> None:
        await self._inner.send(text)

    async def close(self) -> None:
        await self._inner.close()


class _MalformedTransport(PicowsTransport):
    async def connect(self, *, timeout_ns: int):
        return _MalformedConnection(await super().connect(timeout_ns=timeout_ns))


def test_malformed_frames_are_counted_and_survived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    trade_restlessly(monkeypatch)
    monkeypatch.setattr(demo_day, "PicowsTransport", _MalformedTransport)

    code, document, _ = live(capsys, tmp_path)

    assert code == 0
    assert document["frames"]["bad"] > len(MALFORMED)
    assert document["fills"] > 0
    assert document["orders"]["unknown"] == 0
    assert document["ledger_equals_broker"] is True


@pytest.mark.parametrize(
    "fault",
    [
        Fault(name=FaultName.HTML_ERROR, probability=0.2, not_before="09:05:00", count_max=6),
        Fault(name=FaultName.SOCKET_CLOSED, probability=0.002, count_max=5),
        Fault(name=FaultName.NOTICE_REPEATED, probability=0.5),
        Fault(name=FaultName.THROTTLED, probability=0.05),
    ],
    ids=lambda fault: fault.name.value,
)
def test_faults_of_the_market_side_lose_no_order_over_real_sockets(
    fault: Fault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    trade_restlessly(monkeypatch)
    plan = FaultPlan([fault], seed=1)
    monkeypatch.setattr(demo_day, "assemble", functools.partial(demo_day.assemble, faults=plan))

    code, document, _ = live(capsys, tmp_path)

    assert plan.counts[fault.name.value] > 0
    assert document["fills"] > 0
    assert document["ledger_equals_broker"] is True
    assert code == 0
