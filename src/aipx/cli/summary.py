"""The end of a demo, for a person: what came in, what was traded, what it made, where it lies."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from aipx.cli.result import DemoResult
from aipx.cli.words import DIM, microseconds, signed
from aipx.runtime.metrics import LatencySummary

_BYTES_PER_MEBIBYTE = 1 << 20


def rendered(result: DemoResult) -> RenderableType:
    """Return the summary; 80 columns are enough for it."""
    columns = Table.grid(expand=True, padding=(0, 1))
    columns.add_column(ratio=1)
    columns.add_column(ratio=1)
    columns.add_row(_market(result), _orders(result))
    columns.add_row(_money(result), _latencies(result))
    parts: list[RenderableType] = [_title(result), columns]
    if result.positions:
        parts.append(_positions(result))
    parts += [_stopped(name, why) for name, why in result.stopped_strategies.items()]
    return Group(*parts, _verdict(result), _places(result))


def _title(result: DemoResult) -> Text:
    data = result.data
    kind = ("SYNTHETIC market", "bold yellow") if data.synthetic else ("real daily bars", "green3")
    return Text.assemble(
        (" AIPX ", "bold white on dark_blue"),
        f"  {data.date}  ",
        kind,
        (f"  {data.source}  {', '.join(data.symbols)}", DIM),
    )


def _market(result: DemoResult) -> Panel:
    frames = result.frames
    rate = frames.received / result.wall_seconds if result.wall_seconds else 0.0
    return _figures(
        "market",
        ("frames", f"{frames.received:,}"),
        ("trades", f"{frames.trades:,}"),
        ("books", f"{frames.books:,}"),
        ("gaps, bad", f"{frames.gaps:,}, {frames.bad:,}"),
        ("frames per second", f"{rate:,.0f}"),
        ("market time", _duration(result.market_seconds)),
        ("wall time", _duration(result.wall_seconds)),
    )


def _orders(result: DemoResult) -> Panel:
    orders = result.orders
    return _figures(
        f"orders of {result.strategy}" if result.strategy else "orders",
        ("submitted", f"{orders.submitted:,}"),
        ("accepted by the broker", f"{orders.accepted:,}"),
        ("filled, in part", f"{orders.filled:,}, {orders.partially_filled:,}"),
        ("canceled, expired", f"{orders.canceled:,}, {orders.expired:,}"),
        ("rejected by the broker", f"{orders.rejected:,}"),
        ("refused by risk", f"{orders.refused_by_risk:,}"),
        ("unknown", Text(f"{orders.unknown:,}", style="bold yellow" if orders.unknown else "")),
        ("fills", f"{result.fills:,}"),
    )


def _money(result: DemoResult) -> Panel:
    return _figures(
        "won",
        ("profit", signed(result.profit)),
        ("fees", f"{result.fees:,}"),
        ("taxes", f"{result.taxes:,}"),
        ("cash", f"{result.cash:,}"),
    )


def _latencies(result: DemoResult) -> Panel:
    latency = result.latency_us
    return _figures(
        "latency, p50 / p99",
        ("tick → wish", _percentiles(latency.tick_to_wish)),
        ("wish → answer", _percentiles(latency.wish_to_answer)),
        ("wish → KIS request", _percentiles(latency.wish_to_kis)),
        ("measured", f"{latency.wish_to_answer.count:,}"),
    )


def _percentiles(summary: LatencySummary) -> str:
    if not summary.count:
        return "-"
    return f"{microseconds(summary.p50)} / {microseconds(summary.p99)}"


def _positions(result: DemoResult) -> Panel:
    table = Table(box=None, expand=True, header_style=DIM, pad_edge=False)
    table.add_column("symbol")
    for header in ("shares", "average cost", "last", "unrealised"):
        table.add_column(header, justify="right")
    for position in result.positions:
        table.add_row(
            position.symbol,
            f"{position.quantity:,}",
            f"{position.average_cost:,}",
            f"{position.last:,}",
            signed(position.unrealised),
        )
    return _panel("positions", table)


def _stopped(name: str, reason: str) -> Text:
    return Text(f" Strategy {name} stopped: {reason}", style="bold yellow")


def _verdict(result: DemoResult) -> Text:
    if result.ledger_equals_broker:
        return Text(" The ledger equals the broker's, share for share, won for won.", style="green")
    return Text(" The ledger and the broker DIFFER: see the order events.", style="bold red")


def _places(result: DemoResult) -> Text:
    recorded = result.recorded
    size = recorded.bytes / _BYTES_PER_MEBIBYTE
    text = Text(f" {recorded.rows:,} rows in {recorded.files:,} Parquet files, {size:.1f} MiB")
    if result.out:
        text.append(f", in {result.out}")
    if result.chart:
        text.append(f"\n Chart: {result.chart}")
    return text


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


def _figures(title: str, *rows: tuple[str, str | Text]) -> Panel:
    table = Table.grid(expand=True)
    table.add_column(style=DIM, no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for name, figure in rows:
        table.add_row(name, figure)
    return _panel(title, table)


def _panel(title: str, content: RenderableType) -> Panel:
    return Panel(
        content,
        title=f"[bold]{title}[/]",
        title_align="left",
        border_style="grey37",
        padding=(0, 1),
    )
