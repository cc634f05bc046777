"""Transports with a script in place of KIS, and a client upon them on virtual time."""

import asyncio
from collections.abc import Callable, Sequence
from random import Random

import msgspec
from pydantic import SecretStr

from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.feed import KisFeed
from aipx.adapters.kis.settings import KisCredentials, KisFeedSettings, KisRestSettings
from aipx.adapters.memory.cache import MemoryCache
from aipx.errors import Unreachable
from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_midnight
from aipx.ports.cache import Cache
from aipx.ports.transport import HttpRequest, HttpResponse, HttpTransport, WebSocketConnection
from aipx.runtime.clocks import CallableClock
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.control import Ack, format_ack, parse_control, parse_registration
from aipx.wire.kis.crypto import AesKey
from tests.support.kis_wire import DAY, IV_TEXT, KEY_TEXT

WALL_START = Nanos(kst_midnight(DAY) + 9 * 3_600 * NANOS_PER_SECOND)
CREDENTIALS = KisCredentials(
    environment=Environment.REAL,
    appkey=SecretStr("k" * 36),
    appsecret=SecretStr("s" * 180),
    account="12345678",
    product="01",
    hts_id="TESTID01",
)
KEY = AesKey(key=KEY_TEXT, iv=IV_TEXT)

SILENT = ""
"""In place of a refusal's code: the registration is not answered."""

Reply = HttpResponse | Exception | None
"""None: the request is never answered."""


def response(body: bytes, *, status: int = 200, tr_cont: str = "") -> HttpResponse:
    """Return an answer as a transport gives it."""
    return HttpResponse(
        status=status, headers={"tr_cont": tr_cont}, body=body, sent_monotonic_ns=77
    )


def token_response(number: int = 1) -> HttpResponse:
    """Return the answer to tokenP; every number is another token, good for a day from the start."""
    return response(
        msgspec.json.encode(
            {
                "access_token": f"token-{number}",
                "token_type": "Bearer",
                "expires_in": 86_400,
                "access_token_token_expired": "2026-09-16 09:00:00",
            }
        )
    )


class ScriptedHttp(HttpTransport):
    """Answers by a function of the request; tokens and approval keys by itself."""

    def __init__(self, script: Callable[[HttpRequest], Reply]) -> None:
        self._script = script
        self.requests: list[HttpRequest] = []
        self.tokens_count = 0
        self.approvals_count = 0

    def sent(self, path_end: str) -> list[HttpRequest]:
        """Return the requests to a path."""
        return [request for request in self.requests if request.path.endswith(path_end)]

    async def request(self, request: HttpRequest, *, timeout_ns: int) -> HttpResponse:
        self.requests.append(request)
        reply = self._reply(request)
        if isinstance(reply, Exception):
            raise reply
        if reply is None:
            await asyncio.sleep(timeout_ns / NANOS_PER_SECOND)
            raise Unreachable(f"{request.path}: no answer")
        await asyncio.sleep(0.001)
        return reply

    async def close(self) -> None:
        pass

    def _reply(self, request: HttpRequest) -> Reply:
        if request.path == "/oauth2/tokenP":
            self.tokens_count += 1
            return token_response(self.tokens_count)
        if request.path == "/oauth2/Approval":
            self.approvals_count += 1
            return response(f'{{"approval_key":"approval-{self.approvals_count}"}}'.encode())
        return self._script(request)


class OpenHttp(ScriptedHttp):
    """Answers nothing by itself."""

    def _reply(self, request: HttpRequest) -> Reply:
        return self._script(request)


class VirtualClock(CallableClock):
    """The running virtual loop's time, after a start."""

    def __init__(self, start: int = 0) -> None:
        super().__init__(
            lambda: start + round(asyncio.get_running_loop().time() * NANOS_PER_SECOND)
        )


def access(
    transport: HttpTransport,
    *,
    settings: KisRestSettings | None = None,
    credentials: KisCredentials = CREDENTIALS,
    cache: Cache | None = None,
    jitter: Random | None = None,
) -> KisAccess:
    """Return a client's access on virtual time."""
    wall_clock = VirtualClock(WALL_START)
    return KisAccess(
        transport=transport,
        credentials=credentials,
        settings=settings or KisRestSettings(),
        cache=cache or MemoryCache(wall_clock),
        wall_clock=wall_clock,
        monotonic_clock=VirtualClock(),
        jitter=jitter,
    )


class ScriptedConnection(WebSocketConnection):
    """One session. `say` queues messages of KIS; `cut` ends it after these."""

    def __init__(self, refusals: dict[str, str]) -> None:
        self._refusals = refusals
        self._queue: list[str] = []
        self._arrival = asyncio.Event()
        self.sent: list[str] = []
        self.is_cut = False
        self.is_closed = False

    def say(self, *texts: str) -> None:
        self._queue += texts
        self._arrival.set()

    def cut(self) -> None:
        self.is_cut = True
        self._arrival.set()

    async def receive(self) -> Sequence[str]:
        while not self._queue:
            if self.is_cut or self.is_closed:
                raise Unreachable("the session is over")
            self._arrival.clear()
            await self._arrival.wait()
        taken, self._queue = self._queue, []
        return taken

    async def send(self, text: str) -> None:
        if self.is_cut or self.is_closed:
            raise Unreachable("the session is over")
        self.sent.append(text)
        if "approval_key" in text and self._code(text) != SILENT:
            self.say(self._answer(text))

    async def close(self) -> None:
        self.is_closed = True
        self._arrival.set()

    def _code(self, text: str) -> str:
        return self._refusals.get(parse_registration(text).tr_id, "OPSP0000")

    def _answer(self, text: str) -> str:
        wanted = parse_registration(text)
        code = self._code(text)
        is_success = code == "OPSP0000"
        ack = Ack(
            tr_id=wanted.tr_id,
            tr_key=wanted.tr_key,
            is_success=is_success,
            code=code,
            message="",
            key=KEY if is_success else None,
        )
        assert parse_control(format_ack(ack)) == ack
        return format_ack(ack)


class ScriptedSockets:
    """Sessions one after another. `plan` gives each its refusals, or the error of connecting."""

    def __init__(self, *plan: dict[str, str] | Exception) -> None:
        self._plan = list(plan)
        self.connections: list[ScriptedConnection] = []
        self.connected_at: list[float] = []

    async def connect(self, *, timeout_ns: int) -> ScriptedConnection:
        assert timeout_ns > 0
        self.connected_at.append(asyncio.get_running_loop().time())
        step = self._plan.pop(0) if self._plan else {}
        if isinstance(step, Exception):
            raise step
        self.connections.append(ScriptedConnection(step))
        return self.connections[-1]


def feed(
    sockets: ScriptedSockets,
    *,
    symbols: Sequence[str] = ("005930",),
    settings: KisFeedSettings | None = None,
    http: HttpTransport | None = None,
) -> KisFeed:
    """Return a feed on virtual time."""
    return KisFeed(
        access=access(http or ScriptedHttp(lambda _: None)),
        transport=sockets,
        symbols=[Symbol(symbol) for symbol in symbols],
        settings=settings or KisFeedSettings(),
        market_clock=VirtualClock(WALL_START),
        jitter=Random(1),
    )
