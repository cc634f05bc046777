"""A moment and a result of the demo, as the view and the summary get them."""

from aipx.cli.result import (
    DataResult,
    DemoResult,
    FramesResult,
    LatencyResult,
    OrdersResult,
    PositionResult,
    RecordedResult,
)
from aipx.cli.snapshot import (
    Counters,
    DemoSnapshot,
    Latency,
    OrderRow,
    PositionRow,
    QuoteRow,
)
from aipx.model.ids import ClientOrderId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderState, Side
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.runtime.metrics import LatencySummary
from tests.support.recordings import DAY, OPEN

SAMSUNG = Symbol("005930")
HALF_DAY_NS = 3 * 3_600 * NANOS_PER_SECOND
SUMMARY = LatencySummary(p50=212.0, p99=1_890.0, max=9_000.0, count=200)


def quote(symbol: str = "005930", last: int = 80_800) -> QuoteRow:
    return QuoteRow(
        symbol=Symbol(symbol),
        name="삼성전자",
        last=Won(last),
        previous_close=Won(80_300),
        bid=Won(80_800),
        ask=Won(80_900),
        bid_size=Shares(12_345),
        ask_size=Shares(8_410),
        day_volume=Shares(17_815_315),
    )


def order(number: int, state: OrderState = OrderState.FILLED, price: int = 80_300) -> OrderRow:
    return OrderRow(
        at=Nanos(OPEN + number * NANOS_PER_SECOND),
        client_order_id=ClientOrderId(f"book_imbalance-20211229-{number:06d}"),
        symbol=SAMSUNG,
        side=Side.BUY if number % 2 else Side.SELL,
        quantity=Shares(10),
        filled=Shares(4),
        price=Won(price),
        state=state,
    )


def snapshot(**changes: object) -> DemoSnapshot:
    values: dict[str, object] = {
        "now": Nanos(OPEN + HALF_DAY_NS),
        "opens_at": OPEN,
        "closes_at": Nanos(OPEN + 2 * HALF_DAY_NS),
        "day": DAY,
        "source": "krx_daily",
        "is_synthetic": False,
        "strategy": "book_imbalance",
        "speed": "max",
        "quotes": (quote(),),
        "orders": tuple(order(number) for number in range(40, 0, -1)),
        "positions": (
            PositionRow(
                symbol=SAMSUNG,
                quantity=Shares(30),
                average_cost=Won(80_233),
                last=Won(80_300),
                unrealised=Won(2_010),
            ),
        ),
        "cash": Won(97_345_678),
        "profit": Won(-95_402),
        "fees": Won(3_412),
        "taxes": Won(18_220),
        "counters": Counters(frames=203_456, submitted=212, fills=203, refused_by_risk=5),
        "frames_per_second": 21_345.6,
        "latencies": (Latency(name="tick→wish", summary=SUMMARY),),
    }
    return DemoSnapshot(**{**values, **changes})


def result(**changes: object) -> DemoResult:
    values: dict[str, object] = {
        "data": DataResult(
            source="krx_daily", synthetic=False, date="2021-12-29", symbols=(SAMSUNG,)
        ),
        "frames": FramesResult(received=66_000, trades=22_000, books=44_000, gaps=0, bad=1),
        "orders": OrdersResult(
            submitted=212,
            accepted=0,
            filled=150,
            partially_filled=2,
            canceled=31,
            expired=0,
            rejected=0,
            refused_by_risk=5,
            unknown=1,
        ),
        "fills": 203,
        "positions": (
            PositionResult(
                symbol=SAMSUNG,
                quantity=Shares(30),
                average_cost=Won(80_233),
                last=Won(80_300),
                unrealised=Won(2_010),
            ),
        ),
        "cash": Won(97_345_678),
        "fees": Won(3_412),
        "taxes": Won(18_220),
        "profit": Won(-95_402),
        "ledger_equals_broker": True,
        "recorded": RecordedResult(files=12, rows=66_600, bytes=3 << 20),
        "latency_us": LatencyResult(
            tick_to_wish=SUMMARY, wish_to_answer=SUMMARY, wish_to_kis=SUMMARY
        ),
        "wall_seconds": 6.6,
        "market_seconds": 25_200.0,
        "out": "out",
    }
    return DemoResult(**{**values, **changes})
