"""History into files."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from aipx.adapters.kis.history import KisHistory
from aipx.adapters.kis.quotes import KisQuotes
from aipx.cli.download import DownloadedFile, DownloadOptions, download
from aipx.cli.file_kind import FileKind
from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.runtime.virtual_time import run_virtual
from aipx.simulator.market.history import load
from tests.support.kis_charts import chart_kis
from tests.support.kis_transports import ScriptedHttp, access

DAYS = [date(2026, 9, day) for day in (10, 11, 14, 15)]
MINUTES = ["0900", "0901", "1519"]


def fetch(out: Path, *, kind: FileKind = FileKind.CSV, **changes: object) -> list[DownloadedFile]:
    asked = {"first": DAYS[0], "last": DAYS[-1], "symbols": (Symbol("005930"),)} | changes
    options = DownloadOptions(out=out, kind=kind, **asked)

    async def story() -> list[DownloadedFile]:
        http = ScriptedHttp(chart_kis(DAYS, MINUTES))
        return await download(KisHistory(KisQuotes(access(http))), options)

    return run_virtual(story())


def rows_of(path: str) -> Sequence[dict[str, str]]:
    with Path(path).open(newline="") as file:
        return list(csv.DictReader(file))


def test_days_are_written_as_the_simulator_reads_them(tmp_path: Path) -> None:
    symbols = (Symbol("005930"), Symbol("000660"))
    files = fetch(tmp_path, symbols=symbols)

    assert [(file.symbol, file.rows) for file in files] == [("005930", 4), ("000660", 4)]
    for symbol in symbols:
        (bar,) = load(tmp_path, (symbol,), DAYS[-1])
        assert (bar.close, bar.volume) == (70_000 + DAYS[-1].toordinal() % 100, 1_000)


def test_minutes_of_past_days_and_of_today_are_one_file(tmp_path: Path) -> None:
    days, minutes = fetch(tmp_path, has_minutes=True)

    assert minutes.rows == len(rows_of(minutes.path)) == len(DAYS) * len(MINUTES)
    assert rows_of(minutes.path)[-1]["minute"] == "2026-09-15T15:19:00.000+09:00"
    # The reader of daily files must pass the minutes over.
    assert load(tmp_path, (Symbol("005930"),), DAYS[-1])[0].source.startswith(days.path)


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    (file,) = fetch(tmp_path, kind=FileKind.PARQUET)

    table = pq.read_table(file.path)
    assert table.column("date").to_pylist() == [day.isoformat() for day in DAYS]
    assert table.column("close").type == "int64"


def test_file_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "005930_days.csv").write_text("old")
    fetch(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["005930_days.csv"]


def test_period_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: 1 to"):
        fetch(tmp_path, first=DAYS[1], last=DAYS[0])


def test_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")

    with pytest.raises(InputError, match="cannot be written"):
        fetch(tmp_path / "out")
