"""`aipx data …`: market data in and out of files."""

import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from aipx.cli.file_kind import FileKind
from aipx.errors import SettingsError
from aipx.model.ids import Symbol

data_app = typer.Typer(name="data", help="Market data: fetch it from KIS.", no_args_is_help=True)


@data_app.callback()
def data_options() -> None:
    """Market data: fetch it from KIS."""


@data_app.command()
def download(
    symbols: Annotated[str, typer.Option("--symbols", help="Symbols, separated by commas.")],
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
    minutes: Annotated[bool, typer.Option("--minutes", help="Minute bars too.")] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="Prices as traded, not adjusted for splits and rights.")
    ] = False,
    kind: Annotated[FileKind, typer.Option("--format", help="Kind of file.")] = FileKind.CSV,
    rest: Annotated[
        str, typer.Option("--rest", help="Address of KIS's REST host, or a simulator's.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Fetch daily bars, and minutes, from KIS into files that `aipx demo --data` reads."""
    from aipx.adapters.kis.config import KisSettings  # noqa: PLC0415 - keeps `--help` quick
    from aipx.adapters.kis.history import KisHistory  # noqa: PLC0415
    from aipx.adapters.kis.quotes import KisQuotes  # noqa: PLC0415
    from aipx.cli import download as downloads  # noqa: PLC0415
    from aipx.cli.kis import Addresses, open_access  # noqa: PLC0415
    from aipx.runtime.logging import configure_logging  # noqa: PLC0415
    from aipx.services.settings import load_settings  # noqa: PLC0415

    configure_logging()
    options = downloads.DownloadOptions(
        symbols=_symbols(symbols),
        first=_day("--from", first),
        last=_day("--to", last),
        out=out,
        kind=kind,
        has_minutes=minutes,
        is_adjusted=not raw,
    )
    settings = load_settings(KisSettings)

    async def fetch() -> list[downloads.DownloadedFile]:
        async with open_access(settings, Addresses(rest_url=rest)) as access:
            return await downloads.download(KisHistory(KisQuotes(access)), options)

    files = asyncio.run(fetch())
    if json:
        sys.stdout.write(msgspec.json.encode({"files": files}).decode() + "\n")
        return
    for file in files:
        typer.echo(f"{file.path}: {file.rows} rows, {file.first} to {file.last}")


def _symbols(text: str) -> tuple[Symbol, ...]:
    found = tuple(Symbol(part.strip()) for part in text.split(",") if part.strip())
    # They become names of files.
    if not found or any(not (symbol.isascii() and symbol.isalnum()) for symbol in found):
        raise SettingsError(f"--symbols is {text!r}; allowed: codes such as 005930,000660")
    return found


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{name} is {text!r}; allowed: a day as YYYY-MM-DD") from error
