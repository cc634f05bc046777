"""Past bars from KIS, whole: its pages of 30, 100 or 120 rows are walked back in time."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from aipx.adapters.kis.quotes import KisQuotes
from aipx.errors import BadPeerData
from aipx.model.ids import Symbol
from aipx.model.time import NANOS_PER_SECOND, Nanos, kst_date, kst_hhmmss
from aipx.wire.kis.rest.charts import (
    DAILY_ROWS_MAX,
    MINUTE_ROWS_MAX,
    PAST_MINUTE_ROWS_MAX,
    ChartBar,
    MinuteBar,
)

PAGES_MAX = 400
"""Of one symbol and period: 40,000 days, or more than a day of minutes by far."""

DAY_END = "235959"

_Bar = TypeVar("_Bar")
_Key = TypeVar("_Key", date, Nanos)


class KisHistory:
    """Daily and minute bars, oldest first, each once."""

    def __init__(self, quotes: KisQuotes) -> None:
        self._quotes = quotes

    async def days(
        self, symbol: Symbol, *, first: date, last: date, adjusted: bool
    ) -> list[ChartBar]:
        """Return the daily bars from `first` to `last`, both included.

        Raises:
            RemoteError: a page could not be had, or the pages do not go back in time.
        """

        async def page(before: date | None) -> Sequence[ChartBar]:
            until = last if before is None else before - timedelta(days=1)
            if until < first:
                return ()
            return await self._quotes.daily_bars(symbol, first=first, last=until, adjusted=adjusted)

        return await _walk(page, key=_day_of, rows_max=DAILY_ROWS_MAX, what=f"days of {symbol}")

    async def chart_day(self, symbol: Symbol) -> date | None:
        """Return which day KIS's chart of today shows, for the host's date may be another one.

        Raises:
            RemoteError: no answer.
        """
        rows = await self._quotes.minute_bars(symbol, until=DAY_END)
        return kst_date(rows[0].start) if rows else None

    async def minutes_today(self, symbol: Symbol, *, day: date) -> list[MinuteBar]:
        """Return the minutes of `day`, which must be KIS's today; the last may be unfinished.

        Raises:
            RemoteError: as `days`.
        """

        async def page(before: Nanos | None) -> Sequence[MinuteBar]:
            rows = await self._quotes.minute_bars(symbol, until=_until(before))
            return [row for row in rows if kst_date(row.start) == day]

        return await _walk(
            page, key=_start_of, rows_max=MINUTE_ROWS_MAX, what=f"minutes of {symbol}"
        )

    async def minutes(self, symbol: Symbol, *, day: date) -> list[MinuteBar]:
        """Return the minutes of a past day; KIS's paper system has none.

        Raises:
            InputError: asked of the paper system.
            RemoteError: as `days`.
        """

        async def page(before: Nanos | None) -> Sequence[MinuteBar]:
            rows = await self._quotes.past_minute_bars(symbol, day=day, until=_until(before))
            return [row for row in rows if kst_date(row.start) == day]

        return await _walk(
            page, key=_start_of, rows_max=PAST_MINUTE_ROWS_MAX, what=f"minutes of {symbol}"
        )


def _day_of(bar: ChartBar) -> date:
    return bar.day


def _start_of(bar: MinuteBar) -> Nanos:
    return bar.start


def _until(before: Nanos | None) -> str:
    # A page holds the minute that it is asked for, so the next one ends a second before the last.
    return DAY_END if before is None else kst_hhmmss(Nanos(before - NANOS_PER_SECOND))


async def _walk(
    page: Callable[[_Key | None], Awaitable[Sequence[_Bar]]],
    *,
    key: Callable[[_Bar], _Key],
    rows_max: int,
    what: str,
) -> list[_Bar]:
    """Return all rows, oldest first: pages are asked before the oldest row that is known.

    A page that is not full is the last one. Rows that KIS repeats at a page's border count once.
    """
    newest_first: list[_Bar] = []
    oldest: _Key | None = None
    for _ in range(PAGES_MAX):
        rows = await page(oldest)
        fresh = [row for row in rows if oldest is None or key(row) < oldest]
        if rows and not fresh:
            raise BadPeerData(f"{what}: KIS gives the same page again, before {oldest}")
        keys = [key(row) for row in fresh]
        if any(later <= earlier for later, earlier in pairwise(keys)):
            raise BadPeerData(f"{what}: KIS's rows are not newest first")
        newest_first += fresh
        if len(rows) < rows_max:
            return newest_first[::-1]
        oldest = keys[-1]
    raise BadPeerData(f"{what}: more than {PAGES_MAX} pages")
