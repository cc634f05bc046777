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

    async def put_if_absent(self, key: str, value: str, *, lifetime_ns: int) -> bool:
        """Keep a value where there is none, and tell whether that was so; atomic among all users.

        What a lease needs: the one who put it holds it until it is over or deleted.
        """
        ...

    async def delete(self, key: str) -> None:
        """Forget a value; no error when there is none."""
        ...
