"""Builders of market events: a test names only what matters to it."""

from datetime import date, time

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.market import Aggressor, Book, MarketEvent, MarketFact, Trade, TradingPhase
from aipx.model.time import Nanos, kst_moment

DAY = date(2021, 12, 29)
SAMSUNG = Symbol("005930")
HYNIX = Symbol("000660")


def at(text: str) -> Nanos:
    """Return the moment of a Korean wall-clock time on `DAY`."""
    return kst_moment(DAY, time.fromisoformat(text))


def trade(
    price: int,
    *,
    symbol: Symbol = SAMSUNG,
    size: int = 1,
    phase: TradingPhase = TradingPhase.CONTINUOUS,
    ask: int | None = None,
    bid: int | None = None,
) -> Trade:
    """Return a print at `price`, with quotes of one tick of 100 won around it."""
    return Trade(
        symbol=symbol,
        venue=Venue.KRX,
        price=Won(price),
        size=Shares(size),
        aggressor=Aggressor.BUYER,
        phase=phase,
        day_volume=Shares(1_000),
        day_value=Won(1_000 * price),
        ask_price=Won(price + 100 if ask is None else ask),
        bid_price=Won(price if bid is None else bid),
    )


def book(
    *,
    symbol: Symbol = SAMSUNG,
    ask: int = 80_100,
    bid: int = 80_000,
    ask_size: int = 100,
    bid_size: int = 100,
    phase: TradingPhase = TradingPhase.CONTINUOUS,
) -> Book:
    """Return ten even levels a side, 100 won apart."""
    return Book(
        symbol=symbol,
        venue=Venue.KRX,
        phase=phase,
        ask_prices=tuple(ask + 100 * n if ask else 0 for n in range(10)),
        ask_sizes=(ask_size,) * 10,
        bid_prices=tuple(bid - 100 * n if bid else 0 for n in range(10)),
        bid_sizes=(bid_size,) * 10,
        total_ask_size=Shares(ask_size * 10),
        total_bid_size=Shares(bid_size * 10),
        indicative_price=Won(0),
        indicative_size=Shares(0),
        day_volume=Shares(1_000),
    )


def event(fact: MarketFact, moment: Nanos, *, number: int = 1) -> MarketEvent:
    """Return a fact in its envelope, received when it happened."""
    return MarketEvent(
        event_id=f"test-{number}",
        trace_id=f"test-{number}",
        exchange_time=moment,
        receive_time=moment,
        fact=fact,
    )
