"""The cache in one file."""

import asyncio
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aipx.adapters.kis import token_cache
from aipx.adapters.kis.token_cache import FileCache
from aipx.errors import SettingsError
from aipx.runtime.clocks import CallableClock

WRITER = """
import asyncio, sys
from pathlib import Path
from aipx.adapters.kis.token_cache import FileCache
from aipx.runtime.clocks import CallableClock

async def main():
    cache = FileCache(Path(sys.argv[1]), wall_clock=CallableClock(lambda: 1_000))
    for turn in range(10):
        await cache.put(f"{sys.argv[2]}/{turn}", "x", lifetime_ns=100)

asyncio.run(main())
"""


class Wall:
    """A wall clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1_000
        self.clock = CallableClock(lambda: self.at)


def cache(folder: Path, wall: Wall | None = None) -> FileCache:
    return FileCache(folder / "sub" / "token.json", wall_clock=(wall or Wall()).clock)


def get(of: FileCache, key: str) -> str | None:
    return asyncio.run(of.get(key))


def put(of: FileCache, key: str, value: str, lifetime_ns: int = 100) -> None:
    asyncio.run(of.put(key, value, lifetime_ns=lifetime_ns))


def test_value_outlives_the_process_that_put_it(tmp_path: Path) -> None:
    put(cache(tmp_path), "a", "1")
    put(cache(tmp_path), "b", "2")

    assert [get(cache(tmp_path), key) for key in ("a", "b", "c")] == ["1", "2", None]


def test_file_is_the_owners_alone(tmp_path: Path) -> None:
    put(cache(tmp_path), "a", "1")

    (file,) = (tmp_path / "sub").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_file_that_others_could_read_counts_as_empty(tmp_path: Path) -> None:
    put(cache(tmp_path), "a", "1")
    (tmp_path / "sub" / "token.json").chmod(0o644)

    assert get(cache(tmp_path), "a") is None
    put(cache(tmp_path), "b", "2")
    assert (tmp_path / "sub" / "token.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b'{"a": 1}', b"\xff\xfe"])
def test_broken_file_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    put(cache(tmp_path), "a", "1")
    (tmp_path / "sub" / "token.json").write_bytes(content)

    assert get(cache(tmp_path), "a") is None


def test_value_ends(tmp_path: Path) -> None:
    wall = Wall()
    put(cache(tmp_path, wall), "a", "1", lifetime_ns=10)

    wall.at += 10

    assert get(cache(tmp_path, wall), "a") is None


def test_deleted_value_is_gone_and_others_stay(tmp_path: Path) -> None:
    of = cache(tmp_path)
    put(of, "a", "1")
    put(of, "b", "2")

    asyncio.run(of.delete("a"))
    asyncio.run(of.delete("never"))

    assert (get(of, "a"), get(of, "b")) == (None, "2")


def test_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "sub").write_text("a file where the folder should be")

    with pytest.raises(SettingsError, match="token cache"):
        put(cache(tmp_path), "a", "1")


def test_lease_is_had_by_one_of_all_who_share_the_file(tmp_path: Path) -> None:
    wall = Wall()

    async def race() -> list[bool]:
        caches = [cache(tmp_path, wall) for _ in range(8)]
        wishes = (of.put_if_absent("lease", "held", lifetime_ns=10) for of in caches)
        return await asyncio.gather(*wishes)

    assert sorted(asyncio.run(race())) == [False] * 7 + [True]
    wall.at += 10
    assert sorted(asyncio.run(race())) == [False] * 7 + [True]


def test_values_that_processes_put_at_once_are_all_there(tmp_path: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "token.json"), str(number)])
        for number in range(4)
    ]

    assert [process.wait() for process in started] == [0] * 4
    of = FileCache(tmp_path / "token.json", wall_clock=Wall().clock)
    assert [get(of, f"{number}/{turn}") for number in range(4) for turn in range(10)] == ["x"] * 40


def test_cache_that_another_keeps_locked_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_cache, "LOCK_ATTEMPTS_MAX", 2)
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)

    with pytest.raises(SettingsError, match="locked by another"):
        put(FileCache(tmp_path / "token.json", wall_clock=Wall().clock), "a", "1")
    os.close(descriptor)
