"""Orders, cancels and replaces: sent once, and what became of them; never an exception."""

import asyncio

import msgspec
import structlog

from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.limiter import Priority
from aipx.adapters.kis.verdicts import TokenDead, judge
from aipx.errors import RemoteError
from aipx.model.outcome import Outcome, Refusal, UnknownOutcome
from aipx.model.time import NANOS_PER_SECOND
from aipx.wire.kis.rest.auth import hashkey_request, parse_hashkey
from aipx.wire.kis.rest.envelope import RestRequest

NOT_SENT = "AIPX-NOT-SENT"
"""Code of a refusal of our own: no token or no turn in time, so nothing left."""

_log = structlog.get_logger()


class _Permit(msgspec.Struct, frozen=True, kw_only=True):
    """A turn by the request rate has been had, and this goes into the headers."""

    token: str
    hashkey: str


class Acts:
    """Sends what changes something at KIS."""

    def __init__(self, access: KisAccess) -> None:
        self._access = access

    async def act(self, request: RestRequest, priority: Priority) -> Outcome:
        """Send once; once more only where the gateway refused the token, before KIS's ledger."""
        permit = await self._admit(request, priority)
        if isinstance(permit, Refusal):
            return permit
        verdict = await self._send(request, permit)
        if not isinstance(verdict, TokenDead):
            return verdict
        renewed = await self._admit(request, priority, dead=permit.token)
        if isinstance(renewed, Refusal):
            return renewed
        verdict = await self._send(request, renewed)
        return verdict.refusal if isinstance(verdict, TokenDead) else verdict

    async def _admit(
        self, request: RestRequest, priority: Priority, *, dead: str = ""
    ) -> _Permit | Refusal:
        """Return what an order needs to go; a Refusal is certain, for nothing was sent."""
        clock = self._access.monotonic_clock
        limit_ns = self._access.settings.order_preparation_ns_max
        tokens = self._access.tokens
        try:
            async with asyncio.timeout(limit_ns / NANOS_PER_SECOND):
                token = await (tokens.renew(dead) if dead else tokens.token())
                hashkey = await self._hashkey(request, priority)
                await self._access.rest.admit(priority)
        except TimeoutError:
            reason = f"no token and turn within {limit_ns / NANOS_PER_SECOND:g} s"
        except RemoteError as error:
            reason = str(error)
        else:
            return _Permit(token=token, hashkey=hashkey)
        _log.warning("order.withheld", reason=reason)
        return Refusal(code=NOT_SENT, message=reason, sent_monotonic_ns=clock.now())

    async def _hashkey(self, request: RestRequest, priority: Priority) -> str:
        if not self._access.settings.sends_hashkey:
            return ""
        asked = hashkey_request(request.body)
        response = await self._access.rest.send(
            asked, priority=priority, timeout_ns=self._access.settings.inquiry_timeout_ns
        )
        return parse_hashkey(response.body)

    async def _send(self, request: RestRequest, permit: _Permit) -> Outcome | TokenDead:
        started_at = self._access.monotonic_clock.now()
        try:
            response = await self._access.rest.send_admitted(
                request,
                timeout_ns=self._access.settings.order_timeout_ns,
                token=permit.token,
                hashkey=permit.hashkey,
            )
        except RemoteError as error:
            _log.warning("order.outcome_unknown", path=request.path, reason=str(error))
            return UnknownOutcome(reason=str(error), sent_monotonic_ns=started_at)
        return judge(response)
