"""Access token and approval key: had once, kept in a cache, renewed before they end.

KIS issues one token a minute and phones its owner at each; so neither two tasks nor two processes
ever ask at once. Who wants to ask KIS first takes a lease in the cache, which lasts that minute
and is not given back: the others find the token there, or wait for the lease to end.
"""

import asyncio
import hashlib

import msgspec
import structlog

from aipx.adapters.kis.limiter import Priority
from aipx.adapters.kis.rest import KisRest
from aipx.adapters.kis.settings import KisCredentials, KisRestSettings
from aipx.errors import BadPeerData, Refused, Unreachable
from aipx.model.time import NANOS_PER_DAY, NANOS_PER_SECOND, Nanos
from aipx.ports.cache import Cache
from aipx.ports.clock import MonotonicClock, WallClock
from aipx.wire.kis.codes import TOKEN_TOO_SOON
from aipx.wire.kis.rest.auth import (
    AccessToken,
    approval_request,
    parse_approval,
    parse_token,
    token_request,
)
from aipx.wire.kis.rest.envelope import RestRequest, failure, parse_envelope

_ISSUES_MAX = 3
_log = structlog.get_logger()
_token_decoder = msgspec.json.Decoder(AccessToken)


class TokenKeeper:
    """Gives the access token of one appkey."""

    def __init__(
        self,
        rest: KisRest,
        *,
        credentials: KisCredentials,
        settings: KisRestSettings,
        cache: Cache,
        wall_clock: WallClock,
        monotonic_clock: MonotonicClock,
    ) -> None:
        self._rest = rest
        self._credentials = credentials
        self._settings = settings
        self._cache = cache
        self._wall_clock = wall_clock
        self._monotonic_clock = monotonic_clock
        self._key = cache_key("token", credentials)
        self._lock = asyncio.Lock()
        self._token: AccessToken | None = None
        self._asked_at: int | None = None

    async def token(self) -> str:
        """Return a token that lives for a while yet.

        Raises:
            RemoteError: KIS gives none.
        """
        async with self._lock:
            if self._token is None or not self._is_fresh(self._token):
                self._token = await self._obtain()
            return self._token.token

    async def renew(self, dead: str) -> str:
        """Return another token than `dead`, which KIS does not take any more.

        Raises:
            RemoteError: KIS gives none.
        """
        async with self._lock:
            if self._token is None or self._token.token == dead:
                _log.warning("token.died", environment=self._credentials.environment.value)
                self._token = await self._obtain(dead=dead)
            return self._token.token

    def _is_fresh(self, token: AccessToken) -> bool:
        return token.ends_at - self._settings.token_margin_ns > self._wall_clock.now()

    async def _obtain(self, *, dead: str = "") -> AccessToken:
        """Return a token of the cache or of KIS, whichever is there first; the wait is bounded."""
        give_up_at = self._monotonic_clock.now() + self._settings.token_wait_ns_max
        asked_count = 0
        while asked_count < _ISSUES_MAX and self._monotonic_clock.now() < give_up_at:
            cached = await self._cached()
            if cached is not None and cached.token != dead and self._is_fresh(cached):
                return cached
            if await self._may_ask():
                asked_count += 1
                token = await self._ask()
                if token is not None:
                    return token
            else:
                await asyncio.sleep(self._settings.lease_poll_ns / NANOS_PER_SECOND)
        seconds = self._settings.token_wait_ns_max / NANOS_PER_SECOND
        raise Refused(
            f"tokenP: {TOKEN_TOO_SOON} {asked_count} times, or another process asked"
            f" and got none within {seconds:g} s",
            code=TOKEN_TOO_SOON,
            reason="too soon",
        )

    async def _cached(self) -> AccessToken | None:
        text = await self._cache.get(self._key)
        if text is None:
            return None
        try:
            return _token_decoder.decode(text)
        except msgspec.DecodeError:
            return None

    async def _may_ask(self) -> bool:
        """Tell whether this minute is ours: our last question is old, and the lease is had."""
        interval_ns = self._settings.token_interval_ns
        now = self._monotonic_clock.now()
        if self._asked_at is not None and now - self._asked_at < interval_ns:
            return False
        return await self._cache.put_if_absent(
            f"{self._key}/lease", "held", lifetime_ns=interval_ns
        )

    async def _ask(self) -> AccessToken | None:
        """Ask KIS once; None where it was too soon for it."""
        request = token_request(
            appkey=self._credentials.appkey.get_secret_value(),
            appsecret=self._credentials.appsecret.get_secret_value(),
        )
        self._asked_at = self._monotonic_clock.now()
        body = await _answer(self._rest, request, self._settings, field="access_token")
        if body is None:
            _log.warning("token.too_soon", environment=self._credentials.environment.value)
            return None
        return await self._keep(parse_token(body))

    async def _keep(self, token: AccessToken) -> AccessToken:
        kept = msgspec.structs.replace(token, ends_at=self._end(token))
        lifetime_ns = kept.ends_at - self._wall_clock.now()
        await self._cache.put(
            self._key, msgspec.json.encode(kept).decode(), lifetime_ns=lifetime_ns
        )
        _log.info("token.issued", environment=self._credentials.environment.value)
        return kept

    def _end(self, token: AccessToken) -> Nanos:
        """Return when the token ends by our clock.

        KIS gives a length, which is too long for a token that it gives a second time, and a
        moment of its own clock, which ours may be far off. The earlier one, unless the moment
        would make a new token already old: then the host's clock is wrong.
        """
        by_length = self._wall_clock.now() + token.lifetime_ns
        earlier = Nanos(min(by_length, token.ends_at))
        is_sound = earlier - self._settings.token_margin_ns > self._wall_clock.now()
        return earlier if is_sound else Nanos(by_length)


