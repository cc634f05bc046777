"""Access token and approval key: had once, kept in a cache, renewed before they end.

KIS issues one token a minute and phones its owner at each; so two tasks never ask at once, and a
token is asked for again only when it nears its end or KIS itself called it dead.
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
            if not self._is_fresh(self._token):
                self._token = await self._cached()
            if not self._is_fresh(self._token):
                self._token = await self._issue()
            assert self._token is not None, "just issued"
            return self._token.token

    async def renew(self, dead: str) -> str:
        """Return another token than `dead`, which KIS does not take any more.

        Raises:
            RemoteError: KIS gives none.
        """
        async with self._lock:
            if self._token is None or self._token.token == dead:
                _log.warning("token.died", environment=self._credentials.environment.value)
                self._token = None
                await self._cache.delete(self._key)
                self._token = await self._issue()
            return self._token.token

    def _is_fresh(self, token: AccessToken | None) -> bool:
        if token is None:
            return False
        return token.ends_at - self._settings.token_margin_ns > self._wall_clock.now()

    async def _cached(self) -> AccessToken | None:
        text = await self._cache.get(self._key)
        if text is None:
            return None
        try:
            return _token_decoder.decode(text)
        except msgspec.DecodeError:
            return None

    async def _issue(self) -> AccessToken:
        request = token_request(
            appkey=self._credentials.appkey.get_secret_value(),
            appsecret=self._credentials.appsecret.get_secret_value(),
        )
        for _ in range(_ISSUES_MAX):
            await self._wait_for_the_minute()
            self._asked_at = self._monotonic_clock.now()
            body = await _answer(self._rest, request, self._settings, field="access_token")
            if body is not None:
                return await self._keep(parse_token(body))
        raise Refused(
            f"tokenP: {TOKEN_TOO_SOON} {_ISSUES_MAX} times", code=TOKEN_TOO_SOON, reason="too soon"
        )

    async def _wait_for_the_minute(self) -> None:
        if self._asked_at is None:
            return
        free_at = self._asked_at + self._settings.token_interval_ns
        pause_ns = free_at - self._monotonic_clock.now()
        if pause_ns > 0:
            _log.warning("token.awaited", seconds=pause_ns / NANOS_PER_SECOND)
            await asyncio.sleep(pause_ns / NANOS_PER_SECOND)

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
        self, rest: KisRest, *, credentials: KisCredentials, settings: KisRestSettings, cache: Cache
    ) -> None:
        self._rest = rest
        self._credentials = credentials
        self._settings = settings
        self._cache = cache
        self._key = cache_key("approval", credentials)
        self._lock = asyncio.Lock()

    async def key(self) -> str:
        """Return an approval key.

        Raises:
            RemoteError: KIS gives none.
        """
        async with self._lock:
            known = await self._cache.get(self._key)
            if known is not None:
                return known
            request = approval_request(
                appkey=self._credentials.appkey.get_secret_value(),
                appsecret=self._credentials.appsecret.get_secret_value(),
            )
            body = await _answer(self._rest, request, self._settings, field="approval_key")
            if body is None:
                raise Refused("Approval: too soon", code=TOKEN_TOO_SOON, reason="too soon")
            key = parse_approval(body)
            lifetime_ns = NANOS_PER_DAY - self._settings.token_margin_ns
            await self._cache.put(self._key, key, lifetime_ns=lifetime_ns)
            return key

    async def forget(self) -> None:
        """Drop the key: KIS does not know it any more."""
        await self._cache.delete(self._key)


def cache_key(kind: str, credentials: KisCredentials) -> str:
    """Return a name that tells systems and keys apart, and does not tell the key."""
    digest = hashlib.sha256(credentials.appkey.get_secret_value().encode()).hexdigest()
    return f"kis-{kind}/{credentials.environment.value}/{digest[:16]}"


async def _answer(
    rest: KisRest, request: RestRequest, settings: KisRestSettings, *, field: str
) -> bytes | None:
    """Return the body of a success, which has no envelope here; None where it was too soon."""
    response = await rest.send(
        request, priority=Priority.ORDER, timeout_ns=settings.inquiry_timeout_ns
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
