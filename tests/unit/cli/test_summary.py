"""The summary says what happened, and above all whether the ledger is right."""

import io

from rich.console import Console

from aipx.cli.result import DemoResult
from aipx.cli.summary import rendered
from tests.support import demo


def text(result: DemoResult, columns: int = 80) -> str:
    said = io.StringIO()
    Console(file=said, width=columns, color_system=None).print(rendered(result))
    return said.getvalue()


def test_the_figures_are_all_there_in_80_columns():
    summary = text(demo.result(strategy="sma_cross", chart="out/chart.png"))

    for expected in (
        "real daily bars",
        "66,000",
        "10,000",
        "7:00:00",
        "6.6 s",
        "orders of sma_cross",
        "150, 2",
        "-95,402",
        "97,345,678",
        "212 µs / 1.9 ms",
        "+2,010",
        "66,600 rows in 12 Parquet files, 3.0 MiB, in out",
        "Chart: out/chart.png",
    ):
        assert expected in summary
    assert max(len(row) for row in summary.splitlines()) <= 80


def test_a_right_ledger_is_said_and_a_wrong_one_shouted():
    assert "won for won" in text(demo.result())
    assert "DIFFER" in text(demo.result(ledger_equals_broker=False))


def test_a_day_without_trading_is_summed_up_too():
    summary = text(demo.result(positions=(), fills=0, wall_seconds=0.0))

    assert "positions" not in summary


def test_a_strategy_that_was_stopped_is_named_with_its_reason():
    summary = text(demo.result(stopped_strategies={"hasty": "ZeroDivisionError: division by zero"}))

    assert "Strategy hasty stopped: ZeroDivisionError: division by zero" in summary