class ApprovalKeeper:
    """Gives the WebSocket key of one appkey; KIS looks at it when a session first registers."""

    def __init__(
        self,
        rest: KisRest,
        *,
        credentials: KisCredentials,
        settings: KisRestSettings,
        cache: Cache,
        monotonic_clock: MonotonicClock,
    ) -> None:
        self._rest = rest
        self._credentials = credentials
        self._settings = settings
        self._cache = cache
        self._monotonic_clock = monotonic_clock
        self._key = cache_key("approval", credentials)
        self._lease = f"{self._key}/lease"
        self._lock = asyncio.Lock()

    async def key(self) -> str:
        """Return an approval key.

        Raises:
            RemoteError: KIS gives none.
        """
        # Whoever holds the lease has a key after at most this long, or has died.
        lease_ns = self._settings.inquiry_timeout_ns + self._settings.wait_ns_max
        give_up_at = self._monotonic_clock.now() + lease_ns + self._settings.lease_poll_ns
        async with self._lock:
            while self._monotonic_clock.now() < give_up_at:
                known = await self._cache.get(self._key)
                if known is not None:
                    return known
                if await self._cache.put_if_absent(self._lease, "held", lifetime_ns=lease_ns):
                    return await self._issue()
                await asyncio.sleep(self._settings.lease_poll_ns / NANOS_PER_SECOND)
        seconds = lease_ns / NANOS_PER_SECOND
        raise Unreachable(f"Approval: another process asked, and has no key after {seconds:g} s")

    async def forget(self) -> None:
        """Drop the key: KIS does not know it any more."""
        await self._cache.delete(self._key)

    async def _issue(self) -> str:
        request = approval_request(
            appkey=self._credentials.appkey.get_secret_value(),
            appsecret=self._credentials.appsecret.get_secret_value(),
        )
        try:
            body = await _answer(self._rest, request, self._settings, field="approval_key")
            if body is None:
                raise Refused("Approval: too soon", code=TOKEN_TOO_SOON, reason="too soon")
            key = parse_approval(body)
            lifetime_ns = NANOS_PER_DAY - self._settings.token_margin_ns
            await self._cache.put(self._key, key, lifetime_ns=lifetime_ns)
        finally:
            await self._cache.delete(self._lease)
        return key


def cache_key(kind: str, credentials: KisCredentials) -> str:
    """Return a name that tells systems and keys apart, and does not tell the key."""
    digest = hashlib.sha256(credentials.appkey.get_secret_value().encode()).hexdigest()
    return f"kis-{kind}/{credentials.environment.value}/{digest[:16]}"


async def _answer(
    rest: KisRest, request: RestRequest, settings: KisRestSettings, *, field: str
) -> bytes | None:
    """Return the body of a success, which has no envelope here; None where it was too soon."""
    # Everything else waits for it, so it goes before everything else.
    response = await rest.send(
        request, priority=Priority.CANCEL, timeout_ns=settings.inquiry_timeout_ns
    )
    if f'"{field}"'.encode() in response.body:
        return response.body
    try:
        envelope = parse_envelope(response.body)
    except BadPeerData as error:
        raise Unreachable(f"{request.path}: HTTP {response.status}, {error}") from error
    if envelope.code == TOKEN_TOO_SOON:
        return None
    raise failure(envelope, what=request.path)
