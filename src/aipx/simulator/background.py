"""What lies before a simulated day where no data tells it: daily bars and minutes, drawn.

All of it is invented and repeatable: a symbol's past depends on the seed, the symbol and the price
at which the day begins, on nothing else. It exists so that charts have something to show.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from random import Random

import msgspec

from aipx.model.instrument import Instrument, Shares, Won
from aipx.model.time import NANOS_PER_MINUTE
from aipx.rules.calendar import sessions_between
from aipx.rules.dated import COVERED_FROM
from aipx.rules.sessions import Session
from aipx.rules.ticks import tick_size
from aipx.simulator.market.bar import DailyBar
from aipx.simulator.tape import MinuteBar

PAST_SESSIONS = 600
"""About two and a half years, so that a chart of a hundred rows can be walked back six times."""

_PAST_DAYS_CACHED_MAX = 256
"""A chart of minutes is read page by page: the same day is asked for again at once."""

_DAY_MOVE = 0.015
_DAY_MOVE_MAX = 0.08
_DAYS_A_SESSION = 2
"""Calendar days to look back for each session, holidays included, generously."""


def past_bars(
    instrument: Instrument, base: Won, volume: Shares, day: date, *, seed: int
) -> tuple[DailyBar, ...]:
    """Return the daily bars before `day`, oldest first; the last one closes at `base`."""
    rng = Random(f"{seed}/{instrument.symbol}/past")  # noqa: S311 - a market, not a secret
    first = date.fromordinal(max(day.toordinal() - _DAYS_A_SESSION * PAST_SESSIONS, _FIRST))
    days = [each for each in sessions_between(first, day) if each < day][-PAST_SESSIONS:]
    bars: list[DailyBar] = []
    close = int(base)
    for each in reversed(days):
        bars.append(_bar(instrument, each, close, int(volume * rng.uniform(0.5, 1.8)), rng))
        move = min(max(rng.gauss(0, _DAY_MOVE), -_DAY_MOVE_MAX), _DAY_MOVE_MAX)
        close = _on_tick(close / (1 + move), instrument, each)
    return linked(bars[::-1])


def linked(bars: Sequence[DailyBar]) -> tuple[DailyBar, ...]:
    """Give each bar, oldest first, the close and volume of the one before it."""
    later = [
        msgspec.structs.replace(bar, previous_close=before.close, previous_volume=before.volume)
        for before, bar in pairwise(bars)
    ]
    return (*bars[:1], *later)


@lru_cache(maxsize=_PAST_DAYS_CACHED_MAX)
def past_minutes(bar: DailyBar, session: Session, *, seed: int) -> tuple[MinuteBar, ...]:
    """Return a way through a day's open, low, high and close, minute by minute, oldest first."""
    rng = Random(f"{seed}/{bar.symbol}/{bar.day}/minutes")  # noqa: S311 - as above
    minutes = (session.closing_auction_start - session.open) // NANOS_PER_MINUTE
    prices = _way(bar, minutes, rng)
    weights = [rng.uniform(0.3, 1.7) for _ in range(minutes)]
    # The last minute is the closing auction's, with the weight of one.
    whole = sum(weights) + 1
    sizes = [int(bar.volume * weight / whole) for weight in weights]
    sizes.append(bar.volume - sum(sizes))
    starts = [session.open + index * NANOS_PER_MINUTE for index in range(minutes)]
    value = 0
    rows: list[MinuteBar] = []
    for start, (before, after), size in zip(
        [*starts, session.close], pairwise([*prices, bar.close]), sizes, strict=True
    ):
        value += size * after
        rows.append(
            MinuteBar(
                start=start,
                open=before,
                high=max(before, after),
                low=min(before, after),
                close=after,
                volume=size,
                day_value=value,
            )
        )
    return tuple(rows)


def _way(bar: DailyBar, minutes: int, rng: Random) -> list[int]:
    """Return the prices between which the minutes move, from the open to the last one."""
    is_low_first = rng.random() < 0.5
    corners = [bar.open, bar.low, bar.high] if is_low_first else [bar.open, bar.high, bar.low]
    places = [0, *sorted(rng.sample(range(1, minutes - 1), 2)), minutes]
    prices: list[int] = []
    for (left, right), (begin, end) in zip(
        pairwise([*corners, bar.close]), pairwise(places), strict=True
    ):
        span = end - begin
        prices += [left + (right - left) * step // span for step in range(span)]
    return [*prices, bar.close]


def _bar(instrument: Instrument, day: date, close: int, volume: int, rng: Random) -> DailyBar:
    open_price = _on_tick(close * (1 + rng.gauss(0, _DAY_MOVE / 2)), instrument, day)
    high = max(open_price, close) * (1 + abs(rng.gauss(0, _DAY_MOVE / 3)))
    low = min(open_price, close) * (1 - abs(rng.gauss(0, _DAY_MOVE / 3)))
    return DailyBar(
        symbol=instrument.symbol,
        day=day,
        open=Won(open_price),
        high=Won(max(_on_tick(high, instrument, day), open_price, close)),
        low=Won(min(_on_tick(low, instrument, day), open_price, close)),
        close=Won(close),
        volume=Shares(volume),
        previous_close=Won(0),
        previous_volume=Shares(0),
        source="synthetic past",
    )


def _on_tick(price: float, instrument: Instrument, day: date) -> int:
    whole = max(round(price), 1)
    tick = tick_size(Won(whole), market=instrument.market, kind=instrument.kind, day=day)
    return max(round(whole / tick) * tick, tick)


_FIRST = COVERED_FROM.toordinal()
