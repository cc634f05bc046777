"""`aipx doctor`: what is wrong between this machine and KIS, one line each."""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer

from aipx.errors import SettingsError
from aipx.model.ids import Symbol

SYMBOL_DEFAULT = "005930"


def doctor_command(
    kis: Annotated[bool, typer.Option("--kis", help="Check the way to KIS.")] = False,
    symbol: Annotated[
        str, typer.Option("--symbol", help="What to ask quotes for.")
    ] = SYMBOL_DEFAULT,
    rest: Annotated[
        str, typer.Option("--rest", help="Address of KIS's REST host, or a simulator's.")
    ] = "",
    ws: Annotated[
        str, typer.Option("--ws", help="Address of KIS's WebSocket, or a simulator's.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Check keys, clock, hosts, account, permissions and rate; no order is sent."""
    from aipx.adapters.kis.config import KisSettings  # noqa: PLC0415 - keeps `--help` quick
    from aipx.cli import kis_doctor  # noqa: PLC0415
    from aipx.cli.kis import Addresses, open_access  # noqa: PLC0415
    from aipx.runtime.clocks import SystemWallClock  # noqa: PLC0415
    from aipx.runtime.logging import configure_logging  # noqa: PLC0415
    from aipx.services.settings import load_settings  # noqa: PLC0415

    if not kis:
        raise SettingsError("doctor was not told what to look at; allowed: --kis")
    configure_logging(level="ERROR")
    settings = load_settings(KisSettings)
    _, ws_url = settings.addresses(rest_url=rest, ws_url=ws)

    async def examine() -> list[kis_doctor.Finding]:
        async with open_access(settings, Addresses(rest_url=rest, ws_url=ws)) as access:
            doctor = kis_doctor.doctor(
                access, ws_url=ws_url, wall_clock=SystemWallClock(), symbol=Symbol(symbol)
            )
            return await doctor.examine()

    findings = asyncio.run(examine())
    is_well = all(each.status is not kis_doctor.Status.FAILED for each in findings)
    if json:
        document = {"ok": is_well, "findings": findings}
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    else:
        for each in findings:
            typer.echo(f"{each.status.value:8}{each.check:18}{each.text}")
    if not is_well:
        raise typer.Exit(1)
