"""The live view gives the terminal back, and the line says the moment."""

import asyncio
import io

import pytest
from rich.console import Console

from aipx.cli.view import LinePrinter, LiveView, line
from aipx.model.instrument import Won
from aipx.model.time import Nanos
from tests.support import demo


def terminal() -> Console:
    return Console(file=io.StringIO(), width=100, height=30, force_terminal=True)


def said(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_view_draws_until_canceled_and_leaves_the_alternate_screen():
    console = terminal()
    asked: list[int] = []

    async def run() -> None:
        drawn = asyncio.Event()

        def snapshot():
            asked.append(1)
            drawn.set()
            return demo.snapshot()

        task = asyncio.create_task(LiveView(snapshot, console=console).run())
        await drawn.wait()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())

    assert asked
    assert "80,800" in said(console)
    assert said(console).rindex("\x1b[?1049l") > said(console).index("\x1b[?1049h")


def test_the_small_chart_grows_with_market_time_only():
    step = demo.HALF_DAY_NS // 10
    prices = iter([(0, 80_000), (1, 80_900), (1, 70_000), (2, 80_400)])

    def snapshot():
        steps, last = next(prices)
        now = Nanos(demo.OPEN + steps * step)
        return demo.snapshot(now=now, quotes=(demo.quote(last=last),))

    view = LiveView(snapshot, console=terminal())
    for _ in range(4):
        view.frame()

    assert list(view._paths[demo.SAMSUNG]) == [80_000, 80_900, 80_400]


def test_a_line_says_time_progress_frames_orders_and_profit():
    text = line(demo.snapshot(profit=Won(1_500)))

    assert text.startswith("12:00:00  50%")
    for expected in ("203,456", "(21,346/s)", "orders 212", "fills 203", "+1,500 won", "ACTIVE"):
        assert expected in text


def test_without_a_terminal_a_line_is_printed_now_and_then():
    console = Console(file=io.StringIO(), width=40)

    async def run() -> None:
        twice = asyncio.Event()
        asked: list[int] = []

        def snapshot():
            asked.append(1)
            if len(asked) == 2:
                twice.set()
            return demo.snapshot()

        task = asyncio.create_task(LinePrinter(snapshot, console=console, seconds=0).run())
        await twice.wait()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())

    assert said(console).splitlines()[:2] == [line(demo.snapshot())] * 2
