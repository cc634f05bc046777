"""Frames of KIS into typed facts, single-record frames, one core, beside a bare split of the text.

The frames are those of a market that moves: every one is different, so no cache of whole texts or
times could help. Each round reads all of them; the figure is the median round.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_hhmmss
from aipx.wire.kis.frames import join_frame, parse_books, parse_trades, split_frame
from aipx.wire.kis.layout import Layout
from aipx.wire.kis.records import KisBook, KisTrade, format_book, format_trade
from benchmarks.result import BenchResult

DAY = date(2026, 9, 15)
FRAMES_COUNT = 10_000
ROUNDS_COUNT = 9
TRADES_GOAL = "at least 200,000/s"
BOOKS_GOAL = "at least 100,000/s"


def measure() -> list[BenchResult]:
    """Return trades and books a second."""
    random = Random("frame_parse")
    trades = [_trade_frame(random, place) for place in range(FRAMES_COUNT)]
    books = [_book_frame(random, place) for place in range(FRAMES_COUNT)]
    return [
        _result("frame_parse", trades, _read_trade, TRADES_GOAL),
        _result("frame_parse_book", books, _read_book, BOOKS_GOAL),
    ]


def _result(
    name: str, frames: Sequence[str], read: Callable[[str], object], goal: str
) -> BenchResult:
    # Both in turns, so that a busy neighbor slows both alike.
    rounds = [(_per_second(frames, read), _per_second(frames, _split)) for _ in range(ROUNDS_COUNT)]
    return BenchResult(
        name=name,
        value=statistics.median(value for value, _ in rounds),
        unit="records/s",
        against='bare raw.split("^")',
        ratio=statistics.median(value / bare for value, bare in rounds),
        goal=goal,
    )


def _per_second(frames: Sequence[str], read: Callable[[str], object]) -> float:
    start = time.perf_counter_ns()
    for frame in frames:
        read(frame)
    return len(frames) * NANOS_PER_SECOND / (time.perf_counter_ns() - start)


def _read_trade(raw: str) -> object:
    return parse_trades(split_frame(raw))


def _read_book(raw: str) -> object:
    return parse_books(split_frame(raw), day=DAY)


def _split(raw: str) -> object:
    return raw.split("^")


def _at(place: int) -> str:
    return kst_hhmmss(Nanos(place * 23_400 // FRAMES_COUNT * NANOS_PER_SECOND))


def _trade_frame(random: Random, place: int) -> str:
    price = 71_900 + 100 * random.randrange(-20, 20)
    record = KisTrade(
        symbol=Symbol("005930"),
        time=_at(place),
        date="20260915",
        price=price,
        size=random.randrange(1, 2_000),
        aggressor=random.choice("15"),
        previous_close=72_000,
        open=72_100,
        high=73_900,
        low=69_900,
        open_time="090020",
        high_time="090820",
        low_time="092619",
        ask_price=price,
        bid_price=price - 100,
        ask_size=random.randrange(200_000),
        bid_size=random.randrange(200_000),
        total_ask_size=random.randrange(2_000_000),
        total_bid_size=random.randrange(2_000_000),
        day_volume=3_000_000 + place * 500,
        day_value=219_853_241_700 + place * 35_000_000,
        sell_count=5_105 + place,
        buy_count=6_937 + place,
        sell_volume=1_366_314 + place,
        buy_volume=1_159_996 + place,
        vi_price=72_100,
        previous_volume=12_000_000,
        previous_volume_by_now=2_424_142,
        listed_shares=5_969_782_550,
    )
    return join_frame("H0STCNT0", [format_trade(record, Layout.CURRENT)])


def _book_frame(random: Random, place: int) -> str:
    best = 71_900 + 100 * random.randrange(-20, 20)
    asks = tuple(random.randrange(1, 200_000) for _ in range(10))
    bids = tuple(random.randrange(1, 200_000) for _ in range(10))
    record = KisBook(
        symbol=Symbol("005930"),
        time=_at(place),
        hour_class="0",
        ask_prices=tuple(range(best + 100, best + 1_100, 100)),
        bid_prices=tuple(range(best, best - 1_000, -100)),
        ask_sizes=asks,
        bid_sizes=bids,
        total_ask_size=sum(asks),
        total_bid_size=sum(bids),
        day_volume=3_000_000 + place * 500,
        previous_close=72_000,
        total_ask_change=random.randrange(-5_000, 5_000),
        total_bid_change=random.randrange(-5_000, 5_000),
    )
    return join_frame("H0STASP0", [format_book(record, Layout.CURRENT)])


if __name__ == "__main__":
    for line in measure():
        print(line)
