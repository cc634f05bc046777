"""What can be wrong between this machine and KIS, looked at one by one, each in one line."""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from enum import Enum

import msgspec

from aipx.adapters.http.picows_transport import PicowsTransport
from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.broker import KisBroker
from aipx.adapters.kis.limiter import Priority
from aipx.adapters.kis.quotes import KisQuotes
from aipx.errors import AipxError, BadPeerData, Refused, Unreachable
from aipx.model.ids import Symbol
from aipx.model.instrument import Won
from aipx.model.order import OrderKind
from aipx.model.time import NANOS_PER_SECOND, kst_date
from aipx.ports.clock import WallClock
from aipx.ports.transport import WebSocketTransport
from aipx.wire.kis.codes import (
    ALREADY_SUBSCRIBED,
    TRADE_TR_ID,
    notice_tr_id,
)
from aipx.wire.kis.control import Ack, PingPong, Registration, format_registration, parse_control
from aipx.wire.kis.rest.envelope import parse_envelope
from aipx.wire.kis.rest.quotes import price_request

APPKEY_CHARACTERS = 36
APPSECRET_CHARACTERS = 180
CLOCK_WARNING_SECONDS = 2.0
CLOCK_FAILURE_SECONDS = 30.0
SOCKET_TIMEOUT_NS = 10 * NANOS_PER_SECOND
SOCKET_MESSAGES_MAX = 1_000
"""Messages read in wait of two acknowledgements; market data comes between them."""

_WORDS = {
    "EGW00103": "the app key is not one of this system: real and paper keys differ",
    "EGW00105": "the app secret does not belong to the app key",
    "EGW00133": "a token was asked for within this minute already: wait, or share the cache",
    "EGW00201": "another program uses up this key's requests",
    "EGW00206": "the key has no permission for this API: apply for it at the KIS portal",
    "EGW02006": "the call is the real system's only",
    "OPSQ2000": "the account number is wrong, or not the key's",
    "OPSP8996": "another session uses this app key: one is allowed",
    "OPSP0011": "the approval key is not known: it is asked for anew at the next attempt",
}
"""What KIS's codes most likely mean for who set this up."""


