"""Daily bars from a folder of CSV files: `date,code,open,high,low,close,volume`, in any order.

A file holds one symbol or several; files with other columns are passed over. Files are read as
streams, and only rows that are needed must be usable: real data has dirt in it. Prices may be
adjusted; a bad row is refused with its place, never repaired.
"""

import csv
import re
from collections.abc import Container, Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.simulator.market.bar import DailyBar

COLUMNS = ("date", "code", "open", "high", "low", "close", "volume")

DIGITS_MAX = 15
"""Longer numbers are damage, not prices or volumes."""

# Whole numbers, and whole numbers as table programs write them: 51380.0
_WHOLE = re.compile(rf"([0-9]{{1,{DIGITS_MAX}}})(?:\.0*)?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Row(msgspec.Struct, frozen=True):
    """One line as it stands in a file, its fields in the order of COLUMNS."""

    file: Path
    line: int
    fields: tuple[str, ...]

    @property
    def day(self) -> str:
        """The date as written, ISO."""
        return self.fields[0]

    @property
    def place(self) -> str:
        """Where the row is, for people."""
        return f"{self.file}:{self.line}"


class _Found:
    """What the files know of one symbol around a day."""

    def __init__(self) -> None:
        self.on_day: list[Row] = []
        self.before: dict[Path, Row] = {}
        self.after: Row | None = None
        self.files: list[str] = []


def load(folder: Path, symbols: Sequence[Symbol], day: date) -> tuple[DailyBar, ...]:
    """Return the bars of `symbols` on `day`, in the order asked for, each with its day before.

    Several files may hold a symbol: the one that has the date counts.

    Raises:
        InputError: no file, no row for the date, a row that cannot be used, or two that differ.
    """
    found = {symbol: _Found() for symbol in symbols}
    for path in _files(folder):
        for row in _rows(path, found):
            _sort_in(found[Symbol(row.fields[1])], row, day.isoformat())
    return tuple(_bar(symbol, found[symbol], folder, day) for symbol in symbols)


def recent(folder: Path, symbol: Symbol, day: date, *, rows_max: int) -> tuple[DailyBar, ...]:
    """Return the last bars before `day`, newest first, from the file that has `day`.

    Their `previous_*` are 0. Rows that cannot be used are left out.

    Raises:
        InputError: as `load`.
    """
    source = load(folder, (symbol,), day)[0].source.rpartition(":")[0]
    rows = [
        row
        for row in _rows(Path(source), {symbol})
        if _DATE.fullmatch(row.day) and row.day < day.isoformat()
    ]
    bars: list[DailyBar] = []
    for row in sorted(rows, key=lambda row: row.day, reverse=True)[:rows_max]:
        try:
            bars.append(_checked(row, previous=None))
        except InputError:
            continue
    return tuple(bars)


def ignored_files(folder: Path) -> tuple[str, ...]:
    """Return the names of CSV files whose header shows that they hold no daily bars."""
    return tuple(path.name for path in _files(folder) if _columns(path) is None)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; a folder of daily CSV files is needed")
    return sorted(folder.glob("*.csv"))


def _columns(path: Path) -> tuple[int, ...] | None:
    """Return where each of COLUMNS stands in the file, or None when one is missing."""
    header = next(_lines(path), (0, []))[1]
    names = [name.strip().lower() for name in header]
    if any(name not in names for name in COLUMNS):
        return None
    return tuple(names.index(name) for name in COLUMNS)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    line = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            for fields in reader:
                line = reader.line_num
                yield line, fields
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}:{line + 1}: no CSV text in UTF-8 ({error})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _rows(path: Path, symbols: Container[Symbol]) -> Iterator[Row]:
    """Return the rows of `symbols`; a file without the columns has none."""
    columns = _columns(path)
    if columns is None:
        return
    lines = _lines(path)
    next(lines)
    code, last = columns[1], max(columns)
    for line, fields in lines:
        if code >= len(fields) or Symbol(fields[code].strip()) not in symbols:
            continue
        # A short line may be the one that is needed: padded, checking tells what it lacks.
        padded = fields if len(fields) > last else fields + [""] * len(COLUMNS)
        yield Row(path, line, tuple([padded[column].strip() for column in columns]))


