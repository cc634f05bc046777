"""The market feed on a KIS WebSocket session: registered, watched, brought back when it breaks.

Everything happens within `receive()`: no task of its own, so whoever waits for items also drives
the registration, the answers to PINGPONG and the reconnects, and cancelling it stops all of it.
"""

import asyncio
import random
from collections.abc import Sequence

import structlog

from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.reading import FeedCounters, FrameReader, is_data
from aipx.adapters.kis.registrations import KRX_ONLY, registrations
from aipx.adapters.kis.settings import KisFeedSettings
from aipx.adapters.kis.silence import SilenceGuard
from aipx.errors import BadPeerData, Refused, RemoteError, Unreachable
from aipx.model.ids import Symbol
from aipx.model.instrument import Venue
from aipx.model.time import NANOS_PER_SECOND
from aipx.ports.clock import MarketClock
from aipx.ports.feed import FeedItem, FeedReconnected
from aipx.ports.transport import WebSocketConnection, WebSocketTransport
from aipx.wire.kis.codes import (
    ALREADY_SUBSCRIBED,
    APPKEY_IN_USE,
    NOTICE_TR_IDS,
)
from aipx.wire.kis.control import (
    Ack,
    PingPong,
    Registration,
    format_registration,
    parse_control,
)

_APPROVAL_CODES = frozenset({"OPSP0010", "OPSP0011", "OPSP8994", "OPSP8995", "OPSP9994"})
_PASSING_CODES = frozenset({APPKEY_IN_USE, "OPSP0007", "OPSP0009", "OPSP8999", "OPSP9995"})
_DOUBLINGS_MAX = 30
_log = structlog.get_logger()


