"""`aipx demo` on a real day: one JSON document, recordings that are the day, books that agree."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pandas as pd
import polars as pl
import pytest

from aipx.adapters.sqlite.journal import SqliteJournal
from aipx.engine.account import Account
from aipx.model.ids import Sequence
from aipx.model.instrument import InstrumentKind, ListingMarket, Won
from aipx.rules.ticks import tick_size
from aipx.simulator.settings import simulated_account
from tests.support.demo_process import Ended, aipx
from tests.support.shared_data import shared

pytestmark = pytest.mark.integration

DAY = "2021-12-29"
SYMBOL = "005930"
INTEGERS = ("exchange_time", "receive_time", "price", "size")


class LivedDay(msgspec.Struct, frozen=True):
    """A demo of the whole day, and what it left."""

    ended: Ended
    out: Path

    @property
    def document(self) -> dict[str, Any]:
        return self.ended.document

    def files(self, kind: str) -> str:
        return str(self.out / f"kind={kind}" / f"date={DAY}" / "*.parquet")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> LivedDay:
    """Live through the day once, for all tests of this file."""
    out = tmp_path_factory.mktemp("demo") / "out"
    options = f"--symbols {SYMBOL} --date {DAY} --speed max --headless --json".split()
    ended = aipx("demo", "--data", shared("data/krx_daily"), *options, "--out", out)
    assert ended.code == 0, ended.stderr
    return LivedDay(ended, out)


def real_bar() -> dict[str, int]:
    path = shared("data/krx_daily/005930_2018_2021_adj.csv")
    with path.open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["date"] == DAY)
    return {name: int(row[name]) for name in ("open", "high", "low", "close", "volume")}


def test_stdout_is_one_document_with_the_agreed_fields(day: LivedDay):
    document = day.document

    assert document["data"] == {
        "source": str(shared("data/krx_daily")),
        "synthetic": False,
        "date": DAY,
        "symbols": [SYMBOL],
    }
    counts = ("received", "trades", "books", "gaps", "bad")
    assert all(isinstance(document["frames"][name], int) for name in counts)
    states = {"submitted", "accepted", "filled", "partially_filled", "canceled", "rejected"}
    states |= {"refused_by_risk", "unknown"}
    assert all(isinstance(document["orders"][name], int) for name in states)
    money = ("fills", "cash", "fees", "taxes", "profit")
    assert all(isinstance(document[name], int) for name in money)
    assert all(document["recorded"][name] > 0 for name in ("files", "rows", "bytes"))
    for latency in ("tick_to_wish", "wish_to_answer", "wish_to_kis"):
        assert set(document["latency_us"][latency]) == {"p50", "p99", "max", "count"}
    assert isinstance(document["positions"], list)
    assert document["ledger_equals_broker"] is True
    assert document["wall_seconds"] > 0
    assert document["market_seconds"] > 6 * 3_600
    assert json.loads((day.out / "result.json").read_text()) == document


def test_nothing_was_lost_and_nobody_complained(day: LivedDay):
    document = day.document

    assert "Traceback" not in day.ended.stderr
    assert (document["frames"]["gaps"], document["frames"]["bad"]) == (0, 0)
    assert document["orders"]["unknown"] == 0
    assert document["stopped_strategies"] == {}
    assert document["fills"] > 0
    assert (day.out / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_a_liquid_day_is_full(day: LivedDay):
    assert day.document["frames"]["trades"] >= 20_000
    assert day.document["frames"]["books"] >= 40_000


def test_recorded_trades_are_the_bar_of_the_file(day: LivedDay):
    real = real_bar()

    trades = pl.read_parquet(day.files("trade")).sort("offset")

    made = {
        "open": trades["price"][0],
        "high": trades["price"].max(),
        "low": trades["price"].min(),
        "close": trades["price"][-1],
    }
    tick = tick_size(
        Won(real["close"]),
        market=ListingMarket.KOSPI,
        kind=InstrumentKind.STOCK,
        day=date.fromisoformat(DAY),
    )
    off = {name: made[name] - real[name] for name in made}
    assert all(abs(won) <= tick for won in off.values()), off
    assert trades["size"].sum() == real["volume"]
    assert trades["day_volume"][-1] == real["volume"]
    assert trades["offset"].is_unique().all()


def test_polars_duckdb_and_pandas_read_the_same_rows(day: LivedDay):
    for kind in ("trade", "book", "order_event"):
        by_polars = pl.read_parquet(day.files(kind)).height
        ((by_duckdb,),) = duckdb.sql(f"select count(*) from '{day.files(kind)}'").fetchall()
        folder = Path(day.files(kind)).parent
        by_pandas = sum(len(pd.read_parquet(file)) for file in folder.glob("*.parquet"))
        assert by_polars == by_duckdb == by_pandas > 0

    schema = pl.read_parquet_schema(next(Path(day.files("trade")).parent.glob("*.parquet")))
    assert [schema[name] for name in INTEGERS] == [pl.Int64] * len(INTEGERS)
    assert {"symbol", "side", "venue"} <= set(schema)


def test_rows_on_disk_are_those_that_the_document_counts(day: LivedDay):
    rows = {
        kind: pl.read_parquet(day.files(kind)).height for kind in ("trade", "book", "order_event")
    }

    assert rows["trade"] == day.document["frames"]["trades"]
    assert rows["book"] == day.document["frames"]["books"]
    assert sum(rows.values()) == day.document["recorded"]["rows"]


def test_the_journal_verifies_and_folds_to_the_document(day: LivedDay):
    account_id = simulated_account(1).account_id
    journal = SqliteJournal(day.out / "journal.sqlite", account_id)
    account = Account(account=account_id)
    for event in journal.read(after=Sequence(0)):
        account.apply(event)
    journal.close()

    document = day.document
    assert (account.ledger.cash, account.ledger.fees, account.ledger.taxes) == (
        document["cash"],
        document["fees"],
        document["taxes"],
    )
    assert len(account.orders) == document["orders"]["submitted"]
    recorded = pl.read_parquet(day.files("order_event"))["sequence"].sort().to_list()
    assert recorded == list(range(1, account.sequence + 1))
