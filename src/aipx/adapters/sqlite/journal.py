"""The journal in one SQLite file: WAL, synchronous=FULL, one writer by lock and epoch.

Records are the protobuf bytes of `OrderEvent`, each chained to the one before by SHA-256 over the
stored bytes, so a changed, missing or reordered record is found on reading.
"""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from aipx.errors import InputError, LeaseLost
from aipx.model.ids import AccountId
from aipx.model.ids import Sequence as SequenceNumber
from aipx.model.order import OrderEvent
from aipx.wire.facts import ORDER_EVENT

_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    account TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    payload BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (account, sequence)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lease (account TEXT PRIMARY KEY, epoch INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS relay (account TEXT PRIMARY KEY, published INTEGER NOT NULL);
"""
_GENESIS = bytes(32)
_READ_ROWS_MAX = 1_000


class SqliteJournal:
    """One account's journal. Opening it takes the account's lease.

    Raises:
        LeaseLost: from the constructor when another process holds the file; from `append` when a
            successor has raised the epoch.
        InputError: the file cannot be opened, or is not what was written (broken chain).
    """

    def __init__(self, path: Path, account: AccountId) -> None:
        self._account = account
        self._path = path
        self._lock = _lock(path)
        try:
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=FULL")
            self._database.executescript(_SCHEMA)
            self._epoch = self._take_lease()
            self._head, self._sequence = self._read_head()
        except sqlite3.Error as error:
            os.close(self._lock)
            raise InputError(f"journal {path}: {error}") from error
        self._published = self._read_published()

    def append(self, events: Sequence[OrderEvent]) -> None:
        """Write events in one transaction, conditional on the lease's epoch."""
        rows: list[tuple[str, int, bytes, bytes]] = []
        head, sequence = self._head, self._sequence
        for event in events:
            assert event.sequence == sequence + 1, "the journal has no holes"
            sequence = event.sequence
            payload = ORDER_EVENT.encode(event)
            head = _chained(head, payload)
            rows.append((self._account, sequence, payload, head))
        try:
            self._write(rows)
        except sqlite3.Error as error:
            raise InputError(f"journal {self._path}: {error}") from error
        self._head, self._sequence = head, sequence

    def _write(self, rows: Sequence[tuple[str, int, bytes, bytes]]) -> None:
        execute = self._database.execute
        execute("BEGIN IMMEDIATE")
        try:
            self._check_epoch()
            self._database.executemany("INSERT INTO event VALUES (?, ?, ?, ?)", rows)
            self._write_published()
        except BaseException:
            execute("ROLLBACK")
            raise
        execute("COMMIT")

    def _check_epoch(self) -> None:
        (epoch,) = self._database.execute(
            "SELECT epoch FROM lease WHERE account = ?", (self._account,)
        ).fetchone()
        if epoch != self._epoch:
            raise LeaseLost(
                f"account {self._account} is in epoch {epoch}, this process in {self._epoch}"
            )

    def read(self, *, after: SequenceNumber) -> Iterator[OrderEvent]:
        """Return events in order, each checked against its chain."""
        head = self._hash_at(after)
        last = after
        while rows := self._rows(last):
            for sequence, payload, stored in rows:
                head = _chained(head, payload)
                if sequence != last + 1 or stored != head:
                    raise InputError(
                        f"journal {self._path}: record {sequence} of {self._account} does not "
                        f"follow record {last}; the file was changed"
                    )
                last = SequenceNumber(sequence)
                yield ORDER_EVENT.decode(payload)

    def _rows(self, after: int) -> list[tuple[int, bytes, bytes]]:
        return self._database.execute(
            "SELECT sequence, CAST(payload AS BLOB), CAST(hash AS BLOB) FROM event "
            "WHERE account = ? AND sequence > ? "
            "ORDER BY sequence LIMIT ?",
            (self._account, after, _READ_ROWS_MAX),
        ).fetchall()

    def published(self) -> SequenceNumber:
        """Return the relay's place."""
        return self._published

    def mark_published(self, sequence: SequenceNumber) -> None:
        """Keep the relay's place; it is written with the next append, or on close."""
        self._published = max(self._published, sequence)

    def close(self) -> None:
        """Write the relay's place and let go of file and lease."""
        self._write_published()
        self._database.close()
        os.close(self._lock)

    def _take_lease(self) -> int:
        (epoch,) = self._database.execute(
            "INSERT INTO lease VALUES (?, 1) "
            "ON CONFLICT (account) DO UPDATE SET epoch = epoch + 1 RETURNING epoch",
            (self._account,),
        ).fetchone()
        return int(epoch)

    def _read_head(self) -> tuple[bytes, int]:
        row = self._database.execute(
            "SELECT hash, sequence FROM event WHERE account = ? ORDER BY sequence DESC LIMIT 1",
            (self._account,),
        ).fetchone()
        return (_GENESIS, 0) if row is None else (row[0], row[1])

    def _hash_at(self, sequence: int) -> bytes:
        if sequence == 0:
            return _GENESIS
        row = self._database.execute(
            "SELECT hash FROM event WHERE account = ? AND sequence = ?", (self._account, sequence)
        ).fetchone()
        if row is None:
            raise InputError(f"journal {self._path}: no record {sequence} of {self._account}")
        return bytes(row[0])

    def _read_published(self) -> SequenceNumber:
        row = self._database.execute(
            "SELECT published FROM relay WHERE account = ?", (self._account,)
        ).fetchone()
        return SequenceNumber(0 if row is None else row[0])

    def _write_published(self) -> None:
        self._database.execute(
            "INSERT INTO relay VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET "
            "published = excluded.published",
            (self._account, self._published),
        )


def _chained(head: bytes, payload: bytes) -> bytes:
    return hashlib.sha256(head + payload).digest()


def _lock(path: Path) -> int:
    """Lock `path`.lock for this process; the kernel lets go of it when the process ends."""
    lock_path = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(lock_path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise InputError(f"journal {path}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise LeaseLost(f"journal {path} is held by another process") from error
    return descriptor
