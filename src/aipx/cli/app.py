"""The `aipx` command. One line for what goes wrong; exit 0 done, 1 failed, 2 wrong use."""

import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from aipx.cli.data import data_app
from aipx.cli.doctor import doctor_command
from aipx.cli.simulator import simulator_app
from aipx.errors import AipxError, InputError, LocalError, SettingsError
from aipx.model.ids import Symbol

DEMO_SYMBOLS = "005930,000660"
DEMO_DAY = "2026-11-20"
DEMO_SPEED = "60"
DEMO_STRATEGY = "book_imbalance"
RUNS_MAX = 10_000

app = typer.Typer(
    name="aipx",
    help="A trading platform for Korean equities on the KIS Open API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(data_app)
app.add_typer(simulator_app)
app.command(name="doctor")(doctor_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; one line for whatever is foreseen."""
    try:
        code = app(None if arguments is None else list(arguments), standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has read enough. Python would complain at its exit, when it flushes.
        sys.stdout = None
        return 1
    except AipxError as error:
        return _said(str(error), code=2 if isinstance(error, LocalError) else 1)
    except typer.TyperException as error:
        return _said(error.format_message(), code=error.exit_code)
    except OSError as error:
        # What no part of us foresaw of this machine: a full disk, no more file descriptors.
        return _said(str(error), code=1)
    return code if isinstance(code, int) else 0


def _said(text: str, *, code: int) -> int:
    if text:
        print(f"aipx: {' '.join(text.split())}", file=sys.stderr)  # noqa: T201 - the user's line
    return code


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"aipx {version('aipx')}")
        raise typer.Exit


@app.callback()
def options(
    is_version_asked: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """A trading platform for Korean equities on the KIS Open API."""


@app.command()
def demo(
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of daily CSV files; without it a synthetic market."),
    ] = None,
    symbols: Annotated[
        str, typer.Option("--symbols", help="Symbols, separated by commas.")
    ] = DEMO_SYMBOLS,
    day: Annotated[str, typer.Option("--date", help="Market day, YYYY-MM-DD.")] = DEMO_DAY,
    speed: Annotated[
        str, typer.Option("--speed", help="Times as fast as the clock, or max.")
    ] = DEMO_SPEED,
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="Stop after so many seconds on the wall.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same day.")] = 1,
    strategy: Annotated[str, typer.Option("--strategy", help="What trades.")] = DEMO_STRATEGY,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for recordings, chart and result.")
    ] = None,
    headless: Annotated[bool, typer.Option("--headless", help="No view, only a summary.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Live through a simulated market day: KIS simulator, strategy, orders, recordings."""
    from aipx.cli.demo import DemoOptions, run_demo  # noqa: PLC0415 - keeps `--help` quick
    from aipx.cli.result import document  # noqa: PLC0415
    from aipx.simulator.pacing import speed_of  # noqa: PLC0415

    if seconds is not None and not 0 < seconds < float("inf"):
        raise SettingsError(f"--seconds is {seconds}; allowed: above 0")
    if data is not None and not data.is_dir():
        raise InputError(f"--data is {data}; there is no such folder")
    options = DemoOptions(
        folder=data,
        symbols=_symbols(symbols),
        day=_date(day),
        speed=speed_of(speed),
        seconds=seconds,
        seed=seed,
        strategy=strategy,
        out=_default_out() if out is None else out,
        is_headless=headless,
        is_json=json,
    )
    result = run_demo(options)
    if json:
        sys.stdout.write(document(result).decode() + "\n")
    if not result.ledger_equals_broker:
        raise typer.Exit(1)


def _symbols(text: str) -> tuple[Symbol, ...]:
    found = tuple(Symbol(part.strip()) for part in text.split(",") if part.strip())
    if not found:
        raise SettingsError(f"--symbols is {text!r}; allowed: codes such as {DEMO_SYMBOLS}")
    return found


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--date is {text!r}; allowed: a day as YYYY-MM-DD") from error


def _default_out() -> Path:
    """Return a folder that no run has used: `out/demo-001`, and so on."""
    for number in range(1, RUNS_MAX):
        path = Path("out") / f"demo-{number:03d}"
        if not path.exists():
            return path
    raise SettingsError(f"out/ holds {RUNS_MAX} runs; remove some, or give --out")
