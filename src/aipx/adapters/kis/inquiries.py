"""Inquiries: they change nothing, so they are repeated, within bounds; and they come in pages."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.limiter import Priority
from aipx.adapters.kis.verdicts import DEAD_TOKEN_CODES
from aipx.errors import BadPeerData, Refused, RemoteError
from aipx.model.time import NANOS_PER_SECOND
from aipx.ports.transport import HttpResponse
from aipx.wire.kis.rest.envelope import (
    Envelope,
    RestRequest,
    failure,
    has_more_pages,
    is_changed_while_paging,
    parse_envelope,
)

_Page = TypeVar("_Page")
_FIRST_PAGE = ("", "")
_NEXT_PAGE = "N"
_log = structlog.get_logger()


class _Changed(Exception):
    """Not an error: the listing changed between two of its pages, and is begun anew."""


class Inquiries:
    """Asks KIS, again where that can help."""

    def __init__(self, access: KisAccess) -> None:
        self._access = access
        self._settings = access.settings

    async def one(self, request: RestRequest, parse: Callable[[bytes], _Page]) -> _Page:
        """Return the parsed answer to an inquiry of one page.

        Raises:
            RemoteError: that of the last attempt; Refused at once.
        """
        envelope, _ = await self._ask(request, tr_cont="")
        return parse(envelope.body)

    async def pages(
        self,
        request_of: Callable[[tuple[str, str]], RestRequest],
        parse: Callable[[bytes], _Page],
        *,
        is_whole: Callable[[Sequence[_Page]], bool],
    ) -> list[_Page]:
        """Return every page of one listing, begun anew when KIS says that it changed meanwhile.

        `is_whole` tells whether the pages fit together; rows that moved between two requests
        show as repeated ones.

        Raises:
            RemoteError: no complete listing within the bounds.
        """
        for attempt in range(self._settings.listings_max):
            try:
                found = await self._list(request_of, parse)
            except _Changed:
                _log.info("listing.changed", attempt=attempt)
            else:
                if is_whole(found):
                    return found
                _log.info("listing.inconsistent", attempt=attempt, pages=len(found))
            await self._pause(attempt)
        path = request_of(_FIRST_PAGE).path
        raise BadPeerData(
            f"{path}: the listing changed while paging, {self._settings.listings_max} times"
        )

    async def _list(
        self,
        request_of: Callable[[tuple[str, str]], RestRequest],
        parse: Callable[[bytes], _Page],
    ) -> list[_Page]:
        found: list[_Page] = []
        continuation, tr_cont = _FIRST_PAGE, ""
        while len(found) < self._settings.pages_max:
            envelope, response = await self._ask(request_of(continuation), tr_cont=tr_cont)
            found.append(parse(envelope.body))
            if not has_more_pages(response.headers.get("tr_cont", "")):
                return found
            continuation, tr_cont = envelope.continuation, _NEXT_PAGE
        path = request_of(_FIRST_PAGE).path
        raise BadPeerData(f"{path}: more than {self._settings.pages_max} pages")

    async def _ask(self, request: RestRequest, *, tr_cont: str) -> tuple[Envelope, HttpResponse]:
        attempts_max = self._settings.inquiry_attempts_max
        for attempt in range(attempts_max):
            try:
                return await self._ask_once(request, tr_cont=tr_cont)
            except Refused:
                raise
            except RemoteError as error:
                if attempt + 1 == attempts_max:
                    raise
                _log.info("inquiry.repeated", path=request.path, reason=str(error))
                await self._pause(attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _ask_once(
        self, request: RestRequest, *, tr_cont: str
    ) -> tuple[Envelope, HttpResponse]:
        token = await self._access.tokens.token()
        envelope, response = await self._exchange(request, token=token, tr_cont=tr_cont)
        if envelope.code in DEAD_TOKEN_CODES:
            token = await self._access.tokens.renew(token)
            envelope, response = await self._exchange(request, token=token, tr_cont=tr_cont)
        if is_changed_while_paging(envelope):
            raise _Changed
        if not envelope.is_success:
            raise failure(envelope, what=request.path)
        return envelope, response

    async def _exchange(
        self, request: RestRequest, *, token: str, tr_cont: str
    ) -> tuple[Envelope, HttpResponse]:
        response = await self._access.rest.send(
            request,
            priority=Priority.INQUIRY,
            timeout_ns=self._settings.inquiry_timeout_ns,
            token=token,
            tr_cont=tr_cont,
        )
        try:
            return parse_envelope(response.body), response
        except BadPeerData as error:
            raise BadPeerData(f"{request.path}: HTTP {response.status}, {error}") from error

    async def _pause(self, attempt: int) -> None:
        step_ns = min(self._settings.backoff_ns << attempt, self._settings.backoff_ns_max)
        # Between half and all of the step: clients that were throttled together do not return
        # together.
        pause_ns = step_ns // 2 + self._access.jitter.randrange(step_ns // 2 + 1)
        await asyncio.sleep(pause_ns / NANOS_PER_SECOND)
