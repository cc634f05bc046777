"""The demo on a terminal: a live page eight times a second, or a line now and then without one."""

import asyncio
from collections import deque
from collections.abc import Callable

from rich.console import Console, RenderableType
from rich.live import Live

from aipx.cli.page import page
from aipx.cli.snapshot import DemoSnapshot
from aipx.model.ids import Symbol
from aipx.model.time import kst_time

FRAMES_PER_SECOND_MAX = 8
LINE_SECONDS = 3.0

_HISTORY_MAX = 200
"""Prices kept of each symbol, for its small chart."""


class LiveView:
    """Draws what `snapshot` returns, in the terminal's alternate screen, until canceled."""

    def __init__(
        self, snapshot: Callable[[], DemoSnapshot], *, console: Console | None = None
    ) -> None:
        self._snapshot = snapshot
        self._console = Console() if console is None else console
        self._paths: dict[Symbol, deque[int]] = {}
        self._sampled_at = -1.0

    async def run(self) -> None:
        """Draw until canceled; the terminal is given back as it was."""
        with Live(console=self._console, screen=True, auto_refresh=False) as live:
            while True:
                live.update(self.frame(), refresh=True)
                await asyncio.sleep(1 / FRAMES_PER_SECOND_MAX)

    def frame(self) -> RenderableType:
        """Return one page, as large as the console."""
        snapshot = self._snapshot()
        self._sample(snapshot)
        size = self._console.size
        return page(snapshot, self._paths, columns=size.width, lines=size.height)

    def _sample(self, snapshot: DemoSnapshot) -> None:
        """Remember prices by market time, so that a path spans the day at any speed."""
        if snapshot.progress - self._sampled_at < 1 / _HISTORY_MAX:
            return
        self._sampled_at = snapshot.progress
        for quote in snapshot.quotes:
            if quote.last:
                path = self._paths.setdefault(quote.symbol, deque(maxlen=_HISTORY_MAX))
                path.append(quote.last)


class LinePrinter:
    """Prints one line every few seconds: for pipes and logs."""

    def __init__(
        self,
        snapshot: Callable[[], DemoSnapshot],
        *,
        console: Console | None = None,
        seconds: float = LINE_SECONDS,
    ) -> None:
        self._snapshot = snapshot
        self._console = Console(stderr=True) if console is None else console
        self._seconds = seconds

    async def run(self) -> None:
        """Print until canceled."""
        while True:
            await asyncio.sleep(self._seconds)
            self._console.print(line(self._snapshot()), soft_wrap=True, markup=False)


def line(snapshot: DemoSnapshot) -> str:
    """Return the moment in one line of plain text."""
    counters = snapshot.counters
    return (
        f"{kst_time(snapshot.now):%H:%M:%S} {snapshot.progress:4.0%}"
        f"  frames {counters.frames:,} ({snapshot.frames_per_second:,.0f}/s)"
        f"  orders {counters.submitted:,}  fills {counters.fills:,}"
        f"  refused {counters.refused_by_risk:,}  unknown {counters.unknown:,}"
        f"  profit {snapshot.profit:+,} won  {snapshot.trading_state.value}"
    )
