"""What the demo knows: everything, from the bus alone, by folding the facts that pass."""

import msgspec

from aipx.cli.chart import PricePath, TradeMark
from aipx.cli.snapshot import Counters, OrderRow, PositionRow, QuoteRow
from aipx.engine.account import Account
from aipx.engine.orders import Order
from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.market import Book, MarketEvent, Trade
from aipx.model.order import OrderEvent, OrderFilled, OrderState
from aipx.model.time import NANOS_PER_SECOND, Nanos
from aipx.ports.bus import Bus, Delivery, Topic

SAMPLE_NS = 30 * NANOS_PER_SECOND
"""Between two points of the chart, in market time."""


class ObservedSymbol(msgspec.Struct, kw_only=True):
    """The latest of one symbol, and its path for the chart."""

    name: str
    previous_close: Won
    last: Won = Won(0)
    bid: Won = Won(0)
    ask: Won = Won(0)
    bid_size: Shares = Shares(0)
    ask_size: Shares = Shares(0)
    day_volume: Shares = Shares(0)
    path: list[tuple[Nanos, int]] = msgspec.field(default_factory=list)
    marks: list[TradeMark] = msgspec.field(default_factory=list)


class OrderTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the wishes so far."""

    submitted: int
    accepted: int
    filled: int
    partially_filled: int
    canceled: int
    expired: int
    rejected: int
    refused_by_risk: int
    unknown: int


class Observer:
    """A replica of the account and of the latest quotes, kept by one subscription."""

    def __init__(self, bus: Bus, account: AccountId, symbols: dict[Symbol, ObservedSymbol]) -> None:
        self.account = Account(account=account)
        self.symbols = symbols
        self.opening_cash: int | None = None
        self.opening_value = 0
        self.fills = 0
        self.profit_path: list[tuple[Nanos, int]] = []
        self._sample_due = 0
        self._subscription = bus.subscribe("demo", (Topic.MARKET_DATA_RAW, Topic.ORDER_EVENTS))

    async def run(self) -> None:
        """Fold until cancelled."""
        while True:
            for delivery in await self._subscription.receive():
                self.see(delivery)

    def see(self, delivery: Delivery) -> None:
        """Fold one fact."""
        fact = delivery.fact
        if isinstance(fact, MarketEvent):
            self._see_market(fact)
        elif isinstance(fact, OrderEvent) and fact.sequence > self.account.sequence:
            self._see_order(fact)

    def _see_market(self, event: MarketEvent) -> None:
        fact = event.fact
        seen = self.symbols.get(fact.symbol)
        if seen is None:
            return
        if isinstance(fact, Trade):
            seen.last, seen.day_volume = fact.price, fact.day_volume
        elif isinstance(fact, Book):
            seen.ask, seen.ask_size = Won(fact.ask_prices[0]), Shares(fact.ask_sizes[0])
            seen.bid, seen.bid_size = Won(fact.bid_prices[0]), Shares(fact.bid_sizes[0])
        if event.receive_time >= self._sample_due:
            self._sample(event.receive_time)

    def _sample(self, at: Nanos) -> None:
        self._sample_due = at + SAMPLE_NS
        for seen in self.symbols.values():
            if seen.last:
                seen.path.append((at, seen.last))
        if self.opening_cash is not None:
            self.profit_path.append((at, self.profit))

    def _see_order(self, event: OrderEvent) -> None:
        self.account.apply(event)
        if self.opening_cash is None:
            self.opening_cash = self.account.ledger.cash
            self.opening_value = self._holdings_value()
        fact = event.fact
        if isinstance(fact, OrderFilled):
            self.fills += 1
            wish = self.account.orders[fact.order_id].wish
            price = Won(round(fact.amount / fact.quantity))
            mark = TradeMark(at=event.at, price=price, side=wish.side)
            if wish.symbol in self.symbols:
                self.symbols[wish.symbol].marks.append(mark)

    @property
    def profit(self) -> Won:
        """What cash and holdings are worth more than at the opening, fees and taxes paid."""
        if self.opening_cash is None:
            return Won(0)
        worth = self.account.ledger.cash + self._holdings_value()
        return Won(worth - self.opening_cash - self.opening_value)

    def _holdings_value(self) -> int:
        total = 0
        for symbol, holding in self.account.ledger.holdings.items():
            seen = self.symbols.get(symbol)
            price = 0 if seen is None else seen.last or seen.previous_close
            total += holding.quantity * price
        return total

    def totals(self) -> OrderTotals:
        """Return the counts of orders; `accepted` counts all that ever had a broker number."""
        orders = self.account.orders.values()
        states = [order.state for order in orders]
        return OrderTotals(
            submitted=len(states),
            accepted=sum(1 for order in orders if order.number),
            filled=states.count(OrderState.FILLED),
            partially_filled=sum(1 for order in orders if _is_partial(order)),
            canceled=states.count(OrderState.CANCELED),
            expired=states.count(OrderState.EXPIRED),
            rejected=states.count(OrderState.REJECTED),
            refused_by_risk=states.count(OrderState.REFUSED),
            unknown=states.count(OrderState.UNKNOWN),
        )

    def counters(self, **of_services: int) -> Counters:
        """Return the view's counters; the services' own come as arguments."""
        totals = self.totals()
        return Counters(
            submitted=totals.submitted,
            accepted=totals.accepted,
            filled=totals.filled,
            partially_filled=totals.partially_filled,
            canceled=totals.canceled,
            rejected=totals.rejected,
            refused_by_risk=totals.refused_by_risk,
            unknown=totals.unknown,
            fills=self.fills,
            **of_services,
        )

    def quotes(self) -> tuple[QuoteRow, ...]:
        """Return the view's quotes."""
        return tuple(
            QuoteRow(
                symbol=symbol,
                name=seen.name,
                last=seen.last,
                previous_close=seen.previous_close,
                bid=seen.bid,
                ask=seen.ask,
                bid_size=seen.bid_size,
                ask_size=seen.ask_size,
                day_volume=seen.day_volume,
            )
            for symbol, seen in self.symbols.items()
        )

    def newest_orders(self, count: int) -> tuple[OrderRow, ...]:
        """Return the last orders, newest first."""
        newest = list(self.account.orders.values())[-count:]
        return tuple(_order_row(order) for order in reversed(newest))

    def positions(self) -> tuple[PositionRow, ...]:
        """Return what is held."""
        return tuple(
            self._position_row(symbol, holding.quantity, holding.cost)
            for symbol, holding in sorted(self.account.ledger.holdings.items())
            if holding.quantity
        )

    def _position_row(self, symbol: Symbol, quantity: int, cost: int) -> PositionRow:
        seen = self.symbols.get(symbol)
        last = Won(0) if seen is None else seen.last or seen.previous_close
        return PositionRow(
            symbol=symbol,
            quantity=Shares(quantity),
            average_cost=Won(round(cost / quantity)),
            last=last,
            unrealised=Won(last * quantity - cost),
        )

    def price_paths(self) -> tuple[PricePath, ...]:
        """Return the chart's price lines with our fills on them."""
        return tuple(
            PricePath(symbol=symbol, points=seen.path, marks=seen.marks)
            for symbol, seen in self.symbols.items()
        )


def _is_partial(order: Order) -> bool:
    return 0 < order.filled_quantity < order.wish.quantity


def _order_row(order: Order) -> OrderRow:
    return OrderRow(
        at=Nanos(order.sent_at),
        client_order_id=order.wish.client_order_id,
        symbol=order.wish.symbol,
        side=order.wish.side,
        quantity=order.wish.quantity,
        filled=Shares(order.filled_quantity),
        price=order.wish.price,
        state=order.state,
    )
