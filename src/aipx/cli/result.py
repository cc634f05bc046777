"""The demo's result: what `aipx demo --json` prints, field by field. Fields may be added only."""

import msgspec

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.runtime.metrics import LatencySummary


class DataResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the day was made from."""

    source: str
    synthetic: bool
    date: str
    symbols: tuple[Symbol, ...]


class FramesResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came in by the feed."""

    received: int
    trades: int
    books: int
    gaps: int
    bad: int


class OrdersResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the wishes.

    `submitted` counts all of them: each was accepted by the broker at some time, rejected by it,
    refused by our risk gate, or is unknown. The others tell how accepted orders stand.
    `partially_filled` counts orders with some but not all shares, however they ended.
    """

    submitted: int
    accepted: int
    filled: int
    partially_filled: int
    canceled: int
    expired: int
    rejected: int
    refused_by_risk: int
    unknown: int


class PositionResult(msgspec.Struct, frozen=True, kw_only=True):
    """What is held of one symbol at the end."""

    symbol: Symbol
    quantity: Shares
    average_cost: Won
    last: Won
    unrealised: Won


class RecordedResult(msgspec.Struct, frozen=True, kw_only=True):
    """What is on disk."""

    files: int
    rows: int
    bytes: int


class LatencyResult(msgspec.Struct, frozen=True, kw_only=True):
    """Microseconds on this machine, by the monotonic clock."""

    tick_to_wish: LatencySummary
    wish_to_answer: LatencySummary
    wish_to_kis: LatencySummary


class DemoResult(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document. Money is whole won; `profit` is after fees and taxes."""

    data: DataResult
    frames: FramesResult
    orders: OrdersResult
    fills: int
    positions: tuple[PositionResult, ...]
    cash: Won
    fees: Won
    taxes: Won
    profit: Won
    ledger_equals_broker: bool
    recorded: RecordedResult
    latency_us: LatencyResult
    wall_seconds: float
    market_seconds: float
    strategy: str = ""
    seed: int = 0
    out: str = ""
    chart: str | None = None
    stopped_strategies: dict[str, str] = {}
    """Strategies that raised, and what; their orders stay."""


def document(result: DemoResult) -> bytes:
    """Return the result as one JSON document, for people and programs alike."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2)
