"""One picture of a day: each symbol's price with our buys and sells, and the profit below.

Symbols are written as codes: Korean names need fonts that a machine may not have. matplotlib is
imported when a chart is drawn, since importing it takes longer than most commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from aipx.errors import InputError
from aipx.model.ids import Symbol
from aipx.model.instrument import Won
from aipx.model.order import Side
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_date, kst_midnight

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS_MAX = 4_000
"""Points drawn of one line: more than a screen has columns."""
SYMBOLS_MAX = 6

_BUY, _SELL, _LINE, _GRID = "#d62728", "#1f6fd6", "#30343b", "#e3e6ea"


class TradeMark(msgspec.Struct, frozen=True, kw_only=True):
    """One fill of ours."""

    at: Nanos
    price: Won
    side: Side


class PricePath(msgspec.Struct, frozen=True, kw_only=True):
    """One symbol's day: prices in time order, and our fills."""

    symbol: Symbol
    points: Sequence[tuple[Nanos, int]]
    marks: Sequence[TradeMark] = ()


def write_chart(
    path: Path,
    *,
    title: str,
    prices: Sequence[PricePath],
    profit: Sequence[tuple[Nanos, int]],
) -> Path:
    """Draw a PNG at `path` and return the path; at most `SYMBOLS_MAX` symbols are drawn.

    Raises:
        InputError: the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    shown = prices[:SYMBOLS_MAX]
    figure = Figure(figsize=(12, 2.4 * len(shown) + 2.6), dpi=110)
    FigureCanvasAgg(figure)
    ratios = [1.4] * len(shown) + [1.0]
    axes = figure.subplots(len(ratios), 1, sharex=True, height_ratios=ratios, squeeze=False)[:, 0]
    # Margins by hand: to measure every text first, as the layout engines do, takes twice the time.
    height = figure.get_figheight()
    figure.subplots_adjust(
        left=0.075, right=0.985, bottom=0.35 / height, top=1 - 0.7 / height, hspace=0.3
    )
    figure.suptitle(title, fontsize=13, fontweight="bold", x=0.01, ha="left")
    for place, price in zip(axes, shown, strict=False):
        _draw_price(place, price)
    _draw_profit(axes[-1], profit)
    _label_time(axes[-1])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="png")
    except OSError as error:
        raise InputError(f"the chart cannot be written: {path}: {error.strerror}") from error
    return path


def _draw_price(axes: Axes, price: PricePath) -> None:
    times, values = _thinned(price.points)
    axes.step(times, values, where="post", color=_LINE, linewidth=0.9)
    for side, marker, color in ((Side.BUY, "^", _BUY), (Side.SELL, "v", _SELL)):
        marks = [mark for mark in price.marks if mark.side is side]
        axes.scatter(
            [_second(mark.at) for mark in marks],
            [mark.price for mark in marks],
            marker=marker,
            s=34,
            color=color,
            edgecolors="white",
            linewidths=0.6,
            zorder=3,
            label=f"{side.value.lower()} ({len(marks)})",
        )
    _decorate(axes, price.symbol)
    # Above the axes, where no price can run into it.
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), fontsize=8, frameon=False, ncols=2)


def _draw_profit(axes: Axes, profit: Sequence[tuple[Nanos, int]]) -> None:
    times, values = _thinned(profit)
    axes.axhline(0, color=_LINE, linewidth=0.6)
    axes.step(times, values, where="post", color=_LINE, linewidth=0.9)
    gains = [max(value, 0) for value in values]
    losses = [min(value, 0) for value in values]
    axes.fill_between(times, gains, step="post", color=_BUY, alpha=0.25, linewidth=0)
    axes.fill_between(times, losses, step="post", color=_SELL, alpha=0.25, linewidth=0)
    _decorate(axes, "profit (won)")


def _decorate(axes: Axes, title: str) -> None:
    from matplotlib.ticker import StrMethodFormatter  # noqa: PLC0415

    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.grid(color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8, color=_GRID)


def _label_time(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, MultipleLocator  # noqa: PLC0415

    start, end = axes.get_xlim()
    span = end - start
    step = next((size for size in (1, 5, 15, 60, 300, 900, 1_800) if span / size <= 16), 3_600)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    form = _hours_minutes if step >= 60 else _hours_minutes_seconds
    axes.xaxis.set_major_formatter(FuncFormatter(form))


def _hours_minutes(second: float, _position: object) -> str:
    return f"{int(second) // 3_600:02d}:{int(second) // 60 % 60:02d}"


def _hours_minutes_seconds(second: float, position: object) -> str:
    return f"{_hours_minutes(second, position)}:{int(second) % 60:02d}"


def _thinned(points: Sequence[tuple[Nanos, int]]) -> tuple[list[float], list[int]]:
    """Return seconds of the Korean day and values, every so many, the last one always."""
    stride = max(len(points) // POINTS_MAX, 1)
    kept = [*points[::stride], *points[-1:]]
    return [_second(at) for at, _ in kept], [value for _, value in kept]


def _second(at: Nanos) -> float:
    return (at - kst_midnight(kst_date(at))) / NANOS_PER_SECOND
