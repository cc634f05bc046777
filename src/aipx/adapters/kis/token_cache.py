"""A cache in one file that only its owner can read: for tokens, which must outlive a restart."""

import os
from pathlib import Path

import msgspec

from aipx.errors import SettingsError
from aipx.ports.clock import WallClock

_OWNER_ONLY = 0o600
_OTHERS = 0o077


class _Entry(msgspec.Struct, frozen=True):
    value: str
    ends_at: int


_decoder = msgspec.json.Decoder(dict[str, _Entry])


class FileCache:
    """Strings with a lifetime by the wall clock, in a JSON file of rights 0600.

    A file that cannot be read as such, or that others could read, counts as empty and is
    replaced: all of it can be had again.
    """

    def __init__(self, path: Path, *, wall_clock: WallClock) -> None:
        self._path = path
        self._wall_clock = wall_clock

    async def get(self, key: str) -> str | None:
        """Return the value, or None when it is gone or over."""
        entry = self._read().get(key)
        if entry is None or entry.ends_at <= self._wall_clock.now():
            return None
        return entry.value

    async def put(self, key: str, value: str, *, lifetime_ns: int) -> None:
        """Keep a value; those that are over are forgotten.

        Raises:
            SettingsError: the file cannot be written.
        """
        now = self._wall_clock.now()
        entries = {name: entry for name, entry in self._read().items() if entry.ends_at > now}
        self._write(entries | {key: _Entry(value, now + lifetime_ns)})

    async def delete(self, key: str) -> None:
        """Forget a value; no error when there is none.

        Raises:
            SettingsError: the file cannot be written.
        """
        entries = self._read()
        if entries.pop(key, None) is not None:
            self._write(entries)

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
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(entries))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise SettingsError(f"token cache {self._path}: {error.strerror}") from error
