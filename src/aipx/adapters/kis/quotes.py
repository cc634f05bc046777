"""Quotes, standing data and the calendar by KIS's REST API: free to repeat, within bounds."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from aipx.adapters.kis.access import KisAccess
from aipx.adapters.kis.inquiries import Inquiries
from aipx.errors import Refused
from aipx.model.ids import Symbol
from aipx.model.instrument import Venue
from aipx.model.market import Book, TradingPhase
from aipx.model.time import Nanos
from aipx.wire.kis.rest.charts import (
    ChartBar,
    MinuteBar,
    daily_chart_request,
    minute_chart_request,
    parse_daily_chart,
    parse_minute_chart,
    past_minute_chart_request,
)
from aipx.wire.kis.rest.envelope import RestRequest, parse_output
from aipx.wire.kis.rest.market_info import (
    MarketDay,
    StockInfo,
    ViEntry,
    holidays_request,
    parse_holidays,
    parse_stock_info,
    parse_vi_status,
    stock_info_request,
    vi_status_request,
)
from aipx.wire.kis.rest.quotes import (
    LatestTrade,
    PriceAnswer,
    QuoteMarket,
    asking_price_request,
    latest_trades_request,
    parse_asking_price,
    parse_latest_trades,
    parse_price,
    price_request,
)

_Answer = TypeVar("_Answer")
_VENUE_OF = {
    QuoteMarket.KRX: Venue.KRX,
    QuoteMarket.NXT: Venue.NXT,
    QuoteMarket.UNIFIED: Venue.SOR,
}


class KisQuotes:
    """What KIS tells of the market to whoever asks. Every method raises RemoteError."""

    def __init__(self, access: KisAccess) -> None:
        self._environment = access.credentials.environment
        self._inquiries = Inquiries(access)

    async def call(self, request: RestRequest, shape: type[_Answer]) -> _Answer:
        """Return the answer to any inquiry of one page, read as `shape`: a struct of its fields.

        For calls that AIPX has no method for. It is repeated where that can help, so `request`
        must change nothing at KIS.

        Raises:
            RemoteError: that of the last attempt; Refused at once; BadPeerData for another shape.
        """
        assert request.method == "GET", "what changes something at KIS is never repeated"
        return await self._inquiries.one(
            request, lambda body: parse_output(body, shape, what=request.path)
        )

    async def price(self, symbol: Symbol, *, market: QuoteMarket = QuoteMarket.KRX) -> PriceAnswer:
        """Return an instrument's price, limits and state; Refused for one KIS does not know."""
        answer = await self._inquiries.one(
            price_request(symbol, environment=self._environment, market=market),
            lambda body: parse_price(body, symbol=symbol),
        )
        if answer is None:
            raise Refused(f"KIS knows no symbol {symbol}", code="", reason="base price 0")
        return answer

    async def book(
        self,
        symbol: Symbol,
        *,
        day: date,
        phase: TradingPhase,
        market: QuoteMarket = QuoteMarket.KRX,
    ) -> tuple[Nanos, Book]:
        """Return an instrument's ten levels and their time; KIS tells neither day nor phase."""
        return await self._inquiries.one(
            asking_price_request(symbol, environment=self._environment, market=market),
            lambda body: parse_asking_price(
                body, symbol=symbol, day=day, phase=phase, venue=_VENUE_OF[market]
            ),
        )

    async def latest_trades(
        self, symbol: Symbol, *, day: date, market: QuoteMarket = QuoteMarket.KRX
    ) -> Sequence[LatestTrade]:
        """Return the latest trades, at most 30, newest first."""
        return await self._inquiries.one(
            latest_trades_request(symbol, environment=self._environment, market=market),
            lambda body: parse_latest_trades(body, day=day),
        )

    async def daily_bars(
        self, symbol: Symbol, *, first: date, last: date, adjusted: bool
    ) -> Sequence[ChartBar]:
        """Return one page of daily bars, at most 100, newest first; `history` has all."""
        request = daily_chart_request(
            symbol, environment=self._environment, first=first, last=last, adjusted=adjusted
        )
        return await self._inquiries.one(request, parse_daily_chart)

    async def minute_bars(self, symbol: Symbol, *, until: str) -> Sequence[MinuteBar]:
        """Return one page of today's minutes up to HHMMSS, at most 30, newest first."""
        request = minute_chart_request(symbol, environment=self._environment, until=until)
        return await self._inquiries.one(request, parse_minute_chart)

    async def past_minute_bars(
        self, symbol: Symbol, *, day: date, until: str
    ) -> Sequence[MinuteBar]:
        """Return one page of a past day's minutes, at most 120, newest first; not on paper."""
        request = past_minute_chart_request(
            symbol, environment=self._environment, day=day, until=until
        )
        return await self._inquiries.one(request, parse_minute_chart)

    async def holidays(self, day: date) -> Sequence[MarketDay]:
        """Return a page of KIS's calendar from a day on; at most once a day, not on paper."""
        request = holidays_request(day, environment=self._environment)
        return await self._inquiries.one(request, parse_holidays)

    async def stock_info(self, symbol: Symbol) -> StockInfo:
        """Return an instrument's standing data; not on paper."""
        return await self._inquiries.one(
            stock_info_request(symbol, environment=self._environment),
            lambda body: parse_stock_info(body, symbol=symbol),
        )

    async def interruptions(self, day: date) -> Sequence[ViEntry]:
        """Return the volatility interruptions of a day; not on paper."""
        request = vi_status_request(day, environment=self._environment)
        return await self._inquiries.one(request, parse_vi_status)
