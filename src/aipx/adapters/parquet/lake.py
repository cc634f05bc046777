"""A folder of Parquet files: `ROOT/kind=K/date=D/part-<first offset>-<last offset>.parquet`.

A file is written in `ROOT/_staging`, made durable, and only then renamed to its place: whoever
reads the folder, during a run or after a crash, finds whole files or none. One recorder per
folder: what a crashed one left in `_staging` is removed by the next.
"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Lock

import pyarrow as pa
import pyarrow.parquet as pq

from aipx.adapters.parquet.columns import SCHEMA_VERSION, table
from aipx.errors import InputError
from aipx.ports.bus import Delivery
from aipx.ports.lake import RecordKind, WrittenFile

STAGING = "_staging"
"""Readers pass over names that begin with an underscore."""

COMPRESSION_LEVEL = 3

_DICTIONARY = ["symbol", "venue", "side", "phase", "account", "event", "order_kind", "strategy_id"]
_RISING = {
    RecordKind.TRADE: ("exchange_time", "receive_time", "day_volume", "day_value", "offset"),
    RecordKind.BOOK: ("exchange_time", "receive_time", "day_volume", "offset"),
    RecordKind.ORDER_EVENT: ("sequence", "at", "offset"),
}
"""Columns that rise slowly: their differences pack into a few bits."""


class ParquetLake:
    """Writes recordings below `root`; see ports/lake.py. The disk is not touched before `write`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._is_prepared = False
        self._preparing = Lock()

    async def write(
        self, kind: RecordKind, day: date, deliveries: Sequence[Delivery]
    ) -> WrittenFile:
        """Write one file and return when it is durable; in a thread, so that the loop goes on.

        Writing the same deliveries again changes nothing. Other deliveries of the same offsets
        come from another run, and are refused rather than mixed or overwritten.

        Raises:
            InputError: the folder cannot be written; nothing of the file is visible.
        """
        return await asyncio.to_thread(self.write_now, kind, day, deliveries)

    def write_now(self, kind: RecordKind, day: date, deliveries: Sequence[Delivery]) -> WrittenFile:
        """Do what `write` does, in the calling thread."""
        assert deliveries
        folder = self._root / f"kind={kind.value}" / f"date={day.isoformat()}"
        name = f"part-{deliveries[0].offset}-{deliveries[-1].offset}.parquet"
        rows = table(kind, deliveries)
        with _errors_in_one_line(self._root):
            self._prepare()
            staged = self._root / STAGING / f"{kind.value}-{day.isoformat()}-{name}"
            try:
                _write_durably(rows, kind, staged)
                _publish(staged, folder / name)
            finally:
                staged.unlink(missing_ok=True)
            size = (folder / name).stat().st_size
        return WrittenFile(path=str(folder / name), rows=len(deliveries), size=size)

    def files(self) -> list[Path]:
        """Return the recorded files, by name; empty where nothing was recorded."""
        return sorted(self._root.glob("kind=*/date=*/part-*.parquet"))

    def _prepare(self) -> None:
        with self._preparing:
            if self._is_prepared:
                return
            staging = self._root / STAGING
            staging.mkdir(parents=True, exist_ok=True)
            for leftover in staging.glob("*.parquet"):
                leftover.unlink()
            self._is_prepared = True


def _write_durably(rows: pa.Table, kind: RecordKind, path: Path) -> None:
    rising = [name for name in _RISING[kind] if name in rows.column_names]
    metadata = {"aipx.schema": str(SCHEMA_VERSION), "aipx.kind": kind.value}
    with path.open("wb") as file:
        pq.write_table(
            rows.replace_schema_metadata(metadata),
            file,
            compression="zstd",
            compression_level=COMPRESSION_LEVEL,
            use_dictionary=[name for name in _DICTIONARY if name in rows.column_names],
            column_encoding=dict.fromkeys(rising, "DELTA_BINARY_PACKED"),
            write_statistics=True,
        )
        file.flush()
        os.fsync(file.fileno())


def _publish(staged: Path, place: Path) -> None:
    _make_folder(place.parent)
    if place.exists():
        if staged.read_bytes() == place.read_bytes():
            return
        raise InputError(
            f"{place} is there already, recorded by another run; name a folder without recordings"
        )
    staged.rename(place)
    _sync_folder(place.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder that a power cut does not lose: each new name is synced in its parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _errors_in_one_line(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = error.filename or root
        reason = error.strerror or str(error).partition("\n")[0]
        raise InputError(f"recordings cannot be written: {place}: {reason}") from error
    except pa.ArrowException as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"recordings cannot be written: {root}: {reason}") from error
