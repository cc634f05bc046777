"""A cache in one file that only its owner can read: for tokens, which must outlive a restart."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from aipx.errors import SettingsError
from aipx.ports.clock import WallClock

_OWNER_ONLY = 0o600
_OTHERS = 0o077
LOCK_ATTEMPTS_MAX = 500
LOCK_PAUSE_SECONDS = 0.01


class _Entry(msgspec.Struct, frozen=True):
    value: str
    ends_at: int


_NOTHING = _Entry("", 0)
_decoder = msgspec.json.Decoder(dict[str, _Entry])


class FileCache:
    """Strings with a lifetime by the wall clock, in a JSON file of rights 0600.

    A file that cannot be read as such, or that others could read, counts as empty and is
    replaced: all of it can be had again. Processes may share the file: whoever changes it holds
    a lock on its folder, which the system takes back when the process dies.
    """

    def __init__(self, path: Path, *, wall_clock: WallClock) -> None:
        self._path = path
        self._wall_clock = wall_clock

    async def get(self, key: str) -> str | None:
        """Return the value, or None when it is gone or over."""
        return self._live().get(key, _NOTHING).value or None

    async def put(self, key: str, value: str, *, lifetime_ns: int) -> None:
        """Keep a value; those that are over are forgotten.

        Raises:
            SettingsError: the file cannot be written.
        """
        async with self._locked():
            self._keep(key, value, lifetime_ns)

    async def put_if_absent(self, key: str, value: str, *, lifetime_ns: int) -> bool:
        """Keep a value where there is none, and tell whether that was so.

        Raises:
            SettingsError: the file cannot be written.
        """
        async with self._locked():
            if key in self._live():
                return False
            self._keep(key, value, lifetime_ns)
            return True

    async def delete(self, key: str) -> None:
        """Forget a value; no error when there is none.

        Raises:
            SettingsError: the file cannot be written.
        """
        if key not in self._read():
            return
        async with self._locked():
            entries = self._read()
            if entries.pop(key, None) is not None:
                self._write(entries)

    def _keep(self, key: str, value: str, lifetime_ns: int) -> None:
        self._write(self._live() | {key: _Entry(value, self._wall_clock.now() + lifetime_ns)})

    def _live(self) -> dict[str, _Entry]:
        now = self._wall_clock.now()
        return {name: entry for name, entry in self._read().items() if entry.ends_at > now}

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            folder = os.open(self._path.parent, os.O_RDONLY)
        except OSError as error:
            raise SettingsError(f"token cache {self._path}: {error.strerror}") from error
        try:
            await self._lock(folder)
            yield
        finally:
            # Closing gives the lock back.
            os.close(folder)

    async def _lock(self, folder: int) -> None:
        for _ in range(LOCK_ATTEMPTS_MAX):
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                await asyncio.sleep(LOCK_PAUSE_SECONDS)
            else:
                return
        seconds = LOCK_ATTEMPTS_MAX * LOCK_PAUSE_SECONDS
        raise SettingsError(f"token cache {self._path}: locked by another for {seconds:g} s")

    def _read(self) -> dict[str, _Entry]:
        try:
            with self._path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & _OTHERS:
                    return {}
                return _decoder.decode(file.read())
        except (OSError, msgspec.DecodeError, UnicodeError):
            return {}

    def _write(self, entries: dict[str, _Entry]) -> None:
        # Whole or not at all: written beside, then moved. The name holds the process id, for two
        # processes may share the cache.
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            beside.unlink(missing_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(entries))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise SettingsError(f"token cache {self._path}: {error.strerror}") from error
