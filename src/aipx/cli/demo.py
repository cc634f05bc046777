"""`aipx demo`: a simulated market day on loopback, traded by the platform as it ships."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from aipx.cli import out_folder
from aipx.cli.chart import write_chart
from aipx.cli.demo_day import DemoDay
from aipx.cli.result import DemoResult, document
from aipx.cli.summary import rendered
from aipx.cli.view import LinePrinter, LiveView
from aipx.model.ids import Symbol
from aipx.runtime.garbage import collect_rarely
from aipx.runtime.logging import configure_logging


class DemoOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for. `speed` None is full speed."""

    folder: Path | None
    symbols: tuple[Symbol, ...]
    day: date
    speed: float | None
    seconds: float | None
    seed: int
    strategy: str
    out: Path
    is_headless: bool
    is_json: bool


def run_demo(options: DemoOptions) -> DemoResult:
    """Live through one demo, from start to summary; on return everything is written.

    Raises:
        AipxError: one line for the user.
    """
    configure_logging(level="WARNING")
    # Before the folder is touched: a mistyped symbol must not cost the recordings that lie there.
    day = _day_of(options)
    out_folder.prepare(options.out)
    is_live = sys.stdout.isatty() and not options.is_headless and not options.is_json
    collect_rarely()
    with ExitStack() as opened:
        if is_live:
            # The live view owns the terminal, so logs go beside the recordings.
            path = options.out / out_folder.LOG
            stream = opened.enter_context(path.open("w", encoding="utf-8"))
            configure_logging(level="WARNING", stream=stream)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            result = runner.run(_live_through(day, options, is_live=is_live))
    (options.out / out_folder.MARKER).write_bytes(document(result))
    if not options.is_json:
        Console().print(rendered(result))
    return result


def _day_of(options: DemoOptions) -> DemoDay:
    return DemoDay(
        folder=options.folder,
        symbols=options.symbols,
        day=options.day,
        speed=options.speed,
        seconds=options.seconds,
        seed=options.seed,
        strategy=options.strategy,
        out=options.out,
    )


async def _live_through(day: DemoDay, options: DemoOptions, *, is_live: bool) -> DemoResult:
    view: Callable[[], Coroutine[Any, Any, None]] | None = None
    if is_live:
        view = LiveView(day.snapshot).run
    elif not options.is_headless and not options.is_json:
        view = LinePrinter(day.snapshot).run
    result = await day.live(view=view)
    chart = write_chart(
        options.out / out_folder.CHART,
        title=f"AIPX demo, {options.strategy}, {options.day} ({day.source})",
        prices=day.observer.price_paths(),
        profit=day.observer.profit_path,
    )
    return msgspec.structs.replace(result, chart=str(chart))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 - there is none for Windows

    return uvloop.new_event_loop
