"""What the demo shows at one moment: plain values, made by the demo, drawn by `view.py`."""

from datetime import date

import msgspec

from aipx.model.ids import ClientOrderId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderState, Side, TradingState
from aipx.model.time import Nanos
from aipx.runtime.metrics import LatencySummary


class QuoteRow(msgspec.Struct, frozen=True, kw_only=True):
    """One symbol now; 0 where nothing is known yet."""

    symbol: Symbol
    name: str
    last: Won = Won(0)
    previous_close: Won = Won(0)
    bid: Won = Won(0)
    ask: Won = Won(0)
    bid_size: Shares = Shares(0)
    ask_size: Shares = Shares(0)
    day_volume: Shares = Shares(0)


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """One order as it stands. `price` is 0 for kinds that carry none."""

    at: Nanos
    client_order_id: ClientOrderId
    symbol: Symbol
    side: Side
    quantity: Shares
    filled: Shares
    price: Won
    state: OrderState


class PositionRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is held of one symbol; `average_cost` is rounded, for the eye only."""

    symbol: Symbol
    quantity: Shares
    average_cost: Won
    last: Won
    unrealised: Won


class Counters(msgspec.Struct, frozen=True, kw_only=True):
    """How often each thing has happened so far."""

    frames: int = 0
    trades: int = 0
    books: int = 0
    gaps: int = 0
    bad: int = 0
    submitted: int = 0
    accepted: int = 0
    filled: int = 0
    partially_filled: int = 0
    canceled: int = 0
    rejected: int = 0
    refused_by_risk: int = 0
    unknown: int = 0
    fills: int = 0
    rows_recorded: int = 0


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """One measured way, such as tick→wish."""

    name: str
    summary: LatencySummary


class DemoSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the live view draws.

    `orders` and `messages` are newest first. `source` names where the bars come from;
    `is_synthetic` is True where they were invented.
    """

    now: Nanos
    opens_at: Nanos
    closes_at: Nanos
    day: date
    source: str
    is_synthetic: bool
    strategy: str
    speed: str
    quotes: tuple[QuoteRow, ...] = ()
    orders: tuple[OrderRow, ...] = ()
    positions: tuple[PositionRow, ...] = ()
    cash: Won = Won(0)
    profit: Won = Won(0)
    fees: Won = Won(0)
    taxes: Won = Won(0)
    counters: Counters = Counters()
    frames_per_second: float = 0.0
    latencies: tuple[Latency, ...] = ()
    trading_state: TradingState = TradingState.ACTIVE
    messages: tuple[str, ...] = ()

    @property
    def progress(self) -> float:
        """The part of the market day that is over, from 0 to 1."""
        length = max(self.closes_at - self.opens_at, 1)
        return min(max((self.now - self.opens_at) / length, 0.0), 1.0)