class Status(Enum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One check and what it found."""

    check: str
    status: Status
    text: str


class KisDoctor:
    """Looks at keys, clock, hosts, account, permissions and rate. Sends no order."""

    def __init__(
        self,
        access: KisAccess,
        *,
        sockets: WebSocketTransport,
        wall_clock: WallClock,
        symbol: Symbol,
    ) -> None:
        self._access = access
        self._sockets = sockets
        self._wall_clock = wall_clock
        self._symbol = symbol
        self._broker = KisBroker(access)
        self._quotes = KisQuotes(access)

    async def examine(self) -> list[Finding]:
        """Return all findings; where no token can be had, the rest is skipped."""
        findings = [self._keys(), await self._checked("token", self._token)]
        rest: list[tuple[str, Callable[[], Awaitable[Finding]]]] = [
            ("clock", self._clock),
            ("quotes", self._quote),
            ("account", self._account),
            ("order permission", self._buying_power),
            ("websocket", self._socket),
            ("rate", self._rate),
        ]
        is_in = findings[-1].status is not Status.FAILED
        for name, check in rest:
            if is_in:
                findings.append(await self._checked(name, check))
            else:
                findings.append(
                    Finding(check=name, status=Status.SKIPPED, text="needs a token first")
                )
        return findings

    async def _checked(self, name: str, check: Callable[[], Awaitable[Finding]]) -> Finding:
        try:
            return await check()
        except Refused as error:
            meaning = _WORDS.get(error.code)
            text = f"{error}: {meaning}" if meaning else str(error)
            return Finding(check=name, status=Status.FAILED, text=text)
        except AipxError as error:
            return Finding(check=name, status=Status.FAILED, text=str(error))

    def _keys(self) -> Finding:
        credentials = self._access.credentials
        lengths = (
            len(credentials.appkey.get_secret_value()),
            len(credentials.appsecret.get_secret_value()),
        )
        environment = credentials.environment.value
        if lengths != (APPKEY_CHARACTERS, APPSECRET_CHARACTERS):
            text = (
                f"app key and secret have {lengths[0]} and {lengths[1]} characters;"
                f" KIS's have {APPKEY_CHARACTERS} and {APPSECRET_CHARACTERS}"
            )
            return Finding(check="keys", status=Status.WARNING, text=text)
        text = f"app key and secret have KIS's lengths, for the {environment} system"
        return Finding(check="keys", status=Status.OK, text=text)

    async def _token(self) -> Finding:
        await self._access.tokens.token()
        return Finding(
            check="token", status=Status.OK, text="KIS gave a token, or the cache had it"
        )

    async def _clock(self) -> Finding:
        response = await self._access.rest.send(
            price_request(self._symbol, environment=self._access.credentials.environment),
            priority=Priority.INQUIRY,
            timeout_ns=self._access.settings.inquiry_timeout_ns,
            token=await self._access.tokens.token(),
        )
        text = response.headers.get("date", "")
        try:
            there = parsedate_to_datetime(text).timestamp()
        except ValueError as error:
            raise BadPeerData(f"KIS's Date header is {text[:40]!r}") from error
        # The header has whole seconds, cut: half a second is its mean error.
        off = self._wall_clock.now() / NANOS_PER_SECOND - there - 0.5
        said = f"this host's clock is {abs(off):.1f} s {'ahead of' if off > 0 else 'behind'} KIS's"
        if abs(off) >= CLOCK_FAILURE_SECONDS:
            said += ": set it (NTP), or tokens and order times will be judged wrongly"
            return Finding(check="clock", status=Status.FAILED, text=said)
        status = Status.WARNING if abs(off) >= CLOCK_WARNING_SECONDS else Status.OK
        return Finding(check="clock", status=status, text=said)

    async def _quote(self) -> Finding:
        price = await self._quotes.price(self._symbol)
        text = f"quotes are permitted: {self._symbol} is at {price.last_price} won"
        return Finding(check="quotes", status=Status.OK, text=text)

    async def _account(self) -> Finding:
        balance = await self._broker.balance()
        text = (
            f"account {self._access.credentials.account_id} holds {len(balance.holdings)} symbols"
            f" and {balance.cash_settled} won of settled cash"
        )
        return Finding(check="account", status=Status.OK, text=text)

    async def _buying_power(self) -> Finding:
        power = await self._broker.buying_power(self._symbol, OrderKind.MARKET, Won(0))
        text = f"order inquiries are permitted: {power.quantity} {self._symbol} could be bought"
        return Finding(check="order permission", status=Status.OK, text=text)

    async def _socket(self) -> Finding:
        credentials = self._access.credentials
        wanted = [
            (notice_tr_id(credentials.environment), credentials.hts_id),
            (TRADE_TR_ID, str(self._symbol)),
        ]
        key = await self._access.approvals.key()
        connection = await self._sockets.connect(timeout_ns=SOCKET_TIMEOUT_NS)
        answered: dict[str, Ack] = {}
        try:
            for tr_id, tr_key in wanted:
                registration = Registration(approval_key=key, tr_id=tr_id, tr_key=tr_key)
                await connection.send(format_registration(registration))
            async with asyncio.timeout(SOCKET_TIMEOUT_NS / NANOS_PER_SECOND):
                for _ in range(SOCKET_MESSAGES_MAX):
                    for text in await connection.receive():
                        _note(text, answered)
                    if len(answered) == len(wanted) or _refused(answered):
                        break
        except TimeoutError as error:
            seconds = SOCKET_TIMEOUT_NS / NANOS_PER_SECOND
            raise Unreachable(f"WebSocket: no acknowledgement within {seconds:g} s") from error
        finally:
            await connection.close()
        refused = _refused(answered)
        if refused is not None:
            raise Refused(
                f"{refused.tr_id} {refused.tr_key}: {refused.code} {refused.message}",
                code=refused.code,
                reason=refused.message,
            )
        text = f"trades of {self._symbol} and notices of {credentials.hts_id} can be registered"
        return Finding(check="websocket", status=Status.OK, text=text)

    async def _rate(self) -> Finding:
        """Ask as often in a second as the client would at most, and count who says no."""
        allowed = self._access.settings.requests_max(
            self._access.credentials.environment, kst_date(self._wall_clock.now())
        )
        answers = [await self._is_throttled() for _ in range(allowed)]
        text = f"KIS took {answers.count(False)} of {allowed} requests sent as fast as allowed"
        if any(answers):
            text += ": throttled, so a younger key, another program, or a new limit; it is waited"
            return Finding(check="rate", status=Status.WARNING, text=text)
        return Finding(check="rate", status=Status.OK, text=text)

    async def _is_throttled(self) -> bool:
        response = await self._access.rest.send(
            price_request(self._symbol, environment=self._access.credentials.environment),
            priority=Priority.INQUIRY,
            timeout_ns=self._access.settings.inquiry_timeout_ns,
            token=await self._access.tokens.token(),
        )
        return not parse_envelope(response.body).is_success


def _note(text: str, answered: dict[str, Ack]) -> None:
    if text[1:2] == "|":
        return
    match parse_control(text):
        case Ack() as ack:
            answered[ack.tr_id] = ack
        case PingPong():
            pass


def _refused(answered: dict[str, Ack]) -> Ack | None:
    for ack in answered.values():
        if not ack.is_success and ack.code != ALREADY_SUBSCRIBED:
            return ack
    return None


def doctor(access: KisAccess, *, ws_url: str, wall_clock: WallClock, symbol: Symbol) -> KisDoctor:
    """Return a doctor that opens real sockets."""
    return KisDoctor(access, sockets=PicowsTransport(ws_url), wall_clock=wall_clock, symbol=symbol)
