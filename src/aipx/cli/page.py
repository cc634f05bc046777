"""One page of the demo, drawn from a snapshot: quotes, positions, money, latencies, orders, counts.

Fits 100 x 30 and scales down to 80 columns, where names, sizes and latencies give way.
"""

from collections.abc import Mapping, Sequence

from rich.align import Align
from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from aipx.cli.snapshot import Counters, DemoSnapshot
from aipx.cli.words import (
    DIM,
    STATE_STYLES,
    TRADING_STYLES,
    direction,
    microseconds,
    percent_change,
    price_text,
    side_text,
    signed,
    sparkline,
)
from aipx.model.ids import Symbol
from aipx.model.time import kst_time

WIDE_COLUMNS = 96
"""From this width on there is room for names, sizes and latencies."""

_ROWS_MAX = 8
"""Symbols and positions shown; the rest is counted."""
_POSITION_ROWS_MIN = 3
"""The panel beside the positions needs as many and one."""

Paths = Mapping[Symbol, Sequence[int]]
"""Prices of the day so far, oldest first, for the small chart of each symbol."""


def page(snapshot: DemoSnapshot, paths: Paths, *, columns: int, lines: int) -> Layout:
    """Return the whole page, fitted to `columns` x `lines`; 100 x 30 and more show everything."""
    is_wide = columns >= WIDE_COLUMNS
    quote_rows = min(max(len(snapshot.quotes), 1), _ROWS_MAX)
    position_rows = min(max(len(snapshot.positions), _POSITION_ROWS_MIN), _ROWS_MAX)
    heights = (3, quote_rows + 3, position_rows + 3, 4 if is_wide else 5)
    orders_height = max(lines - sum(heights), 4)
    body = Layout()
    body.split_column(
        Layout(_head(snapshot), size=heights[0]),
        Layout(_quotes(snapshot, paths, is_wide=is_wide), size=heights[1]),
        Layout(_middle(snapshot, is_wide=is_wide), size=heights[2]),
        Layout(_orders(snapshot, rows=orders_height - 3, is_wide=is_wide), size=orders_height),
        Layout(_foot(snapshot, is_wide=is_wide), size=heights[3]),
    )
    return body


def _head(snapshot: DemoSnapshot) -> RenderableType:
    title = Text.assemble((" AIPX ", "bold white on dark_blue"), "  ", (str(snapshot.day), "bold"))
    title.append("  ")
    label = "SYNTHETIC" if snapshot.is_synthetic else "real bars, generated order flow"
    title.append(label, style="bold yellow" if snapshot.is_synthetic else "green3")
    title.append(f"  {snapshot.source}", style=DIM)
    state = Text.assemble(
        (f"{snapshot.strategy}  ", "bold"),
        (f"speed {snapshot.speed}  ", DIM),
        (f" {snapshot.trading_state.value} ", TRADING_STYLES[snapshot.trading_state]),
    )
    top = Table.grid(expand=True)
    top.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    top.add_column(justify="right", no_wrap=True)
    top.add_row(title, state)
    clock = Table.grid(expand=True, padding=(0, 1))
    clock.add_column(no_wrap=True)
    clock.add_column(ratio=1)
    clock.add_column(no_wrap=True, justify="right")
    bar = ProgressBar(
        total=1.0, completed=snapshot.progress, complete_style="bright_cyan", style="grey30"
    )
    now = Text(f"{kst_time(snapshot.now):%H:%M:%S}", style="bold bright_cyan")
    end = Text(f"{kst_time(snapshot.closes_at):%H:%M}  {snapshot.progress:4.0%}", style=DIM)
    clock.add_row(now, Align(bar, vertical="middle"), end)
    return Group(top, Text(""), clock)


