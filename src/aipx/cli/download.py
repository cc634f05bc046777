"""History from KIS into files: daily bars as the simulator's `--data` reads them, and minutes."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import structlog

from aipx.adapters.kis.history import KisHistory
from aipx.cli.file_kind import FileKind
from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.time import iso
from aipx.rules.calendar import sessions_between
from aipx.wire.kis.rest.charts import ChartBar, MinuteBar

DAYS_MAX = 36_600
DAY_COLUMNS = ("date", "code", "open", "high", "low", "close", "volume")
MINUTE_COLUMNS = ("minute", "code", "open", "high", "low", "close", "volume")
"""No `date`: whoever reads a folder of daily files passes these over."""

_log = structlog.get_logger(__name__)


class DownloadOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to fetch, and where to."""

    symbols: tuple[Symbol, ...]
    first: date
    last: date
    out: Path
    kind: FileKind = FileKind.CSV
    has_minutes: bool = False
    is_adjusted: bool = True


class DownloadedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is there now, whole."""

    path: str
    symbol: str
    bars: str
    rows: int
    first: str
    last: str


async def download(history: KisHistory, options: DownloadOptions) -> list[DownloadedFile]:
    """Fetch and write all that is asked for; symbols one after another, each file at once.

    Raises:
        InputError: a period that is none, or minutes that KIS's paper system does not have.
        RemoteError: KIS does not give it.
    """
    _check_period(options)
    files: list[DownloadedFile] = []
    for symbol in options.symbols:
        days = await history.days(
            symbol, first=options.first, last=options.last, adjusted=options.is_adjusted
        )
        rows = [_day_row(symbol, bar) for bar in days]
        files.append(_written(options, symbol, "days", DAY_COLUMNS, rows))
        if options.has_minutes:
            minutes = await _minutes(history, symbol, options)
            rows = [_minute_row(symbol, bar) for bar in minutes]
            files.append(_written(options, symbol, "minutes", MINUTE_COLUMNS, rows))
        _log.info("history.downloaded", symbol=symbol, days=len(days))
    return files


def _check_period(options: DownloadOptions) -> None:
    length = (options.last - options.first).days + 1
    if not 1 <= length <= DAYS_MAX:
        raise InputError(
            f"--from {options.first} --to {options.last} are {length} days;"
            f" allowed: 1 to {DAYS_MAX}"
        )


async def _minutes(
    history: KisHistory, symbol: Symbol, options: DownloadOptions
) -> list[MinuteBar]:
    today = await history.chart_day(symbol)
    found: list[MinuteBar] = []
    for day in sessions_between(options.first, options.last):
        if day == today:
            found += await history.minutes_today(symbol, day=day)
        else:
            found += await history.minutes(symbol, day=day)
    return found


def _day_row(symbol: Symbol, bar: ChartBar) -> tuple[str | int, ...]:
    return (bar.day.isoformat(), symbol, bar.open, bar.high, bar.low, bar.close, bar.volume)


def _minute_row(symbol: Symbol, bar: MinuteBar) -> tuple[str | int, ...]:
    return (iso(bar.start), symbol, bar.open, bar.high, bar.low, bar.close, bar.volume)


def _written(
    options: DownloadOptions,
    symbol: Symbol,
    bars: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str | int, ...]],
) -> DownloadedFile:
    path = options.out / f"{symbol}_{bars}.{options.kind.value}"
    content = _csv(columns, rows) if options.kind is FileKind.CSV else _parquet(columns, rows)
    _write_whole(path, content)
    return DownloadedFile(
        path=str(path),
        symbol=symbol,
        bars=bars,
        rows=len(rows),
        first=str(rows[0][0]) if rows else "",
        last=str(rows[-1][0]) if rows else "",
    )


def _csv(columns: Sequence[str], rows: Sequence[tuple[str | int, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def _parquet(columns: Sequence[str], rows: Sequence[tuple[str | int, ...]]) -> bytes:
    types = [pa.string(), pa.string(), *[pa.int64()] * (len(columns) - 2)]
    schema = pa.schema(list(zip(columns, types, strict=True)))
    by_column = [[row[place] for row in rows] for place in range(len(columns))]
    buffer = io.BytesIO()
    pq.write_table(pa.table(by_column, schema=schema), buffer)
    return buffer.getvalue()


def _write_whole(path: Path, content: bytes) -> None:
    # Whole or not at all: a reader never sees half a file, and the old one stays until the move.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        raise InputError(f"--out: {path} cannot be written ({error.strerror})") from error
