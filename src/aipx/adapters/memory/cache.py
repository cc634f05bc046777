"""The cache inside one process."""

from aipx.ports.clock import WallClock


class MemoryCache:
    """Strings with a lifetime; gone with the process."""

    def __init__(self, wall_clock: WallClock) -> None:
        self._wall_clock = wall_clock
        self._entries: dict[str, tuple[str, int]] = {}

    async def get(self, key: str) -> str | None:
        value, ends_at = self._entries.get(key, ("", 0))
        return value if self._wall_clock.now() < ends_at else None

    async def put(self, key: str, value: str, *, lifetime_ns: int) -> None:
        self._entries[key] = (value, self._wall_clock.now() + lifetime_ns)

    async def put_if_absent(self, key: str, value: str, *, lifetime_ns: int) -> bool:
        if await self.get(key) is not None:
            return False
        await self.put(key, value, lifetime_ns=lifetime_ns)
        return True

    async def delete(self, key: str) -> None:
        self._entries.pop(key, None)