class KisFeed:
    """Trades and books of some symbols, and the account's notices, over one session."""

    def __init__(  # noqa: PLR0913 - named, and each of them one thing
        self,
        *,
        access: KisAccess,
        transport: WebSocketTransport,
        symbols: Sequence[Symbol],
        settings: KisFeedSettings,
        market_clock: MarketClock,
        jitter: random.Random,
        venues: Sequence[Venue] = KRX_ONLY,
        has_notices: bool = True,
        counters: FeedCounters | None = None,
    ) -> None:
        """Prepare the registrations; the session is opened by the first `receive()`.

        Sessions that work together may count in one `counters`, and one of them has the notices.

        Raises:
            SettingsError: a symbol twice, or more registrations than a session takes.
        """
        self.counters = counters or FeedCounters()
        self._access = access
        self._transport = transport
        self._settings = settings
        self._jitter = jitter
        self._wanted = registrations(
            access.credentials,
            symbols,
            venues=venues,
            has_notices=has_notices,
            registrations_max=settings.registrations_max,
        )
        self._reader = FrameReader(
            account=access.credentials.account_id,
            counters=self.counters,
            market_now=market_clock.now,
        )
        self._items: list[FeedItem] = []
        self._connection: WebSocketConnection | None = None
        self._silence: SilenceGuard | None = None
        self._unanswered: dict[tuple[str, str], None] = {}
        self._registered_at = 0
        self._was_registered = False
        self._failures_count = 0
        self._failure: RemoteError | None = None
        self._is_closed = False
        self._first_registered = asyncio.Event()

    async def wait_registered(self) -> None:
        """Wait until everything was registered once; somebody must be in `receive` meanwhile."""
        await self._first_registered.wait()

    async def receive(self) -> Sequence[FeedItem]:
        """Wait and return what has come, in order, at least one item.

        Raises:
            RemoteError: the session cannot be had, after all bounded attempts; Refused where KIS
                will not register what was asked for.
        """
        # Kept across calls, so that a wait that is cancelled loses nothing.
        items = self._items
        while not items:
            if self._is_closed:
                raise Unreachable("the KIS feed is closed")
            if self._connection is None:
                await self._connect(items)
                continue
            try:
                texts = await self._next(self._connection)
                await self._take(self._connection, texts, items)
            except Unreachable as error:
                # What came before is given on first; the next call connects.
                await self._lost(error)
        self._items = []
        return items

    async def go_on(self, access: KisAccess) -> None:
        """Try again after `receive` gave up, maybe with another app key of the same user."""
        await self._drop()
        self._access = access
        self._failures_count = 0

    async def close(self) -> None:
        """End the session."""
        self._is_closed = True
        await self._drop()

    async def _connect(self, items: list[FeedItem]) -> None:
        """Open and register a session, with growing pauses between attempts; bounded."""
        place = len(items)
        while self._failure is None or self._failures_count < self._settings.reconnects_max:
            await self._pause()
            try:
                await self._open(items)
            except Refused:
                raise
            except RemoteError as error:
                self._failures_count += 1
                self._failure = error
                _log.warning("feed.unavailable", times=self._failures_count, reason=str(error))
            else:
                self._report(items, place)
                return
            finally:
                # Failed, refused or cancelled: a session that is not fully registered is none.
                if self._unanswered:
                    await self._drop()
        raise self._failure

    def _report(self, items: list[FeedItem], place: int) -> None:
        reason = "" if self._failure is None else str(self._failure)
        _log.info("feed.registered", registrations=len(self._wanted), after=reason)
        self._registered_at = self._access.monotonic_clock.now()
        if self._was_registered:
            self.counters.reconnects += 1
            # Before what the new session brought: what was missed lies between.
            items.insert(place, FeedReconnected(reason=reason))
        self._was_registered = True
        self._first_registered.set()

    async def _lost(self, error: Unreachable) -> None:
        lived_ns = self._access.monotonic_clock.now() - self._registered_at
        if lived_ns >= self._settings.stable_ns:
            self._failures_count = 0
        self._failures_count += 1
        self._failure = error
        _log.warning("feed.lost", reason=str(error), times=self._failures_count)
        await self._drop()

    async def _open(self, items: list[FeedItem]) -> None:
        settings = self._settings
        key = await self._access.approvals.key()
        connection = await self._transport.connect(timeout_ns=settings.connect_timeout_ns)
        self._connection = connection
        self._unanswered = dict.fromkeys(self._wanted)
        for tr_id, tr_key in self._wanted:
            registration = Registration(approval_key=key, tr_id=tr_id, tr_key=tr_key)
            await connection.send(format_registration(registration))
            await asyncio.sleep(settings.registration_pause_ns / NANOS_PER_SECOND)
        try:
            async with asyncio.timeout(settings.registration_timeout_ns / NANOS_PER_SECOND):
                while self._unanswered:
                    await self._take(connection, await connection.receive(), items)
        except TimeoutError as error:
            first = next(iter(self._unanswered))
            raise Unreachable(
                f"{len(self._unanswered)} registrations not answered, first {first}"
            ) from error

    async def _next(self, connection: WebSocketConnection) -> Sequence[str]:
        wait_ns_max = self._settings.silence_ns_max
        if self._silence is None:
            self._silence = SilenceGuard(silence_ns_max=wait_ns_max)
        try:
            return await self._silence.wait(connection.receive())
        except TimeoutError as error:
            seconds = wait_ns_max / NANOS_PER_SECOND
            raise Unreachable(f"KIS's socket was silent for {seconds:g} s") from error

    async def _take(
        self, connection: WebSocketConnection, texts: Sequence[str], items: list[FeedItem]
    ) -> None:
        read = self._reader.read
        for text in texts:
            if is_data(text):
                read(text, items)
            else:
                await self._control(connection, text)

    async def _control(self, connection: WebSocketConnection, text: str) -> None:
        try:
            message = parse_control(text)
        except BadPeerData as error:
            self._reader.count_bad(error, text)
            return
        match message:
            case PingPong():
                self.counters.pings += 1
                await connection.send(text)
            case Ack():
                await self._acknowledged(message)

    async def _acknowledged(self, ack: Ack) -> None:
        if ack.is_success or ack.code == ALREADY_SUBSCRIBED:
            self._answered(ack)
            if ack.key is not None and ack.tr_id in NOTICE_TR_IDS:
                self._reader.use_key(ack.tr_id, ack.key)
            return
        text = f"registration of {ack.tr_id} {ack.tr_key}: {ack.code} {ack.message}"
        if ack.code in _APPROVAL_CODES:
            await self._access.approvals.forget()
            raise Unreachable(text)
        if ack.code == APPKEY_IN_USE:
            raise _KeyInUse(text)
        if ack.code in _PASSING_CODES:
            raise Unreachable(text)
        raise Refused(text, code=ack.code, reason=ack.message)

    async def _drop(self) -> None:
        if self._silence is not None:
            self._silence.close()
            self._silence = None
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    def _answered(self, ack: Ack) -> None:
        # An HTS id may come back in other capitals, and there is one registration of notices.
        for wanted in list(self._unanswered):
            if wanted == (ack.tr_id, ack.tr_key) or wanted[0] == ack.tr_id in NOTICE_TR_IDS:
                del self._unanswered[wanted]

    async def _pause(self) -> None:
        if not self._failures_count:
            return
        settings = self._settings
        step_ns = settings.reconnect_ns << min(self._failures_count - 1, _DOUBLINGS_MAX)
        step_ns = min(step_ns, settings.reconnect_ns_max)
        # Between half and all of the step: clients that were cut together do not return together.
        pause_ns = step_ns // 2 + self._jitter.randrange(step_ns // 2 + 1)
        if isinstance(self._failure, _KeyInUse):
            pause_ns = max(pause_ns, settings.key_in_use_ns)
        await asyncio.sleep(pause_ns / NANOS_PER_SECOND)


class _KeyInUse(Unreachable):
    """KIS has not let go of the last session of this appkey yet."""
