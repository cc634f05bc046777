"""The control endpoint of a host, for tests: read the truth, let time pass, let things go wrong.

It is off unless asked for, and listens on loopback only: whoever reaches it rules the market.
"""

from collections.abc import Awaitable, Callable
from datetime import time

import msgspec
from aiohttp import web

from aipx.errors import AipxError, SettingsError
from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_SECOND, iso
from aipx.simulator.faults import FaultName
from aipx.simulator.host import SimulatorHost
from aipx.simulator.kis import LedgerHolding, LedgerOrder

CONTROL_HOST = "127.0.0.1"
BODY_BYTES_MAX = 64 * 1024
SECONDS_MAX = 86_400.0
STRIKES_MAX = 1_000_000
_SHUTDOWN_SECONDS = 0.2


class AccountState(msgspec.Struct, frozen=True, kw_only=True):
    """An account as it truly is."""

    cano: str
    product: str
    cash_settled: int
    orderable_cash: int
    fees: int
    taxes: int
    holdings: tuple[LedgerHolding, ...]
    orders: tuple[LedgerOrder, ...]


class HostState(msgspec.Struct, frozen=True, kw_only=True):
    """What `GET /state` answers."""

    market_time: str
    date: str
    phase: str
    sessions: int
    frames: int
    faults: dict[str, int]
    accounts: tuple[AccountState, ...]


class _Strike(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    count: int = 1


class _Advance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    seconds: float = 0.0
    until: str = ""


class _Stock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    symbol: str


class _Breaker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    stage: int


Action = Callable[[bytes], object]


class ControlServer:
    """Serves one host; made with it, on its event loop."""

    def __init__(self, host: SimulatorHost) -> None:
        self._host = host
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://{CONTROL_HOST}:{self.port}"

    async def start(self) -> None:
        """Listen on any free port."""
        app = web.Application(client_max_size=BODY_BYTES_MAX)
        app.router.add_get("/state", self._handler(self._state))
        for path, action in (
            ("/faults", self._strike),
            ("/advance", self._advance),
            ("/day", self._day),
            ("/tokens/expire", self._expire),
            ("/sockets/drop", self._drop),
            ("/halt", self._halt),
            ("/resume", self._resume),
            ("/breaker", self._break),
        ):
            app.router.add_post(path, self._handler(action))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, CONTROL_HOST, 0).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Give the port back."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _handler(self, action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                answer = action(await request.read())
            except (AipxError, msgspec.ValidationError, msgspec.DecodeError) as error:
                return _json({"error": str(error)}, status=400)
            return _json(answer)

        return handle

    def _state(self, _: bytes) -> HostState:
        return host_state(self._host)

    def _strike(self, body: bytes) -> object:
        asked = msgspec.json.decode(body, type=_Strike)
        strike(self._host, asked.name, asked.count)
        return {"name": asked.name, "count": asked.count}

    def _advance(self, body: bytes) -> object:
        asked = msgspec.json.decode(body, type=_Advance)
        if asked.until:
            self._host.skip_to(_clock(asked.until))
        elif 0 < asked.seconds <= SECONDS_MAX:
            self._host.skip(round(asked.seconds * NANOS_PER_SECOND))
        else:
            raise SettingsError(f"seconds is {asked.seconds}; allowed: above 0 to {SECONDS_MAX:g}")
        return {"market_time": iso(self._host.kis.market_now)}

    def _day(self, _: bytes) -> object:
        self._host.begin_next_day()
        return {"date": self._host.kis.settings.day.isoformat()}

    def _expire(self, _: bytes) -> object:
        self._host.expire_tokens()
        return {}

    def _drop(self, _: bytes) -> object:
        return {"dropped": self._host.kis.drop_sessions()}

    def _halt(self, body: bytes) -> object:
        asked = msgspec.json.decode(body, type=_Stock)
        self._host.kis.halt(Symbol(asked.symbol))
        return {"symbol": asked.symbol}

    def _resume(self, body: bytes) -> object:
        asked = msgspec.json.decode(body, type=_Stock)
        self._host.kis.resume(Symbol(asked.symbol))
        return {"symbol": asked.symbol}

    def _break(self, body: bytes) -> object:
        asked = msgspec.json.decode(body, type=_Breaker)
        self._host.kis.break_circuit(asked.stage)
        return {"stage": asked.stage}


def host_state(host: SimulatorHost) -> HostState:
    """Return the truth about a host and its accounts."""
    kis = host.kis
    return HostState(
        market_time=iso(kis.market_now),
        date=kis.settings.day.isoformat(),
        phase=kis.session.phase_at(kis.market_now).value,
        sessions=len(kis.sessions),
        frames=kis.frames_sent.frames,
        faults={name: count for name, count in kis.faults.counts.items() if count},
        accounts=tuple(_account_state(host, index) for index in range(len(kis.settings.accounts))),
    )


def strike(host: SimulatorHost, name: str, count: int) -> None:
    """Let a fault strike at its next opportunities.

    Raises:
        SettingsError: no such fault, or a count out of bounds.
    """
    try:
        fault = FaultName(name)
    except ValueError as error:
        known = ", ".join(sorted(each.value for each in FaultName))
        raise SettingsError(f"fault is {name!r}; allowed: {known}") from error
    if not 0 <= count <= STRIKES_MAX:
        raise SettingsError(f"count is {count}; allowed: 0 to {STRIKES_MAX}")
    host.kis.faults.trigger(fault, count)


def _account_state(host: SimulatorHost, index: int) -> AccountState:
    account = host.kis.settings.accounts[index]
    ledger = host.kis.ledger(account.account_id)
    return AccountState(
        cano=account.cano,
        product=account.product,
        cash_settled=ledger.cash_settled,
        orderable_cash=ledger.orderable_cash,
        fees=ledger.fees,
        taxes=ledger.taxes,
        holdings=ledger.holdings,
        orders=ledger.orders,
    )


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"until is {text!r}; allowed: HH:MM:SS") from error


def _json(answer: object, *, status: int = 200) -> web.Response:
    return web.Response(
        status=status, body=msgspec.json.encode(answer), content_type="application/json"
    )
