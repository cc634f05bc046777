"""Recording: rows a second from deliveries to a durable file, beside pyarrow alone.

`against` writes the same columns, made beforehand, with pyarrow's own `write_table` and its
defaults, without fsync: what remains is the cost of turning messages into columns and of
durability.
"""

import gc
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns

import pyarrow.parquet as pq

from aipx.adapters.parquet.columns import table
from aipx.adapters.parquet.lake import ParquetLake
from aipx.ports.bus import Delivery
from aipx.ports.lake import RecordKind
from benchmarks.result import BenchResult
from tests.support import recordings

ROWS_PER_FILE = 20_000
FILES = 5
ROUNDS = 3
NANOS_PER_SECOND = 1_000_000_000


def measure() -> list[BenchResult]:
    trades = [
        recordings.market_delivery(n, recordings.trade(n)) for n in range(ROWS_PER_FILE * FILES)
    ]
    books = [
        recordings.market_delivery(n, recordings.book(n)) for n in range(ROWS_PER_FILE * FILES)
    ]
    return [
        _measure_kind("recorder_parquet", RecordKind.TRADE, trades, "at least 300,000/s"),
        _measure_kind("recorder_parquet_books", RecordKind.BOOK, books, "at least 100,000/s"),
    ]


def _measure_kind(
    name: str, kind: RecordKind, deliveries: list[Delivery], goal: str
) -> BenchResult:
    parts = [
        deliveries[start : start + ROWS_PER_FILE]
        for start in range(0, len(deliveries), ROWS_PER_FILE)
    ]
    tables = [table(kind, part) for part in parts]

    def record(root: Path) -> None:
        lake = ParquetLake(root)
        for part in parts:
            lake.write_now(kind, recordings.DAY, part)

    def write_bare(root: Path) -> None:
        for number, columns in enumerate(tables):
            pq.write_table(columns, root / f"{number}.parquet")

    rows_per_second = len(deliveries) / _best_seconds(record)
    bare_per_second = len(deliveries) / _best_seconds(write_bare)
    return BenchResult(
        name=name,
        value=round(rows_per_second),
        unit="rows/s",
        against=f"pyarrow alone, columns ready: {bare_per_second:,.0f}/s",
        ratio=round(rows_per_second / bare_per_second, 3),
        goal=goal,
    )


def _best_seconds(work: Callable[[Path], None]) -> float:
    """Return the shortest of some rounds, each in a new folder: the one least disturbed."""
    rounds_ns = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            gc.collect()
            start = perf_counter_ns()
            work(Path(folder))
            rounds_ns.append(perf_counter_ns() - start)
    return min(rounds_ns) / NANOS_PER_SECOND
