"""A client of KIS from the environment's settings, for commands that only ask."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from aipx.adapters.http.aiohttp_transport import AiohttpTransport
from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.config import KisSettings
from aipx.adapters.kis.token_cache import FileCache
from aipx.runtime.clocks import SystemMonotonicClock, SystemWallClock


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where KIS is, as asked for on the command line; empty is as set."""

    rest_url: str = ""
    ws_url: str = ""


@asynccontextmanager
async def open_access(settings: KisSettings, addresses: Addresses) -> AsyncIterator[KisAccess]:
    """Give a client, and its connections back at the end.

    Raises:
        SettingsError: an address of KIS's other system, or keys that KIS could not take.
    """
    rest_url, _ = settings.addresses(rest_url=addresses.rest_url, ws_url=addresses.ws_url)
    monotonic, wall = SystemMonotonicClock(), SystemWallClock()
    access = KisAccess(
        transport=AiohttpTransport(rest_url, monotonic_clock=monotonic),
        credentials=settings.credentials,
        settings=settings.rest,
        cache=FileCache(settings.cache.expanduser(), wall_clock=wall),
        wall_clock=wall,
        monotonic_clock=monotonic,
    )
    try:
        yield access
    finally:
        await access.close()
