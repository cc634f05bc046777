"""The lake shows whole files or none, and every common reader can read them."""

import asyncio
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from aipx.adapters.parquet import lake as lake_module
from aipx.adapters.parquet.lake import STAGING, ParquetLake
from aipx.errors import InputError
from aipx.ports.bus import Delivery
from aipx.ports.lake import RecordKind, WrittenFile
from tests.support import recordings

DAY = recordings.DAY


def trades(first: int, last: int, *, price: int = 78_000) -> list[Delivery]:
    return [
        recordings.market_delivery(number, recordings.trade(number, price=price))
        for number in range(first, last + 1)
    ]


def write(
    root: Path,
    deliveries: Sequence[Delivery],
    kind: RecordKind = RecordKind.TRADE,
    day: date = DAY,
) -> WrittenFile:
    return ParquetLake(root).write_now(kind, day, deliveries)


def test_a_file_lies_by_kind_and_date_and_is_named_by_its_offsets(tmp_path: Path):
    written = write(tmp_path, trades(5, 9))

    place = tmp_path / "kind=trade" / "date=2021-12-29" / "part-5-9.parquet"
    assert written == WrittenFile(path=str(place), rows=5, size=place.stat().st_size)
    assert ParquetLake(tmp_path).files() == [place]


def test_writing_is_awaited_on_an_event_loop(tmp_path: Path):
    written = asyncio.run(ParquetLake(tmp_path).write(RecordKind.TRADE, DAY, trades(0, 2)))

    assert pq.read_table(written.path).num_rows == 3


def test_polars_duckdb_and_pandas_read_the_same_trades(tmp_path: Path):
    write(tmp_path, trades(0, 99))
    write(tmp_path, trades(100, 149))
    pattern = str(tmp_path / "kind=trade" / "**" / "*.parquet")

    by_polars = pl.read_parquet(pattern, hive_partitioning=True).sort("offset")
    by_duckdb = duckdb.sql(
        f"select * from read_parquet('{pattern}', hive_partitioning=true) order by \"offset\""
    ).fetchdf()
    by_pandas = pd.read_parquet(tmp_path / "kind=trade").sort_values("offset")

    expected = [78_000 * 10 * (number + 1) for number in range(150)]
    assert by_polars["day_value"].to_list() == expected
    assert by_duckdb["day_value"].tolist() == expected
    assert by_pandas["day_value"].tolist() == expected
    assert by_polars["side"].to_list() == by_duckdb["side"].tolist() == by_pandas["side"].tolist()
    assert by_polars["event_id"].to_list() == by_pandas["event_id"].tolist()
    assert set(by_duckdb["date"].dt.date) == {DAY}


def test_polars_duckdb_and_pandas_read_the_same_books(tmp_path: Path):
    books = [recordings.market_delivery(number, recordings.book(number)) for number in range(20)]
    path = write(tmp_path, books, RecordKind.BOOK).path

    by_polars = pl.read_parquet(path)["ask_sizes"].to_list()
    by_duckdb = duckdb.sql(f"select ask_sizes from '{path}'").fetchall()
    by_pandas = pd.read_parquet(path)["ask_sizes"]

    expected = [list(recordings.book(number).ask_sizes) for number in range(20)]
    assert by_polars == expected
    assert [list(row[0]) for row in by_duckdb] == expected
    assert [list(sizes) for sizes in by_pandas] == expected


def test_order_events_of_many_kinds_share_one_table(tmp_path: Path):
    facts = [recordings.order_delivery(number, recordings.submitted(number)) for number in range(3)]
    path = write(tmp_path, facts, RecordKind.ORDER_EVENT).path

    assert duckdb.sql(
        f"select client_order_id, event from '{path}' order by sequence"
    ).fetchall() == [
        ("sma-0", "OrderSubmitted"),
        ("sma-1", "OrderSubmitted"),
        ("sma-2", "OrderSubmitted"),
    ]


def test_the_statistics_let_a_reader_skip_a_file(tmp_path: Path):
    group = pq.ParquetFile(write(tmp_path, trades(0, 9)).path).metadata.row_group(0)

    columns = {group.column(index).path_in_schema: group.column(index) for index in range(14)}
    assert columns["exchange_time"].statistics.min == recordings.OPEN
    assert columns["symbol"].statistics.max == "005930"
    assert columns["price"].compression == "ZSTD"


def test_the_same_deliveries_written_again_change_nothing(tmp_path: Path):
    first = write(tmp_path, trades(0, 9))

    assert write(tmp_path, trades(0, 9)) == first
    assert len(ParquetLake(tmp_path).files()) == 1


def test_another_runs_recording_is_neither_overwritten_nor_mixed(tmp_path: Path):
    before = Path(write(tmp_path, trades(0, 9)).path).read_bytes()

    with pytest.raises(InputError, match="recorded by another run"):
        write(tmp_path, trades(0, 9, price=79_000))

    (file,) = ParquetLake(tmp_path).files()
    assert file.read_bytes() == before
    assert list((tmp_path / STAGING).iterdir()) == []


def test_a_place_that_is_a_file_is_refused_in_one_line(tmp_path: Path):
    place = tmp_path / "taken"
    place.write_text("no folder")

    with pytest.raises(InputError, match=r"^recordings cannot be written: .*taken.*$") as caught:
        write(place, trades(0, 1))

    assert "\n" not in str(caught.value)


def test_what_a_crash_left_in_staging_is_never_seen_and_is_removed(tmp_path: Path):
    staging = tmp_path / STAGING
    staging.mkdir()
    (staging / "trade-2021-12-29-part-0-9.parquet").write_bytes(b"PAR1 cut off")

    assert ParquetLake(tmp_path).files() == []
    write(tmp_path, trades(0, 9))

    assert list(staging.iterdir()) == []
    assert pd.read_parquet(tmp_path / "kind=trade").shape[0] == 10


def test_a_full_disk_leaves_nothing_visible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(lake_module.os, "fsync", full)

    with pytest.raises(InputError, match="No space left on device"):
        write(tmp_path, trades(0, 9))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