def _quotes(snapshot: DemoSnapshot, paths: Paths, *, is_wide: bool) -> Panel:
    table = _table("symbol", *(["name"] if is_wide else []))
    for header in ("last", "change"):
        table.add_column(header, justify="right", no_wrap=True)
    for header in ("size", "bid", "ask", "size") if is_wide else ("bid", "ask"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column("volume", justify="right", no_wrap=True)
    path_columns = 14 if is_wide else 10
    table.add_column("day", width=path_columns, no_wrap=True)
    for quote in snapshot.quotes[:_ROWS_MAX]:
        base = quote.previous_close
        bid, ask = price_text(quote.bid, base), price_text(quote.ask, base)
        sizes = [f"{quote.bid_size:,}", f"{quote.ask_size:,}"]
        path = sparkline(paths.get(quote.symbol, ()), path_columns)
        table.add_row(
            Text(quote.symbol, style="bold"),
            *([quote.name] if is_wide else []),
            price_text(quote.last, base),
            percent_change(quote.last, base),
            *([sizes[0], bid, ask, sizes[1]] if is_wide else [bid, ask]),
            f"{quote.day_volume:,}",
            Text(path, style=direction(quote.last - base) if base else DIM),
        )
    return _panel("quotes", table, hidden=len(snapshot.quotes) - _ROWS_MAX)


def _middle(snapshot: DemoSnapshot, *, is_wide: bool) -> Layout:
    row = Layout()
    parts = [Layout(_positions(snapshot), ratio=1), Layout(_money(snapshot), size=29)]
    if is_wide:
        parts.append(Layout(_latencies(snapshot), size=33))
    row.split_row(*parts)
    return row


def _positions(snapshot: DemoSnapshot) -> Panel:
    table = _table("symbol")
    for header in ("shares", "cost", "profit"):
        table.add_column(header, justify="right", no_wrap=True)
    for position in snapshot.positions[:_ROWS_MAX]:
        table.add_row(
            Text(position.symbol, style="bold"),
            f"{position.quantity:,}",
            f"{position.average_cost:,}",
            signed(position.unrealised),
        )
    return _panel("positions", table, hidden=len(snapshot.positions) - _ROWS_MAX)


def _money(snapshot: DemoSnapshot) -> Panel:
    table = Table.grid(expand=True)
    table.add_column(style=DIM)
    table.add_column(justify="right", no_wrap=True)
    table.add_row("profit", Text.assemble(signed(snapshot.profit), style="bold"))
    table.add_row("fees", f"{snapshot.fees:,}")
    table.add_row("taxes", f"{snapshot.taxes:,}")
    table.add_row("cash", f"{snapshot.cash:,}")
    return _panel("won", table)


def _latencies(snapshot: DemoSnapshot) -> Panel:
    table = _table("way")
    table.add_column("p50", justify="right", no_wrap=True)
    table.add_column("p99", justify="right", no_wrap=True)
    for latency in snapshot.latencies:
        p50, p99 = _percentiles(latency.summary.p50, latency.summary.p99, latency.summary.count)
        table.add_row(latency.name, p50, p99)
    return _panel("latency", table)


def _percentiles(p50: float, p99: float, count: int) -> tuple[str, str]:
    return (microseconds(p50), microseconds(p99)) if count else ("-", "-")


def _orders(snapshot: DemoSnapshot, *, rows: int, is_wide: bool) -> Panel:
    table = _table("time")
    table.add_column("order", ratio=1, no_wrap=True, overflow="ellipsis")
    for header in ("symbol", "side"):
        table.add_column(header, no_wrap=True)
    for header in ("filled", "price"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for order in snapshot.orders[: max(rows, 0)]:
        table.add_row(
            Text(f"{kst_time(order.at):%H:%M:%S}", style=DIM),
            _short_name(order.client_order_id, is_wide=is_wide),
            order.symbol,
            side_text(order.side),
            f"{order.filled:,}/{order.quantity:,}",
            f"{order.price:,}" if order.price else "market",
            Text(order.state.value, style=STATE_STYLES.get(order.state, "white")),
        )
    return _panel("orders", table, hidden=len(snapshot.orders) - rows)


def _short_name(client_order_id: str, *, is_wide: bool) -> str:
    """Return the name, without the date in its middle where there is little room."""
    parts = client_order_id.split("-")
    is_long = not is_wide and len(parts) >= 3
    return f"{parts[0]}-{parts[-1]}" if is_long else client_order_id


def _foot(snapshot: DemoSnapshot, *, is_wide: bool) -> RenderableType:
    rows = [*_counts(snapshot.counters, snapshot.frames_per_second)]
    if not is_wide:
        rows.append(_short_latencies(snapshot))
    message = snapshot.messages[0] if snapshot.messages else "Ctrl-C stops in an orderly way"
    rows.append(Text(f" {message}", style="yellow" if snapshot.messages else DIM))
    for row in rows:
        row.no_wrap = True
        row.overflow = "ellipsis"
    return Group(*rows)


def _counts(counters: Counters, frames_per_second: float) -> tuple[Text, Text]:
    market = _pairs(
        ("frames", counters.frames),
        ("per second", round(frames_per_second)),
        ("trades", counters.trades),
        ("books", counters.books),
        ("gaps", counters.gaps),
        ("bad", counters.bad),
        ("recorded", counters.rows_recorded),
    )
    orders = _pairs(
        ("orders", counters.submitted),
        ("filled", counters.filled),
        ("fills", counters.fills),
        ("canceled", counters.canceled),
        ("rejected", counters.rejected),
        ("refused", counters.refused_by_risk),
        ("unknown", counters.unknown),
    )
    return market, orders


def _pairs(*pairs: tuple[str, int]) -> Text:
    text = Text(" ")
    for name, count in pairs:
        text.append(f"{name} ", style=DIM).append(f"{count:,}  ")
    return text


def _short_latencies(snapshot: DemoSnapshot) -> Text:
    text = Text(" ")
    for latency in snapshot.latencies:
        p50, p99 = _percentiles(latency.summary.p50, latency.summary.p99, latency.summary.count)
        text.append(f"{latency.name} ", style=DIM).append(f"{p50} / {p99}  ")
    return text


def _table(*left: str) -> Table:
    table = Table(box=None, expand=True, padding=(0, 1), header_style=DIM, pad_edge=False)
    for header in left:
        table.add_column(header, no_wrap=True, overflow="ellipsis")
    return table


def _panel(title: str, content: RenderableType, *, hidden: int = 0) -> Panel:
    more = f" and {hidden} more " if hidden > 0 else None
    return Panel(
        content,
        title=f"[bold]{title}[/]",
        title_align="left",
        subtitle=more,
        subtitle_align="right",
        border_style="grey37",
        padding=(0, 1),
    )
