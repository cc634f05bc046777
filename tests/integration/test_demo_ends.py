"""A demo that is ended: by Ctrl-C, by a supervisor, by a kill; and what comes after it."""

import signal
from pathlib import Path

import polars as pl
import pytest

from aipx.adapters.sqlite.journal import SqliteJournal
from aipx.engine.account import Account
from aipx.model.ids import Sequence
from aipx.model.order import OrderFilled
from aipx.simulator.settings import simulated_account
from tests.support.demo_process import RunningDemo, aipx

pytestmark = pytest.mark.integration

FAST = ("--speed", "300", "--symbols", "005930")
SHORT = ("demo", "--speed", "max", "--seconds", "2", "--symbols", "005930", "--headless", "--json")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_an_orderly_stop_with_a_summary(number: signal.Signals, tmp_path: Path):
    with RunningDemo([*FAST, "--out", tmp_path]) as demo:
        demo.wait_for_fills()

        ended = demo.end(number)

    assert ended.code == 0, ended.stderr
    assert "The ledger equals the broker's" in ended.stdout
    assert "SYNTHETIC market" in ended.stdout
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "chart.png").exists()
    assert '"ledger_equals_broker": true' in (tmp_path / "result.json").read_text()


def test_a_killed_demo_leaves_whole_files_and_a_journal_that_verifies(tmp_path: Path):
    with RunningDemo([*FAST, "--out", tmp_path]) as demo:
        demo.wait_for_fills()

        ended = demo.end(signal.SIGKILL)

    assert ended.code == -signal.SIGKILL
    for file in tmp_path.glob("kind=*/date=*/*.parquet"):
        assert pl.read_parquet(file).height > 0
    account_id = simulated_account(1).account_id
    journal = SqliteJournal(tmp_path / "journal.sqlite", account_id)
    events = list(journal.read(after=Sequence(0)))
    journal.close()
    account = Account(account=account_id)
    for event in events:
        account.apply(event)
    # What the demo had told of before it was killed was durable before that.
    assert any(isinstance(event.fact, OrderFilled) for event in events)

    again = aipx(*SHORT, "--out", tmp_path)

    assert again.code == 0, again.stderr
    assert again.document["ledger_equals_broker"] is True


def test_a_second_run_replaces_the_first_in_its_folder(tmp_path: Path):
    first = aipx(*SHORT, "--out", tmp_path)
    second = aipx(*SHORT, "--out", tmp_path)

    assert (first.code, second.code) == (0, 0)
    rows = sum(pl.read_parquet(file).height for file in tmp_path.glob("kind=*/date=*/*.parquet"))
    assert rows == second.document["recorded"]["rows"]


def test_a_folder_in_which_a_demo_runs_is_refused_and_left_alone(tmp_path: Path):
    with RunningDemo([*FAST, "--out", tmp_path]) as demo:
        demo.wait_for_fills()

        refused = aipx(*SHORT, "--out", tmp_path)
        ended = demo.end(signal.SIGINT)

    assert refused.code == 2
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert "another demo writes there" in refused.stderr
    assert ended.code == 0
    assert "The ledger equals the broker's" in ended.stdout


def test_without_data_the_market_is_said_to_be_synthetic(tmp_path: Path):
    ended = aipx(*SHORT, cwd=tmp_path)

    assert ended.code == 0, ended.stderr
    assert ended.document["data"]["synthetic"] is True
    assert "synthetic" in ended.document["data"]["source"]
    assert (tmp_path / "out" / "demo-001" / "result.json").exists()


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path):
    with RunningDemo([*FAST, "--json", "--seconds", "1", "--out", tmp_path]) as demo:
        ended = demo.end_unread()

    assert "Traceback" not in ended.stderr
    assert "BrokenPipe" not in ended.stderr
