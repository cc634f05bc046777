"""No order is lost, doubled or invented, and the books agree won for won, whatever goes wrong."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from aipx.model.ids import Symbol
from aipx.ports.lake import RecordKind
from tests.simulation.stories import story, tell, verdict
from tests.support.shared_data import shared
from tests.support.virtual_platform import Scenario, orders_of, run

SEEDS = range(120)
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_order_is_lost_doubled_or_invented(seed):
    wrong = verdict(tell(story(seed)))

    assert not wrong, f"{wrong}\nreplay: make simulate SEED={seed}"


def test_a_full_day_of_real_history_is_traded_and_agrees():
    folder = shared("data/krx_daily")
    scenario = Scenario(
        seed=7,
        strategy="book_imbalance",
        day=date(2021, 12, 29),
        folder=folder,
        events_max=None,
        through_wire=False,
    )

    ended = run(scenario)

    assert not verdict(ended)
    assert ended.is_reconciled
    assert ended.trades >= 20_000
    assert ended.books >= 40_000
    assert ended.gaps == 0
    assert any(state == "FILLED" for _, state, _, _ in orders_of(ended.account))
    assert ended.rows[RecordKind.TRADE] == ended.trades
    assert ended.rows[RecordKind.BOOK] == ended.books


def test_both_strategies_trade_several_symbols_of_a_synthetic_day():
    symbols = (Symbol("005930"), Symbol("000660"))
    for name in ("sma_cross", "book_imbalance"):
        ended = run(Scenario(seed=3, strategy=name, symbols=symbols, events_max=6_000))

        assert not verdict(ended)
        assert ended.account.orders, name


def test_same_seed_is_the_same_history_in_every_process():
    def history(hash_seed: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tests.simulation.replay", "6"],
            cwd=ROOT,
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        return next(line for line in done.stdout.splitlines() if line.startswith("history"))

    assert history("1") == history("2")


def test_replay_of_something_that_is_no_seed_says_how_it_is_used():
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation.replay", "x"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "SEED=n" in done.stderr
