"""Deliveries as the recorder gets them: a liquid symbol's trades and books, an account's facts."""

from datetime import date, time

from aipx.model.ids import AccountId, ClientOrderId, OrderId, Sequence, StrategyId, Symbol
from aipx.model.instrument import Shares, Venue, Won
from aipx.model.market import Aggressor, Book, MarketEvent, MarketGap, Trade, TradingPhase
from aipx.model.order import (
    AnyOrderFact,
    OrderEvent,
    OrderKind,
    OrderSubmitted,
    Side,
    SubmitOrder,
)
from aipx.model.time import NANOS_PER_MILLISECOND, Nanos, kst_moment
from aipx.ports.bus import Delivery, Topic

DAY = date(2021, 12, 29)
OPEN = kst_moment(DAY, time(9))
ACCOUNT = AccountId("12345678-01")


def trade(number: int, *, symbol: str = "005930", price: int = 78_000, size: int = 10) -> Trade:
    return Trade(
        symbol=Symbol(symbol),
        venue=Venue.KRX,
        price=Won(price),
        size=Shares(size),
        aggressor=Aggressor.BUYER if number % 2 else Aggressor.SELLER,
        phase=TradingPhase.CONTINUOUS,
        day_volume=Shares(size * (number + 1)),
        day_value=Won(size * price * (number + 1)),
        ask_price=Won(price + 100),
        bid_price=Won(price),
    )


def book(number: int, *, symbol: str = "005930", price: int = 78_000) -> Book:
    sizes = tuple(range(100 + number % 7, 110 + number % 7))
    return Book(
        symbol=Symbol(symbol),
        venue=Venue.KRX,
        phase=TradingPhase.CONTINUOUS,
        ask_prices=tuple(price + 100 * (level + 1) for level in range(10)),
        ask_sizes=sizes,
        bid_prices=tuple(price - 100 * level for level in range(10)),
        bid_sizes=sizes,
        total_ask_size=Shares(sum(sizes)),
        total_bid_size=Shares(sum(sizes)),
        indicative_price=Won(0),
        indicative_size=Shares(0),
        day_volume=Shares(number),
    )


def gap(*, symbol: str = "005930", missed: int = 5) -> MarketGap:
    return MarketGap(
        symbol=Symbol(symbol), venue=Venue.KRX, missed=Shares(missed), reason="reconnected"
    )


def submitted(number: int) -> OrderSubmitted:
    wish = SubmitOrder(
        client_order_id=ClientOrderId(f"sma-{number}"),
        strategy_id=StrategyId("sma"),
        symbol=Symbol("005930"),
        side=Side.BUY,
        kind=OrderKind.LIMIT,
        quantity=Shares(10),
        price=Won(78_000),
    )
    return OrderSubmitted(order_id=OrderId(f"o-{number}"), wish=wish, content_hash="h")


def market_delivery(
    number: int, fact: Trade | Book | MarketGap, *, at: Nanos | None = None
) -> Delivery:
    moment = Nanos(OPEN + number * 100 * NANOS_PER_MILLISECOND) if at is None else at
    event = MarketEvent(
        event_id=f"sim-{number}",
        trace_id=f"sim-{number}",
        exchange_time=moment,
        receive_time=Nanos(moment + NANOS_PER_MILLISECOND),
        fact=fact,
    )
    return Delivery(
        topic=Topic.MARKET_DATA_RAW,
        offset=number,
        key=fact.symbol,
        fact=event,
        received_monotonic_ns=number,
    )


def order_delivery(
    number: int, fact: AnyOrderFact, *, sequence: int | None = None, at: Nanos = OPEN
) -> Delivery:
    event = OrderEvent(
        account=ACCOUNT,
        sequence=Sequence(number + 1 if sequence is None else sequence),
        at=at,
        trace_id=f"t-{number}",
        fact=fact,
    )
    return Delivery(
        topic=Topic.ORDER_EVENTS,
        offset=number,
        key=ACCOUNT,
        fact=event,
        received_monotonic_ns=number,
    )
