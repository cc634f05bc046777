"""A small key-value store whose content may vanish at any time."""

from typing import Protocol


class Cache(Protocol):
    """Strings by key, each with a lifetime by the wall clock."""

    async def get(self, key: str) -> str | None:
        """Return the value, or None when it is gone or over."""
        ...

    async def put(self, key: str, value: str, *, lifetime_ns: int) -> None:
        """Keep a value for at most `lifetime_ns`."""
        ...

    async def delete(self, key: str) -> None:
        """Forget a value; no error when there is none."""
        ...
