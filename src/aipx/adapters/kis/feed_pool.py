"""One feed out of several KIS sessions: symbols spread over app keys, each session on its own.

A session takes 41 registrations, so more symbols need more app keys. What happens to one session
moves nothing of the others: its symbols are missing until it is back. A session that was given up
goes on with a spare key where there is one, and else is tried again later.
"""

import asyncio
import random
from collections.abc import Sequence

import structlog

from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.feed import KisFeed
from aipx.adapters.kis.reading import FeedCounters
from aipx.adapters.kis.registrations import KRX_ONLY, spread
from aipx.adapters.kis.settings import KisFeedSettings
from aipx.errors import RemoteError, SettingsError, Unreachable
from aipx.model.ids import Symbol
from aipx.model.instrument import Venue
from aipx.model.time import NANOS_PER_SECOND
from aipx.ports.clock import MarketClock
from aipx.ports.feed import FeedItem
from aipx.ports.transport import WebSocketTransport

_log = structlog.get_logger()


class _Session:
    """One app key's session: its feed, and the wait for its next items, which outlives calls."""

    def __init__(self, feed: KisFeed, access: KisAccess, symbols: tuple[Symbol, ...]) -> None:
        self.feed = feed
        self.access = access
        self.symbols = symbols
        self.receiving: asyncio.Task[Sequence[FeedItem]] | None = None
        self.failure: RemoteError | None = None
        """Why it was given up, while it is."""
        self.ended = asyncio.Event()
        """It was given up at least once: nobody needs to wait for its first registration."""


class KisFeedPool:
    """Trades and books of many symbols over several sessions; the first also has the notices."""

    def __init__(
        self,
        *,
        accesses: Sequence[KisAccess],
        transport: WebSocketTransport,
        symbols: Sequence[Symbol],
        settings: KisFeedSettings,
        market_clock: MarketClock,
        jitter: random.Random,
        venues: Sequence[Venue] = KRX_ONLY,
    ) -> None:
        """Spread the symbols over as few keys as will do; keys beyond these are spare.

        Raises:
            SettingsError: keys of two systems, a key twice, or more symbols than they take.
        """
        _check_keys(accesses)
        shares = spread(
            symbols,
            sessions_max=len(accesses),
            venues=venues,
            registrations_max=settings.registrations_max,
        )
        self.counters = FeedCounters()
        self._settings = settings
        self._spares = list(accesses[len(shares) :])
        self._sessions = [
            _Session(
                KisFeed(
                    access=access,
                    transport=transport,
                    symbols=share,
                    settings=settings,
                    market_clock=market_clock,
                    jitter=jitter,
                    venues=venues,
                    has_notices=place == 0,
                    counters=self.counters,
                ),
                access,
                share,
            )
            for place, (access, share) in enumerate(zip(accesses, shares, strict=False))
        ]
        self._is_closed = False

    @property
    def lost_symbols(self) -> tuple[Symbol, ...]:
        """The symbols of sessions that were given up and are not back."""
        return tuple(
            symbol
            for session in self._sessions
            if session.failure is not None
            for symbol in session.symbols
        )

    async def wait_registered(self) -> None:
        """Wait until each session was registered once or given up; somebody must `receive`."""
        for session in self._sessions:
            waits = [
                asyncio.ensure_future(session.feed.wait_registered()),
                asyncio.ensure_future(session.ended.wait()),
            ]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()

    async def receive(self) -> Sequence[FeedItem]:
        """Wait and return what has come, session by session, at least one item.

        Raises:
            RemoteError: the last session was given up too; what the first one said.
        """
        while True:
            if self._is_closed:
                raise Unreachable("the KIS feed is closed")
            waits = [self._waiting(session) for session in self._sessions]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            items: list[FeedItem] = []
            for session in self._sessions:
                items += await self._taken(session)
            if items:
                return items
            failures = [session.failure for session in self._sessions]
            if failures[0] is not None and all(failures):
                raise failures[0]

    async def close(self) -> None:
        """End all sessions."""
        self._is_closed = True
        receiving = [each.receiving for each in self._sessions if each.receiving is not None]
        for task in receiving:
            task.cancel()
        await asyncio.gather(*receiving, return_exceptions=True)
        for session in self._sessions:
            session.receiving = None
            await session.feed.close()

    def _waiting(self, session: _Session) -> asyncio.Task[Sequence[FeedItem]]:
        # Kept across calls, so that a wait that is cancelled loses nothing; and not begun anew
        # before its items were taken, so that a slow reader holds every session back.
        if session.receiving is None:
            session.receiving = asyncio.ensure_future(self._received(session))
        return session.receiving

    async def _received(self, session: _Session) -> Sequence[FeedItem]:
        if session.failure is not None:
            await asyncio.sleep(self._settings.lost_retry_ns / NANOS_PER_SECOND)
            await session.feed.go_on(session.access)
        items = await session.feed.receive()
        session.failure = None
        return items

    async def _taken(self, session: _Session) -> Sequence[FeedItem]:
        task = session.receiving
        if task is None or not task.done():
            return ()
        session.receiving = None
        try:
            return task.result()
        except RemoteError as error:
            await self._gave_up(session, error)
            return ()

    async def _gave_up(self, session: _Session, error: RemoteError) -> None:
        spare = self._spare_for(session)
        _log.error(
            "feed.session_lost",
            reason=str(error),
            symbols=len(session.symbols),
            has_spare_key=spare is not None,
        )
        session.ended.set()
        if spare is None:
            session.failure = error
            return
        session.access = spare
        await session.feed.go_on(spare)

    def _spare_for(self, session: _Session) -> KisAccess | None:
        """Take a spare key; notices come to the keys of their own user only."""
        for place, spare in enumerate(self._spares):
            is_notice = session is self._sessions[0]
            is_same = spare.credentials.hts_id == session.access.credentials.hts_id
            if is_same or not is_notice:
                return self._spares.pop(place)
        return None


def _check_keys(accesses: Sequence[KisAccess]) -> None:
    environments = {access.credentials.environment for access in accesses}
    if len(environments) != 1:
        names = ", ".join(sorted(each.value for each in environments)) or "none"
        raise SettingsError(f"KIS app keys are of {names}; allowed: one of the two systems")
    keys = {access.credentials.appkey.get_secret_value() for access in accesses}
    if len(keys) != len(accesses):
        raise SettingsError(
            f"{len(accesses)} KIS app keys are given, {len(keys)} of them different;"
            " a key has one session, so each must be there once"
        )