def _sort_in(entry: _Found, row: Row, day: str) -> None:
    name = row.file.name
    if name not in entry.files:
        entry.files.append(name)
    if row.day == day:
        entry.on_day.append(row)
    elif not _DATE.fullmatch(row.day):
        return
    elif row.day < day:
        best = entry.before.get(row.file)
        if best is None or row.day > best.day:
            entry.before[row.file] = row
    elif entry.after is None or row.day < entry.after.day:
        entry.after = row


def _bar(symbol: Symbol, entry: _Found, folder: Path, day: date) -> DailyBar:
    if not entry.files:
        ignored = ", ".join(ignored_files(folder)) or "none"
        raise InputError(
            f"{folder}: no file has rows of {symbol}"
            f" (columns needed: {','.join(COLUMNS)}; files passed over: {ignored})"
        )
    if not entry.on_day:
        raise InputError(_no_row(symbol, entry, folder, day))
    row = entry.on_day[0]
    for other in entry.on_day[1:]:
        if _checked(other, previous=None).source and other.fields != row.fields:
            raise InputError(f"{other.place}: differs from {row.place} for {symbol} on {day}")
    return _checked(row, previous=_previous(entry, row))


def _previous(entry: _Found, row: Row) -> Row | None:
    """Return the row before, of the same file if it has one: other files may adjust otherwise."""
    same = entry.before.get(row.file)
    if same is not None:
        return same
    return max(entry.before.values(), key=lambda row: row.day, default=None)


def _no_row(symbol: Symbol, entry: _Found, folder: Path, day: date) -> str:
    before = max((row.day for row in entry.before.values()), default=None)
    near = [moment for moment in (before, entry.after and entry.after.day) if moment]
    files = ", ".join(str(folder / name) for name in entry.files)
    nearest = " and ".join(near) or "none"
    return f"{files}: no row of {symbol} for {day}; nearest dates: {nearest}"


def _checked(row: Row, *, previous: Row | None) -> DailyBar:
    """Return the row as a bar.

    Raises:
        InputError: a field is no whole number, or the prices contradict each other.
    """
    open_price, high, low, close, volume = (
        _whole(row, name, text) for name, text in zip(COLUMNS[2:], row.fields[2:], strict=True)
    )
    if volume == 0 and close > 0:
        # Files write a halted day as the last close, or as zeros beside it.
        open_price = high = low = close
    if min(open_price, high, low, close) <= 0:
        raise InputError(f"{row.place}: a price is 0; prices must be at least 1 won")
    if not low <= min(open_price, close) <= max(open_price, close) <= high:
        raise InputError(
            f"{row.place}: open {open_price}, high {high}, low {low}, close {close}"
            " contradict each other; low must be the least and high the most"
        )
    before = None if previous is None else _checked(previous, previous=None)
    return DailyBar(
        symbol=Symbol(row.fields[1]),
        day=_day(row),
        open=Won(open_price),
        high=Won(high),
        low=Won(low),
        close=Won(close),
        volume=Shares(volume),
        previous_close=Won(0) if before is None else before.close,
        previous_volume=Shares(0) if before is None else before.volume,
        source=row.place,
    )


def _day(row: Row) -> date:
    try:
        return date.fromisoformat(row.day)
    except ValueError as error:
        raise InputError(f"{row.place}: date is {row.day!r}; it must be YYYY-MM-DD") from error


def _whole(row: Row, name: str, text: str) -> int:
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise InputError(
            f"{row.place}: {name} is {text!r}; it must be a whole number,"
            f" not negative, of at most {DIGITS_MAX} digits"
        )
    return int(match[1])
