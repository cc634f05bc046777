"""Small market days for tests: a listing from four prices, and an exchange on it."""

from datetime import date

from aipx.model.ids import Symbol
from aipx.model.instrument import Instrument, ListingMarket, Shares, Won
from aipx.model.order import OrderKind, Side
from aipx.rules.sessions import Session, krx_session
from aipx.simulator.exchange import Exchange, ExchangeEvent, ExchangeOrder, TradePrinted
from aipx.simulator.market.bar import DailyBar, Listing
from aipx.simulator.market.listing import listing

DAY = date(2024, 3, 5)
SYMBOL = Symbol("005930")
NEW_DAY = date(2026, 3, 10)
"""A day on which mid-price and stop-limit orders are taken."""
EVENTS = 300
SAMSUNG = Instrument(symbol=SYMBOL, name="삼성전자", market=ListingMarket.KOSPI)


def session() -> Session:
    return krx_session(DAY)


def bar(
    prices: tuple[int, int, int, int] = (70_000, 71_000, 69_500, 70_500),
    *,
    volume: int = 300_000,
    previous_close: int = 70_100,
    symbol: str = SYMBOL,
    day: date = DAY,
) -> DailyBar:
    open_price, high, low, close = prices
    return DailyBar(
        symbol=Symbol(symbol),
        day=day,
        open=Won(open_price),
        high=Won(high),
        low=Won(low),
        close=Won(close),
        volume=Shares(volume),
        previous_close=Won(previous_close),
        previous_volume=Shares(250_000),
        source="test",
    )


def listed(of: DailyBar) -> Listing:
    instrument = Instrument(symbol=of.symbol, name=of.symbol, market=ListingMarket.KOSPI)
    return listing(instrument, of)


def exchange(*bars: DailyBar, seed: int = 1, events_max: int | None = EVENTS) -> Exchange:
    listings = [listed(each) for each in bars or (bar(),)]
    hours = krx_session(listings[0].bar.day)
    return Exchange(session=hours, listings=listings, seed=seed, events_max=events_max)


def whole_day(market: Exchange) -> list[ExchangeEvent]:
    return market.advance(market.session.close)


def prints(events: list[ExchangeEvent]) -> list[TradePrinted]:
    return [event for event in events if isinstance(event, TradePrinted)]


def order(
    key: int,
    side: Side,
    quantity: int,
    price: int = 0,
    kind: OrderKind | None = None,
    symbol: str = SYMBOL,
    trigger: int = 0,
) -> ExchangeOrder:
    default = OrderKind.LIMIT if price else OrderKind.MARKET
    return ExchangeOrder(
        key=key,
        symbol=Symbol(symbol),
        side=side,
        kind=kind or default,
        quantity=Shares(quantity),
        price=Won(price),
        trigger_price=Won(trigger),
    )
