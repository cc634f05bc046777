"""`aipx simulator …`: KIS on this machine, for any program that speaks its API."""

import asyncio
import signal
import sys
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from aipx.errors import InputError, SettingsError
from aipx.model.ids import Symbol
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.layout import Layout

if TYPE_CHECKING:
    from aipx.simulator.host import HostSettings

SYMBOLS = "005930,000660"
DAY = "2026-11-20"
MANUAL = "manual"
PORT_MAX = 65_535

simulator_app = typer.Typer(
    name="simulator", help="The KIS simulator, on its own.", no_args_is_help=True
)


@simulator_app.callback()
def simulator_options() -> None:
    """The KIS simulator, on its own."""


@simulator_app.command()
def serve(  # noqa: PLR0913 - one an option
    *,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    rest_port: Annotated[int, typer.Option("--rest-port", help="0 for any free one.")] = 0,
    ws_port: Annotated[int, typer.Option("--ws-port", help="0 for any free one.")] = 0,
    environment: Annotated[
        Environment, typer.Option("--environment", help="Whose rules: the real or paper host's.")
    ] = Environment.REAL,
    layout: Annotated[
        Layout, typer.Option("--layout", help="Frames as before or since 2026-09-14.")
    ] = Layout.CURRENT,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of daily CSV files; without it a synthetic market."),
    ] = None,
    symbols: Annotated[
        str, typer.Option("--symbols", help="Symbols, separated by commas.")
    ] = SYMBOLS,
    day: Annotated[str, typer.Option("--date", help="First market day, YYYY-MM-DD.")] = DAY,
    days: Annotated[int, typer.Option("--days", help="Days in a row, nights skipped.")] = 1,
    start_time: Annotated[
        str, typer.Option("--start-time", help="Market clock at the start, HH:MM:SS.")
    ] = "",
    speed: Annotated[
        str, typer.Option("--speed", help="Times as fast as the clock, max, or manual.")
    ] = "1",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same day.")] = 1,
    faults: Annotated[
        Path | None, typer.Option("--faults", help="JSON or TOML file of what goes wrong.")
    ] = None,
    accounts: Annotated[int, typer.Option("--accounts", help="How many, each with a key.")] = 1,
    control: Annotated[
        bool, typer.Option("--control", help="Open a control endpoint on loopback, for tests.")
    ] = False,
) -> None:
    """Serve KIS's REST and WebSocket; one JSON line on stdout says where, and with which keys."""
    from aipx.simulator.host import HostSettings  # noqa: PLC0415 - keeps `--help` quick
    from aipx.simulator.pacing import speed_of  # noqa: PLC0415

    if data is not None and not data.is_dir():
        raise InputError(f"--data is {data}; there is no such folder")
    settings = HostSettings(
        symbols=_symbols(symbols),
        day=_day(day),
        days=days,
        environment=environment,
        layout=layout,
        folder=data,
        faults=() if faults is None else faults,
        start_time=_time(start_time),
        speed=1.0 if speed == MANUAL else speed_of(speed),
        is_manual=speed == MANUAL,
        seed=seed,
        accounts=accounts,
        is_controllable=control,
        host=host,
        rest_port=_port("--rest-port", rest_port),
        ws_port=_port("--ws-port", ws_port),
    )
    asyncio.run(_serve(settings))


async def _serve(settings: "HostSettings") -> None:
    from aipx.runtime.clocks import SystemMonotonicClock, SystemWallClock  # noqa: PLC0415
    from aipx.runtime.logging import configure_logging  # noqa: PLC0415
    from aipx.simulator.control import ControlServer  # noqa: PLC0415
    from aipx.simulator.host import SimulatorHost  # noqa: PLC0415

    configure_logging(level="WARNING")
    host = SimulatorHost(settings, wall=SystemWallClock(), monotonic=SystemMonotonicClock())
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    control = ControlServer(host) if settings.is_controllable else None
    market: asyncio.Task[None] | None = None
    try:
        await host.start()
        if control is not None:
            await control.start()
        ready = host.ready(control="" if control is None else control.url)
        sys.stdout.write(msgspec.json.encode(ready).decode() + "\n")
        sys.stdout.flush()
        market = asyncio.create_task(host.run(), name="market")
        await _until(stopped, market)
    finally:
        if market is not None:
            market.cancel()
            await asyncio.gather(market, return_exceptions=True)
        if control is not None:
            await control.close()
        await host.close()


async def _until(stopped: asyncio.Event, market: "asyncio.Task[None]") -> None:
    """Wait for a signal. A manual market needs no task of its own; one that fails ends all."""
    stopping = asyncio.create_task(stopped.wait(), name="stop")
    try:
        await asyncio.wait({stopping, market}, return_when=asyncio.FIRST_COMPLETED)
        if market.done():
            market.result()
            await stopping
    finally:
        stopping.cancel()


def _symbols(text: str) -> tuple[Symbol, ...]:
    found = tuple(Symbol(part.strip()) for part in text.split(",") if part.strip())
    if not found:
        raise SettingsError(f"--symbols is {text!r}; allowed: codes such as {SYMBOLS}")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--date is {text!r}; allowed: a day as YYYY-MM-DD") from error


def _time(text: str) -> time | None:
    if not text:
        return None
    try:
        at = time.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--start-time is {text!r}; allowed: HH:MM:SS") from error
    if at.tzinfo is not None:
        raise SettingsError(f"--start-time is {text!r}; allowed: HH:MM:SS, Korean time")
    return at


def _port(name: str, port: int) -> int:
    if not 0 <= port <= PORT_MAX:
        raise SettingsError(f"{name} is {port}; allowed: 0 to {PORT_MAX}")
    return port
